import { showString, stringOf } from "../field.ts";
import { listed } from "../finding.ts";
import { lowerCase } from "../iam/case.ts";
import type { Statement } from "../iam/document.ts";
import { matches, matchesEverything } from "../iam/pattern.ts";
import type { StatementJson } from "../iam/replacement.ts";
import type { Rule, StackFinding } from "../rule.ts";
import type { Alternative, Need } from "../stack/need.ts";
import { oneOf, type Permission, satisfies } from "../stack/permissions.ts";
import { type ComparedRole, comparedRoles, type PartlyRead, reasonsOf } from "../stack/roles.ts";
import { suggestedArn } from "../stack/suggested-arn.ts";

/** Reports a denied call of a function or a state machine before it happens. */
export const missingGrant: Rule = {
  name: "missing-grant",
  description:
    "The role of a function or a state machine allows everything that its code or definition calls and its configuration requires.",
  severity: "medium",
  remediationSteps: "Allow the action on the resource in the finding.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
  async *checkStack(resources, _settings, place) {
    for await (const role of comparedRoles(resources, place)) {
      yield* missingOf(role);
      yield* role.partlyRead.map(comparisonFinding);
    }
  },
};

/** One finding of a function or a state machine says everything that was not read of it. */
function comparisonFinding(it: PartlyRead): StackFinding {
  const { of, what, isUnread, isPending } = it;
  return {
    resource: of,
    what,
    why: `it is ${isUnread ? "not" : "not fully"} compared with the role: ${reasonsOf(it).join("; ")}`,
    fix: isPending
      ? "The deployment and later previews compare it"
      : isUnread
        ? "Review the role manually"
        : "Review the role manually; only the calls that were read are checked",
    level: "advisory",
  };
}

async function* missingOf(role: ComparedRole): AsyncIterable<StackFinding> {
  const { identity } = role;
  const reported = new Set<string>();
  for (const need of role.needs) {
    if (!need.isRequired || need.alternatives.some((it) => isAllowed(it, role))) continue;
    const name = nameOf(need);
    if (reported.has(name)) continue;
    reported.add(name);
    const doubt = doubtOf(need, role);
    yield {
      resource: identity.resource,
      what: "",
      values: [name],
      why: `${need.why}, and the role does not allow it${doubt ? ` ${doubt}` : ""}`,
      fix: "Allow it",
      replacement: await statementFor(need),
      level: doubt ? "advisory" : undefined,
    };
  }
}

/** Why the call may still be allowed. */
function doubtOf({ alternatives }: Need, role: ComparedRole): string | undefined {
  const isElsewhere = alternatives.some(
    (it) => it.isGuess && isAllowed({ ...it, resources: [], values: [] }, role),
  );
  return isElsewhere ? "on the resources of its environment" : undefined;
}

/** A policy that the pack cannot read may allow it, too, but neither what is denied nor what is outside the boundary. */
function isAllowed(alternative: Alternative, role: ComparedRole): boolean {
  const { identity, permissions, managed, mayAllowMore } = role;
  const isGranted =
    mayAllowMore || [...permissions, ...managed].some((it) => satisfies(it, alternative));
  const isDenied = permissions.some((it) => forbids(it, alternative));
  const { boundary } = identity;
  const isWithin = boundary?.some((it) => it.isAllow && hasAction(it, alternative.action)) ?? true;
  return isGranted && !isDenied && isWithin;
}

/** A Deny counts only if it has no conditions and is certainly about the resource. */
function forbids(permission: Permission, alternative: Alternative): boolean {
  const { statement, resource, resources } = permission;
  if (statement.isAllow || !statement.conditions.isKnown) return false;
  if (statement.conditions.value.length > 0 || !hasAction(statement, alternative.action))
    return false;
  const isOn =
    resources.length === 1 && alternative.resources.every((it) => resources.includes(it));
  return matchesEverything(stringOf(resource) ?? "") || (isOn && alternative.resources.length > 0);
}

function hasAction({ actions, notActions }: Statement, action: string): boolean {
  const isIn = (fields: Statement["actions"]) =>
    fields.some((it) => matches(lowerCase(stringOf(it) ?? ""), lowerCase(action)));
  return notActions.length > 0 ? !isIn(notActions) : isIn(actions);
}

function nameOf({ alternatives }: Need): string {
  const actions = [...new Set(alternatives.map(({ action }) => action))];
  const [first] = alternatives;
  const targets = [
    first?.type ? `a ${first.type}` : "",
    first ? oneOf(first.resources) : "",
    ...(first?.values ?? []).map(showString),
  ].filter(Boolean);
  const on = targets.length > 0 ? ` on ${listed(targets)}` : "";
  return `${actions.length > 1 ? "one of " : ""}${listed(actions)}${on}`;
}

/** Only for one action on one resource with a known ARN. */
async function statementFor({ alternatives }: Need): Promise<StatementJson[] | undefined> {
  const [alternative, ...others] = alternatives;
  const [resource, ...further] = alternative?.resources ?? [];
  if (!alternative || !resource || others.length + further.length > 0) return undefined;
  const { action } = alternative;
  const arn = await suggestedArn(action, resource);
  return arn === undefined ? undefined : [{ Effect: "Allow", Action: [action], Resource: [arn] }];
}
