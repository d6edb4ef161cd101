import { resolve } from "node:path";
import type { ReportViolation } from "@pulumi/policy";
import { canBeWaived, type Finding, findingText, identityOf } from "./finding.ts";
import { addTo } from "./groups.ts";
import type { InputFiles } from "./input-files.ts";
import { writeProblem } from "./output-file.ts";
import { type Place, type Rule, relativePathStart, settingPath } from "./rule.ts";
import { changedFileRule } from "./run-rules.ts";
import { type SarifFile, type SarifResult, startSarif } from "./sarif.ts";
import { isOf, readWaivers, statusOf, type Waiver } from "./waivers.ts";

/** The resource of a finding. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly opts?: { readonly parent?: string | undefined };
}

export interface UnusedWaiver {
  readonly waiver: Waiver;
  /** What its rule found on its resource instead, and no waiver excuses. */
  readonly instead: readonly Finding[];
}

export interface RunOptions extends Place {
  /** The clock by which waivers expire. */
  readonly now: () => Date;
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Gets each finding as the SARIF file has it, also a waived one. */
  readonly onResult?: (result: SarifResult) => void;
}

/**
 * What the rules of one run of the pack share: its waivers, which of them were used, and the SARIF
 * file. The engine starts a new pack for each preview and each deployment.
 */
export interface Run {
  /** Uses the waivers file, the first time; returns its problems as findings. */
  useWaivers(file: unknown): readonly Finding[];
  /**
   * Starts the SARIF file, the first time, if the configuration or `SARIF_FILE` has one; returns
   * the reason as a finding if it cannot be written. The environment takes precedence.
   */
  useSarif(file: unknown): readonly Finding[];
  /**
   * Reports each input file that has changed since it was read, under the rule changed-file whichever
   * rule is running, so no configuration disables it.
   */
  reportChanges(subject: Subject, to: ReportViolation): void;
  /** Keeps which component a resource is in. */
  recordParent(subject: Subject): void;
  /** Records that a rule has checked a resource, so a waiver for it must have been used. */
  recordCheck(rule: Rule, subject: Subject): void;
  /** Reports a finding unless a waiver holds for it. */
  report(rule: Rule, subject: Subject, finding: Finding, to: ReportViolation): void;
  /** Waivers that match no finding: their resource was checked without it, or does not exist. */
  unused(stack: readonly Subject[]): readonly UnusedWaiver[];
}

/** The path of the SARIF file. A relative one starts where `pulumi` runs. */
const sarifVariable = "SARIF_FILE";

/** What the policy server accepts besides a string, though its types do not say so: server.js. */
type Violation = {
  name: string;
  message: string;
  urn: string;
  enforcementLevel?: "advisory" | "mandatory";
};

