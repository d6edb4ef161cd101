import type { Readable } from "node:stream";

/** What a command uses of its process. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writer;
  readonly errors: Writer;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder, from which relative paths start. */
  readonly folder: string;
  /** The clock by which waivers expire and begin. */
  readonly now: () => Date;
}

export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** 0: nothing to report, 1: findings, 2: wrong usage or input, or a failure. */
export type ExitCode = 0 | 1 | 2;

const codes = { bold: [1, 22], red: [31, 39], yellow: [33, 39], green: [32, 39] } as const;

/**
 * Text with a color on a terminal, and plain text elsewhere.
 * https://no-color.org/
 */
export function styled(style: keyof typeof codes, text: string, { output, environment }: Terminal) {
  const [on, off] = codes[style];
  const isPlain = !output.isTTY || environment.NO_COLOR || environment.TERM === "dumb";
  return isPlain ? text : `\u001b[${on}m${text}\u001b[${off}m`;
}

/**
 * Strings of a program or a document, with control characters and those that change the direction of text as visible
 * text, since a terminal would obey them.
 */
export function printable(text: string): string {
  const obeyed =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  return text.replaceAll(obeyed, escaped);
}

/** The same for what must stay on one line: a name could otherwise print lines that look like the command's own. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
