import type { PolicyResource } from "@pulumi/policy";
import type { Grant } from "../grants.ts";
import { identitiesOf } from "../identities.ts";
import type { Place } from "../rule.ts";
import { consumersOf } from "./consumers.ts";
import type { Need } from "./need.ts";
import { optionalPermissions } from "./optional-permissions.ts";
import { type Permission, permissionsOf, resourceName } from "./permissions.ts";
import { PolicyArns } from "./policy-arns.ts";
import { PolicyWriter } from "./policy-writer.ts";
import { reasonsOf, type StackCallers, stackCallers } from "./roles.ts";

/** What the role of a function or a state machine must allow, and no more. */
export interface NeededPolicy {
  readonly kind: "policy";
  /** The functions and state machines that have the role: the policy is for all of them. */
  readonly callers: readonly string[];
  /** Sorted by service and resource; one for each service and resource. */
  readonly grants: readonly Grant[];
  /** The same, as a policy document. */
  readonly policy: PolicyDocument;
  /** Placeholder in an ARN, e.g. `${orders.arn}` → what it is. */
  readonly placeholders: Readonly<Record<string, string>>;
  /** What is not known, as sentences without a full stop. If there are any, the policy may be incomplete. */
  readonly unread: readonly string[];
  /** What is not in the policy, since only some cases need it; as such sentences. */
  readonly optional: readonly string[];
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** There is no such function, or there are several. */
export interface UnknownCaller {
  readonly kind: "unknown-caller";
  /** A sentence with the names, or URNs, of those to choose from. */
  readonly problem: string;
}

/**
 * The policy for a function or a state machine of a stack, by its logical name or its URN. It has what its code or
 * definition, its configuration and its event sources need, and what all others with the same role need.
 */
export async function neededPolicy(
  resources: readonly PolicyResource[],
  place: Place,
  name: string,
): Promise<NeededPolicy | UnknownCaller> {
  const callers = await stackCallers(resources, place);
  const [caller, ...others] = callers.all.filter((it) => it.name === name || it.urn === name);
  if (!caller) return { kind: "unknown-caller", problem: unknownProblem(name, callers.all) };
  if (others.length > 0) {
    const urns = [caller, ...others].map(({ urn }) => urn).sort();
    const problem = `The stack has several functions or state machines with the name ${name}. Use the URN of one: ${urns.join(", ")}`;
    return { kind: "unknown-caller", problem };
  }
  const role = callers.roleOf(caller);
  const having = role ? callers.all.filter((it) => callers.roleOf(it) === role) : [caller];
  const { needs, partlyRead } = await callers.needsOf(having);
  const permissions = role ? await currentPermissions(role, resources, callers) : [];
  const arns = new PolicyArns([...having, ...(role ? [role] : [])]);
  const writer = new PolicyWriter(arns, permissions);
  for (const need of needs) if (isNeeded(need)) await writer.add(need);
  const alsoHaving = (role && consumersOf(resources).get(role))?.filter(
    (it) => !having.includes(it),
  );
  const grants = writer.grants();
  return {
    kind: "policy",
    callers: having.map(resourceName).sort(),
    grants,
    policy: documentOf(grants),
    placeholders: Object.fromEntries(arns.placeholders),
    unread: [
      ...partlyRead.flatMap((it) => reasonsOf(it).map((reason) => `${it.of.name}: ${reason}`)),
      ...(alsoHaving ?? []).map(
        (it) => `${resourceName(it)} also has the role, and what it needs is not known`,
      ),
      ...writer.doubts(),
    ],
    optional: await optionalPermissions(
      needs.filter((it) => it.isRequired || !isNeeded(it)),
      permissions,
      grants,
    ),
  };
}

function unknownProblem(name: string, callers: readonly PolicyResource[]): string {
  const names = [...new Set(callers.map((it) => it.name))].sort();
  const which =
    names.length > 0
      ? `It has ${names.join(", ")}`
      : "It has no functions or state machines of AWS";
  return `The stack has no function or state machine with the name ${name}. ${which}`;
}

async function currentPermissions(
  role: PolicyResource,
  resources: readonly PolicyResource[],
  { arns }: StackCallers,
): Promise<Permission[]> {
  for (const it of identitiesOf(resources)) {
    if (it.resource === role) return await permissionsOf(it, arns);
  }
  return [];
}

function documentOf(grants: readonly Grant[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: grants.map(({ sid, actions, resources }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
    })),
  };
}

/**
 * True for what is certain to be needed. Lambda creates the log group of a function if nothing else does; missing-grant does
 * not demand that, since the group may exist.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
function isNeeded({ isRequired, of, alternatives }: Need): boolean {
  const isOwnLogGroup = alternatives.some(
    ({ action, resources }) => action === "logs:CreateLogGroup" && resources.includes(of),
  );
  return isRequired || isOwnLogGroup;
}
