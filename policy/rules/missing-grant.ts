import { nonEmptyStringOf, read, showString, stringOf } from "../field.ts";
import { lowerCase } from "../iam/case.ts";
import type { Statement } from "../iam/document.ts";
import { matches, matchesEverything } from "../iam/pattern.ts";
import type { StatementJson } from "../iam/replacement.ts";
import type { Rule, StackFinding } from "../rule.ts";
import type { Alternative, Need } from "../stack/need.ts";
import { oneOf, type Permission, satisfies } from "../stack/permissions.ts";
import { type FunctionRole, functionRoles } from "../stack/roles.ts";
import { some } from "../statements.ts";

/** Reports a denied call of a function before it happens. */
export const missingGrant: Rule = {
  name: "missing-grant",
  description:
    "A function's role allows everything that its code calls and its configuration requires.",
  severity: "medium",
  remediationSteps: "Allow the action on the resource in the finding.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
  async *checkStack(resources, _settings, place) {
    for await (const role of functionRoles(resources, place)) {
      yield* missingOf(role);
      for (const { of, why } of role.unresolved) {
        yield {
          resource: of,
          what: "code",
          why: `not all of its calls can be resolved: ${why}`,
          fix: "Review the role manually; only resolved calls were checked",
          level: "advisory",
        };
      }
    }
  },
};

function* missingOf(role: FunctionRole): Iterable<StackFinding> {
  const { identity } = role;
  const reported = new Set<string>();
  for (const need of role.needs) {
    if (!need.isRequired || need.alternatives.some((it) => isAllowed(it, role))) continue;
    const what = nameOf(need);
    if (reported.has(what)) continue;
    reported.add(what);
    const doubt = doubtOf(need, role);
    yield {
      resource: identity.resource,
      what,
      why: `${need.why}, and the role does not allow it${doubt ? ` ${doubt}` : ""}`,
      fix: `Allow ${what}`,
      replacement: statementFor(need),
      level: doubt ? "advisory" : undefined,
    };
  }
}

/** Why the call may still be allowed. */
function doubtOf({ alternatives }: Need, role: FunctionRole): string | undefined {
  if (role.identity.isPartlyUnread) return "in the policies that can be read";
  const isElsewhere = alternatives.some(
    (it) => it.isGuess && isAllowed({ ...it, resources: [], values: [] }, role),
  );
  return isElsewhere ? "on the resources of its environment" : undefined;
}

function isAllowed(alternative: Alternative, { identity, permissions }: FunctionRole): boolean {
  const isGranted = permissions.some((it) => satisfies(it, alternative));
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
    first ? oneOf(first.resources) : "",
    ...(first?.values ?? []).map(showString),
  ].filter(Boolean);
  const on = targets.length > 0 ? ` on ${some(targets)}` : "";
  return `${actions.length > 1 ? `one of ${some(actions, 5)}` : some(actions)}${on}`;
}

/** Only for one action on one resource with a known ARN. */
function statementFor({ alternatives }: Need): StatementJson[] | undefined {
  const [alternative, ...others] = alternatives;
  const [resource, ...further] = alternative?.resources ?? [];
  if (!alternative || !resource || others.length + further.length > 0) return undefined;
  const arn = nonEmptyStringOf(read(() => resource.props.arn));
  return arn === undefined
    ? undefined
    : [{ Effect: "Allow", Action: [alternative.action], Resource: [arn] }];
}
