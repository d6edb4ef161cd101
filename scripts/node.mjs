import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureLocked } from "./npm.mjs";
import { root } from "./root.mjs";

/** The Node.js version of the sandbox, the tests and the pipeline: that of the Lambda runtime `nodejs24.x`. */
export const nodeVersion = readFileSync(join(root, ".nvmrc"), "utf8").trim();

/** Node.js strips types without a flag since this version: https://nodejs.org/api/typescript.html */
const oldestNode = [22, 18];

/** True if `version` ("v24.1.0" or "24.1.0") runs this project's TypeScript without a flag. */
export function isNodeNewEnough(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/**
 * Returns the path of the Node.js to run with: this process's if it is new enough, otherwise one below `.tools/`.
 * Throws if `scripts/node/` has none for this platform.
 */
export async function ensureNode(say) {
  if (isNodeNewEnough(process.version)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const source = join(root, "scripts", "node", platform);
  if (!existsSync(source)) {
    throw new Error(
      `Node.js ${process.version} is too old, and npm has no Node.js ${nodeVersion} for ${platform}: ` +
        `install Node.js ${oldestNode.join(".")} or newer (https://nodejs.org/en/download).`,
    );
  }
  const folder = await ensureLocked(say, `Node.js ${nodeVersion}`, "node", source);
  return join(folder, "node_modules", `node-${platform}`, "bin", "node");
}
