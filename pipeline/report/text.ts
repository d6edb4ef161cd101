// Makes text of others harmless. Each function takes time that grows with the length of the text alone.

/** Characters that show as nothing, as a space of another width, or that turn the direction of what follows. */
const invisible = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The text on one line, with every character that nobody can see as its number, such as `\u{202e}`. */
export function visible(text: string): string {
  return text.replaceAll(invisible, (it) => (it === " " ? it : escapeOf(it)));
}

/** A character as its number: `\u{202e}`. */
export function escapeOf(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** What ends the part of an address before its @, read backwards. */
const beforeAddress = /[\s@"<>()[\],;:]/u;
const inDomain = /[\p{L}\p{N}.-]/u;

/** The text with e-mail addresses shortened: `ada@example.com` becomes `a…@example.com`. */
export function masked(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > done && !beforeAddress.test(text[start - 1] ?? "")) start--;
    if (start === at || !hasDomainAt(text, at + 1)) continue;
    const first = String.fromCodePoint(text.codePointAt(start) ?? 0);
    parts.push(text.slice(done, start), `${first}…`);
    done = at;
  }
  return parts.join("") + text.slice(done);
}

/** True for `example.com`, not for a version such as `v1.2.3`. */
function hasDomainAt(text: string, start: number): boolean {
  let end = start;
  while (end < text.length && inDomain.test(text[end] ?? "")) end++;
  const labels = text.slice(start, end).split(".");
  while (labels.length > 0 && labels.at(-1) === "") labels.pop();
  return labels.length > 1 && labels[0] !== "" && /^\p{L}/u.test(labels.at(-1) ?? "");
}

/** The text, or its beginning and `…` where it has more than `limit` characters. No address is cut in two. */
export function cut(text: string, limit: number): string {
  const whole = masked(text);
  return whole.length > limit ? `${whole.slice(0, limit - 1).toWellFormed()}…` : whole;
}

/**
 * The text on one line that a workflow's log shows and nothing else: without `::` and `##[`, with which a
 * printed line is a command.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function printable(text: string): string {
  return visible(masked(text))
    .replaceAll(/:(?=:)/g, ": ")
    .replaceAll(/#(?=#\[)/g, "# ");
}
