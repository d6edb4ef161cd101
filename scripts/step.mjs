import { spawn } from "node:child_process";

/**
 * Does one step of the set-up, saying its name when it begins, and every 10 seconds that it still works,
 * with what `detail` returns. Returns what `work` returns; errors of `work` pass through.
 */
export async function step(say, what, work, detail) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`  ${what} …`);
  const alive = setInterval(
    () => say(`  ${what}: still working, ${seconds()} s, ${detail()}`),
    10_000,
  );
  try {
    const result = await work();
    say(`  ${what}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(alive);
  }
}

/**
 * A step that is a command, run in `cwd` with the variables `env` beside those of this process.
 * Throws with the last lines of its output if it cannot be started or fails.
 */
export function run(say, what, command, args, { cwd, env = {} }) {
  let output = "";
  const keep = (chunk) => {
    output += chunk;
  };
  const work = () =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.on("error", (error) =>
        reject(new Error(`${what}: ${command} cannot be started: ${error.message}`)),
      );
      child.on("close", (code) => {
        const tail = output.trim().split("\n").slice(-15).join("\n");
        if (code === 0) resolve();
        else reject(new Error(`${what} failed: ${command} ended with ${code}\n${tail}`));
      });
    });
  return step(say, what, work, () => `${output.split("\n").length - 1} lines of its log`);
}
