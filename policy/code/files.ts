import { constants } from "node:fs";
import { access, type FileHandle, lstat, open, opendir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import type { CodeBudget } from "./budget.ts";
import type { Language } from "./language.ts";

/**
 * Reads files that the program names. A program could name a pipe, which blocks forever, an endless
 * device, or links in a circle. So only regular files are opened, and read only up to their size.
 */

/** A file of a language in a folder that is read or listed, or a link or a special file with the name of one. */
interface Entry {
  readonly path: string;
  readonly isFile: boolean;
}

/**
 * The files of a language in a folder, sorted, with `/` in their paths. The folder's path has no links,
 * and links below it are not followed. Folders behind links are omitted, as in Pulumi's archives.
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go
 */
export async function codeIn(
  folder: string,
  language: Language,
  budget: CodeBudget,
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const open = [""];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    for await (const entry of await opendir(join(folder, inside))) {
      budget.countEntry();
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) {
        if (!language.isSkipped(`${path}/`)) open.push(path);
      } else if (language.isCode(path) || language.isListed(path)) {
        const isOther = entry.isSymbolicLink() && (await isReadElsewhere(path, folder, language));
        if (!isOther) found.push({ path, isFile: entry.isFile() });
      }
    }
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * True for a link to a folder, and for a link to a file that is read at its own path, e.g. for
 * `node_modules/.bin/sha.js`.
 */
async function isReadElsewhere(link: string, folder: string, language: Language): Promise<boolean> {
  try {
    const target = await realpath(join(folder, link));
    const stats = await stat(target);
    const isRead =
      isInside(target, folder) && language.isCode(relative(folder, target).replaceAll(sep, "/"));
    return stats.isDirectory() || (stats.isFile() && isRead);
  } catch {
    return false;
  }
}

/** Opens a regular file; anything else is not opened, and undefined is returned. */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  if (!(await lstat(path)).isFile()) return undefined;
  // Anything that replaces it now must neither block nor be followed. Windows has no such flags.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** What is read by parts: a file, or bytes in memory. */
export interface Bytes {
  readonly size: number;
  /** Reads `length` bytes, or fewer if they end before. */
  readonly read: (range: { from: number; length: number }) => Promise<Buffer>;
}

/** A smaller file is in memory as a whole: thousands of its parts are read. */
const largestInMemory = 64 * 1024 * 1024;

export async function bytesOfFile(handle: FileHandle): Promise<Bytes> {
  const { size } = await handle.stat();
  if (size <= largestInMemory) {
    return bytesInMemory(await readBytes(handle, { from: 0, length: size }));
  }
  return { size, read: (range) => readBytes(handle, range) };
}

export function bytesInMemory(bytes: Buffer): Bytes {
  const read: Bytes["read"] = async ({ from, length }) => bytes.subarray(from, from + length);
  return { size: bytes.length, read };
}

/** Reads `length` bytes of a file, or fewer if it ends before. */
export async function readBytes(
  handle: FileHandle,
  { from, length }: { from: number; length: number },
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let end = 0;
  while (end < length) {
    const { bytesRead } = await handle.read(bytes, end, length - end, from + end);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}

/**
 * The folder that must contain a program's code: the repository of the program, or without one, the
 * parent of the program's folder, so that `../app` is inside.
 */
export async function codeRootOf(programFolder: string): Promise<string> {
  const start = await realpath(resolve(programFolder));
  for (let folder = start; ; folder = dirname(folder)) {
    const isRepository = await access(join(folder, ".git")).then(
      () => true,
      () => false,
    );
    if (isRepository) return folder;
    if (folder === dirname(folder)) return dirname(start);
  }
}

/** True for a path in a folder, and for the folder itself. Both paths are without links. */
export function isInside(path: string, folder: string): boolean {
  const fromFolder = relative(folder, path);
  // On Windows the path from another drive is absolute.
  const isAbove = fromFolder === ".." || fromFolder.startsWith(`..${sep}`);
  return !isAbove && !isAbsolute(fromFolder);
}
