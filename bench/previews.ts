import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureAwsguard } from "../policy/bench/awsguard.ts";
import { createCheckout, setSecretLine } from "../sandbox/engine/checkout.ts";
import { startTestEnvironment, type TestEnvironment } from "../sandbox/test-environment.ts";

const root = join(import.meta.dirname, "..");
const preview = "pulumi preview --non-interactive";
const emptyPack = join(root, "bench", "empty-pack");

/** The previews, each as the command that a user types. */
const commands = {
  own: `${preview} --policy-pack policy/bin/pack.js --policy-pack-config policy-config.json`,
  "own-with-empty-pack": `${preview} --policy-pack ${emptyPack}`,
  "own-without-pack": preview,
  "new-typescript": `${preview} -C ../new-typescript`,
  "new-typescript-with-empty-pack": `${preview} -C ../new-typescript --policy-pack ${emptyPack}`,
  "new-aws-typescript": `${preview} -C ../new-aws-typescript`,
  "new-aws-typescript-with-awsguard": `${preview} -C ../new-aws-typescript --policy-pack "$AWSGUARD"`,
} as const;
export type PreviewKind = keyof typeof commands;

/**
 * Milliseconds of complete runs of the CLI. The kinds run in turn, so that a slow moment of the machine affects all of them:
 * the values at one index are from one round. Throws the output of a preview that fails.
 */
export async function previewRounds<Kind extends PreviewKind>(
  kinds: readonly Kind[],
  rounds: number,
): Promise<Record<Kind, number[]>> {
  const times = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<
    Kind,
    number[]
  >;
  const environment = await startTestEnvironment();
  try {
    const run = await createPrograms(environment);
    // One extra round: the first one warms up the disk and the caches.
    for (let round = 0; round <= rounds; round++) {
      for (const kind of kinds) {
        const startedMs = performance.now();
        await run(commands[kind]);
        if (round > 0) times[kind].push(performance.now() - startedMs);
      }
    }
  } finally {
    await environment.stop();
  }
  return times;
}

/**
 * Creates this program and the new ones next to it, each with a stack. The engine attaches to running
 * providers, because the sandbox's start more slowly than the real ones.
 */
async function createPrograms(
  environment: TestEnvironment,
): Promise<(line: string) => Promise<void>> {
  const { folder, variables, providers } = environment;
  const state = join(folder, "state");
  mkdirSync(state);
  const attached = Object.entries(providers).map(([name, port]) => `${name}:${port}`);
  const checkout = createCheckout({
    folder: join(folder, "checkout"),
    pulumi: process.env.SANDBOX_PULUMI ?? "",
    environment: {
      ...variables,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_DEBUG_PROVIDERS: attached.join(","),
      AWSGUARD: await ensureAwsguard(),
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
  // A running provider does not see this command's environment variables.
  const secrets = {
    webhookToken: environment.webhookToken,
    "sumologic:accessId": variables.SUMOLOGIC_ACCESSID,
    "sumologic:accessKey": variables.SUMOLOGIC_ACCESSKEY,
  };
  for (const [key, value] of Object.entries(secrets)) {
    await run(setSecretLine(key), { VALUE: value ?? "" });
  }
  await run(`pulumi config set sumologic:baseUrl ${variables.SUMOLOGIC_BASE_URL}`);
  return run;
}

/** Packages as an installation has them, not linked as a whole: Node.js resolves links. */
async function ownPackages(folder: string, run: (line: string) => Promise<void>): Promise<void> {
  rmSync(join(folder, "node_modules"));
  await run(`cp -al ${join(root, "node_modules")} .`);
  cpSync(join(root, "sdks"), join(folder, "sdks"), { recursive: true });
}

const imports = {
  "new-typescript": ['import * as pulumi from "@pulumi/pulumi";'],
  "new-aws-typescript": [
    'import * as pulumi from "@pulumi/pulumi";',
    'import * as aws from "@pulumi/aws";',
  ],
} as const;

/**
 * What `pulumi new typescript` or `aws-typescript` creates, without the example resource and with
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
