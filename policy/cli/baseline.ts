import { existsSync, lstatSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { isCi } from "../ci.ts";
import { createFile } from "../output-file.ts";
import { rules } from "../rules/index.ts";
import { daysUntil, isPlaceholder, readWaivers } from "../waivers.ts";
import { printFindings, printJson, printNextSteps } from "./baseline-report.ts";
import { baselineOf } from "./baseline-waivers.ts";
import { readConfigurationFile } from "./configuration.ts";
import { runPreview } from "./preview.ts";
import { checkPreviewArguments } from "./preview-arguments.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { configuredWaivers, startOfPaths, withoutWaivers } from "./waivers-setting.ts";

const defaultDays = 90;
const mostDays = 180;

export interface BaselineOptions {
  readonly owner: string;
  readonly reason: string;
  readonly expires?: string;
  readonly out?: string;
  readonly config?: string;
  readonly includeCritical?: boolean;
  readonly json?: boolean;
}

/**
 * `baseline`: writes a waiver for each finding that fails a preview of the program. `args` are further arguments of
 * `pulumi preview`. The exit code is 1 if findings remain that fail the preview.
 */
export async function baseline(
  args: readonly string[],
  options: BaselineOptions,
  pack: string,
  terminal: Terminal,
): Promise<ExitCode> {
  if (isCi(terminal.environment)) {
    throw new UsageError(
      "baseline does not run in a pipeline (CI is set): somebody must review what it accepts. Run it on your machine, and commit the file",
    );
  }
  const { config } = options;
  const accepted = {
    owner: checkedText(options.owner, "--owner"),
    reason: checkedText(options.reason, "--reason"),
    days: checkedDays(options.expires, terminal.now()),
    now: terminal.now(),
    includesCritical: options.includeCritical ?? false,
  };
  checkPreviewArguments("baseline", args, terminal.environment);
  const file = await readConfigurationFile(config, terminal);
  const start = startOfPaths(pack, terminal);
  const configured = configuredWaivers(file, start);
  const path = resolve(terminal.folder, options.out ?? configured ?? "policy-waivers.json");
  const shown = relative(terminal.folder, path) || ".";
  checkIsFree(path, shown);
  const current = configured === undefined ? undefined : contentOf(configured);
  const existing = current === undefined ? [] : readWaivers(current, ruleNames).waivers;

  // The file that is about to be written is not there yet, which would be a finding.
  const configuration = current === undefined ? withoutWaivers(file) : file;
  const preview = await runPreview({ pack, configuration, args }, terminal);
  const found = baselineOf(preview.findings, { ...accepted, existing });
  if (found.waivers.length > 0) {
    const problem = createFile(path, `${JSON.stringify(found.waivers, undefined, 2)}\n`);
    if (problem !== undefined) throw new UsageError(`${shown} was not created: ${problem}`);
  }
  if (options.json) printJson(found, preview, shown, terminal);
  else {
    printFindings(found, preview, shown, terminal);
    const setting = relative(start, path).split(sep).join("/");
    const isThere = current !== undefined;
    const next = { config, args, setting, isThere, isConfigured: configured === path };
    if (found.waivers.length > 0) printNextSteps(next, terminal);
  }
  return found.refused.length + preview.ofOtherPacks.length > 0 ? 1 : 0;
}

const ruleNames = rules.map(({ name }) => name);

function checkedText(text: string, option: string): string {
  if (text.trim() !== "" && !isPlaceholder(text)) return text.trim();
  throw new UsageError(`${option} is ${JSON.stringify(text)}: expected words for reviewers`);
}

/** The days from today until the last waiver expires. */
function checkedDays(day: string | undefined, now: Date): number {
  if (day === undefined) return defaultDays;
  const days = daysUntil(day, now);
  if (days >= 1 && days <= mostDays) return days;
  throw new UsageError(
    `--expires is ${day}: expected a day after today and at most ${mostDays} days from now, e.g. 2027-03-31`,
  );
}

function checkIsFree(path: string, shown: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new UsageError(
      `${shown} exists: baseline changes no waivers file. Fix the findings, or add a waiver for each (explain FINDING-ID prints it); for all at once, write another file with --out and move its entries after review`,
    );
  }
  if (!existsSync(dirname(path))) {
    throw new UsageError(`the folder of ${shown} does not exist: expected another path for --out`);
  }
}

/** The content of the waivers file, if there is one. */
function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
