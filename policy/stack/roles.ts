import type { PolicyResource } from "@pulumi/policy";
import { CodeBudget } from "../code/budget.ts";
import { types } from "../data/resource-types.ts";
import { ownValue } from "../field.ts";
import { addTo } from "../groups.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import type { Place } from "../rule.ts";
import { type StackArns, stackArns } from "./arns.ts";
import { type Attachments, attachmentsIn } from "./attachments.ts";
import {
  type CodeNeeds,
  codeNeeds,
  type DeployedCode,
  type FindByName,
  findByNameIn,
} from "./calls.ts";
import { impliedNeeds } from "./implied.ts";
import { type KeyInUse, keyNeeds, keysInUse } from "./keys.ts";
import { layersIn } from "./layers.ts";
import { resolveProperty } from "./links.ts";
import { managedStatements } from "./managed-policies.ts";
import type { Need } from "./need.ts";
import { type Permission, permissionsOf } from "./permissions.ts";
import { stateMachineNeeds } from "./state-machines.ts";
import { uploadsIn } from "./uploads.ts";

/** Type of a caller → the property with its role. */
const roleProperties: Readonly<Record<string, string>> = {
  [types.function]: "role",
  [types.stateMachine]: "roleArn",
};

/** A role of Lambda functions and state machines of the stack: what it may do, and what they need. */
export interface ComparedRole extends CallerNeeds {
  readonly identity: Identity;
  readonly permissions: readonly Permission[];
  /** What its AWS managed policies allow, as far as the pack knows. */
  readonly managed: readonly Permission[];
  /** True if a policy of which the pack knows nothing may allow more. */
  readonly mayAllowMore: boolean;
  /** The functions and state machines. */
  readonly callers: readonly PolicyResource[];
}

/** A caller whose calls are not all known; the reasons are sentences about it without a full stop. */
export interface PartlyRead extends Omit<CodeNeeds, "needs"> {
  readonly of: PolicyResource;
  /** What has the calls. */
  readonly what: "code" | "definition";
  /** True if nothing is read because it is not known before deployment. */
  readonly isPending: boolean;
}

/** The functions and state machines of a stack: the role of each, and what they need. */
export interface StackCallers {
  readonly all: readonly PolicyResource[];
  readonly arns: StackArns;
  /** Undefined if the role is not in the stack. */
  roleOf(caller: PolicyResource): PolicyResource | undefined;
  needsOf(callers: readonly PolicyResource[]): Promise<CallerNeeds>;
}

/** What several callers need together. */
export interface CallerNeeds {
  readonly needs: readonly Need[];
  /** The callers whose calls are not all known. */
  readonly partlyRead: readonly PartlyRead[];
}

/** `known` are the ARNs of the stack, if they are built already. */
export async function stackCallers(
  resources: readonly PolicyResource[],
  { environment, codeHashes, readingCache }: Place,
  known?: StackArns,
): Promise<StackCallers> {
  const arns = known ?? (await stackArns(resources));
  const stack = {
    arns,
    // The engine's PWD is where it was started. Each rule has a separate budget and finds the same, since
    // results of reading code are kept.
    code: {
      start: environment.PWD ?? process.cwd(),
      hashes: codeHashes ?? new Map(),
      uploads: uploadsIn(resources),
      layers: layersIn(resources),
      cache: readingCache,
    },
    budget: new CodeBudget(),
    named: findByNameIn(resources),
    attachments: attachmentsIn(resources),
    keys: keysInUse(resources),
  };
  return {
    all: callersIn(resources),
    arns,
    roleOf(caller) {
      const property = ownValue(roleProperties, caller.type) ?? "";
      return resolveProperty(caller, property, arns.find, isRole).resources[0];
    },
    needsOf: (callers) => needsOfCallers(callers, stack),
  };
}

function callersIn(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.filter(({ type }) => ownValue(roleProperties, type) !== undefined);
}

/** Enough for a person to review. Code can have a million such parts. */
const mostReasons = 5;

/** Why the calls are not all known; the last says how many further reasons there are. */
export function reasonsOf({ gaps, caveats, what }: PartlyRead): string[] {
  const reasons = [...gaps, ...caveats];
  const more = reasons.length - mostReasons;
  if (more <= 0) return reasons;
  return [...reasons.slice(0, mostReasons), `${more} more parts of its ${what} are not read`];
}

/** The roles of a stack's functions and state machines, one after the other. `known` are its ARNs, if they are built already. */
export async function* comparedRoles(
  resources: readonly PolicyResource[],
  place: Place,
  known?: StackArns,
): AsyncIterable<ComparedRole> {
  if (callersIn(resources).length === 0) return;
  const callers = await stackCallers(resources, place, known);
  const byRole = new Map<PolicyResource, PolicyResource[]>();
  for (const caller of callers.all) {
    const role = callers.roleOf(caller);
    if (role) addTo(byRole, role, caller);
  }
  for (const identity of identitiesOf(resources)) {
    const having = byRole.get(identity.resource);
    if (having) yield comparedRole(identity, having, callers);
  }
}

/** What is known about the whole stack. */
interface Stack {
  readonly arns: StackArns;
  readonly code: DeployedCode;
  readonly budget: CodeBudget;
  readonly named: FindByName;
  readonly attachments: Attachments;
  readonly keys: readonly KeyInUse[];
}

async function needsOfCallers(
  callers: readonly PolicyResource[],
  stack: Stack,
): Promise<CallerNeeds> {
  const { arns, attachments, keys } = stack;
  const needs: Need[] = [];
  const partlyRead: PartlyRead[] = [];
  for (const of of callers) {
    if (of.type === types.stateMachine) {
      const { needs: ofDefinition, ...reading } = await stateMachineNeeds(of, stack);
      needs.push(...ofDefinition);
      if (reading.gaps.length > 0)
        partlyRead.push({ of, what: "definition", caveats: [], ...reading });
    } else {
      const { needs: ofCode, ...reading } = await codeNeeds(of, stack);
      needs.push(...ofCode, ...impliedNeeds(of, attachments, arns));
      if (reading.gaps.length + reading.caveats.length > 0)
        partlyRead.push({ of, what: "code", isPending: false, ...reading });
    }
  }
  needs.push(...keyNeeds(needs, keys, arns));
  return { needs, partlyRead };
}

async function comparedRole(
  identity: Identity,
  callers: readonly PolicyResource[],
  { arns, needsOf }: StackCallers,
): Promise<ComparedRole> {
  const managed = identity.unreadPolicies.map(managedStatements);
  return {
    ...(await needsOf(callers)),
    identity,
    permissions: await permissionsOf(identity, arns),
    managed: await permissionsOf({ statements: managed.flatMap((it) => it ?? []) }, arns),
    mayAllowMore: identity.hasUnreadDocument || managed.includes(undefined),
    callers,
  };
}

function isRole(type: string): boolean {
  return type === types.role;
}
