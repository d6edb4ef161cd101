import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { nonEmptyStringOf, read } from "../field.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import { partsOf } from "./arn-parts.ts";
import { formsOfType, typesOfArn } from "./kinds.ts";

/**
 * The ARN to allow an action on, for a resource of the stack or what is in it: objects of a bucket, streams
 * of a log group. Undefined if it is not known, or if the action accepts no such resource.
 */
export async function suggestedArn(
  action: string,
  resource: PolicyResource,
): Promise<string | undefined> {
  const arn = nonEmptyStringOf(read(() => resource.props.arn));
  const [details] = await actionsOf(action);
  if (arn === undefined || !details) return undefined;
  // Without `:*` the ARN of a log group is for its tags only.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
  if (action.startsWith("logs:")) {
    const group = resource.type === types.function ? logGroupOf(arn, resource) : arn;
    return group?.includes(":log-group:") ? `${group.replace(/:\*$/, "")}:*` : undefined;
  }
  const isService = typesOfArn(details, arn).length > 0;
  const ending = (await endingsFor(details, resource.type)).find((it) => it !== "" || isService);
  return ending === undefined ? undefined : arn + ending;
}

/**
 * What follows the ARN of a resource of this type where an action accepts it: nothing for the resource itself, `/*` for
 * what is in it. None if the action accepts neither.
 */
export async function endingsFor(action: Action, type: string): Promise<string[]> {
  const forms = await formsOfType(type);
  const accepted = action.resourceTypes.flatMap((it) => it.forms);
  return [
    ...(forms.some((form) => accepted.includes(form)) ? [""] : []),
    ...(forms.some((form) => accepted.some((it) => it.startsWith(`${form}/`))) ? ["/*"] : []),
  ];
}

/** The log group that Lambda creates for a function. */
function logGroupOf(arn: string, { props }: PolicyResource): string | undefined {
  const name = nonEmptyStringOf(read(() => props.name));
  const { region, account } = partsOf(arn);
  const [, partition = ""] = arn.split(":");
  return name && `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${name}`;
}
