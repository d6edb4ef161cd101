import { countCompared } from "./comparisons.ts";
import { isFields, ownValue, secretValue } from "./field.ts";

/** Keys that are not an allowed action. They restrict the identity. */
export const boundaryKey = "permissions boundary";
export const denyPrefix = "Deny ";

/**
 * What an identity is allowed, or denied, on a resource. Identity and resources are type tokens and logical
 * names, which are the same in every stack of a program.
 */
export interface LockEntry {
  /** With its parent's name if two identities of a stack have the same. */
  readonly identity: string;
  /** The action, or one of the keys above. */
  readonly key: string;
  /** `TYPE NAME`, with `…` for what is not known yet. Several if one of them is meant. */
  readonly values: readonly string[];
}

/** Identity → key → values, sorted. */
export type GrantsFile = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reads a grants file. A problem is the end of a sentence about it. */
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

/** The text of a grants file: the same for the same entries in any order. */
export function grantsFileText(entries: readonly LockEntry[]): string {
  // A resource may have the name of a member that every object inherits.
  const file: Record<string, Record<string, string[]>> = Object.create(null);
  for (const { identity, key, values } of entries) {
    file[identity] ??= Object.create(null) as Record<string, string[]>;
    file[identity][key] = [...(file[identity][key] ?? []), ...values];
  }
  const sorted = sortedBy(file, (keys) => sortedBy(keys, (list) => [...new Set(list)].sort()));
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

/** The entries of a file, each with one value. */
export function entriesOf(
  file: GrantsFile,
): (LockEntry & { readonly values: readonly [string] })[] {
  return Object.entries(file).flatMap(([identity, keys]) =>
    Object.entries(keys).flatMap(([key, list]) =>
      list.map((value) => ({ identity, key, values: [value] as const })),
    ),
  );
}

/** True if the file has an entry of the stack, as far as that is known. */
export function isIn(file: GrantsFile, { identity, key, values }: LockEntry): boolean {
  if (isSecretEntry({ key, values })) return false;
  const list = ownValue(ownValue(file, identity) ?? {}, key) ?? [];
  return values.some((value) => list.some((it) => isSameValue(it, value)));
}

/** An action or a resource that is not shown could be any other. Values of conditions may be secrets. */
function isSecretEntry({ key, values }: Pick<LockEntry, "key" | "values">): boolean {
  const targets = values.map((it) => it.split(" if ", 1)[0] ?? "");
  return [key, ...targets].some((it) => it.includes(secretValue));
}

/** True if a value of the file and one of the stack are the same, as far as both are known. */
export function isSameValue(inFile: string, inStack: string): boolean {
  if (inFile === inStack || matchesValue(inStack, inFile)) return true;
  // In a file, `…` is at most one word.
  return inFile !== "…" && matchesValue(inFile, inStack);
}

/**
 * True if a value with `…` matches another. After the name of a resource `…` is nothing, or something
 * in that resource. Elsewhere it is a word.
 */
function matchesValue(pattern: string, other: string): boolean {
  if (pattern === "…") return true;
  if (!pattern.includes("…")) return false;
  const tokens = tokensOf(pattern);
  countCompared(tokens.length * other.length);
  let places = withSkipped(new Set([0]), tokens);
  for (const letter of other) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token === letter || (token === "below" && /[:/]/.test(letter))) next.add(place + 1);
      if (token === "word" && /\S/.test(letter)) next.add(place);
    }
    places = withSkipped(next, tokens);
  }
  return places.has(tokens.length);
}

/** Letters; `word` for a word, perhaps empty; `below` for a separator and the word after it. */
function tokensOf(pattern: string): string[] {
  const letters = [...pattern];
  return letters.flatMap((letter, index) => {
    if (letter !== "…") return letter;
    const isAfterName = index > 0 && /\S/.test(letters[index - 1] ?? "");
    return isAfterName ? ["below", "word"] : "word";
  });
}

/** The places of a pattern, with those that can follow without another letter. */
function withSkipped(places: ReadonlySet<number>, tokens: readonly string[]): Set<number> {
  const all = new Set(places);
  for (const place of all) {
    const token = tokens[place];
    if (token === "word") all.add(place + 1);
    if (token === "below") all.add(place + 2);
  }
  return all;
}
