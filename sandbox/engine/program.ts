import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const require = createRequire(import.meta.url);
let isRegistered = false;

/**
 * Loads a file of the program (index.ts, infra/, handler/) and returns its exports. It comes as
 * CommonJS through ts-node without type check, as Pulumi loads it, since functions serialize
 * differently under another loader.
 */
export function loadProgram<T = Record<string, unknown>>(path: string): T {
  if (!isRegistered) {
    require("ts-node").register({ transpileOnly: true, cwd: root });
    isRegistered = true;
  }
  return { ...require(join(root, path)) };
}

/**
 * The same with every file of the repository read again: a program from the module cache would
 * register no resource, and the engine would delete them all.
 */
export function reloadProgram(path: string): Record<string, unknown> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root) && !file.includes("node_modules")) delete require.cache[file];
  }
  return loadProgram(path);
}
