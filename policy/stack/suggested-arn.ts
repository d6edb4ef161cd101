import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { nonEmptyStringOf, read } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
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
  const forms = await formsOfType(resource.type);
  const accepted = details.resourceTypes.flatMap((it) => it.forms);
  const isService = typesOfArn(details, arn).length > 0;
  if (isService && forms.some((form) => accepted.includes(form))) return arn;
  return forms.some((form) => accepted.some((it) => it.startsWith(`${form}/`)))
    ? `${arn}/*`
    : undefined;
}

/** The log group that Lambda creates for a function. */
function logGroupOf(arn: string, { props }: PolicyResource): string | undefined {
  const name = nonEmptyStringOf(read(() => props.name));
  const { region, account } = partsOf(arn);
  const [, partition = ""] = arn.split(":");
  return name && `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${name}`;
}
