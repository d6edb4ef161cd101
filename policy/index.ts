import { join } from "node:path";
import { createAttachedPack } from "./attached-pack.ts";
import { requestedRules } from "./cli/generate-rule.ts";
import { printable } from "./cli/terminal.ts";
import { onConfiguration } from "./configuration.ts";
import { version } from "./package.json";
import { rules } from "./rules/index.ts";

/** The engine starts an executable in the program's folder, and loads a folder's `main` itself. */
const isExecutable = require.main === module;
const args = process.argv.slice(2);

// The engine gives the address of its server.
if (isExecutable && !/^[^\s/]+:\d+$/.test(args[0] ?? "")) void startCommandLine();
else startServer();

async function startCommandLine(): Promise<void> {
  process.on("uncaughtException", endWith);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endOfOutput);
  try {
    const { runCommandLine } = await import("./cli/main.ts");
    process.exitCode = await runCommandLine(args, {
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      environment: process.env,
      folder: process.cwd(),
      now: () => new Date(),
    });
  } catch (error) {
    endWith(error);
  }
}

/** Ends with the code of a failure: 1 would say that there are findings. */
function endWith(error: unknown): never {
  const [first = "", place = ""] = String((error as Error)?.stack ?? error).split(/\n\s*/);
  process.stderr.write(`error: ${printable(`${first} ${place}`.trim())}. Please report it.\n`);
  process.exit(2);
}

/** A reader such as `head` has seen enough, and the exit code stays that of the findings. */
function endOfOutput({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") return;
  process.stderr.write(`error: the output cannot be written: ${message}\n`);
  process.exit(2);
}

function startServer(): void {
  const { env } = process;
  const pack = createAttachedPack({
    rules: requestedRules(env) ?? rules,
    // A pipeline can set the variable, so that a pull request's files do not decide about it.
    folder: env.POLICY_FOLDER || (isExecutable ? process.cwd() : join(__dirname, "..")),
    environment: isExecutable ? { ...env, PWD: process.cwd() } : env,
  });
  onConfiguration(pack.configure);

  // `new PolicyPack` would read the version from the package.json of the working folder, which is the program's.
  const { serve } = require("@pulumi/policy/server");
  serve("least-privilege-iam", version, "mandatory", { policies: pack.policies });
}
