import { read, setTextOf, showText, textOf } from "../field.ts";
import type { Statement } from "../iam/document.ts";
import { lowerCase } from "../iam/letter-case.ts";
import { matches, takesEverything } from "../iam/pattern.ts";
import type { StatementJson } from "../iam/replacement.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { covers, type Granted, oneOf } from "../stack/granted.ts";
import type { Need, Way } from "../stack/need.ts";
import { type FunctionRole, functionRoles } from "../stack/roles.ts";
import { some } from "../statements.ts";

/** What a function's code calls and its configuration implies is allowed, before it is tried. */
export const missingGrant: Rule = {
  name: "missing-grant",
  description: "A function's role allows all that its code calls and its configuration implies.",
  severity: "medium",
  remediationSteps: "Grant the action on the resource that is named.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
  async *checkStack(resources, _settings, place) {
    for await (const role of functionRoles(resources, place)) {
      yield* missingOf(role);
      for (const { of, why } of role.unseen) {
        yield {
          resource: of,
          what: "code",
          why: `not all that it calls can be seen: ${why}`,
          fix: "Look at its role yourself; what is seen is judged",
          level: "advisory",
        };
      }
    }
  },
};

function* missingOf(role: FunctionRole): Iterable<StackFinding> {
  const { identity } = role;
  const told = new Set<string>();
  for (const need of role.needs) {
    if (!need.isRequired || need.ways.some((it) => isAllowed(it, role))) continue;
    const what = nameOf(need);
    if (told.has(what)) continue;
    told.add(what);
    const doubt = doubtOf(need, role);
    yield {
      resource: identity.resource,
      what,
      why: `${need.why}, and the role does not allow it${doubt ? ` ${doubt}` : ""}`,
      fix: `Grant ${what}`,
      replacement: statementFor(need),
      level: doubt ? "advisory" : undefined,
    };
  }
}

/** Why the call may be allowed nevertheless. */
function doubtOf({ ways }: Need, role: FunctionRole): string | undefined {
  if (role.identity.isPartlyUnread) return "in what can be read of its policies";
  const isElsewhere = ways.some(
    (it) => it.isGuess && isAllowed({ ...it, resources: [], texts: [] }, role),
  );
  return isElsewhere ? "there, where its environment points" : undefined;
}

function isAllowed(way: Way, { identity, granted }: FunctionRole): boolean {
  const isGranted = granted.some((it) => covers(it, way));
  const isDenied = granted.some((it) => forbids(it, way));
  const { boundary } = identity;
  const isWithin = boundary?.some((it) => it.isAllow && hasAction(it, way.action)) ?? true;
  return isGranted && !isDenied && isWithin;
}

/** A Deny counts only where it has no conditions and is surely about the resource. */
function forbids(granted: Granted, way: Way): boolean {
  const { statement, resource, resources } = granted;
  if (statement.isAllow || !statement.conditions.isKnown) return false;
  if (statement.conditions.value.length > 0 || !hasAction(statement, way.action)) return false;
  const isOn = resources.length === 1 && way.resources.every((it) => resources.includes(it));
  return takesEverything(textOf(resource) ?? "") || (isOn && way.resources.length > 0);
}

function hasAction({ actions, notActions }: Statement, action: string): boolean {
  const isIn = (fields: Statement["actions"]) =>
    fields.some((it) => matches(lowerCase(textOf(it) ?? ""), lowerCase(action)));
  return notActions.length > 0 ? !isIn(notActions) : isIn(actions);
}

function nameOf({ ways }: Need): string {
  const actions = [...new Set(ways.map(({ action }) => action))];
  const [way] = ways;
  const targets = [way ? oneOf(way.resources) : "", ...(way?.texts ?? []).map(showText)].filter(
    Boolean,
  );
  const on = targets.length > 0 ? ` on ${some(targets)}` : "";
  return `${actions.length > 1 ? `one of ${some(actions, 5)}` : some(actions)}${on}`;
}

/** Only what is known for certain: one action on one resource with an ARN. */
function statementFor({ ways }: Need): StatementJson[] | undefined {
  const [way, ...others] = ways;
  const [resource, ...further] = way?.resources ?? [];
  if (!way || !resource || others.length + further.length > 0) return undefined;
  const arn = setTextOf(read(() => resource.props.arn));
  return arn === undefined
    ? undefined
    : [{ Effect: "Allow", Action: [way.action], Resource: [arn] }];
}
