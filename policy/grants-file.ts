import { isFields, ownValue } from "./field.ts";
import { type GrantLine, isSameLine } from "./stack/grant-lines.ts";

/** Identity → action → resources, each by type token and logical name, sorted. */
export type GrantsFile = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reads a grants file; a problem is the end of a sentence about it. */
export function readGrantsFile(
  text: string,
): { readonly file: GrantsFile } | { readonly problem: string } {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON" };
  }
  const isRight =
    isFields(file) &&
    Object.values(file).every(
      (identity) =>
        isFields(identity) &&
        Object.values(identity).every(
          (list) => Array.isArray(list) && list.every((it) => typeof it === "string"),
        ),
    );
  if (!isRight) return { problem: "it is not an object of identity → action → list of resources" };
  return { file: file as GrantsFile };
}

/** The text of a grants file: the same for the same lines, in whatever order they come. */
export function grantsFileText(lines: readonly GrantLine[]): string {
  // Names of resources can be those of members that every object has.
  const file: Record<string, Record<string, string[]>> = Object.create(null);
  for (const { name, key, values } of lines) {
    file[name] ??= Object.create(null) as Record<string, string[]>;
    file[name][key] = [...(file[name][key] ?? []), ...values];
  }
  const sorted = sortedBy(file, (identity) =>
    sortedBy(identity, (list) => [...new Set(list)].sort()),
  );
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

function sortedBy<From, To>(
  record: Readonly<Record<string, From>>,
  of: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, of(record[key] as From)]),
  );
}

/** An entry of the file, or what would be one. */
export interface Entry {
  readonly identity: string;
  readonly key: string;
  readonly value: string;
}

export function entriesOf(file: GrantsFile): Entry[] {
  return Object.entries(file).flatMap(([identity, keys]) =>
    Object.entries(keys).flatMap(([key, list]) => list.map((value) => ({ identity, key, value }))),
  );
}

/** True if an entry of the file has the line, as far as the line is known. */
export function isIn(file: GrantsFile, { name, key, values }: GrantLine): boolean {
  const list = ownValue(ownValue(file, name) ?? {}, key) ?? [];
  return values.some((value) => list.some((it) => isSameLine(it, value)));
}
