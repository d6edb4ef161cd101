import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";
import type { Option } from "../options.ts";

/** What a preview reads besides, where the program's resources have default tags. */
export function tagReadGrants(names: Names): Grant[] {
  return [
    // Without it Lambda leaves the tags out, and each preview would set them again.
    { sid: "ReadTagsOfFunction", actions: ["lambda:ListTags"], resources: [names.function] },
  ];
}

/** What sets, changes and removes the tags that the setting `aws:defaultTags` gives to everything. */
export function tagWriteGrants(names: Names, options: readonly Option[]): Grant[] {
  const roles = options.flatMap(({ role }) => role?.arn ?? []);
  return [
    {
      sid: "TagByName",
      actions: [
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "iam:TagRole",
        "iam:UntagRole",
        "lambda:TagResource",
        "lambda:UntagResource",
        "logs:TagResource",
        "logs:UntagResource",
        "sns:TagResource",
        "sns:UntagResource",
        "sqs:TagQueue",
        "sqs:UntagQueue",
        ...new Set(options.flatMap(({ tag }) => tag?.actions ?? [])),
      ],
      resources: [
        ...names.alarms,
        ...names.tables,
        names.role,
        ...roles,
        names.function,
        names.logGroup,
        pulumi.interpolate`${names.logGroup}:*`,
        ...names.topics,
        ...names.queues,
        ...options.flatMap(({ tag }) => tag?.resources ?? []),
      ],
    },
    {
      // IAM has no condition key for a mapping's function with these actions, and a new mapping has
      // no id. The ARN has neither account nor region, so that the waiver in pipeline/README.md always
      // fits; the condition has the region.
      sid: "TagTakingOfChecks",
      actions: ["lambda:TagResource", "lambda:UntagResource"],
      resources: [names.anyEventSourceMapping],
      conditions: { StringEquals: { "aws:RequestedRegion": names.region } },
    },
    ...(names.existingInstances.length > 0 ? [] : ofWebServer(names)),
  ];
}

/** Tags of the instance and its group are changed by PutBackTags in server.ts. */
function ofWebServer(names: Names): Grant[] {
  return [
    {
      sid: "TagNewVolume",
      actions: ["ec2:CreateTags"],
      resources: [names.ec2("volume/*")],
      conditions: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    },
  ];
}
