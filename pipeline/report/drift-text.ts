import { changesTable, countsOf, sorted } from "./changes.ts";
import { bodyWithDiff } from "./diff.ts";
import { code, counted, prose } from "./markdown.ts";
import type { Preview } from "./preview.ts";

/** A drift check that found some. */
export interface Drift {
  readonly stack: string;
  /** What `pulumi refresh --preview-only` found. */
  readonly preview: Preview;
  /** The page of the workflow's run. */
  readonly runUrl: string;
}

/** What the issue of a stack's drift begins with, and is recognized by. */
export function driftMarker(stack: string): string {
  return `<!-- reboot-automation drift of ${stack} -->`;
}

/** The title, the same while the drift lasts. */
export function driftTitle(stack: string): string {
  return `Drift: the stack ${stack} is not as it was deployed`;
}

/** What the words of a refresh mean: it changes the state only, to what AWS and Sumo Logic have. */
const words = { delete: "gone ⚠", update: "changed" };

const whatToDo = [
  "- **Unwanted change:** run the workflow *up* manually with *refresh*. It restores what the program says.",
  "- **Wanted change:** write it into the program and merge it.",
  "- **After an AccessDenied, run *up* with *refresh* again.** Pulumi records a refused update as done, so an *up* without *refresh* can succeed without changing anything.",
  "- **An e-mail subscription is gone:** nobody confirmed it in time, and SNS deletes those after some days. Run *up* with *refresh*: AWS sends the e-mail again. Confirm it.",
  "",
  'The roles cannot restore everything: see "Drift" in pipeline/README.md.',
].join("\n");

/** The body, at most 65,536 characters: what differs, and what to do about it. */
export function driftText({ stack, preview, runUrl }: Drift): string {
  const steps = sorted(preview.steps);
  const counts = [...countsOf(steps)].map(([operation, count]) =>
    operation === "delete"
      ? `${counted(count, "resource")} gone ⚠`
      : `${counted(count, "resource")} changed`,
  );
  const since = `since the last \`pulumi up\` of ${code(stack)}, by something else than Pulumi`;
  const top = [
    driftMarker(stack),
    counts.length > 0 ? `**${counts.join(", ")}** ${since}.` : `**There is drift** ${since}.`,
    ...problemParts(preview, runUrl),
    ...(steps.length > 0 ? [changesTable(steps, words)] : []),
    whatToDo,
  ];
  const end = `<sub>Last seen in [this run](${runUrl}). The issue is closed when the drift is gone.</sub>`;
  return bodyWithDiff({ top, steps, end, words });
}

function problemParts({ problems, steps }: Preview, runUrl: string): string[] {
  const reasons =
    problems.length > 0 || steps.length > 0 ? problems : ["its events have no change"];
  if (reasons.length === 0) return [];
  return [
    `**⚠ What differs could not be read: ${reasons.map(prose).join("; ")}.** There may be drift that is not shown here. See [the run](${runUrl}).`,
  ];
}

/** What is said when the drift is gone. */
export function driftEndText({ stack, runUrl }: Pick<Drift, "stack" | "runUrl">): string {
  return `The drift is gone: in [this run](${runUrl}) AWS and Sumo Logic have what the state of ${code(stack)} says.`;
}
