import { shortId } from "../finding.ts";
import { addTo } from "../groups.ts";
import type { Waiver } from "../waivers.ts";
import { type Baseline, partsOf } from "./baseline-waivers.ts";
import { executable } from "./executable.ts";
import type { Preview } from "./preview.ts";
import { printableLine, styled, type Terminal } from "./terminal.ts";

/** Prints what was accepted and what was not; `shown` is the file. */
export function printFindings(
  { waivers, refused, advisory }: Baseline,
  { ofOtherPacks }: Preview,
  shown: string,
  terminal: Terminal,
): void {
  const { output } = terminal;
  if (waivers.length > 0) {
    output.write(`${styled("bold", shown, terminal)}: ${count(waivers.length, "waiver")}\n`);
    const width = Math.max(...waivers.map(({ rule }) => rule.length));
    for (const [rule, its] of byRule(waivers)) {
      output.write(`  ${rule.padEnd(width)}  ${its.length} until ${its[0]?.expires}\n`);
    }
  }
  if (refused.length > 0) {
    output.write(
      `${styled("red", "not accepted", terminal)}: ${count(refused.length, "finding")}\n`,
    );
    for (const { finding, why } of refused) {
      const { rule, resource, finding: what } = finding;
      const where = `${resource.type} ${resource.name}, ${what}`;
      output.write(`  ${printableLine(`${shortId(finding.id)} ${rule}  ${where}: ${why}`)}\n`);
    }
    if (refused.some(({ finding }) => finding.canBeWaived)) {
      output.write(
        "Fix them, or add a waiver for each: run a preview with SARIF_FILE=findings.sarif, then `explain ID --sarif findings.sarif`\n",
      );
    }
  }
  for (const { pack, rule, message } of ofOtherPacks) {
    output.write(`${printableLine(`not of this pack: ${pack} ${rule}  ${message}`)}\n`);
  }
  if (advisory > 0) {
    output.write(`no waiver for ${count(advisory, "advisory finding")}: advisories fail nothing\n`);
  }
  if (waivers.length + refused.length + ofOtherPacks.length === 0) {
    output.write(
      `${styled("green", "nothing fails the preview", terminal)}: no file was written\n`,
    );
  }
}

export interface NextSteps {
  readonly config: string | undefined;
  readonly args: readonly string[];
  /** The written file, as the configuration would name it. */
  readonly setting: string;
  /** True if there is another waivers file. */
  readonly isThere: boolean;
  /** True if the configuration names the written file. */
  readonly isConfigured: boolean;
}

/** Prints what to do with the file. */
export function printNextSteps(
  { config = "policy-config.json", args, setting, isThere, isConfigured }: NextSteps,
  { output }: Terminal,
): void {
  const line = JSON.stringify({ waivers: { file: setting } });
  const steps = [
    "Review the file and commit it, with an owner in CODEOWNERS.",
    ...(isThere ? [`Move its entries to the waivers file that ${config} names.`] : []),
    ...(isThere || isConfigured ? [] : [`Add to ${config}: ${line}`]),
    `Then run: ${["pulumi", "preview", "--policy-pack", executable, "--policy-pack-config", config, ...args].map(quoted).join(" ")}`,
  ];
  output.write(`\n${steps.map((it) => `${it}\n`).join("")}`);
}

/** An argument as a shell needs it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

export function printJson(
  { waivers, refused, advisory }: Baseline,
  { ofOtherPacks }: Preview,
  shown: string,
  { output }: Terminal,
): void {
  const value = {
    file: waivers.length > 0 ? shown : null,
    waivers,
    notAccepted: refused.map(({ finding, why }) => ({ id: finding.id, ...partsOf(finding), why })),
    ofOtherPacks,
    advisory,
  };
  output.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function byRule(waivers: readonly Waiver[]): ReadonlyMap<string, readonly Waiver[]> {
  const groups = new Map<string, Waiver[]>();
  for (const it of waivers) addTo(groups, it.rule, it);
  return groups;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
