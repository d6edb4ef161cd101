import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes this program's configuration of the policy pack into the folder, with other values for some rules; a rule whose
 * value is `undefined` has none. Returns the file's path.
 */
export function writePackConfig(
  folder: string,
  changes: Readonly<Record<string, object | undefined>>,
): string {
  const own = readFileSync(join(import.meta.dirname, "..", "..", "policy-config.json"), "utf8");
  const file = join(folder, "policy-config.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(own), ...changes }));
  return file;
}
