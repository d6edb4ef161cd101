import type {
  Policies,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { startComparisons } from "./comparisons.ts";
import { type Configuration, configurationProblems } from "./configuration.ts";
import { dropReplacedPolicies } from "./exclusive-policies.ts";
import type { Finding } from "./finding.ts";
import { groupFindings } from "./group-findings.ts";
import { createInputFiles } from "./input-files.ts";
import { convertMessagesOnce, createSharedResources, type SharedResources } from "./messages.ts";
import { createProgramInputs, type ProgramInputs } from "./program-inputs.ts";
import { createProgramPrincipals, type ProgramPrincipals } from "./program-principals.ts";
import { LimitError } from "./read-limits.ts";
import { type Rule, type RulePlace, settingPath } from "./rule.ts";
import { createRun, type Run, type RunOptions, type Subject } from "./run.ts";
import {
  changedFileRule,
  configurationRule,
  sarifRule,
  unusedWaiverRule,
  waiversRule,
} from "./run-rules.ts";
import { startSecrets } from "./secrets.ts";
import { type CheckSuggestion, suggestionCheck } from "./suggestions.ts";

/** The pack as the engine uses it in one run. */
export interface Pack {
  /** The rules, after those that start the run and before those that end it. */
  readonly policies: Policies;
  /**
   * Checks the names in the configuration and reads its files. Must be called before the program starts: a file that was not
   * read by then is a finding of the rule that needs it.
   */
  configure(configuration: Configuration): void;
}

export function createPack(options: RunOptions): Pack {
  const files = createInputFiles();
  let configured: Configuration = { settings: {}, disabled: new Set(), advisory: new Set() };
  const run = createRun(options, files, ({ name }) =>
    configured.advisory.has(name) ? "advisory" : "mandatory",
  );
  startComparisons();
  startSecrets();
  const principals = createProgramPrincipals();
  const place = { ...options, files, principals };
  convertMessagesOnce();
  const shared = {
    run,
    resources: createSharedResources(),
    inputs: createProgramInputs(),
    principals,
    place,
    checked: new Set<string>(),
    suggest: suggestionCheck(options.rules, () => configured, place),
  };
  const problems: Finding[] = [];
  // In this order: the engine runs them one after the other on each resource.
  const rules: Rule[] = [
    sarifRule(run),
    configurationRule(() => problems.splice(0)),
    changedFileRule,
    waiversRule(run),
    ...options.rules,
    unusedWaiverRule(run),
  ];
  return {
    policies: rules.map((rule) => asPolicy(rule, shared)),
    configure(configuration) {
      configured = configuration;
      const { settings } = configuration;
      problems.push(...configurationProblems(settings, rules));
      for (const { name, inputFiles = [] } of rules) {
        const ofRule = settings[name] ?? {};
        for (const it of inputFiles) {
          if (ofRule[it] !== undefined) files.load(settingPath(ofRule[it], options));
        }
      }
    },
  };
}

/** What the policies of one run share. */
interface Shared {
  readonly run: Run;
  readonly resources: SharedResources;
  readonly inputs: ProgramInputs;
  readonly principals: ProgramPrincipals;
  readonly place: RulePlace;
  /** URNs of the resources after whose checks the input files were compared. */
  readonly checked: Set<string>;
  readonly suggest: CheckSuggestion;
}

function asPolicy(
  rule: Rule,
  { run, resources, inputs, principals, place, checked, suggest }: Shared,
): Policies[number] {
  const { check, checkStack, appliesTo, inputFiles: _, ...about } = rule;
  return {
    ...about,
    ...(check && {
      async validateResource(args: ResourceValidationArgs, report: ReportViolation) {
        const resource = resources.one(args);
        let applies = true;
        inputs.keep(resource);
        principals.keep(resource);
        run.recordParent(resource);
        run.recordCheck(rule, resource);
        await guard(rule, run, resource, report, async () => {
          applies = appliesTo?.(resource) ?? true;
          if (!applies) return;
          await inGroups(check(resource, args.getConfig(), place), suggest, (it) =>
            run.report(rule, resource, it, report),
          );
        });
        if (!checked.has(resource.urn)) {
          checked.add(resource.urn);
          run.reportChanges(resource, report);
        }
        if (!applies) args.notApplicable("the resource has nothing that this rule checks");
      },
    }),
    ...(checkStack && {
      async validateStack(args: StackValidationArgs, report: ReportViolation) {
        const stack = resources.stack(args.resources, (all) => {
          inputs.addTo(all);
          dropReplacedPolicies(all, inputs);
        });
        for (const resource of stack) run.recordCheck(rule, resource);
        const subject = stack[0] ?? { type: "pulumi:pulumi:Stack", name: "stack", urn: "" };
        run.reportChanges(subject, report);
        await guard(rule, run, subject, report, async () => {
          await inGroups(checkStack(stack, args.getConfig(), place), suggest, (it) =>
            run.report(rule, it.resource, it, report),
          );
        });
      },
    }),
  } as Policies[number];
}

/**
 * Reports the findings of a rule as groups, also those before a failure. Suggestions that are right one by
 * one may not be right together.
 */
async function inGroups<T extends Finding>(
  findings: AsyncIterable<T> | Iterable<T>,
  suggest: CheckSuggestion,
  report: (finding: T) => void,
): Promise<void> {
  const found: T[] = [];
  try {
    for await (const it of findings) found.push(await suggest(it));
  } finally {
    for (const it of groupFindings(found)) report(await suggest(it));
  }
}

/**
 * A rule that fails must neither end the preview with a gRPC error nor let the resource pass: the failure
 * is a finding. The message of the error is left out because it could quote a secret.
 */
async function guard(
  rule: Rule,
  run: Run,
  subject: Subject,
  report: ReportViolation,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LimitError) {
      const finding = {
        what: `rule ${rule.name}`,
        why: `the rule stopped on ${subject.urn}, so nothing is verified: ${error.message}`,
        fix: "List actions and resources without wildcards, or split the stack",
      };
      run.report(rule, subject, { ...finding, level: "mandatory" }, report);
      return;
    }
    const { name, stack = "" } = error as Error;
    const where = /at .*?([\w.-]+\.[jt]s:\d+)/.exec(stack)?.[1] ?? "an unknown line";
    const finding = {
      what: `rule ${rule.name}`,
      why: `the rule failed on ${subject.urn} (${name} at ${where}), so nothing is verified`,
      fix: "Report it to the pack's maintainers; until it is fixed, waive this finding or disable the rule",
    };
    run.report(rule, subject, { ...finding, level: "mandatory" }, report);
  }
}
