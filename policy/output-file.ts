import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { Place } from "./rule.ts";

/** The open file, or why it was not written, as the end of a sentence. */
export type Written = { readonly file: number } | { readonly problem: string };

/**
 * Writes a file as a whole, in place of one that is there. Never through a symbolic link: neither one at the
 * path, nor one that leads out of the folder in which the engine was started.
 */
export function writeOutputFile(path: string, text: string, place: Place): Written {
  try {
    const problem = problemAt(path, place);
    return problem === undefined ? { file: replace(path, text) } : { problem };
  } catch (error) {
    return { problem: writeProblem(error) };
  }
}

/**
 * Creates a file as a whole, and never in place of anything that is there. Returns why it was not created, as the end of a
 * sentence.
 */
export function createFile(path: string, text: string): string | undefined {
  const draft = draftOf(path);
  try {
    writeFileSync(draft, text, { flag: "wx" });
    try {
      // A link, unlike a new name, never replaces a file.
      linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    return undefined;
  } catch (error) {
    return writeProblem(error);
  }
}

export function writeProblem(error: unknown): string {
  return `it cannot be written: ${(error as NodeJS.ErrnoException).code}`;
}

/** The engine can end the pack at any time, so the text is complete before the file has its name. */
function replace(path: string, text: string): number {
  const draft = draftOf(path);
  // Fails where there is anything, a link included.
  const file = openSync(draft, "wx+");
  try {
    writeFileSync(file, text);
    renameSync(draft, path);
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(draft, { force: true });
    throw error;
  }
}

function draftOf(path: string): string {
  return `${path}.${process.pid}.draft`;
}

function problemAt(path: string, { environment }: Place): string | undefined {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) return "it was not written because a symbolic link is there";
  if (there && !there.isFile())
    return "it was not written because something other than a regular file is there";
  const start = environment.PWD;
  if (!start) return undefined;
  const realStart = realpathSync(start);
  const isMeantInside = isInside(start, path) || isInside(realStart, path);
  if (!isMeantInside || isInside(realStart, join(realpathSync(dirname(path)), "file"))) {
    return undefined;
  }
  return `it was not written because a symbolic link leads its folder out of ${start}`;
}

function isInside(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== "" && below.split("/")[0] !== ".." && !isAbsolute(below);
}
