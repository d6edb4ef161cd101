import { changesTable, countsOf, countsText, isDangerous, sorted } from "./changes.ts";
import { bodyWithDiff } from "./diff.ts";
import { code, counted, fenced, fitted, folded, prose, within } from "./markdown.ts";
import type { PolicyFinding, Preview } from "./preview.ts";
import { splitMessage } from "./suggestion.ts";
import { cut } from "./text.ts";

const longestMandatory = 12_000;
const longestAdvisory = 6_000;
const longestFinding = 1_500;
const longestErrors = 5_000;

/** How a job of a workflow ended. */
export type JobResult = "success" | "failure" | "cancelled" | "skipped";

/** A preview that has ended. */
export interface EndedPreview {
  readonly stack: string;
  /** How the job that ran the preview ended. */
  readonly result: JobResult;
  /** How the job ended that ran it with the policy pack of the branch that the pull request is for, if there is one. */
  readonly verdict?: JobResult;
  /** The files that decide the verdict and that the pull request changes. With any, the verdict does not bind. */
  readonly verdictFiles: readonly string[];
  readonly preview: Preview;
  /** What that other preview found, if it left something. */
  readonly verdictPreview?: Preview;
  /** Whether the pull request comes from a fork, whose preview has no credentials. */
  readonly isOfFork?: boolean;
  /** What the CLI wrote to its standard error. */
  readonly errors: string;
  /** The commit that was previewed, whole. */
  readonly commit: string;
  /** The page of the workflow's run, which has the whole output. */
  readonly runUrl: string;
}

/** What the comment of a stack's previews begins with, and is recognized by. No name can end it. */
export function commentMarker(stack: string): string {
  return `<!-- reboot-automation preview of ${stack.replaceAll(/[<>]/g, encodeURIComponent)} -->`;
}

/**
 * The comment for a pull request, at most 65,536 characters: whether preview and verdict passed, what forbids
 * the changes, what is replaced or deleted, what else changes, and the difference line by line.
 */
export function commentText(ended: EndedPreview): string {
  const { preview, commit, runUrl, stack } = ended;
  const changes = sorted(preview.steps);
  const gone = changes.filter(isDangerous);
  const others = changes.filter((it) => !isDangerous(it));
  const top = [
    commentMarker(stack),
    headline(ended),
    resultsLine(ended),
    ...problemParts(ended),
    ...findingsParts(preview.findings, "`pulumi up` would stop there"),
    ...verdictParts(ended),
    ...failureParts(ended),
    ...(gone.length > 0 ? [warning, changesTable(gone)] : []),
    ...(others.length > 0 ? [folded(countsText(countsOf(others)), changesTable(others))] : []),
  ];
  const end = `<sub>Commit ${code(commit.slice(0, 7))}, [whole output](${runUrl})</sub>`;
  return bodyWithDiff({ top, steps: changes, end });
}

/** Without a result of the preview nothing is known about changes, least of all that there are none. */
function headline(ended: EndedPreview): string {
  const { stack, result, verdict, preview } = ended;
  const counts = countsOf(preview.steps);
  const isSound = result === "success" && preview.problems.length === 0 && !preview.isFailed;
  const isVerdictPassed = !verdict || verdict === "success" || isLeftToOwners(ended);
  const isPassed = isSound && isVerdictPassed && !preview.findings.some(isMandatory);
  const mark = isPassed ? "" : "❌ ";
  const what = isSound || counts.size > 0 ? `: ${countsText(counts)}` : "";
  const title = `### ${mark}Preview of ${code(stack)}`;
  if (what !== "") return title + what;
  return `${title} ${result === "success" ? "could not be read" : words[result]}`;
}

const words = {
  success: "passed",
  failure: "failed",
  cancelled: "was cancelled",
  skipped: "did not run",
} as const;

function resultsLine(ended: EndedPreview): string {
  const { result, verdict, verdictFiles, isOfFork } = ended;
  const preview = `The preview **${words[result]}**.`;
  if (!verdict) return isOfFork ? `${preview} ${forkNote}` : preview;
  const line = `${preview} The verdict with the base branch's policy pack **${words[verdict]}**`;
  if (!isLeftToOwners(ended)) return `${line}.`;
  const files = verdictFiles.map((it) => code(it)).join(", ");
  return `${line}; that is left to the code owners, since the pull request changes ${files}.`;
}

const forkNote =
  "It had no credentials, because the pull request comes from a fork. A fork gets no comment and no upload of findings either. To preview the change with credentials, review it and push it to a branch of this repository.";

/** A verdict that failed is expected if the pull request changes what decides it. */
function isLeftToOwners({ verdict, verdictFiles }: EndedPreview): boolean {
  return verdict === "failure" && verdictFiles.length > 0;
}

const warning = "**⚠ A resource that is replaced or deleted is gone with its data:**";

