import { arn, type Call, type Place, type Reader } from "../call.ts";
import {
  jsonInput,
  listed,
  one,
  passing,
  requestTagsOf,
  serviceLinkedRole,
  withTags,
} from "./tables.ts";

/** Operations on a bus, which `Name` names. */
const onBus = ["CreateEventBus", "DeleteEventBus", "DescribeEventBus", "UpdateEventBus"];
/** Operations on a rule of a bus, which `Name` names, or `Rule`. */
const onRule = ["DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "PutRule"];
const onTargets = ["ListTargetsByRule", "PutTargets", "RemoveTargets"];
const ofTags = ["ListTagsForResource", "TagResource", "UntagResource"];

/**
 * What EventBridge does with the caller's permissions for the secret of a connection. Which call needs which of them
 * is documented nowhere; AmazonEventBridgeFullAccess has these five:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEventBridgeFullAccess.html
 */
const onSecret: Readonly<Record<string, readonly string[]>> = {
  CreateConnection: ["CreateSecret"],
  UpdateConnection: ["GetSecretValue", "PutSecretValue", "UpdateSecret"],
  DeleteConnection: ["DeleteSecret"],
  DescribeConnection: [],
};

const onDestination = [
  "CreateApiDestination",
  "DeleteApiDestination",
  "DescribeApiDestination",
  "UpdateApiDestination",
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const events: Reader = async (request, place) => {
  const { operation, input } = jsonInput(request);
  const action = `events:${operation}`;
  if (ofTags.includes(operation)) return one(action, input.ResourceARN, requestTagsOf(input));
  if (onBus.includes(operation)) {
    return withTags(action, "events:TagResource", busArn(input.Name, place), listed(input.Tags));
  }
  if (onRule.includes(operation)) {
    const rule = ruleArn(input.Name, input.EventBusName, place);
    return withTags(action, "events:TagResource", rule, listed(input.Tags));
  }
  if (onTargets.includes(operation)) {
    const rule = ruleArn(input.Rule, input.EventBusName, place);
    const targets: readonly { RoleArn?: string }[] = input.Targets ?? [];
    const roles = new Set(targets.flatMap(({ RoleArn }) => RoleArn ?? []));
    return [
      ...one(action, rule),
      ...[...roles].flatMap((role) => passing(role, "events.amazonaws.com", rule)),
    ];
  }
  const secretActions = onSecret[operation];
  if (secretActions) return onConnection(operation, input.Name, secretActions, place);
  if (onDestination.includes(operation)) {
    // With and without the id that EventBridge adds: which of the two AWS asks about is documented nowhere.
    const destination = arn("events", place, `api-destination/${input.Name}`);
    return [
      ...one(action, destination),
      ...(operation === "CreateApiDestination" ? [] : one(action, `${destination}/id`)),
      ...(input.ConnectionArn && operation === "CreateApiDestination"
        ? one(action, input.ConnectionArn)
        : []),
    ];
  }
  return undefined;
};

function onConnection(
  operation: string,
  name: string,
  secretActions: readonly string[],
  place: Place,
): Call[] {
  const action = `events:${operation}`;
  const connection = arn("events", place, `connection/${name}`);
  const secret = arn("secretsmanager", place, `secret:events!connection/${name}/id-000000`);
  return [
    ...one(action, connection),
    ...(operation === "CreateConnection"
      ? serviceLinkedRole(
          "apidestinations.events.amazonaws.com",
          "AWSServiceRoleForAmazonEventBridgeApiDestinations",
          place,
        )
      : one(action, `${connection}/id`)),
    ...secretActions.flatMap((it) => one(`secretsmanager:${it}`, secret)),
  ];
}

/** Of a name or an ARN. */
function busArn(bus: string, place: Place): string {
  return bus.startsWith("arn:") ? bus : arn("events", place, `event-bus/${bus}`);
}

function ruleArn(rule: string, bus: string | undefined, place: Place): string {
  const busName = bus?.split(":event-bus/").at(-1) ?? "default";
  return arn("events", place, busName === "default" ? `rule/${rule}` : `rule/${busName}/${rule}`);
}
