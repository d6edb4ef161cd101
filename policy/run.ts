import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ReportViolation } from "@pulumi/policy";
import { type Finding, findingText } from "./finding.ts";
import type { Place, Rule } from "./rule.ts";
import { type SarifFile, startSarif } from "./sarif.ts";
import { isOf, readWaivers, standOf, type Waiver } from "./waivers.ts";

/** What a finding is about. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}

export interface RunOptions extends Place {
  /** The clock by which waivers expire. */
  readonly now: () => Date;
  readonly version: string;
  readonly rules: readonly Rule[];
}

/**
 * What the rules of one run of the pack share: its waivers, which of them were used, and the SARIF
 * file. The engine starts a pack anew for each preview and each deployment.
 */
export interface Run {
  /** Reads the waivers file, the first time; returns its problems as findings. */
  useWaivers(file: unknown): readonly Finding[];
  /**
   * Starts the SARIF file, the first time, where the configuration or `SARIF_FILE` names one; returns
   * why it cannot be written as a finding. The environment's has the last word.
   */
  useSarif(file: unknown): readonly Finding[];
  /** Notes that a rule has looked at a resource, so that a waiver for it must have been used. */
  judged(rule: Rule, subject: Subject): void;
  /** Reports a finding unless a waiver holds for it. */
  report(rule: Rule, subject: Subject, finding: Finding, to: ReportViolation): void;
  /** Waivers that excuse nothing: of a resource that was judged without such a finding, or is none. */
  unused(stack: readonly Subject[]): readonly Waiver[];
}

/** With this variable set, it names the SARIF file; a relative path begins where `pulumi` runs. */
const sarifVariable = "SARIF_FILE";

const relativeTo = "a relative path begins at the pack's folder";

/** What the policy server takes beside a text, though its types do not say so: server.js. */
type Violation = { message: string; urn: string; enforcementLevel?: "advisory" | "mandatory" };

export function createRun({ now, folder, environment, version, rules }: RunOptions): Run {
  let waivers: readonly Waiver[] | undefined;
  let sarifIsAsked = false;
  let sarif: SarifFile | undefined;
  const used = new Set<Waiver>();
  const judgements = new Set<string>();
  const place = (rule: string, { type, name }: { type: string; name: string }) =>
    `${rule} ${type} ${name}`;

  return {
    useWaivers(file) {
      if (waivers || file === undefined) return [];
      waivers = [];
      const read = load(resolve(folder, String(file)), rules);
      waivers = read.waivers;
      return read.problems.map((problem) => ({
        what: `waivers file ${file}`,
        why: problem,
        fix: `Mend the file, or set waivers.file in the pack's configuration (${relativeTo})`,
      }));
    },

    useSarif(file) {
      if (sarifIsAsked) return [];
      sarifIsAsked = true;
      const path = sarifPath(file, { folder, environment });
      if (path === undefined) return [];
      try {
        sarif = startSarif(path, version, rules);
        return [];
      } catch (error) {
        return [
          {
            what: `SARIF file ${path}`,
            why: `it cannot be written: ${(error as NodeJS.ErrnoException).code}`,
            fix: `Set ${sarifVariable} in the environment, or sarif.file in the pack's configuration (${relativeTo})`,
          },
        ];
      }
    },

    judged(rule, subject) {
      // Only these are asked for; all would be a text for each rule and resource.
      const isNamed = waivers?.some((it) => it.rule === rule.name && isOf(it, subject));
      if (isNamed) judgements.add(place(rule.name, subject));
    },

    report(rule, subject, finding, to) {
      const waiver = waivers?.find(
        (it) => it.rule === rule.name && isOf(it, subject) && it.finding === finding.what,
      );
      if (waiver) used.add(waiver);
      const stand = waiver && standOf(waiver, now());
      const message = findingText(subject.name, finding) + (waiver ? noteOf(waiver, stand) : "");
      const level = stand === "ended" ? "mandatory" : stand === "ends" ? "advisory" : finding.level;
      if (stand !== "holds") {
        const violation: Violation = { message, urn: subject.urn };
        if (level) violation.enforcementLevel = level;
        (to as unknown as (violation: Violation) => void)(violation);
      }
      sarif?.add({
        rule: rule.name,
        level: level === "advisory" ? "warning" : "error",
        message,
        urn: subject.urn,
        waived: waiver && stand !== "ended" ? waiver.reason : undefined,
      });
    },

    unused: (stack) =>
      (waivers ?? []).filter((waiver) => {
        if (used.has(waiver)) return false;
        const isThere = stack.some((it) => isOf(waiver, it));
        return !isThere || judgements.has(place(waiver.rule, waiver));
      }),
  };
}

function sarifPath(file: unknown, { folder, environment }: Place): string | undefined {
  const given = environment[sarifVariable];
  // The pack's own process runs in the pack's folder; PWD still says where the engine was started.
  if (given) return resolve(environment.PWD ?? "", given);
  return file === undefined ? undefined : resolve(folder, String(file));
}

function load(path: string, rules: readonly Rule[]) {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return {
      waivers: [],
      problems: [`it cannot be read: ${(error as NodeJS.ErrnoException).code}`],
    };
  }
  return readWaivers(
    text,
    rules.map(({ name }) => name),
  );
}

function noteOf({ owner, expires, reason }: Waiver, stand: ReturnType<typeof standOf> | undefined) {
  const ending = stand === "ended" ? "ended with" : "ends with";
  return ` A waiver of ${owner} ${ending} ${expires}: ${reason}`;
}
