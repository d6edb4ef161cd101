import type { PolicyResource } from "@pulumi/policy";
import type { Reading } from "../code/assets.ts";
import { CodeBudget } from "../code/budget.ts";
import { addTo } from "../groups.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import { types } from "../resources.ts";
import type { Place } from "../rule.ts";
import { type StackArns, stackArns } from "./arns.ts";
import { codeNeeds } from "./calls.ts";
import { type Belongings, belongingsIn, roleOf } from "./functions.ts";
import { type Granted, grantedBy } from "./granted.ts";
import { impliedNeeds } from "./implied.ts";
import { type KeyInUse, keyNeeds, keysInUse } from "./keys.ts";
import type { Need } from "./need.ts";

/** A role that Lambda functions of the stack have: what it may do, and what it is needed for. */
export interface FunctionRole {
  readonly identity: Identity;
  readonly granted: readonly Granted[];
  readonly functions: readonly PolicyResource[];
  readonly needs: readonly Need[];
  /** What of the functions' code cannot be seen, by function. */
  readonly unseen: readonly { readonly of: PolicyResource; readonly why: string }[];
}

/** The roles of a stack that its functions have, one after the other; `known` are its ARNs. */
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
    // Nobody tells a policy pack where the program is; the engine mostly runs there. Each rule that
    // asks has its own budget, and finds the same: answers about code are kept.
    reading: { folder: environment.PWD ?? "", budget: new CodeBudget() },
    belongings: belongingsIn(resources),
    keys: keysInUse(resources),
  };
  const byRole = new Map<PolicyResource, PolicyResource[]>();
  for (const lambda of functions) {
    const role = roleOf(lambda, arns);
    if (role) addTo(byRole, role, lambda);
  }
  for (const identity of identitiesOf(resources)) {
    const having = byRole.get(identity.resource);
    if (having) yield functionRole(identity, having, stack);
  }
}

/** What is known of the stack as a whole. */
interface Stack {
  readonly arns: StackArns;
  readonly reading: Reading;
  readonly belongings: Belongings;
  readonly keys: readonly KeyInUse[];
}

async function functionRole(
  identity: Identity,
  functions: readonly PolicyResource[],
  stack: Stack,
): Promise<FunctionRole> {
  const { arns, belongings, keys } = stack;
  const needs: Need[] = [];
  const unseen: { of: PolicyResource; why: string }[] = [];
  for (const lambda of functions) {
    const code = await codeNeeds(lambda, stack);
    needs.push(...code.needs, ...impliedNeeds(lambda, belongings, arns));
    unseen.push(...code.unseen.map((why) => ({ of: lambda, why })));
  }
  needs.push(...keyNeeds(needs, keys, arns));
  return { identity, granted: await grantedBy(identity, arns), functions, needs, unseen };
}
