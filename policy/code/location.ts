import { isAbsolute } from "node:path";
import { type Fields, isFields, read } from "../field.ts";
import { membersOf } from "./assets.ts";
import type { CodeBudget } from "./budget.ts";
import { engineHashOf } from "./engine-hash.ts";
import { programFolders } from "./program-folders.ts";

/** What is known about where a program runs. */
export interface ProgramPlace {
  /** The folder in which the engine was started. */
  readonly start: string;
  readonly project: string;
}

const folders = new Map<string, Promise<readonly string[]>>();
const hashes = new Map<string, Promise<string | undefined>>();

/**
 * The folder in which the relative paths of a function's code start: the one in which the code has the hash that the
 * engine computed. Undefined if there is none. Code without relative paths needs no folder, so it is the start.
 */
export async function folderOfCode(
  code: Fields,
  hash: string | undefined,
  { start, project }: ProgramPlace,
  budget: CodeBudget,
): Promise<string | undefined> {
  const paths = await relativePathsIn(code);
  if (paths.length === 0) return start;
  if (hash === undefined) return undefined;
  const place = JSON.stringify([start, project]);
  const all = folders.get(place) ?? programFolders(start, project);
  folders.set(place, all);
  for (const folder of await all) {
    const key: string = JSON.stringify([hash, folder, paths]);
    const found: Promise<string | undefined> =
      hashes.get(key) ?? engineHashOf(code, folder, budget);
    hashes.set(key, found);
    if ((await found) === hash) return folder;
  }
  return undefined;
}

/** The relative paths in an asset or an archive. */
export async function relativePathsIn(asset: Fields): Promise<string[]> {
  const { assets, path } = await membersOf(asset);
  if (isFields(assets)) {
    const found: string[] = [];
    for (const name of Object.keys(assets)) {
      const inner = read(() => assets[name]);
      if (inner.isKnown && isFields(inner.value))
        found.push(...(await relativePathsIn(inner.value)));
    }
    return found;
  }
  return typeof path === "string" && !isAbsolute(path) ? [path] : [];
}
