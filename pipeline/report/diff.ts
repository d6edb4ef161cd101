import type { Words } from "./changes.ts";
import { counted, fenced, folded, within } from "./markdown.ts";
import type { Step } from "./preview.ts";
import { cut, visible } from "./text.ts";

const longestBody = 65_536;
const longestHeader = 300;
/** What is around the diff: the fold, the note of what is left out, and its fence, whose length its text decides. */
const frame = 1_500;

/**
 * A body of at most 65,536 characters, which is the most that GitHub accepts: the paragraphs of `top`, then all
 * that changes line by line, as far as there is room, then `end`.
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
      ? `\n\n**${counted(left, "more resource")} would not fit: GitHub accepts at most 65,536 characters in a comment. The run's log has everything.**`
      : "";
  const summary = left > 0 ? "The difference, in part" : "The difference";
  return folded(summary, fenced(kept.join("\n"), "diff") + note);
}

function blockOf({ type, name, lines }: Step, word: string): string {
  const header = cut(`@@ ${word} ${visible(type)} ${visible(name)}`, longestHeader);
  return [`${header} @@`, ...lines].join("\n");
}
