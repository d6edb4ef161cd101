import { spawn } from "node:child_process";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** How Pulumi's command ended. */
export interface Ended {
  /** 0 if it succeeded; NaN if a signal ended it. */
  readonly code: number;
  /** The code or the signal, for a message. */
  readonly end: string;
  /** Output and errors, as they came. */
  readonly output: string;
}

/**
 * Runs Pulumi's command to its end and says so, also if a signal asks this process to end, so that temporary files can be removed. The
 * variables are those that differ from the terminal's. Throws a UsageError if the command cannot be started.
 */
export async function runPulumi(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  { folder, environment, errors }: Terminal,
): Promise<Ended> {
  errors.write(`running pulumi ${args[0]}\n`);
  const child = spawn("pulumi", args, {
    cwd: folder,
    env: { ...environment, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Buffer) => parts.push(part));
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl+C to both, and the engine would not clean up after a second one.
    if (signal !== "SIGINT") child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.on("error", ({ code, message }: NodeJS.ErrnoException) => {
        const why = code === "ENOENT" ? "it is not on PATH" : message;
        reject(new UsageError(`pulumi cannot be started: ${why}`));
      });
      child.on("close", (code, signal) =>
        resolve({
          code: code ?? Number.NaN,
          end: signal ?? `exit code ${code}`,
          output: Buffer.concat(parts).toString().replaceAll("\r\n", "\n"),
        }),
      );
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}
