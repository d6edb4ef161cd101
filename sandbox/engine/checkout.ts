import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const root = join(import.meta.dirname, "..", "..");

/** A copy of the repository as a user has it, in which commands run as they are typed. */
export interface Checkout {
  readonly folder: string;
  /** Runs a line of shell in the copy, with these variables beside those of the checkout. */
  run(line: string, environment?: Readonly<Record<string, string>>): Promise<Ended>;
}

/** What a command left. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/**
 * Copies what git knows, or would add, to `folder`, with the installed packages and the compiled
 * policy pack unless it is to be bare. Commands find the Pulumi CLI first on PATH, and no account of this user's.
 */
export function createCheckout({
  folder,
  pulumi,
  environment,
  isBare = false,
}: {
  folder: string;
  pulumi: string;
  isBare?: boolean;
  environment: Readonly<Record<string, string>>;
}): Checkout {
  const known = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", known, { cwd: root, encoding: "utf8" }).trim().split("\n");
  for (const file of files.filter((it) => existsSync(join(root, it)))) {
    cpSync(join(root, file), join(folder, file));
  }
  if (!isBare) {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    cpSync(join(root, "policy", "bin"), join(folder, "policy", "bin"), { recursive: true });
    // What was compiled of these very packages.
    const cache = join("scripts", "loading", ".cache");
    mkdirSync(join(root, cache), { recursive: true });
    symlinkSync(join(root, cache), join(folder, cache));
  }
  const always = {
    ...withoutAccounts(process.env),
    PATH: `${dirname(pulumi)}:${dirname(process.execPath)}:${process.env.PATH}`,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...environment,
  };
  return {
    folder,
    async run(line, more = {}) {
      const child = spawn("bash", ["-c", line], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...always, ...more },
      });
      const ended = new Promise<number>((resolve) =>
        child.on("close", (code) => resolve(code ?? 1)),
      );
      const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await ended, output, error };
    },
  };
}

/**
 * The line of shell that sets a secret of the stack to the variable `VALUE`. The value goes through
 * standard input, since every user of this machine can read the arguments of a process.
 */
export function setSecretLine(key: string): string {
  return `printf %s "$VALUE" | pulumi config set --secret ${key}`;
}

/** Variables without those that name this user's accounts in AWS, Pulumi, Sumo Logic and GitHub. */
export function withoutAccounts(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isAccount = /^(AWS|PULUMI|SUMOLOGIC|GITHUB|GH)_/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isAccount.test(name)));
}