/** A preview that failed or did not run need not leave events. */
function problemParts({ result, preview, runUrl }: EndedPreview): string[] {
  const { problems, steps, isFailed } = preview;
  if (result !== "success" && steps.length === 0) return [];
  const contradiction = "its job passed, but the engine says that it failed";
  const all = [...problems, ...(result === "success" && isFailed ? [contradiction] : [])];
  if (all.length === 0) return [];
  const reasons = all.map((it) => prose(cut(it, longestFinding))).join("; ");
  return [
    `**⚠ The preview's result could not be read: ${reasons}.** There may be changes that are not shown here. See [the run](${runUrl}).`,
  ];
}

function findingsParts(findings: readonly PolicyFinding[], consequence: string): string[] {
  const mandatory = findings.filter(isMandatory);
  const advisory = findings.filter((it) => !isMandatory(it));
  const heading = `**${counted(mandatory.length, "mandatory finding")}: ${consequence}.**`;
  const summary = counted(advisory.length, "advisory finding");
  return [
    ...(mandatory.length > 0 ? [heading, findingsList(mandatory, longestMandatory)] : []),
    ...(advisory.length > 0 ? [folded(summary, findingsList(advisory, longestAdvisory))] : []),
  ];
}

/** What only the base branch's policy pack forbids. */
function verdictParts({ verdict, preview, verdictPreview, runUrl }: EndedPreview): string[] {
  if (verdict !== "failure") return [];
  const known = new Set(preview.findings.map((it) => JSON.stringify(it)));
  const findings = (verdictPreview?.findings ?? []).filter(isMandatory);
  const others = findings.filter((it) => !known.has(JSON.stringify(it)));
  if (others.length > 0) {
    const heading = `**${counted(others.length, "mandatory finding")} of the base branch's policy pack:**`;
    return [heading, findingsList(others, longestAdvisory)];
  }
  if (findings.length > 0) return [];
  return [`**[The run](${runUrl}) says why the verdict failed.**`];
}

function isMandatory({ isMandatory }: PolicyFinding): boolean {
  return isMandatory;
}

function findingsList(findings: readonly PolicyFinding[], limit: number): string {
  const items = findings.map(findingItem).sort((a, b) => (a.whole < b.whole ? -1 : 1));
  const kept = within(
    limit,
    items.map(({ short }) => short),
  );
  let room = limit - kept.join("\n").length;
  const lines = items.slice(0, kept.length).map(({ short, whole }) => {
    const more = whole.length - short.length;
    if (more > room) return short;
    room -= more;
    return whole;
  });
  const left = items.length - kept.length;
  if (left > 0) lines.push(`- **… and ${counted(left, "more finding")}, in the run's log**`);
  return lines.join("\n");
}

/** A finding in the list. As a whole it has the statements to write instead; that form is used where there is room. */
interface FindingItem {
  readonly short: string;
  readonly whole: string;
}

function findingItem({ rule, resource, message }: PolicyFinding): FindingItem {
  const where = resource ? ` ${code(resource, 300)}` : "";
  const { text, statements } = splitMessage(message);
  // A long one would leave no room for the others.
  const item = fitted(text, longestFinding, (text) => {
    const [first = "", ...rest] = text.split("\n");
    const item = `- **${prose(cut(rule, 100))}**${where}: ${prose(first)}`;
    if (rest.join("").trim() === "") return item;
    return `${item}\n${indented(fenced(rest.join("\n")))}`;
  });
  if (!statements) return { short: item, whole: item };
  const json = statements.map((it) => JSON.stringify(it, undefined, 2)).join(",\n");
  const block = folded("Statements to write instead", fenced(json, "json"));
  return {
    short: `${item}\n  The statements to write instead are in the run's log.`,
    whole: `${item}\n${indented(block)}`,
  };
}

/** As a part of a list's item. */
function indented(block: string): string {
  return block.replaceAll(/^(?=.)/gm, "  ");
}

/** Why the preview failed, where that is not its findings. */
function failureParts({ result, preview, errors, runUrl }: EndedPreview): string[] {
  const { isFailed, findings } = preview;
  if (result !== "failure" && !isFailed && preview.errors.length === 0) return [];
  // The CLI writes the engine's errors too; it has others only where the engine did not start.
  const text = withoutNoise(preview.errors.join("\n")) || withoutNoise(errors);
  if (text !== "") {
    const heading = "**The preview failed, so what follows may not be all:**";
    return [heading, fitted(text, longestErrors, fenced)];
  }
  if (findings.some(isMandatory)) return [];
  return [`**[The run](${runUrl}) says why the preview failed.**`];
}

function withoutNoise(errors: string): string {
  const lines = errors.replaceAll("\r", "").replaceAll(colour, "").split("\n");
  return lines.filter((line) => !isNoise(line)).join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the CLI's colours begin with it
const colour = /\u001b\[[0-9;]{0,20}m/g;

/** Nothing, what the heading says anyway, or a line of a stack trace outside this repository. */
function isNoise(line: string): boolean {
  const text = line.trim();
  if (text === "" || /^(error: )?preview failed$/.test(text)) return true;
  return text.startsWith("at ") && (text.includes("node:") || text.includes("node_modules"));
}
