import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Call, Calls } from "./calls.ts";
import type { PackageCode, SourceFile } from "./language.ts";

/**
 * Keeps between previews what was found in the code of functions. The program under check must not be able to remove
 * findings, so the key is the SHA-256 of the bytes that the pack itself has read, with the versions of the pack and of its data, and the
 * limits. Files in a zip file count as they are packed: with a known key, only those with a string of the entry are unpacked. An entry has the calls, and no text of the code: strings are positions in it.
 */
export interface ReadingCache {
  get(code: PackageCode, limits: unknown): Calls | undefined;
  set(code: PackageCode, limits: unknown, calls: Calls): void;
}

/** A larger entry is damaged. */
const longestEntry = 4 * 1024 * 1024;
/** Enough for the functions of several programs; the oldest are deleted. */
const mostEntries = 500;

export function openReadingCache({
  folder,
  versions,
}: {
  readonly folder: string | undefined;
  readonly versions: readonly string[];
}): ReadingCache | undefined {
  if (folder === undefined) return undefined;
  const pathOf = (code: PackageCode, limits: unknown) =>
    join(folder, `${keyOf(code, JSON.stringify([versions, limits]))}.json`);
  return {
    get(code, limits) {
      const text = readEntry(pathOf(code, limits));
      return text === undefined ? undefined : decoded(text, code.files);
    },
    set(code, limits, calls) {
      const text = encoded(calls, code.files);
      if (text !== undefined) writeEntry(folder, pathOf(code, limits), text);
    },
  };
}

/** The digest of code and of what else decides what is found in it. */
export function keyOf(code: PackageCode, about = ""): string {
  const { language, files, handler, listed, variables, layerModules } = code;
  const others = [language.name, handler, listed, variables, layerModules, about];
  const hash = createHash("sha256").update(JSON.stringify(others));
  for (const file of files) {
    const { path, digest } = file;
    hash.update(`\0${path}\0${digest ?? `text ${digestOf(file.text)}`}`);
  }
  return hash.digest("hex");
}

function readEntry(path: string): string | undefined {
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      const isOwn =
        stats.isFile() && stats.uid === process.getuid?.() && stats.size <= longestEntry;
      return isOwn ? readFileSync(file, "utf8") : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Writes the whole entry before it has its name: the engine can end the pack at any time. */
function writeEntry(folder: string, path: string, text: string): void {
  const draft = join(folder, `${randomUUID()}.draft`);
  try {
    deleteOldest(folder);
    writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // Without an entry the code is read again.
    rmSync(draft, { force: true });
  }
}

function deleteOldest(folder: string): void {
  const names = readdirSync(folder);
  if (names.length < mostEntries) return;
  const times = names.map((name) => ({ name, at: lstatSync(join(folder, name)).mtimeMs }));
  times.sort((one, other) => one.at - other.at);
  for (const { name } of times.slice(0, mostEntries / 2))
    rmSync(join(folder, name), { force: true });
}

/** A string by where it is: the index of its file, its first character and its length. */
type Position = readonly [file: number, start: number, length: number];

/** An entry's content. Strings of the code are positions in it. */
interface Entry {
  readonly calls: readonly (Omit<Call, StringList | "copied"> &
    Lists<Position> & { readonly copied?: Lists<Position> })[];
  readonly unresolved: readonly string[];
  readonly caveats: readonly string[];
}

type StringList = "variables" | "arns" | "names";
type Lists<T> = Readonly<Record<StringList, readonly T[]>>;

function listsOf<T, U>({ variables, arns, names }: Lists<T>, of: (it: T) => U): Lists<U> {
  return { variables: variables.map(of), arns: arns.map(of), names: names.map(of) };
}

/** The entry with its digest; undefined if a string is not in the code as it is. */
function encoded({ calls, unresolved, caveats }: Calls, files: readonly SourceFile[]) {
  let isWhole = true;
  const calling = new Set(calls.map(({ where }) => where.replace(/:\d+$/, "")));
  const inOrder = [...files.entries()].sort(
    ([, one], [, other]) => Number(calling.has(other.path)) - Number(calling.has(one.path)),
  );
  const positionOf = (text: string): Position => {
    for (const [index, file] of inOrder) {
      const start = file.text.indexOf(text);
      if (start >= 0) return [index, start, text.length];
    }
    isWhole = false;
    return [0, 0, 0];
  };
  const entry: Entry = {
    calls: calls.map(({ copied, ...call }) => ({
      ...call,
      ...listsOf(call, positionOf),
      ...(copied && { copied: listsOf(copied, positionOf) }),
    })),
    unresolved,
    caveats,
  };
  const text = JSON.stringify(entry);
  return isWhole ? `${digestOf(text)}\n${text}` : undefined;
}

/** The content of an entry; undefined if it is damaged. */
function decoded(entry: string, files: readonly SourceFile[]): Calls | undefined {
  const end = entry.indexOf("\n");
  const text = entry.slice(end + 1);
  if (end < 0 || entry.slice(0, end) !== digestOf(text)) return undefined;
  try {
    const { calls, unresolved, caveats }: Entry = JSON.parse(text);
    const textAt = ([file, start, length]: Position) =>
      String(files[file]?.text.slice(start, start + length));
    return {
      calls: calls.map(({ copied, ...call }) => ({
        ...call,
        ...listsOf(call, textAt),
        ...(copied && { copied: listsOf(copied, textAt) }),
      })),
      unresolved,
      caveats,
    };
  } catch {
    return undefined;
  }
}

export function digestOf(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}
