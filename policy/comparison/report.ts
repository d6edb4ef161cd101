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
  readonly others: readonly RuleCount[];
  /** The section about calls in code. */
  readonly calls: string;
}

/** docs/policy-comparison.md: the same text for the same versions. */
export function reportText(report: Report): string {
  const { versions, policies, mandatory, advisory, forUnknown, comparisons, unknown } = report;
  return `${[
    "# The policy pack beside cloudsplaining and parliament",
    "Written by `npm run compare`, which judges each AWS managed policy that moto carries with the " +
      "pack's own rules and with both tools. One question is compared: *does the policy grant an " +
      "action that takes a resource on everything, that is on `*`, with nothing that restricts the " +
      "resource?*",
    table(
      ["", "version"],
      Object.entries(versions).map(([name, version]) => [name, version]),
    ),
    `Of ${policies} policies the pack says yes to ${mandatory + advisory}, to ${advisory} of them by ` +
      "advisory findings alone. Its yes is any finding of the rule `star-resource` but those about " +
      "actions that its reference does not know: whether such an action takes a resource is not " +
      `known, and \`unknown-action\` reports it. ${forUnknown} policies have such findings alone, and ` +
      "count as a no. Cloudsplaining's yes is any action in `all_allowed_unrestricted_actions`, " +
      "whatever its access level; parliament's is `RESOURCE_STAR`.",
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
    "Every policy with a difference is in one class, by a criterion in policy/comparison/classes.ts. " +
      "Where its findings have several causes, the class is one by which the pack is right, if there " +
      "is one, since one finding is enough for a yes.",
    ...comparisons.flatMap(differences),
    "## Unknown actions",
    unknownText(unknown),
    "## Other rules on the same policies",
    othersText(report.others),
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
  const verdict = first && shareOf(first) >= goal ? "It is reached." : "It is missed.";
  return [
    "The tools and the pack differ in principle about conditions: cloudsplaining takes every " +
      "condition for a restriction of the resource by default, and none with " +
      "`flag_conditional_statements`; parliament takes none; the pack takes those that name the " +
      "resource. So the first comparison is one in which conditions play no part: every statement " +
      "that has a `Condition`, allowing or denying, is left out of the document before all three " +
      `judge it. ${empty} of the ${policies} policies then have no statement left; all three say no ` +
      "to them, which counts as agreement like any other.",
    `Without conditional statements, the pack agrees to ${sentences(true)}. The goal of ${goal} % ` +
      `is about cloudsplaining, asked this way. ${verdict} On whole documents it agrees to ${sentences(false)}. ` +
      "Nothing else is left out of any of these numbers.",
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
    table(["yes of", "class", "policies", "such as", "right is", "why"], rows),
  ];
}

function unknownText(unknown: UnknownActions): string {
  const { retired, undocumented } = unknown;
  return [
    `The rule \`unknown-action\` reports ${retired.length + undocumented.length} actions in ` +
      `${unknown.packPolicies} policies. Parliament reports ${unknown.parliamentActions} in ` +
      `${unknown.parliamentPolicies}; ${unknown.parliamentFalse} of these are false alarms, since the ` +
      "pack's newer reference has the action.",
    `Parliament's older data still has ${retired.length} of the pack's: AWS has taken them out of its ` +
      `reference since, with the service or by another name. ${services(retired)}`,
    `No reference has the other ${undocumented.length}: closed for longer (\`cloudhsm\`, \`iot1click\`, ` +
      "`zocalo`), mistaken by AWS itself (`budgets:CreateBudget`), or not documented. As AWS " +
      "uses them in its own policies, those that are not documented have to be counted as false alarms " +
      `of the pack; whoever needs one lists it under \`known\` in the rule's configuration. ${services(undocumented)}`,
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

/** What a reading of the findings showed, by hand; `findings` is how many there were then. */
const readings: Readonly<Record<string, string>> = {
  "resource-type-mismatch mandatory":
    "98 findings of 45 statements, chosen at random, were read: 72 true by the reference, most of " +
    "them resources that no action of the statement takes, or ARNs that lack a part " +
    "(`secretsmanager:…:sqlworkbench!*`); 19 false, which the rule does not report any more (ARNs of " +
    "Systems Manager that AWS owns, types with two forms of ARN); 7 false, as the reference " +
    "lacks something: tags of load balancers (5), a type (2).",
  "resource-type-mismatch advisory":
    "30 statements, chosen at random, were read: the reference gives their actions no resource in " +
    "every case, so each finding is what the rule says; some are known to work all the same " +
    "(`logs:DescribeLogGroups`), which is why they only advise.",
  "unknown-condition-key mandatory":
    "All were read: the reference lacks keys that AWS relies on (`aws-marketplace:ProductId`, tags " +
    "for `cloudwatch:CreateIntegration`), which makes about half of them false; the others are " +
    "true (`aws:TagKeys` for `kms:DescribeKey`), or of closed services.",
  "vacuous-condition mandatory":
    "None: no policy of AWS has a condition that narrows nothing at all.",
  "vacuous-condition advisory":
    "All are `ForAllValues` without a condition that asks for the key, and were read by kind: true " +
    "where the key can be missing, needless where each such request has it (the tag keys of a call that " +
    "tags, the operations of a grant), which the reference does not tell. So they only advise.",
};

function othersText(others: readonly RuleCount[]): string {
  return [
    "These are not compared with the tools. The last column was written by hand.",
    table(
      ["rule", "level", "findings", "policies", "read and judged"],
      others.map(({ rule, level, findings, policies }) => [
        `\`${rule}\``,
        level,
        String(findings),
        String(policies),
        readings[`${rule} ${level}`] ?? "",
      ]),
    ),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
