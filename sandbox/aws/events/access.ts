import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { EmulatorTarget } from "../emulator.ts";
import { type AwsTarget, unlessGone } from "../provider/aws-target.ts";
import { DeliveryError } from "./attempt.ts";
import { isAllowed, type PolicyDocument } from "./policy.ts";

/** The services that act for the stack's events. */
export type EventService = "pipes.amazonaws.com" | "events.amazonaws.com";

/** What a pipe or a rule wants to do. */
export interface Access {
  readonly service: EventService;
  /** The ARN of the pipe or the rule. */
  readonly sourceArn: string;
  readonly action: string;
  readonly resource: string;
}

/** Decides from the policies in the emulator. Each function rejects with a `DeliveryError` if access is denied. */
export interface EventAccess {
  /** The role must trust the service, and its policies and its boundary must allow the action. */
  byRole(roleArn: string, access: Access): Promise<void>;
  /** The policy of the topic or the queue must allow the action to the service. */
  byResource(access: Access): Promise<void>;
}

export function eventAccess(emulator: EmulatorTarget): EventAccess {
  const iam = new IAMClient(emulator);
  return {
    async byRole(roleArn, access) {
      const RoleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
      const { Role } = (await unlessGone(iam.send(new GetRoleCommand({ RoleName })))) ?? {};
      const trust = documentOf(Role?.AssumeRolePolicyDocument);
      const assume = { ...access, action: "sts:AssumeRole", resource: roleArn };
      const trusted = isAllowed([trust], { ...assume, context: contextOf(access) });
      const { action, resource } = access;
      const request = { action, resource };
      const granted =
        trusted && isAllowed(await rolePolicies(iam, RoleName), { ...request, context: {} });
      const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      const isWithin =
        boundary === undefined ||
        (granted && isAllowed([await managedPolicy(iam, boundary)], { ...request, context: {} }));
      if (!granted || !isWithin) throw denied(access, trusted ? RoleName : `trust of ${RoleName}`);
    },
    async byResource(access) {
      const policy = await resourcePolicy(emulator, access.resource);
      if (policy === undefined) throw missing(access.resource);
      if (!isAllowed([policy], { ...access, context: contextOf(access) })) {
        throw denied(access, `policy of ${access.resource}`);
      }
    },
  };
}

/** The error for a target that does not exist. */
export function missing(resource: string): DeliveryError {
  return new DeliveryError("NO_RESOURCE", `${resource} does not exist`, { isRetriable: false });
}

function denied({ service, action, resource }: Access, by: string): DeliveryError {
  const message = `${service} is not allowed ${action} on ${resource} by the ${by}`;
  return new DeliveryError("NO_PERMISSIONS", message, { isRetriable: false });
}

/** The condition keys that these services send. */
function contextOf({ sourceArn }: Access): Record<string, string> {
  return {
    "aws:sourcearn": sourceArn,
    "aws:sourceaccount": sourceArn.split(":")[4] ?? "",
    "aws:securetransport": "true",
  };
}

/** The inline and the attached policies of a role. */
async function rolePolicies(iam: IAMClient, RoleName: string): Promise<PolicyDocument[]> {
  const [inline, attached] = await Promise.all([
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const command = new GetRolePolicyCommand({ RoleName, PolicyName });
      return documentOf((await iam.send(command)).PolicyDocument);
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<PolicyDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return documentOf(PolicyVersion?.Document);
}

/** The policy of a topic or a queue; nothing if it does not exist. */
async function resourcePolicy(aws: AwsTarget, arn: string): Promise<PolicyDocument | undefined> {
  const [, , service] = arn.split(":");
  if (service === "sns") {
    const command = new GetTopicAttributesCommand({ TopicArn: arn });
    const found = await unlessGone(new SNSClient(aws).send(command));
    return found && documentOf(found.Attributes?.Policy);
  }
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrlOf(arn),
    AttributeNames: ["Policy"],
  });
  const found = await new SQSClient(aws).send(command).catch((error: Error) => {
    if (/NonExistentQueue|QueueDoesNotExist/.test(error.name)) return undefined;
    throw error;
  });
  return found && documentOf(found.Attributes?.Policy);
}

/** The URL by which the emulator knows a queue. */
export function queueUrlOf(arn: string): string {
  const [, , , , account, name] = arn.split(":");
  return `http://127.0.0.1/${account}/${name}`;
}

function documentOf(text: string | undefined): PolicyDocument {
  if (!text) return {};
  return JSON.parse(text.startsWith("%") ? decodeURIComponent(text) : text);
}
