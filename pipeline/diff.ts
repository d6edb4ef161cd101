import type { Words } from "./changes.ts";
import { counted, cut, fenced, folded, within } from "./markdown.ts";
import type { Step } from "./preview-output.ts";

const longestBody = 65_536;
const mostLines = 120;
const longestLine = 300;
/** Lines that stay the same are shown so many before and after one that changes. */
const context = 2;
/** What stands around the diff: its fence, the fold, and the note of what is left out. */
const frame = 500;

/**
 * A body of at most 65,536 characters, which is what GitHub takes: the paragraphs of `top`, then all that changes
 * line by line, as far as there is room, then `end`.
 */
export function bodyWithDiff({
  top,
  steps,
  end,
  words,
}: {
  top: readonly string[];
  steps: readonly Step[];
  end: string;
  words?: Words;
}): string {
  const left = longestBody - [...top, end].join("\n\n").length - "\n\n".length;
  const difference = steps.length > 0 ? [foldedDiff(steps, left, words)] : [];
  return [...top, ...difference, end].join("\n\n");
}

/** A resource's line, then what it has or what changes in it, in colours; what is left out is said. */
function foldedDiff(steps: readonly Step[], limit: number, words: Words = {}): string {
  const blocks = steps.map((step) => blockOf(step, words[step.operation] ?? step.operation));
  const kept = within(limit - frame, blocks);
  const left = blocks.length - kept.length;
  const note =
    left > 0
      ? `\n\n**${counted(left, "more resource")} would not fit: a comment of GitHub has at most 65,536 characters. The run's log has everything.**`
      : "";
  const summary = left > 0 ? "The difference, in part" : "The difference";
  return folded(summary, fenced(kept.join("\n"), "diff") + note);
}

function blockOf({ operation, type, name, lines }: Step, word: string): string {
  const shown = shownLines(operation, lines);
  const left = shown.length - mostLines;
  return [
    `@@ ${word} ${type} ${name} @@`,
    ...shown.slice(0, mostLines).map((line) => cut(line, longestLine)),
    ...(left > 0 ? [`   … ${counted(left, "more line")}, in the run's log`] : []),
  ].join("\n");
}

function shownLines(operation: string, lines: readonly string[]): string[] {
  const signed = lines.map(withSign);
  if (operation === "create") return signed.map((line) => `+${line.slice(1)}`);
  if (operation === "delete") return signed.map((line) => `-${line.slice(1)}`);
  return nearChanges(signed);
}

/** The line with its sign of a change in the first column, where a diff has its colours. */
function withSign(line: string): string {
  const [, indent = "", sign = ""] = /^( *)(\+-|[+\-~])(?= |\w)/.exec(line) ?? [];
  if (!sign) return ` ${line}`;
  const mark = sign === "+" || sign === "-" ? sign : "!";
  return mark + indent + " ".repeat(sign.length) + line.slice(indent.length + sign.length);
}

function nearChanges(lines: readonly string[]): string[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some((it) => /^[+\-!]/.test(it)),
  );
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line];
    return index === 0 || isNear[index - 1] ? ["   …"] : [];
  });
}
