import type { PolicyResource } from "@pulumi/policy";
import type { Requirement } from "../data/requirements.ts";
import { services } from "../data/resource-names.ts";
import { ownValue } from "../field.ts";
import { addTo } from "../groups.ts";
import { partsOf } from "./arn-parts.ts";
import type { Reference } from "./links.ts";

/** Something that a role must be allowed to do, or may use, and why. */
export interface Need {
  /** The resource whose code or configuration causes it. */
  readonly of: PolicyResource;
  /** A clause, with its source if it is a fact about AWS. */
  readonly why: string;
  /** False if only some cases need it: then it justifies a permission but does not demand it. */
  readonly isRequired: boolean;
  /** True for what a call may need besides its action, e.g. `iam:PassRole`. */
  readonly isOfCall?: true;
  /** Ways to satisfy it. One is enough. */
  readonly alternatives: readonly Alternative[];
}

/** An action and what it is called on. Without any reference, any resource satisfies it. */
export interface Alternative extends Reference {
  readonly action: string;
  /** Any resource of this type of IAM satisfies it. Then it has no references. */
  readonly type?: string;
  /** True if anything outside of the stack satisfies it. Then it has no references. */
  readonly isOutside?: boolean;
  /** The ARN that AWS prescribes where there are no references; see `Requirement.resource`. */
  readonly prescribed?: string;
  /** True if the call itself refers to nothing: the resources are those that the environment knows. */
  readonly isGuess?: boolean;
}

/** The reference of a call that may be about anything. */
export const nothing: Reference = { resources: [], values: [] };

/** The needs of a requirement of a resource's configuration. */
export function needsOf(
  of: PolicyResource,
  requirement: Requirement,
  reference: Reference = nothing,
): Need[] {
  const { resource: prescribed } = requirement;
  const why = `${of.name} ${requirement.why} (${requirement.url})`;
  const need = (action: string, isRequired: boolean): Need => ({
    of,
    why,
    isRequired,
    alternatives: [{ action, ...reference, ...(prescribed && { prescribed }) }],
  });
  return [
    ...requirement.required.map((it) => need(it, true)),
    ...(requirement.optional ?? []).map((it) => need(it, false)),
  ];
}

/** The needs that follow from the service of each referenced resource, by a table. */
export function needsByService(
  of: PolicyResource,
  { resources, values }: Reference,
  table: Readonly<Record<string, Requirement>>,
): Need[] {
  const ofService = new Map<string, PolicyResource[]>();
  for (const it of resources) addTo(ofService, serviceOf(it), it);
  const references: (readonly [string, Reference])[] = [
    ...[...ofService].map(([service, all]) => [service, { resources: all, values: [] }] as const),
    ...values.map((it) => [partsOf(it).service, { resources: [], values: [it] }] as const),
  ];
  return references.flatMap(([service, one]) => {
    const requirement = ownValue(table, service);
    return requirement ? needsOf(of, requirement, one) : [];
  });
}

/** The service of a resource's ARN, as far as destinations and event sources have other modules. */
function serviceOf({ type }: PolicyResource): string {
  if (type.startsWith("aws:cloudwatch/event")) return "events";
  const [, module = ""] = /^aws:(\w+)\//.exec(type) ?? [];
  const [service = module] = ownValue(services, module) ?? [];
  return service;
}
