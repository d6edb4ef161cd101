import { changesTable, countsOf, countsText, isDangerous, sorted } from "./changes.ts";
import { bodyWithDiff } from "./diff.ts";
import { code, counted, cut, escaped, fenced, folded, within } from "./markdown.ts";
import { type PolicyFinding, parsePreview, plain } from "./preview-output.ts";

const longestFindings = 12_000;
const longestFinding = 1_500;
const longestErrors = 5_000;

/** A preview that has ended. */
export interface EndedPreview {
  readonly stack: string;
  /** What `pulumi preview --diff` wrote to its standard output. */
  readonly output: string;
  /** What it wrote to its standard error. */
  readonly errors: string;
  readonly exitCode: number;
  /** The commit that was previewed, whole. */
  readonly commit: string;
  /** The page of the workflow's run, which has the whole output. */
  readonly runUrl: string;
}

/** What the comment of a stack's previews is recognized by. */
export function commentMarker(stack: string): string {
  return `<!-- reboot-automation preview of ${stack} -->`;
}

/**
 * The comment for a pull request, at most 65,536 characters: how many changes, what forbids them, what
 * is replaced or deleted, what else changes, and the difference line by line.
 */
export function commentText(preview: EndedPreview): string {
  const { output, exitCode, commit, runUrl, stack } = preview;
  const { steps, findings, counts } = parsePreview(output);
  const changes = sorted(steps);
  const gone = changes.filter(isDangerous);
  const others = changes.filter((it) => !isDangerous(it));
  const top = [
    commentMarker(stack),
    headline(preview, counts ?? new Map()),
    ...findingsParts(findings),
    ...(exitCode === 0 ? [] : failureParts(preview, findings)),
    ...(gone.length > 0 ? [warning, changesTable(gone)] : []),
    ...(others.length > 0 ? [folded(countsText(countsOf(others)), changesTable(others))] : []),
  ];
  const end = `<sub>Commit ${code(commit.slice(0, 7))}, [whole output](${runUrl})</sub>`;
  return bodyWithDiff({ top, steps: changes, end });
}

function headline({ stack, exitCode }: EndedPreview, counts: ReadonlyMap<string, number>): string {
  if (exitCode === 0) return `### Preview of ${code(stack)}: ${countsText(counts)}`;
  return `### ❌ Preview of ${code(stack)}${counts.size > 0 ? `: ${countsText(counts)}` : " failed"}`;
}

const warning = "**⚠ A resource that is replaced or deleted is gone with its data:**";

function findingsParts(findings: readonly PolicyFinding[]): string[] {
  const mandatory = findings.filter(isMandatory);
  const advisory = findings.filter((it) => !isMandatory(it));
  const heading = `**${counted(mandatory.length, "mandatory finding")}: \`pulumi up\` would stop there.**`;
  const summary = counted(advisory.length, "advisory finding");
  return [
    ...(mandatory.length > 0 ? [heading, findingsList(mandatory)] : []),
    ...(advisory.length > 0 ? [folded(summary, findingsList(advisory))] : []),
  ];
}

function isMandatory({ level }: PolicyFinding): boolean {
  return level === "mandatory";
}

function findingsList(findings: readonly PolicyFinding[]): string {
  const items = findings.map(findingItem).sort();
  const kept = within(longestFindings, items);
  const left = items.length - kept.length;
  if (left > 0) kept.push(`- … and ${counted(left, "more finding")}, in the run's log`);
  return kept.join("\n");
}

function findingItem({ rule, resource, message }: PolicyFinding): string {
  const [first = "", ...rest] = cut(message, longestFinding).split("\n");
  const where = resource ? ` ${code(resource)}` : "";
  const item = `- **${escaped(rule)}**${where}: ${escaped(first)}`;
  if (rest.join("").trim() === "") return item;
  const block = fenced(rest.join("\n"));
  return `${item}\n${block.replaceAll(/^/gm, "  ")}`;
}

/** Why the preview failed, where that is not its findings. */
function failureParts(
  { errors, exitCode }: EndedPreview,
  findings: readonly PolicyFinding[],
): string[] {
  const lines = plain(errors)
    .split("\n")
    .filter((line) => !/^\s*$|^error: preview failed$/.test(line) && !isForeignFrame(line));
  const text = lines.join("\n");
  if (text !== "") {
    const heading = `**The preview ended with code ${exitCode}, so what follows may not be all:**`;
    return [heading, fenced(cut(text, longestErrors))];
  }
  if (findings.some(isMandatory)) return [];
  return [`**The preview ended with code ${exitCode}; the run's log says why.**`];
}

/** A line of a stack trace outside this repository. */
function isForeignFrame(line: string): boolean {
  return /^ +at .*(node:|node_modules)/.test(line);
}
