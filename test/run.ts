// `npm run unit`, `npm run e2e`, `npm run e2e:long`: runs the test files of a tier, or those that are named:
// `npm run unit -- FILE…`. Each file runs in a worker process of mocha. With `--minutes=N`, which may be negative, no file
// begins after N minutes: the files run in random order, and the output lists those that did not run.
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";

const root = join(import.meta.dirname, "..");
const parts = "{test,pipeline/test,policy/test,sandbox/test}";

interface Tier {
  readonly files: () => string[];
  /** Only catches hangs: a slow machine needs a multiple of the usual time. */
  readonly timeoutMs: number;
  /** More than there are processors, where files mostly wait for processes that wait for each other. */
  readonly jobs: number;
}

const isLong = (file: string) => file.endsWith(".long.spec.ts");
const withoutSandbox = () =>
  globSync([`${parts}/*.spec.ts`, `${parts}/!(e2e)/**/*.spec.ts`], { cwd: root });
const onSandbox = () => globSync(`${parts}/e2e/**/*.spec.ts`, { cwd: root }).sort();

const tiers: Readonly<Record<string, Tier>> = {
  /** What needs no sandbox. */
  unit: {
    files: () => withoutSandbox().filter((it) => !isLong(it)),
    timeoutMs: 120_000,
    jobs: availableParallelism(),
  },
  /** One case of each kind. */
  e2e: {
    files: () => onSandbox().filter((it) => !isLong(it)),
    timeoutMs: 600_000,
    jobs: availableParallelism() + 1,
  },
  /** What multiplies. One file at a time: in a storm, fifty functions need the whole machine. */
  long: {
    files: () => [...withoutSandbox(), ...onSandbox()].filter(isLong),
    timeoutMs: 600_000,
    jobs: 1,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string" } },
});
const [name = "", ...named] = positionals;
const tier = tiers[name];
if (!tier)
  throw new Error(`unknown tier: got "${name}"; expected ${Object.keys(tiers).join(", ")}`);

// Where it is set, Pulumi compiles program and policy pack again in each of hundreds of runs: caches in a
// checkout count for nothing there (scripts/loading/). These runs write their own. Tests of CI set it themselves.
delete process.env.CI;
// Tests neither read nor write the user's cache. Tests of it set a folder themselves.
process.env.POLICY_CACHE = "off";
// Each test on the sandbox starts many processes of Node.js, the policy packs' among them.
if (name !== "unit") process.env.NODE_COMPILE_CACHE = join(root, ".tools", "compile-cache");

const { jobs, timeoutMs } = tier;
const files = named.length > 0 ? named : tier.files().sort();
const failures =
  values.minutes === undefined ? await run(files, jobs) : await runWithin(Number(values.minutes));
process.exit(failures === 0 ? 0 : 1);

/** Runs one file after another, in random order. Returns how many tests failed. */
async function runWithin(minutes: number): Promise<number> {
  if (!Number.isFinite(minutes)) {
    throw new Error(`--minutes: got "${values.minutes}"; expected a number`);
  }
  const untilMs = Date.now() + minutes * 60_000;
  const left = files
    .map((file) => ({ file, order: Math.random() }))
    .sort((x, y) => x.order - y.order)
    .map(({ file }) => file);
  let failed = 0;
  while (left.length > 0 && Date.now() < untilMs) failed += await run(left.splice(0, 1), 1);
  if (left.length > 0) {
    console.log(`Not run, since the time has passed:\n${left.join("\n")}`);
  }
  return failed;
}

/** Runs files, this many at once. Returns how many tests failed. */
async function run(paths: readonly string[], atOnce: number): Promise<number> {
  const mocha = new Mocha({
    timeout: timeoutMs,
    forbidOnly: true,
    forbidPending: true,
    jobs: atOnce,
  });
  for (const it of paths) mocha.addFile(resolve(root, it));
  // A single file prints its results as they come.
  if (named.length === 1) await mocha.loadFilesAsync();
  else mocha.parallelMode(true);
  return new Promise((resolveRun) => void mocha.run(resolveRun));
}
