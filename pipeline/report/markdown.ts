import { cut, escapeOf, masked, visible } from "./text.ts";

/**
 * Text of others in a sentence, on one line. A word stays as it is only if it has nothing but letters, digits
 * and harmless punctuation; any other is inline code, where GitHub looks for no mention, reference, link or tag.
 */
export function prose(text: string): string {
  return masked(text).split(/\s/).filter(Boolean).map(word).join(" ");
}

const openers = new Set("(\"'");
const closers = new Set(".,:;!?)\"'");

/** Punctuation around a word stays outside its code. */
function word(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && openers.has(text[start] ?? "")) start++;
  while (end > start && closers.has(text[end - 1] ?? "")) end--;
  const core = text.slice(start, end);
  if (isPlain(core) && !/:.*:/.test(text)) return text;
  return text.slice(0, start) + code(core) + text.slice(end);
}

/** Neither Markdown nor anything of which GitHub makes a link: an address, a commit, an issue such as GH-1. */
function isPlain(text: string): boolean {
  return (
    /^[\p{L}\p{N}.,:;()"'!?+=%/…–-]*$/u.test(text) &&
    !text.includes("//") &&
    !/www\.|[a-z]-\d|[0-9a-f]{7}/i.test(text)
  );
}

/** A name or a value as inline code of at most `limit` characters, also in a cell of a table. */
export function code(text: string, limit = Number.POSITIVE_INFINITY): string {
  const quoted = masked(text).replaceAll(/[\\`|]/g, (it) => (it === "\\" ? "\\\\" : escapeOf(it)));
  return `\`${cut(visible(quoted), limit) || " "}\``;
}

/** A block of code that nothing in it can end: its fence is longer than any run of backticks that it has. */
export function fenced(text: string, language = ""): string {
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n");
  const shown = lines.map((line) => visible(masked(line))).join("\n");
  const longest = [...shown.matchAll(/`+/g)].reduce((max, [run]) => Math.max(max, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}

/**
 * A form of the text of at most twice `limit` characters. Making text harmless can make it nine times as long: then
 * less of the text is in it.
 */
export function fitted(text: string, limit: number, form: (text: string) => string): string {
  let length = limit;
  let formed = form(cut(text, length));
  while (formed.length > 2 * limit && length > 1) {
    length = Math.floor(length / 2);
    formed = form(cut(text, length));
  }
  return formed;
}

/** A part that opens with a click. The summary is HTML, so it is never text of others. */
export function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** The first of the blocks, as many as have at most `limit` characters with each on separate lines. */
export function within(limit: number, blocks: readonly string[]): string[] {
  let length = 0;
  const tooMuch = blocks.findIndex((block) => {
    length += block.length + 1;
    return length > limit;
  });
  return tooMuch < 0 ? [...blocks] : blocks.slice(0, tooMuch);
}

/** "1 finding", "2 findings". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
