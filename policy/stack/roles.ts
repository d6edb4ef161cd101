import type { PolicyResource } from "@pulumi/policy";
import type { Reading } from "../code/assets.ts";
import { CodeBudget } from "../code/budget.ts";
import { types } from "../data/resource-types.ts";
import { addTo } from "../groups.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import type { Place } from "../rule.ts";
import { type StackArns, stackArns } from "./arns.ts";
import { type Attachments, attachmentsIn } from "./attachments.ts";
import { codeNeeds } from "./calls.ts";
import { impliedNeeds } from "./implied.ts";
import { type KeyInUse, keyNeeds, keysInUse } from "./keys.ts";
import { resolveProperty } from "./links.ts";
import type { Need } from "./need.ts";
import { type Permission, permissionsOf } from "./permissions.ts";

/** A role of Lambda functions of the stack: what it may do, and what the functions need. */
export interface FunctionRole {
  readonly identity: Identity;
  readonly permissions: readonly Permission[];
  readonly functions: readonly PolicyResource[];
  readonly needs: readonly Need[];
  /** The parts of the functions' code that are not resolved. */
  readonly unresolved: readonly { readonly of: PolicyResource; readonly why: string }[];
}

/** The roles of a stack's functions, one after the other. `known` are its ARNs, if they are built already. */
export async function* functionRoles(
  resources: readonly PolicyResource[],
  { environment }: Place,
  known?: StackArns,
): AsyncIterable<FunctionRole> {
  const functions = resources.filter(({ type }) => type === types.function);
  if (functions.length === 0) return;
  const arns = known ?? (await stackArns(resources));
  const stack = {
    arns,
    // A policy pack does not know where the program is, but the engine mostly runs there. Each rule has
    // a separate budget and finds the same, since results of reading code are kept.
    reading: { folder: environment.PWD ?? "", budget: new CodeBudget() },
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
  readonly reading: Reading;
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
  const unresolved: { of: PolicyResource; why: string }[] = [];
  for (const lambda of functions) {
    const code = await codeNeeds(lambda, stack);
    needs.push(...code.needs, ...impliedNeeds(lambda, attachments, arns));
    unresolved.push(...code.unresolved.map((why) => ({ of: lambda, why })));
  }
  needs.push(...keyNeeds(needs, keys, arns));
  return {
    identity,
    permissions: await permissionsOf(identity, arns),
    functions,
    needs,
    unresolved,
  };
}

function isRole(type: string): boolean {
  return type === types.role;
}
