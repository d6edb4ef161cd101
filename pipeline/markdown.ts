/** Text that shows as it is, wherever GitHub's Markdown would see a sign of its own. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~#&]/g, "\\$&");
}

/** A name as inline code, also in a cell of a table. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll(/\s/g, " ")}\``;
}

/** A block of code that nothing in it can end: its fence is longer than any run of backticks that it has. */
export function fenced(text: string, language = ""): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A part that opens with a click. */
export function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** The text, or its beginning and `…` where it has more than `limit` characters. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text;
}

/** The first of the blocks, as many as have at most `limit` characters when they stand on lines of their own. */
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
