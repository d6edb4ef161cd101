import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Reads a JSON file, or standard input for `-`. `expected` says what it should be, e.g. `an IAM policy`. */
export async function readJson(
  path: string,
  expected: string,
  terminal: Terminal,
): Promise<unknown> {
  return parsedJson(await readText(path, expected, terminal), nameOf(path), expected);
}

/** Parses JSON. `name` says where it is from. */
export function parsedJson(text: string, name: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is not JSON: expected ${expected}`);
  }
}

/** Reads a file, or standard input for `-`. */
export async function readText(
  path: string,
  expected: string,
  { input, folder }: Terminal,
): Promise<string> {
  if (path === "-") return withoutMark(await text(input));
  try {
    return withoutMark(await readFile(resolve(folder, path), "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${path} cannot be read (${code ?? "unknown reason"}): expected the path of ${expected}, or - for standard input`,
    );
  }
}

/** A byte order mark, as some editors on Windows write it, is no JSON. */
function withoutMark(content: string): string {
  return content.replace(/^\ufeff/, "");
}

/** How messages name an input. */
export function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}
