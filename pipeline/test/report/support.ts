import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const folder = join(import.meta.dirname, "..", "..", "report");

/** Runs a script of the pipeline as a step of a workflow does, with these variables and no others. */
export async function runScript(
  name: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string; error: string }> {
  const child = spawn(process.execPath, [join(folder, name), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, output: output.trim(), error: error.trim() };
}
