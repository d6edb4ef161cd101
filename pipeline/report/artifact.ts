import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** The content of a file, or why there is none. */
export type Content =
  | { readonly text: string; readonly isWhole: boolean }
  | { readonly problem: string };

/**
 * Reads the first `limit` bytes of a file of an artifact. What an artifact has is written by others, so
 * nothing but a regular file directly in the folder is read: no link is followed.
 */
export function readArtifact(folder: string, name: string, limit: number): Content {
  let file: number | undefined;
  try {
    if (!lstatSync(folder).isDirectory()) return { problem: `${name} is not in a folder` };
    file = openSync(
      join(folder, name),
      // Without NONBLOCK, opening a pipe that nobody writes to would wait for ever.
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    if (!fstatSync(file).isFile()) return { problem: `${name} is not a regular file` };
    const bytes = Buffer.alloc(Math.min(limit, fstatSync(file).size));
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return {
      text: bytes.toString("utf8", 0, length),
      isWhole: fstatSync(file).size <= limit,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { problem: `${name} is missing` };
    if (code === "ELOOP") return { problem: `${name} is not a regular file` };
    return { problem: `${name} cannot be read (${code})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
