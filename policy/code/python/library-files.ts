import { posix } from "node:path";
import type { PackageCode } from "../language.ts";

/**
 * The files of libraries, as `pip` lists them in the RECORD of each. Two kinds of distributions are the program's code: the one with
 * the handler, and those that were installed from a folder or a repository, which have a `direct_url.json`.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
export function libraryFilesIn(
  { files, listed = [] }: PackageCode,
  handler: string | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const local = new Set(listed.filter((it) => it.endsWith("/direct_url.json")));
  for (const { path, text } of files.filter((it) => it.path.endsWith("/RECORD"))) {
    const folder = posix.dirname(path);
    if (local.has(`${folder}/direct_url.json`)) continue;
    // `pip install --target` moves the scripts of libraries into the folder, and does not say so.
    const own = filesIn(text).map((it) => posix.join(folder, "..", it.replace(/^(\.\.\/)+/, "")));
    if (handler !== undefined && own.includes(handler)) continue;
    for (const it of own) found.add(it);
  }
  return found;
}

/** True for a file in a RECORD, and for one in a folder of installed packages. */
export function isLibrary(path: string, inRecords: ReadonlySet<string>): boolean {
  return inRecords.has(path) || /(^|\/)(site|dist)-packages\//.test(path);
}

/** The paths in a RECORD: the first value of each line of CSV. */
function filesIn(record: string): string[] {
  return record.split(/\r?\n/).flatMap((line) => {
    const [, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? [];
    const path = quoted?.replaceAll('""', '"') ?? plain;
    return path ? [path] : [];
  });
}