export function createRun(
  options: RunOptions,
  files: InputFiles,
  levelOf: (rule: Rule) => "mandatory" | "advisory",
): Run {
  const { now, rules, onResult } = options;
  let waivers: readonly Waiver[] | undefined;
  let sarifIsAsked = false;
  let sarif: { readonly file: SarifFile; readonly path: string } | undefined;
  const used = new Set<Waiver>();
  const checks = new Set<string>();
  const parents = new Map<string, string>();
  const notWaived = new Map<string, Finding[]>();
  const place = (rule: string, { type, name }: { type: string; name: string }) =>
    `${rule} ${type} ${name}`;

  const run: Run = {
    useWaivers(file) {
      if (waivers || file === undefined) return [];
      waivers = [];
      const content = files.contentOf(settingPath(file, options));
      const read =
        "problem" in content
          ? { waivers: [], problems: [content.problem] }
          : readWaivers(
              content.text,
              rules.map(({ name }) => name),
            );
      waivers = read.waivers;
      return read.problems.map((problem) => ({
        what: `waivers file ${file}`,
        why: problem,
        fix: `Fix the file, or set waivers.file in the pack's configuration (${relativePathStart})`,
      }));
    },

    useSarif(file) {
      if (sarifIsAsked) return [];
      sarifIsAsked = true;
      const path = sarifPath(file, options);
      if (path === undefined) return [];
      const started = startSarif(path, options);
      if ("sarif" in started) {
        sarif = { file: started.sarif, path };
        return [];
      }
      return [sarifFinding(path, started.problem)];
    },

    reportChanges(subject, to) {
      for (const { path, what } of files.takeChanges()) {
        const finding: Finding = {
          what: `file ${path}`,
          why: `${what} after the pack had read it (before the program started)`,
          fix: "Remove the code that writes it; the findings are based on the file as it was",
          level: "mandatory",
        };
        run.report(changedFileRule, subject, finding, to);
      }
    },

    recordParent({ urn, opts }) {
      if (opts?.parent) parents.set(urn, opts.parent);
    },

    recordCheck(rule, subject) {
      // Only these are needed. All would be a string for each rule and resource.
      const isNeeded = waivers?.some((it) => it.rule === rule.name && isOf(it, subject));
      if (isNeeded) checks.add(place(rule.name, subject));
    },

    report(rule, subject, finding, to) {
      const ofSubject = waivers?.filter((it) => it.rule === rule.name && isOf(it, subject)) ?? [];
      const waiver = canBeWaived(finding)
        ? ofSubject.find((it) => it.finding === identityOf(finding))
        : undefined;
      if (waiver) used.add(waiver);
      else if (ofSubject.length > 0) addTo(notWaived, place(rule.name, subject), finding);
      const status = waiver && statusOf(waiver, now());
      const message = findingText(subject.name, finding) + (waiver ? noteOf(waiver, status) : "");
      const level =
        status === "expired" ? "mandatory" : status === "expiring" ? "advisory" : finding.level;
      if (status !== "valid") {
        const violation: Violation = { name: rule.name, message, urn: subject.urn };
        if (level) violation.enforcementLevel = level;
        (to as unknown as (violation: Violation) => void)(violation);
      }
      const result: SarifResult = {
        rule,
        enforcementLevel: level ?? levelOf(rule),
        message,
        resource: subject,
        components: componentsAbove(subject.urn, parents),
        suggestion: finding,
        identity: identityOf(finding),
        // A waiver can name no other rule.
        canBeWaived: rules.includes(rule) && canBeWaived(finding),
        waived: waiver && status !== "expired" ? waiver.reason : undefined,
      };
      onResult?.(result);
      try {
        sarif?.file.add(result);
      } catch (error) {
        const path = sarif?.path ?? "";
        // Otherwise this finding would end here, too.
        sarif = undefined;
        run.report(
          { ...rule, name: "sarif" },
          subject,
          sarifFinding(path, writeProblem(error)),
          to,
        );
      }
    },

    unused: (stack) =>
      (waivers ?? []).flatMap((waiver) => {
        if (used.has(waiver)) return [];
        const isThere = stack.some((it) => isOf(waiver, it));
        const where = place(waiver.rule, waiver);
        if (isThere && !checks.has(where)) return [];
        return [{ waiver, instead: notWaived.get(where) ?? [] }];
      }),
  };
  return run;
}

/** The components around a resource, by their URNs: `urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME`. */
function componentsAbove(urn: string, parents: ReadonlyMap<string, string>) {
  const found: { readonly type: string; readonly name: string }[] = [];
  for (let above = parents.get(urn); above !== undefined; above = parents.get(above)) {
    const [, , types = "", ...name] = above.split("::");
    found.push({ type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") });
  }
  return found;
}

function sarifFinding(path: string, problem: string): Finding {
  return {
    what: `SARIF file ${path}`,
    why: problem,
    fix: `Set ${sarifVariable} in the environment, or sarif.file in the pack's configuration (${relativePathStart})`,
  };
}

/** The absolute path of the SARIF file, if the environment or the setting has one. */
export function sarifPath(file: unknown, place: Place): string | undefined {
  const given = place.environment[sarifVariable];
  // A pack in a folder runs there; PWD still says where the engine was started.
  if (given) return resolve(place.environment.PWD ?? "", given);
  return file === undefined ? undefined : settingPath(file, place);
}

function noteOf(
  { owner, expires, reason }: Waiver,
  status: ReturnType<typeof statusOf> | undefined,
) {
  const ending = status === "expired" ? "expired on" : "expires on";
  return ` A waiver of ${owner} ${ending} ${expires}: ${reason}`;
}
