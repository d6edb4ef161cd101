import type { Policies } from "@pulumi/policy";
import { partsOf } from "./baseline-waivers.ts";
import { readJson } from "./input.ts";
import { type ReportedFinding, readFindings, sarifOfPack } from "./sarif-file.ts";
import { type ExitCode, printable, styled, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** The pack refuses a waiver that still has one. */
const placeholders = {
  reason: "<why it is accepted, and what limits the risk>",
  owner: "<who is responsible for it>",
  expires: "<YYYY-MM-DD>",
};

/** Prints the finding of a SARIF file whose ID starts with these digits: its place, its fix, and a waiver to paste. */
export async function explainFinding(
  digits: string,
  { sarif, json }: { readonly sarif: string | undefined; readonly json: boolean },
  policies: Policies,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = sarif ?? terminal.environment.SARIF_FILE;
  if (!path) {
    throw new UsageError(
      `the file with finding ${digits} is missing: expected --sarif FILE, or its path in SARIF_FILE. With this variable, a preview and \`check\` write the file`,
    );
  }
  const file = await readJson(path, sarifOfPack, terminal);
  const finding = findingIn(readFindings(file, path), digits, path);
  const rule = policies.find(({ name }) => name === finding.rule);
  const isOpen = finding.canBeWaived && finding.waived === undefined;
  const waiver = isOpen ? { ...partsOf(finding), ...placeholders } : undefined;
  if (json) {
    const about = rule && {
      passes: rule.description,
      fix: rule.remediationSteps,
      source: rule.url,
    };
    terminal.output.write(`${JSON.stringify({ ...finding, ...about, waiver }, undefined, 2)}\n`);
    return 0;
  }
  const { level, severity, message, resource, place, waived, replacement, edits } = finding;
  const lines = [
    `Severity: ${severity}, ${level}`,
    `ID: ${finding.id}`,
    "",
    message,
    "",
    `Resource: ${resource.type} ${resource.name}`,
    `URN: ${resource.urn}`,
    ...(place === undefined ? [] : [`Created in: ${place}`]),
    ...(waived === undefined ? [] : [`Waived: ${waived}`]),
    ...(rule ? ["", ...aboutRule(rule)] : []),
    ...(replacement.length > 0 ? ["", "Statements to write:", jsonOf(replacement)] : []),
    ...edits.flatMap((it) => ["", `Edit of ${it.place}:`, it.text]),
    ...(waiver ? ["", "Waiver, to fill in if you accept it:", jsonOf(waiver)] : []),
    ...(finding.canBeWaived ? [] : ["", "It cannot be waived."]),
  ];
  const title = styled("bold", printable(finding.rule), terminal);
  terminal.output.write(`${title}\n${printable(lines.join("\n"))}\n`);
  return 0;
}

function aboutRule({ description, remediationSteps, url }: Policies[number]): string[] {
  return [`Passes if: ${description}`, `Fix: ${remediationSteps}`, `Why: ${url}`];
}

function findingIn(
  findings: readonly ReportedFinding[],
  digits: string,
  path: string,
): ReportedFinding {
  const found = new Map(
    findings.filter(({ id }) => id.startsWith(digits)).map((it) => [it.id, it]),
  );
  const [finding] = found.values();
  if (found.size === 1 && finding) return finding;
  if (found.size === 0) {
    throw new UsageError(
      `${path} has no finding ${digits}: expected the start of an ID, as \`check\` prints it`,
    );
  }
  const ids = [...found.keys()].sort().join(", ");
  throw new UsageError(`${path} has several findings ${digits}: expected one of ${ids}`);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
