import { createdByCall } from "../data/created-by-call.ts";
import { ownValue } from "../field.ts";
import type { Action, ResourceType } from "./actions.ts";
import { lowerCase } from "./case.ts";

/** Verbs of calls that create something. Not `Start` alone, which starts what exists. */
const creating =
  /^\w+:(?:Allocate|Copy|Create|Import|Run|Start(?=\w*(?:Execution|Experiment|Export|Import|Job|Query|Run|Task)$))/;

/** An id that AWS generates, as the last part of an ARN's format. */
const generated = /\$\{\w*(?:Id|Identifier|Uuid)\}$/;

/**
 * True if the call creates such a resource and AWS generates its id, so a policy cannot name it: volumes of
 * `ec2:CreateVolume`, jobs of `comprehend:StartTopicsDetectionJob`.
 */
export function isCreatedByCall(
  { name }: Action,
  type: Pick<ResourceType, "name" | "forms">,
): boolean {
  if (ownValue(createdByCall, name)?.includes(type.name)) return true;
  const thing = plain(name.replace(creating, ""));
  const isNamed = creating.test(name) && [plain(type.name), `${plain(type.name)}s`].includes(thing);
  return isNamed && type.forms.some((form) => generated.test(form));
}

function plain(name: string): string {
  return lowerCase(name.replaceAll(/[^A-Za-z0-9]/g, ""));
}
