import { chmodSync, mkdirSync } from "node:fs";

/**
 * Creates a folder that only its owner can read, also if it is there already with wider permissions.
 * The same applies from then on to each file of this process and of those that it starts.
 */
export function createPrivateFolder(folder: string): void {
  process.umask(0o077);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
}
