import type { PolicyResource } from "@pulumi/policy";
import { type Fields, isFields, ownValue } from "../field.ts";
import { partsOf } from "./arn-parts.ts";
import type { StackArns } from "./arns.ts";
import type { Duty } from "./duties.ts";
import { type Named, namedBy } from "./functions.ts";
import type { Need } from "./need.ts";

/** What a duty needs on what it is about; `of` is the resource that is configured so. */
export function needsOf(of: PolicyResource, duty: Duty, named: Named = nothing): Need[] {
  const why = `${of.name} ${duty.why} (${duty.url})`;
  const need = (action: string, isRequired: boolean): Need => ({
    of,
    why,
    isRequired,
    ways: [{ action, ...named }],
  });
  return [
    ...duty.required.map((it) => need(it, true)),
    ...(duty.optional ?? []).map((it) => need(it, false)),
  ];
}

const nothing: Named = { resources: [], texts: [] };

/** What is needed by the service of each resource, as a table has it. */
export function needsByService(
  of: PolicyResource,
  named: Named,
  table: Readonly<Record<string, Duty>>,
): Need[] {
  const byService = new Map<string, Named>();
  for (const it of named.resources) {
    const service = /^aws:(\w+)\//.exec(it.type)?.[1] ?? "";
    // EventBridge's and MSK's modules have other names than their services.
    const name = it.type.startsWith("aws:cloudwatch/event")
      ? "events"
      : (renamed[service] ?? service);
    const before = byService.get(name) ?? nothing;
    byService.set(name, { ...before, resources: [...before.resources, it] });
  }
  for (const it of named.texts) {
    byService.set(partsOf(it).service, { resources: [], texts: [it] });
  }
  return [...byService].flatMap(([service, one]) => {
    const duty = ownValue(table, service);
    return duty ? needsOf(of, duty, one) : [];
  });
}

const renamed: Readonly<Record<string, string>> = { docdb: "rds", msk: "kafka" };

/** The members of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** What a member of a property names by ARN. */
export function namedBelow(
  resource: PolicyResource,
  property: string,
  member: string,
  arns: StackArns,
): Named {
  return namedBy(resource, property, () => fieldsOf(resource.props[property])[member], arns);
}
