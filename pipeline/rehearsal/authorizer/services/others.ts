import { arn, type Reader, requestTags } from "../call.ts";
import {
  jsonInput,
  listed,
  listOf,
  one,
  queryInput,
  queryTags,
  requestTagsOf,
  withTags,
} from "./tables.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: Reader = async (request, place) => {
  const { operation, input } = queryInput(request);
  const action = `sns:${operation}`;
  if (operation === "CreateTopic") {
    const topic = arn("sns", place, input.get("Name") ?? "");
    return withTags(action, "sns:TagResource", topic, queryTags(input, "Tags.member"));
  }
  const resource =
    input.get("TopicArn") ?? input.get("SubscriptionArn") ?? input.get("ResourceArn");
  if (resource === null) return undefined;
  if (operation !== "Subscribe") {
    const tags = queryTags(input, "Tags.member");
    return one(action, resource, requestTags(tags, listOf(input, "TagKeys.member")));
  }
  const [protocol, endpoint] = [input.get("Protocol") ?? "", input.get("Endpoint") ?? ""];
  return one(action, resource, { "sns:protocol": protocol, "sns:endpoint": endpoint });
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqs: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  const name = input.QueueName ?? input.QueueUrl?.split("/").pop();
  if (!name) return undefined;
  const queue = arn("sqs", place, name);
  if (input.Tags || input.TagKeys) {
    return one(`sqs:${operation}`, queue, requestTags(input.Tags ?? {}, input.TagKeys));
  }
  return withTags(`sqs:${operation}`, "sqs:TagQueue", queue, input.tags ?? {});
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamodb: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  if (operation === "TransactWriteItems") {
    // Each item needs its own action.
    return (input.TransactItems as Record<string, { TableName: string }>[]).flatMap((item) =>
      Object.entries(item).flatMap(([kind, { TableName }]) =>
        one(`dynamodb:${kind}Item`, arn("dynamodb", place, `table/${TableName}`)),
      ),
    );
  }
  if (input.ResourceArn) {
    return one(`dynamodb:${operation}`, input.ResourceArn, requestTagsOf(input));
  }
  const table = arn("dynamodb", place, `table/${input.TableName}`);
  return withTags(`dynamodb:${operation}`, "dynamodb:TagResource", table, listed(input.Tags));
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudwatch: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  const action = `cloudwatch:${operation}`;
  if (input.ResourceARN) return one(action, input.ResourceARN, requestTagsOf(input));
  const resources = [
    ...namesIn(input, "Alarm").map((name) => arn("cloudwatch", place, `alarm:${name}`)),
    // Dashboards are in no region.
    ...namesIn(input, "Dashboard").map((name) =>
      arn("cloudwatch", { ...place, region: "" }, `dashboard/${name}`),
    ),
  ];
  if (resources.length === 0) return undefined;
  return resources.flatMap((it) =>
    withTags(action, "cloudwatch:TagResource", it, listed(input.Tags)),
  );
};

/** `AlarmName`, or `AlarmNames`. */
function namesIn(input: Readonly<Record<string, unknown>>, thing: string): string[] {
  const [name, names] = [input[`${thing}Name`], input[`${thing}Names`]];
  return [name ?? names ?? []].flat().map(String);
}

/**
 * IAM sees a log group as `log-group:NAME:log-stream:`, but for its tags:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export const logs: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  const action = `logs:${operation}`;
  if (input.resourceArn) {
    return one(action, input.resourceArn, requestTags(input.tags ?? {}, input.tagKeys));
  }
  if (operation === "DescribeLogGroups") return one(action, arn("logs", place, "log-group:*"));
  if (!input.logGroupName) return undefined;
  const group = arn("logs", place, `log-group:${input.logGroupName}`);
  const keys = requestTags(input.tags ?? {});
  return [
    ...one(action, `${group}:log-stream:`, keys),
    // Which of the two AWS asks about is documented nowhere.
    ...(input.tags ? [group, `${group}:log-stream:`] : []).flatMap((it) =>
      one("logs:TagResource", it, keys),
    ),
  ];
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssm: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  if (typeof input.Name !== "string") return undefined;
  // Parameters of AWS's own are in no account.
  const owner = input.Name.startsWith("/aws/") ? { ...place, accountId: "" } : place;
  const resource = arn("ssm", owner, `parameter/${input.Name.replace(/^\//, "")}`);
  return one(`ssm:${operation}`, resource);
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kms: Reader = async (request, _place, lookUp) => {
  const { operation, input } = jsonInput(request);
  if (operation === "CreateKey") return one("kms:CreateKey", "*");
  // Aliases are asked about alias and key; nobody here makes any.
  if (operation.includes("Alias")) return undefined;
  // The ciphertext names its key.
  const key = input.KeyId ?? keyIn(input.CiphertextBlob);
  return key && one(`kms:${operation}`, await lookUp.keyOf(key));
};

/** The emulator begins a ciphertext with the id of its key. */
function keyIn(ciphertext: string | undefined): string | undefined {
  const id = Buffer.from(ciphertext ?? "", "base64")
    .subarray(0, 36)
    .toString("latin1");
  return /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html */
export const elasticloadbalancing: Reader = async (request) => {
  const { operation } = queryInput(request);
  // What only describes has no resource; nobody here changes a load balancer.
  return operation === "DescribeTargetHealth"
    ? one("elasticloadbalancing:DescribeTargetHealth", "*")
    : undefined;
};

/** Everybody may ask who he is: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const sts: Reader = async (request) =>
  queryInput(request).operation === "GetCallerIdentity" ? [] : undefined;
