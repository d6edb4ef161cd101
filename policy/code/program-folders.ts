import { lstat, opendir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { codeRootOf } from "./files.ts";

/** Folders that are searched, and how deep. A project is near the root of its repository. */
const mostFolders = 5_000;
const deepest = 6;
/** Pulumi.yaml has a few lines. */
const longestProject = 256 * 1024;

/**
 * The folders in which a program's relative paths may start: where the engine was started, and those of the
 * repository's projects of this name with their `main`. The engine changes to the last, and does not say so to
 * policy packs.
 * https://www.pulumi.com/docs/iac/concepts/projects/project-file/
 */
export async function programFolders(start: string, project: string): Promise<string[]> {
  const found = [resolve(start)];
  // The start is what a variable says, so it may not exist.
  for (const folder of await projectFolders(start).catch(() => [])) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) {
      const main = await mainIn(join(folder, name), project);
      if (main === undefined) continue;
      // `main` is a folder, or a file in one.
      found.push(resolve(folder, main), dirname(resolve(folder, main)), folder);
    }
  }
  return [...new Set(found)];
}

/** The folders above the start, below it, and in the rest of its repository. */
async function projectFolders(start: string): Promise<string[]> {
  const root = await codeRootOf(start);
  const found = new Set<string>();
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    found.add(folder);
    if (folder === root || folder === dirname(folder)) break;
  }
  for (const top of [resolve(start), root]) {
    for await (const folder of foldersBelow(top)) {
      if (found.size >= mostFolders) break;
      found.add(folder);
    }
  }
  return [...found];
}

/** The folder and those below it, the nearest first. */
async function* foldersBelow(top: string): AsyncIterable<string> {
  let level = [top];
  for (let depth = 0; depth <= deepest; depth++) {
    yield* level;
    const next: string[] = [];
    for (const folder of level) {
      for (const name of await foldersIn(folder)) next.push(join(folder, name));
      if (next.length > mostFolders) break;
    }
    level = next;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      const isSearched = entry.name !== "node_modules" && !entry.name.startsWith(".");
      if (entry.isDirectory() && isSearched) found.push(entry.name);
    }
  } catch {
    // It cannot be read, so the program's files are not in it.
  }
  return found.sort();
}

/** `main` in a project file of this name; `.` without one; undefined if it is another project's or no file. */
async function mainIn(path: string, project: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size > longestProject) return undefined;
    const text = await readFile(path, "utf8");
    return valueIn(text, "name") === project ? (valueIn(text, "main") ?? ".") : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a key at the top of a YAML or JSON file, if it is in the key's line. */
function valueIn(text: string, key: string): string | undefined {
  const line = new RegExp(
    `^(?:${key}|[ \\t]*[{,]?[ \\t]*"${key}")[ \\t]*:[ \\t]*(.+?),?[ \\t]*$`,
    "m",
  );
  const value = line
    .exec(text)?.[1]
    ?.replace(/[ \t]#.*$/, "")
    .trim();
  return value?.replace(/^(["'])(.*)\1$/, "$2");
}
