// The tests: `npm test` runs one case of each kind; with `--check` (`npm run check`) only what needs no
// sandbox; with `--long` (`npm run test:long`) the files `*.long.spec.ts`, which cover what multiplies.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inLanes } from "../sandbox/lanes.ts";
import { ensureActionlint } from "../scripts/tools.mjs";
import { type Count, runMocha } from "./mocha.ts";

// Where it is set, Pulumi compiles program and policy pack again in each of hundreds of runs: caches in a
// checkout count for nothing there (loading/). These runs write their own. Tests of CI set it themselves.
delete process.env.CI;

const root = join(import.meta.dirname, "..");
const module = (path: string) => join(root, "node_modules", path);

const running = new Set<ChildProcess>();

/** The child, which is ended with this process. */
function noted<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

/** Runs a program that passes or fails as a whole; what it says is printed when it has ended. */
async function runTool(
  name: string,
  args: readonly string[],
  program = process.execPath,
): Promise<Count> {
  const child = noted(spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] }));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const output = await outputOf(child);
  const code = await ended;
  console.log(`\n${name}\n${output}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Lints the workflows where there is Go to build the linter with, else says that it does not. */
async function lintWorkflows(): Promise<Count> {
  const actionlint = await ensureActionlint(console.log);
  // Not the other linters that it finds on some machines only.
  if (actionlint) return runTool("Workflows", ["-shellcheck=", "-pyflakes="], actionlint);
  console.log("\nWorkflows: NOT linted, since Go is missing (https://go.dev/dl/)");
  return { passed: 0, failed: 0 };
}

/** Each part of the repository has its tests. */
const unitTests = ["{,*/}test/*.spec.ts", "{,*/}test/!(e2e)/**/*.spec.ts"];

/** Runs test files in this process. */
async function runTests(
  name: string,
  patterns: readonly string[],
  timeoutMs: number,
): Promise<Count> {
  console.log(`\n${name}`);
  const files = globSync(patterns, { cwd: root }).sort();
  return runMocha(
    files.map((it) => join(root, it)),
    timeoutMs,
  );
}

/**
 * Runs test files, each in its own process with its own sandbox, and other work, three at a time. The
 * output of a file is printed when it has ended; a file that sends no count has crashed, and failed.
 */
async function runOnSandbox(
  files: readonly string[],
  others: readonly (() => Promise<Count>)[],
): Promise<Count> {
  console.log("\nTests on the sandbox");
  const run = async (file: string) => {
    const { output, count } = await runFile(join(root, file), sandboxTimeoutMs);
    console.log(`${file}\n${output}`);
    return count;
  };
  const together = files.filter((it) => !alone.includes(it));
  const first = longest.filter((it) => together.includes(it));
  const rest = together.filter((it) => !first.includes(it));
  const work = [...[...first, ...rest].map((it) => () => run(it)), ...others];
  const counts: Count[] = [];
  // First, so that the results that are left are those of the whole story.
  for (const file of files.filter((it) => alone.includes(it))) counts.push(await run(file));
  await inLanes(3, work, async (it) => void counts.push(await it()));
  return sum(counts);
}

/** They begin first, so that in the end no lane waits for the other. */
const longest = [
  "test/e2e/faults/faults.spec.ts",
  "pipeline/test/e2e/pipeline.spec.ts",
  "policy/test/e2e/policy-pack.spec.ts",
  "test/e2e/least-privilege.spec.ts",
];

/**
 * They run before the others: the one inspects every process of this checkout, the other has fifty functions
 * running at once, whose own time limits a busy machine would exceed.
 */
const alone = ["sandbox/test/e2e/interrupt.spec.ts", "test/e2e/storm.spec.ts"];

async function runFile(file: string, timeoutMs: number) {
  const child = noted(
    fork(join(root, "test", "run-file.ts"), [file, String(timeoutMs)], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Each test starts many processes of Node.js, the policy packs' among them.
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, ".tools", "compile-cache") },
    }),
  );
  let count: Count = { passed: 0, failed: 1 };
  child.on("message", (message) => {
    count = message as Count;
  });
  return { output: await outputOf(child), count };
}

/** All that a process prints until it ends, its errors last. */
async function outputOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const texts = await Promise.all([stdout, stderr].map((it) => (it ? text(it) : "")));
  return texts.join("");
}

function sum(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((all, it) => all + it.passed, 0),
    failed: counts.reduce((all, it) => all + it.failed, 0),
  };
}

/** Runs the story of `npm start`; each of its steps counts as a test. */
async function runStory(): Promise<Count> {
  const { failed } = await runTool("The whole loop", [
    ...process.execArgv,
    join(root, "sandbox", "main.ts"),
  ]);
  const results: { ok: boolean }[] = JSON.parse(
    readFileSync(join(root, ".sandbox", "result.json"), "utf8"),
  );
  return { passed: results.filter(({ ok }) => ok).length, failed };
}

/** Format, lint, types and unit tests. */
async function check(): Promise<Count> {
  const colors = `--colors=${process.stdout.isTTY ? "force" : "off"}`;
  // Beside the unit tests, which keep one processor busy.
  const tools = Promise.all([
    runTool("Biome", [
      module("@biomejs/biome/bin/biome"),
      "ci",
      "--error-on-warnings",
      colors,
      ".",
    ]),
    runTool("Types", [module("typescript/bin/tsc"), "-p", "tsconfig.check.json"]),
    lintWorkflows(),
  ]);
  return sum([await runTests("Unit tests", unitTests, 120_000), ...(await tools)]);
}

/** Only catches hangs: a slow machine needs a multiple of the usual time. */
const sandboxTimeoutMs = 600_000;

// Nobody else ends what this process started, when it alone is told to end.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(130);
  });
}

const onSandbox = globSync("{,*/}test/e2e/**/*.spec.ts", { cwd: root }).sort();
const isLong = (file: string) => file.endsWith(".long.spec.ts");
const counts: Count[] = [];
if (process.argv.includes("--long")) counts.push(await runOnSandbox(onSandbox.filter(isLong), []));
else {
  counts.push(await check());
  if (!process.argv.includes("--check")) {
    counts.push(
      await runOnSandbox(
        onSandbox.filter((it) => !isLong(it)),
        [runStory],
      ),
    );
  }
}
const { passed, failed } = sum(counts);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
