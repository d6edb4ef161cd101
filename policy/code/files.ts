import { constants } from "node:fs";
import { access, type FileHandle, lstat, open, opendir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import type { CodeBudget } from "./budget.ts";
import { isCode, isOfSdk } from "./specifiers.ts";

/**
 * Reading files that the program names. A program could name a pipe, which blocks forever, a device
 * without end, or links in a circle; so only regular files are opened, and no more is read of one
 * than its size says.
 */

/** A JavaScript file of a folder, or what has the name of one. */
interface Entry {
  readonly path: string;
  readonly isFile: boolean;
}

/**
 * The JavaScript files in a folder without links on its own path, sorted; paths have `/`. Links are not followed: Pulumi
 * leaves out folders behind links when it packs a folder, and those are left out here, too.
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go
 */
export async function codeIn(folder: string, budget: CodeBudget): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const open = [""];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    for await (const entry of await opendir(join(folder, inside))) {
      budget.countEntry();
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) {
        if (!isOfSdk(`${path}/`)) open.push(path);
      } else if (isCode(path)) {
        const isOther = entry.isSymbolicLink() && (await isReadElsewhere(path, folder));
        if (!isOther) found.push({ path, isFile: entry.isFile() });
      }
    }
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * True for a link to a folder, and for one to a file that is read at its own path, such as
 * `node_modules/.bin/sha.js`.
 */
async function isReadElsewhere(link: string, folder: string): Promise<boolean> {
  try {
    const target = await realpath(join(folder, link));
    const stats = await stat(target);
    const isRead =
      isInside(target, folder) && isCode(relative(folder, target).replaceAll(sep, "/"));
    return stats.isDirectory() || (stats.isFile() && isRead);
  } catch {
    return false;
  }
}

/** Opens a regular file; nothing for anything else, which is not opened at all. */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  if (!(await lstat(path)).isFile()) return undefined;
  // Whatever takes its place in the meantime must neither block nor be followed; not on Windows.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** So many bytes of a file, or as many as there are. */
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
 * The folder in which a program's code may be: the repository that the program is in; without one,
 * the folder that the program's is in, so that `../app` is in it.
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

/** True for a path in a folder, or the folder's own; both without links. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  // Between drives of Windows there is no relative way.
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
