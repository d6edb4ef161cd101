import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
let isRegistered = false;

/**
 * Loads a CommonJS TypeScript file (index.ts, infra/, handler/) as Pulumi does, through ts-node
 * without type check, and returns its exports. Every file of the repository is read anew: a
 * program from the module cache would register no resource, and the engine would delete them all.
 */
export function loadFresh<T = Record<string, unknown>>(path: string): T {
  if (!isRegistered) {
    require("ts-node").register({ transpileOnly: true, cwd: root });
    isRegistered = true;
  }
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root) && !file.includes("node_modules")) delete require.cache[file];
  }
  return { ...require(join(root, path)) };
}
