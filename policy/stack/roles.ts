import type { PolicyResource } from "@pulumi/policy";
import { CodeBudget } from "../code/budget.ts";
import { types } from "../data/resource-types.ts";
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
import { resolveProperty } from "./links.ts";
import { managedStatements } from "./managed-policies.ts";
import type { Need } from "./need.ts";
import { type Permission, permissionsOf } from "./permissions.ts";

/** A role of Lambda functions of the stack: what it may do, and what the functions need. */
export interface FunctionRole {
  readonly identity: Identity;
  readonly permissions: readonly Permission[];
  /** What its AWS managed policies allow, as far as the pack knows. */
  readonly managed: readonly Permission[];
  /** True if a policy of which the pack knows nothing may allow more. */
  readonly mayAllowMore: boolean;
  readonly functions: readonly PolicyResource[];
  readonly needs: readonly Need[];
  /** The functions whose calls are not all known. */
  readonly partlyRead: readonly PartlyRead[];
}

/** A function whose calls are not all known; the reasons are sentences about it without a full stop. */
export interface PartlyRead extends Omit<CodeNeeds, "needs"> {
  readonly of: PolicyResource;
}

/** The roles of a stack's functions, one after the other. `known` are its ARNs, if they are built already. */
export async function* functionRoles(
  resources: readonly PolicyResource[],
  { environment, codeHashes, readingCache }: Place,
  known?: StackArns,
): AsyncIterable<FunctionRole> {
  const functions = resources.filter(({ type }) => type === types.function);
  if (functions.length === 0) return;
  const arns = known ?? (await stackArns(resources));
  const stack = {
    arns,
    // The engine's PWD is where it was started. Each rule has a separate budget and finds the same, since
    // results of reading code are kept.
    code: {
      start: environment.PWD ?? process.cwd(),
      hashes: codeHashes ?? new Map(),
      cache: readingCache,
    },
    budget: new CodeBudget(),
    named: findByNameIn(resources),
    attachments: attachmentsIn(resources),
    keys: keysInUse(resources),
  };
  const byRole = new Map<PolicyResource, PolicyResource[]>();
  for (const lambda of functions) {
    const { resources: roles } = resolveProperty(lambda, "role", arns.find, isRole);
    const [role] = roles;
    if (role) addTo(byRole, role, lambda);
  }
  for (const identity of identitiesOf(resources)) {
    const having = byRole.get(identity.resource);
    if (having) yield functionRole(identity, having, stack);
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

async function functionRole(
  identity: Identity,
  functions: readonly PolicyResource[],
  stack: Stack,
): Promise<FunctionRole> {
  const { arns, attachments, keys } = stack;
  const needs: Need[] = [];
  const partlyRead: PartlyRead[] = [];
  for (const lambda of functions) {
    const { needs: ofCode, ...reading } = await codeNeeds(lambda, stack);
    needs.push(...ofCode, ...impliedNeeds(lambda, attachments, arns));
    if (reading.gaps.length + reading.caveats.length > 0)
      partlyRead.push({ of: lambda, ...reading });
  }
  needs.push(...keyNeeds(needs, keys, arns));
  const managed = identity.unreadPolicies.map(managedStatements);
  return {
    identity,
    permissions: await permissionsOf(identity, arns),
    managed: await permissionsOf({ statements: managed.flatMap((it) => it ?? []) }, arns),
    mayAllowMore: identity.hasUnreadDocument || managed.includes(undefined),
    functions,
    needs,
    partlyRead,
  };
}

function isRole(type: string): boolean {
  return type === types.role;
}
