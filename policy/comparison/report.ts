import { table } from "./table.ts";

/** One way to ask one tool, beside the pack. */
export interface Comparison {
  readonly title: string;
  /** True where the statements that have a condition are left out. */
  readonly isUnconditional: boolean;
  readonly bothYes: number;
  readonly bothNo: number;
  readonly onlyPack: number;
  readonly onlyTool: number;
  readonly classes: readonly Class[];
}

/** A class of differences. */
export interface Class {
  readonly side: "the pack" | "the tool";
  readonly title: string;
  readonly right: string;
  readonly why: string;
  /** The policies' names, sorted. */
  readonly names: readonly string[];
}

/** What the pack and parliament call unknown, and what is known of it elsewhere. */
export interface UnknownActions {
  readonly packPolicies: number;
  readonly parliamentPolicies: number;
  /** Distinct actions that parliament reports, and those of them that the pack's reference has. */
  readonly parliamentActions: number;
  readonly parliamentFalse: number;
  /** Distinct actions that the pack reports: parliament's older data has them, or nobody. */
  readonly retired: readonly string[];
  readonly undocumented: readonly string[];
}

/** How often a rule reports something, over all policies. */
export interface RuleCount {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  readonly findings: number;
  readonly policies: number;
}

export interface Report {
  readonly versions: Readonly<Record<string, string>>;
  readonly policies: number;
  readonly mandatory: number;
  readonly advisory: number;
  /** Policies that `star-resource` reports for unknown actions alone, which counts as a no. */
  readonly forUnknown: number;
  /** Policies of which nothing is left without the statements that have a condition. */
  readonly empty: number;
  readonly comparisons: readonly Comparison[];
  readonly unknown: UnknownActions;
  readonly otherRules: readonly RuleCount[];
  /** The section about calls in code. */
  readonly calls: string;
}

/** docs/policy-comparison.md: the same text for the same versions. */
export function reportText(report: Report): string {
  const { versions, policies, mandatory, advisory, forUnknown, comparisons, unknown } = report;
  return `${[
    "# The policy pack compared with other tools",
    "`npm run compare` writes this page. It compares the pack with cloudsplaining and parliament on each AWS managed " +
      "policy in moto, and with IAM Policy Autopilot on handlers in [JavaScript](#calls-in-javascript-code) and " +
      "[Python](#calls-in-python-code). The question about policies: *does the policy grant, on `*`, an action that " +
      "supports resource-level permissions, with nothing that restricts the resource?*",
    table(
      ["", "version"],
      Object.entries(versions).map(([name, version]) => [name, version]),
    ),
    `The pack says yes to ${mandatory + advisory} of ${policies} policies, to ${advisory} of them with ` +
      "advisory findings only. What counts as a yes:",
    [
      "- **The pack**: any finding of the rule `star-resource`, except about actions that its reference " +
        "does not have: whether such an action supports a resource is unknown, and `unknown-action` " +
        `reports it. ${forUnknown} policies have only such findings and count as a no.`,
      "- **Cloudsplaining**: any action in `all_allowed_unrestricted_actions`, whatever its access level.",
      "- **Parliament**: `RESOURCE_STAR`.",
    ].join("\n"),
    "## Verdicts",
    table(
      ["compared with", "both yes", "both no", "only the pack", "only the tool", "agreement"],
      comparisons.map((it) => [
        it.title,
        ...[it.bothYes, it.bothNo, it.onlyPack, it.onlyTool].map(String),
        agreementOf(it),
      ]),
    ),
    agreementText(report),
    "## Where they differ",
    "policy/comparison/classes.ts assigns each policy with a difference to one class. If its findings " +
      "have several causes, the class is one in which the pack is right, if there is one: a single " +
      "finding is enough for a yes.",
    ...comparisons.flatMap(differences),
    "## Unknown actions",
    unknownText(unknown),
    "## Other rules on the same policies",
    otherRulesText(report.otherRules),
    report.calls,
  ].join("\n\n")}\n`;
}

/** In percent, with cloudsplaining. */
const goal = 99;

function shareOf({ bothYes, bothNo, onlyPack, onlyTool }: Comparison): number {
  const same = bothYes + bothNo;
  return (100 * same) / (same + onlyPack + onlyTool);
}

function agreementOf(comparison: Comparison): string {
  return `${shareOf(comparison).toFixed(2)} %`;
}

