import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCheckout, setSecretLine } from "../sandbox/engine/checkout.ts";
import { startTestWorld, type TestWorld } from "../sandbox/test-world.ts";

const root = join(import.meta.dirname, "..");
const preview = "pulumi preview --non-interactive";
const emptyPack = join(root, "bench", "empty-pack");

/** What is previewed, each by a command as a user types it. */
const commands = {
  own: `${preview} --policy-pack policy --policy-pack-config policy-config.json`,
  "own-with-empty-pack": `${preview} --policy-pack ${emptyPack}`,
  "own-without-pack": preview,
  "new-typescript": `${preview} -C ../new-typescript`,
  "new-typescript-with-empty-pack": `${preview} -C ../new-typescript --policy-pack ${emptyPack}`,
  "new-aws-typescript": `${preview} -C ../new-aws-typescript`,
} as const;
export type PreviewKind = keyof typeof commands;

/**
 * Milliseconds of whole runs of the CLI, in turn, so that the machine's moods hit all kinds alike:
 * the values of one index are of one round. Throws what a preview says where it fails.
 */
export async function previewRounds<Kind extends PreviewKind>(
  kinds: readonly Kind[],
  rounds: number,
): Promise<Record<Kind, number[]>> {
  const times = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<
    Kind,
    number[]
  >;
  const world = await startTestWorld();
  try {
    const run = await createPrograms(world);
    // One round more than counts: the first warms the disk and the caches up.
    for (let round = 0; round <= rounds; round++) {
      for (const kind of kinds) {
        const startedMs = performance.now();
        await run(commands[kind]);
        if (round > 0) times[kind].push(performance.now() - startedMs);
      }
    }
  } finally {
    await world.stop();
  }
  return times;
}

/**
 * This program and the new ones beside it, each with a stack. The engine is attached to providers
 * that run already: the sandbox's would start slower than the real ones.
 */
async function createPrograms(world: TestWorld): Promise<(line: string) => Promise<void>> {
  const { folder, environment, providers } = world;
  const state = join(folder, "state");
  mkdirSync(state);
  const attached = Object.entries(providers).map(([name, port]) => `${name}:${port}`);
  const checkout = createCheckout({
    folder: join(folder, "checkout"),
    pulumi: process.env.SANDBOX_PULUMI ?? "",
    environment: {
      ...environment,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_DEBUG_PROVIDERS: attached.join(","),
    },
  });
  const run = async (line: string, more: Record<string, string> = {}) => {
    const { code, output, error } = await checkout.run(line, more);
    if (code !== 0) throw new Error(`${line} ended with ${code}\n${output}${error}`);
  };
  await ownPackages(checkout.folder, run);
  for (const name of ["new-typescript", "new-aws-typescript"] as const) {
    writeProgram(join(folder, name), name);
    await run(`pulumi -C ../${name} stack init dev`);
  }
  await run("pulumi stack init dev");
  // A provider that runs already does not see the variables of this command.
  const secrets = {
    webhookToken: world.webhookToken,
    "sumologic:accessId": environment.SUMOLOGIC_ACCESSID,
    "sumologic:accessKey": environment.SUMOLOGIC_ACCESSKEY,
  };
  for (const [key, value] of Object.entries(secrets)) {
    await run(setSecretLine(key), { VALUE: value ?? "" });
  }
  await run(`pulumi config set sumologic:baseUrl ${environment.SUMOLOGIC_BASE_URL}`);
  return run;
}

/** Packages as an installation has them: Pulumi reads them all, and linked ones for longer. */
async function ownPackages(folder: string, run: (line: string) => Promise<void>): Promise<void> {
  rmSync(join(folder, "node_modules"));
  await run(`cp -al ${join(root, "node_modules")} .`);
  cpSync(join(root, "sdks"), join(folder, "sdks"), { recursive: true });
  // npm writes it last.
  await run("touch node_modules/.package-lock.json");
}

const imports = {
  "new-typescript": ['import * as pulumi from "@pulumi/pulumi";'],
  "new-aws-typescript": [
    'import * as pulumi from "@pulumi/pulumi";',
    'import * as aws from "@pulumi/aws";',
  ],
} as const;

/**
 * What `pulumi new typescript` or `aws-typescript` makes, without the example of a resource and with
 * this repository's packages. Source: https://github.com/pulumi/templates
 */
function writeProgram(folder: string, name: keyof typeof imports): void {
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const files = {
    "Pulumi.yaml": [
      `name: ${name}`,
      "runtime:",
      "  name: nodejs",
      "  options:",
      "    packagemanager: npm",
    ].join("\n"),
    "package.json": JSON.stringify({ name, main: "index.ts" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        outDir: "bin",
        target: "es2022",
        module: "nodenext",
        moduleResolution: "nodenext",
        types: ["node"],
        sourceMap: true,
        experimentalDecorators: true,
        pretty: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        forceConsistentCasingInFileNames: true,
      },
      files: ["index.ts"],
    }),
    "index.ts": imports[name].join("\n"),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), `${text}\n`);
}
