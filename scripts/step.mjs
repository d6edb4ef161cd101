import { spawn } from "node:child_process";

/**
 * Does one step of the set-up. Prints its name at the start, its time at the end, and every 10 seconds
 * that it is still working, with what `progress` returns. Returns what `work` returns; its errors pass through.
 */
export async function step(say, what, work, progress) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`  ${what} …`);
  const alive = setInterval(
    () => say(`  ${what}: still working, ${seconds()} s, ${progress()}`),
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
 * A step that is a command, run in `cwd` with the variables `env` in addition to those of this process.
 * `progress` gets the lines that it has printed so far. Returns its standard output. Throws with the last
 * lines of its output if it cannot be started or fails.
 */
export function run(say, what, command, args, { cwd, env = {}, progress = countOfLines }) {
  let output = "";
  let standardOutput = "";
  const work = () =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.on("data", (chunk) => {
        output += chunk;
        standardOutput += chunk;
      });
      child.stderr.on("data", (chunk) => {
        output += chunk;
      });
      child.on("error", (error) =>
        reject(new Error(`${what}: ${command} cannot be started: ${error.message}`)),
      );
      child.on("close", (code) => {
        const tail = output.trim().split("\n").slice(-15).join("\n");
        if (code === 0) resolve(standardOutput);
        else reject(new Error(`${what} failed: ${command} exited with code ${code}\n${tail}`));
      });
    });
  return step(say, what, work, () => progress(output.split("\n").slice(0, -1)));
}

const countOfLines = (lines) => `${lines.length} lines of its log`;