/** The agreement of each way of asking, in words, and which of them the goal is about. */
function agreementText({ comparisons, policies, empty }: Report): string {
  const sentences = (isUnconditional: boolean) =>
    comparisons
      .filter((it) => it.isUnconditional === isUnconditional)
      .map((it) => `${agreementOf(it)} with ${it.title.replace(/^[^:]*: /, "")}`)
      .join(", ");
  const [first] = comparisons;
  const verdict = first && shareOf(first) >= goal ? "It is met." : "It is not met.";
  return [
    "The tools treat conditions differently. Which conditions count as a restriction of the resource:",
    [
      "- **Cloudsplaining**: all by default, none with `flag_conditional_statements`.",
      "- **Parliament**: none.",
      "- **The pack**: those that name the resource.",
    ].join("\n"),
    "So the first comparison excludes conditions: each statement that has a `Condition`, Allow or Deny, " +
      `is removed before all three evaluate the document. ${empty} of the ${policies} policies then ` +
      "have no statement left. All three say no to them, which counts as agreement like any other.",
    `Without conditional statements, the agreement is ${sentences(true)}. The goal of ${goal} % ` +
      `is for cloudsplaining in this comparison. ${verdict} On whole documents the agreement is ${sentences(false)}. ` +
      "Nothing else is excluded from these numbers.",
  ].join("\n\n");
}

function differences({ title, classes, onlyPack, onlyTool }: Comparison): string[] {
  const rows = classes.map(({ side, title: name, right, why, names }) => [
    `only ${side}`,
    name,
    String(names.length),
    `\`${names[0]}\``,
    right,
    why,
  ]);
  return [
    `### ${title[0]?.toUpperCase()}${title.slice(1)}: ${onlyPack + onlyTool}`,
    table(["yes from", "class", "policies", "example", "who is right", "why"], rows),
  ];
}

function unknownText(unknown: UnknownActions): string {
  const { retired, undocumented } = unknown;
  return [
    `The rule \`unknown-action\` reports ${retired.length + undocumented.length} actions in ` +
      `${unknown.packPolicies} policies. Parliament reports ${unknown.parliamentActions} in ` +
      `${unknown.parliamentPolicies}; ${unknown.parliamentFalse} of these are false alarms, since the ` +
      "pack's newer reference has the action.",
    `Parliament's older data still has ${retired.length} of the pack's actions. AWS has since removed them ` +
      `from its reference, with the service or because of a new name. ${services(retired)}`,
    `No reference has the other ${undocumented.length}: their service closed long ago (\`cloudhsm\`, \`iot1click\`, ` +
      "`zocalo`), AWS made a mistake (`budgets:CreateBudget`), or they are undocumented. AWS uses the " +
      "undocumented ones in its managed policies, so they count as false alarms of the pack. If you need " +
      `one, list it under \`known\` in the rule's configuration. ${services(undocumented)}`,
  ].join("\n\n");
}

/** `a` 3, `b` 1: the services of actions, with how many are of each. */
function services(actions: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const service = action.split(":")[0] ?? action;
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return `By service: ${[...counts].map(([name, count]) => `\`${name}\` ${count}`).join(", ")}.`;
}

/** What a manual review of the findings showed. */
const readings: Readonly<Record<string, string>> = {
  "resource-type-mismatch mandatory":
    "98 findings of 45 randomly chosen statements were reviewed: 72 true by the reference, most of " +
    "them resources that no action of the statement supports, or ARNs that lack a part " +
    "(`secretsmanager:…:sqlworkbench!*`); 19 false, which the rule no longer reports (ARNs of " +
    "Systems Manager that AWS owns, types with two ARN formats); 7 false, because the reference " +
    "lacks something: tags of load balancers (5), a type (2).",
  "resource-type-mismatch advisory":
    "30 randomly chosen statements were reviewed. In every case the reference lists no resource for the " +
    "actions, so each finding is what the rule says. Some are known to work anyway " +
    "(`logs:DescribeLogGroups`), so the findings are advisory.",
  "unknown-condition-key mandatory":
    "All were reviewed. About half are false, because the reference lacks keys that AWS relies on " +
    "(`aws-marketplace:ProductId`, tags for `cloudwatch:CreateIntegration`). The others are true " +
    "(`aws:TagKeys` for `kms:DescribeKey`) or belong to closed services.",
  "vacuous-condition mandatory":
    "None: no AWS managed policy has a condition that narrows nothing at all.",
  "vacuous-condition advisory":
    "All are `ForAllValues` without a condition that requires the key, and were reviewed by kind: true " +
    "if the key can be missing, needless if each such request has it (the tag keys of a call that " +
    "tags, the operations of a grant). The reference does not say which, so the findings are advisory.",
};

function otherRulesText(rules: readonly RuleCount[]): string {
  return [
    "These are not compared with the tools. The last column is a manual review.",
    table(
      ["rule", "level", "findings", "policies", "review"],
      rules.map(({ rule, level, findings, policies }) => [
        `\`${rule}\``,
        level,
        String(findings),
        String(policies),
        readings[`${rule} ${level}`] ?? "",
      ]),
    ),
  ].join("\n\n");
}
