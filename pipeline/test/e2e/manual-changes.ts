import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyInstanceMetadataOptionsCommand,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import { openSsh } from "./open-ssh.ts";

/** A change in the AWS console that a refresh can detect. */
export interface ManualChange {
  readonly title: string;
  /** The resource as a refresh lists it: type and name. */
  readonly resource: readonly [type: string, name: string];
  /** Applies the change. */
  change(): Promise<unknown>;
  /** What AWS has: the same before the change and after the repair. */
  read(): Promise<unknown>;
}

/** True if a refresh says that a resource has changed, or is gone. */
export function reports(output: string, [type, name]: ManualChange["resource"]): boolean {
  return new RegExp(` ${type} +${name}\\S* +(update|delete) `).test(output);
}

export const functionName = "Pacerpro-Reboot-Automation";
export const roleName = "reboot-automation-dev-reboot-role";

const denyAll = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});

/** Every manual change that `up` with refresh puts back, applied as root to a deployed stack. */
export function manualChanges(target: AwsTarget): ManualChange[] {
  return [
    ...ofQueues(new SQSClient(target)),
    ...ofFunction(new LambdaClient(target)),
    ...ofTable(new DynamoDBClient(target)),
    ...ofRole(new IAMClient(target)),
    ...ofTopic(new SNSClient(target)),
    ...ofMonitoring(new CloudWatchClient(target), new CloudWatchLogsClient(target)),
    ...ofServer(target),
  ];
}

function ofQueues(sqs: SQSClient): ManualChange[] {
  async function urlOf(name: string): Promise<string> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    return found(QueueUrls.find((it) => it.includes(name)));
  }
  const ofQueue = (
    title: string,
    name: "reboot-checks" | "reboot-dead-letters",
    key:
      | "DelaySeconds"
      | "RedrivePolicy"
      | "SqsManagedSseEnabled"
      | "VisibilityTimeout"
      | "MessageRetentionPeriod",
    value: string,
  ): ManualChange => ({
    title,
    resource: ["aws:sqs:Queue", name],
    change: async () => {
      const change = { QueueUrl: await urlOf(name), Attributes: { [key]: value } };
      return sqs.send(new SetQueueAttributesCommand(change));
    },
    read: async () => {
      const QueueUrl = await urlOf(name);
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [key] });
      return (await sqs.send(command)).Attributes?.[key];
    },
  });
  return [
    ofQueue("the queue's visibility timeout", "reboot-checks", "VisibilityTimeout", "60"),
    ofQueue("the queue's dead-letter queue removed", "reboot-checks", "RedrivePolicy", ""),
    ofQueue("the queue's delay", "reboot-checks", "DelaySeconds", "900"),
    ofQueue(
      "the retention of the dead-letter queue",
      "reboot-dead-letters",
      "MessageRetentionPeriod",
      "60",
    ),
    ofQueue("the queue's encryption", "reboot-dead-letters", "SqsManagedSseEnabled", "false"),
  ];
}

function ofFunction(lambda: LambdaClient): ManualChange[] {
  const FunctionName = functionName;
  const get = () => lambda.send(new GetFunctionCommand({ FunctionName }));
  const getUrl = () => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const mapping = async () => {
    const command = new ListEventSourceMappingsCommand({ FunctionName });
    return found((await lambda.send(command)).EventSourceMappings?.[0]);
  };
  const getRetries = () => lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
  const statements = async (): Promise<{ Sid: string; Action: string }[]> => {
    const { Policy = "{}" } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return JSON.parse(Policy).Statement;
  };
  const url = ["aws:lambda:FunctionUrl", "reboot-url"] as const;
  const itself = ["aws:lambda:Function", "reboot"] as const;
  const checks = ["aws:lambda:EventSourceMapping", "reboot-take-checks"] as const;
  const noRetry = ["aws:lambda:FunctionEventInvokeConfig", "reboot-no-retry"] as const;
  return [
    {
      title: "the URL's authorization",
      resource: url,
      change: () =>
        lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: "AWS_IAM" })),
      read: async () => (await getUrl()).AuthType,
    },
    {
      title: "the URL opened to other origins",
      resource: url,
      change: () => {
        const Cors = { AllowOrigins: ["*"] };
        return lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, Cors }));
      },
      read: async () => (await getUrl()).Cors?.AllowOrigins ?? [],
    },
    {
      title: "one of the URL's permissions removed",
      resource: ["aws:lambda:Permission", "reboot-url-invoke-permission"],
      change: async () => {
        const own = (await statements()).find(({ Sid }) => Sid.includes("url-invoke-permission"));
        return lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: own?.Sid }));
      },
      read: async () => (await statements()).map(({ Action }) => Action).sort(),
    },
    {
      title: "the function throttled",
      resource: itself,
      change: () =>
        lambda.send(
          new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
        ),
      read: async () => (await get()).Concurrency?.ReservedConcurrentExecutions ?? "none",
    },
    {
      title: "the function's timeout and variables",
      resource: itself,
      change: () => {
        const Environment = { Variables: { INSTANCE_ID: "i-0123456789abcdef0" } };
        const change = { FunctionName, Timeout: 3, Environment };
        return lambda.send(new UpdateFunctionConfigurationCommand(change));
      },
      read: async () => {
        const { Timeout, Environment } = (await get()).Configuration ?? {};
        return { Timeout, instanceId: Environment?.Variables?.INSTANCE_ID };
      },
    },
    {
      title: "the queue's mapping disabled",
      resource: checks,
      change: async () => {
        const change = { UUID: (await mapping()).UUID, Enabled: false };
        return lambda.send(new UpdateEventSourceMappingCommand(change));
      },
      read: async () => (await mapping()).State,
    },
    {
      title: "the mapping's batch size",
      resource: checks,
      change: async () => {
        const change = { UUID: (await mapping()).UUID, BatchSize: 10 };
        return lambda.send(new UpdateEventSourceMappingCommand(change));
      },
      read: async () => (await mapping()).BatchSize,
    },
    {
      title: "the retries of asynchronous calls",
      resource: noRetry,
      change: async () => {
        const { DestinationConfig } = await getRetries();
        const change = { FunctionName, MaximumRetryAttempts: 2, DestinationConfig };
        return lambda.send(new PutFunctionEventInvokeConfigCommand(change));
      },
      read: async () => {
        const { MaximumRetryAttempts, DestinationConfig } = await getRetries();
        return { MaximumRetryAttempts, destination: DestinationConfig?.OnFailure?.Destination };
      },
    },
  ];
}

function ofTable(dynamodb: DynamoDBClient): ManualChange[] {
  const resource = ["aws:dynamodb:Table", "reboot-table"] as const;
  const name = async () => {
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    return found(TableNames.find((it) => it.includes("reboot-table")));
  };
  const describe = async () => {
    const command = new DescribeTableCommand({ TableName: await name() });
    return (await dynamodb.send(command)).Table;
  };
  return [
    {
      title: "the table's deletion protection",
      resource,
      change: async () => {
        const change = { TableName: await name(), DeletionProtectionEnabled: true };
        return dynamodb.send(new UpdateTableCommand(change));
      },
      read: async () => (await describe())?.DeletionProtectionEnabled,
    },
    {
      title: "the table's billing mode",
      resource,
      change: async () =>
        dynamodb.send(
          new UpdateTableCommand({
            TableName: await name(),
            BillingMode: "PROVISIONED",
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
          }),
        ),
      read: async () => (await describe())?.BillingModeSummary?.BillingMode,
    },
    {
      title: "the expiry of the table's items",
      resource,
      change: async () => {
        const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: false };
        const change = { TableName: await name(), TimeToLiveSpecification };
        return dynamodb.send(new UpdateTimeToLiveCommand(change));
      },
      read: async () => {
        const command = new DescribeTimeToLiveCommand({ TableName: await name() });
        return (await dynamodb.send(command)).TimeToLiveDescription?.TimeToLiveStatus;
      },
    },
  ];
}

function ofRole(iam: IAMClient): ManualChange[] {
  const RoleName = roleName;
  const role = ["aws:iam:Role", "reboot-role"] as const;
  const get = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role;
  const inlineNames = async () =>
    (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [];
  const ownName = async () => found((await inlineNames()).find((it) => it.includes("role-policy")));
  const put = (PolicyName: string, PolicyDocument: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return [
    {
      title: "the role's description",
      resource: role,
      change: () => iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: "mine" })),
      read: async () => (await get())?.Description ?? "",
    },
    {
      title: "the role's longest session",
      resource: role,
      change: () => iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200 })),
      read: async () => (await get())?.MaxSessionDuration,
    },
    {
      title: "an inline policy added to the role",
      resource: ["aws:iam:RolePoliciesExclusive", "reboot-role-policies"],
      change: () => put("quarantine", denyAll),
      read: inlineNames,
    },
    {
      title: "a managed policy attached to the role",
      resource: ["aws:iam:RolePolicyAttachmentsExclusive", "reboot-role-attachments"],
      change: () => {
        const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
        return iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      },
      read: async () =>
        (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies,
    },
    {
      title: "the role's own policy",
      resource: ["aws:iam:RolePolicy", "reboot-role-policy"],
      change: async () => put(await ownName(), denyAll),
      read: async () => {
        const command = new GetRolePolicyCommand({ RoleName, PolicyName: await ownName() });
        return decodeURIComponent((await iam.send(command)).PolicyDocument ?? "");
      },
    },
  ];
}

function ofTopic(sns: SNSClient): ManualChange[] {
  const subscription = async () => {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    return found(Subscriptions[0]);
  };
  const topicArn = async () => (await subscription()).TopicArn;
  return [
    {
      title: "the topic's display name",
      resource: ["aws:sns:Topic", "notifications"],
      change: async () =>
        sns.send(
          new SetTopicAttributesCommand({
            TopicArn: await topicArn(),
            AttributeName: "DisplayName",
            AttributeValue: "Prizes",
          }),
        ),
      read: async () => {
        const command = new GetTopicAttributesCommand({ TopicArn: await topicArn() });
        return (await sns.send(command)).Attributes?.DisplayName;
      },
    },
    {
      title: "a filter on the e-mail subscription",
      resource: ["aws:sns:TopicSubscription", "notifications-"],
      change: async () =>
        sns.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: (await subscription()).SubscriptionArn,
            AttributeName: "FilterPolicy",
            AttributeValue: JSON.stringify({ kind: ["none"] }),
          }),
        ),
      read: async () => {
        const { SubscriptionArn } = await subscription();
        const command = new GetSubscriptionAttributesCommand({ SubscriptionArn });
        const { FilterPolicy = "{}" } = (await sns.send(command)).Attributes ?? {};
        return FilterPolicy;
      },
    },
  ];
}

function ofMonitoring(cloudwatch: CloudWatchClient, logs: CloudWatchLogsClient): ManualChange[] {
  const alarm = async (name: string) => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    return found(MetricAlarms.find((it) => it.AlarmName?.includes(name)));
  };
  const logGroupName = `/aws/lambda/${functionName}`;
  return [
    {
      title: "an alarm's actions disabled",
      resource: ["aws:cloudwatch:MetricAlarm", "alarms-errors"],
      change: async () => {
        const { AlarmName = "" } = await alarm("alarms-errors");
        return cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
      },
      read: async () => (await alarm("alarms-errors")).ActionsEnabled,
    },
    {
      title: "an alarm's threshold",
      resource: ["aws:cloudwatch:MetricAlarm", "alarms-throttles"],
      change: async () => {
        const found = await alarm("alarms-throttles");
        const change = { ...found, Threshold: 1_000 };
        return cloudwatch.send(new PutMetricAlarmCommand(change as never));
      },
      read: async () => (await alarm("alarms-throttles")).Threshold,
    },
    {
      title: "the log's retention",
      resource: ["aws:cloudwatch:LogGroup", "reboot-log"],
      change: () => logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 })),
      read: async () => {
        const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName });
        return (await logs.send(command)).logGroups?.[0]?.retentionInDays;
      },
    },
  ];
}

function ofServer(target: AwsTarget): ManualChange[] {
  const ec2 = new EC2Client(target);
  const instance = async () => {
    const Filters = [{ Name: "tag:Stack", Values: ["dev"] }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    const all = Reservations.flatMap((it) => it.Instances ?? []);
    return found(all.find((it) => it.State?.Name !== "terminated"));
  };
  const group = async () => {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    return found(SecurityGroups.find((it) => it.GroupName?.includes("web-server")));
  };
  const tag = (id: string | undefined, Key: string, Value: string) =>
    ec2.send(new CreateTagsCommand({ Resources: [found(id)], Tags: [{ Key, Value }] }));
  const tagsIn = ({ Tags = [] }: { Tags?: { Key?: string; Value?: string }[] | undefined }) =>
    Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  const server = ["aws:ec2:Instance", "web-server"] as const;
  const wall = ["aws:ec2:SecurityGroup", "web-server-security-group"] as const;
  return [
    {
      title: "version 1 of the instance's metadata service",
      resource: server,
      change: async () => {
        const { InstanceId } = await instance();
        const change = { InstanceId, HttpTokens: "optional" } as const;
        return ec2.send(new ModifyInstanceMetadataOptionsCommand(change));
      },
      read: async () => (await instance()).MetadataOptions?.HttpTokens,
    },
    {
      title: "the instance's name",
      resource: server,
      change: async () => tag((await instance()).InstanceId, "Name", "other"),
      read: async () => tagsIn(await instance()),
    },
    {
      title: "a tag added to the instance",
      resource: server,
      change: async () => tag((await instance()).InstanceId, "Owner", "somebody"),
      read: async () => tagsIn(await instance()),
    },
    {
      title: "a tag added to the security group",
      resource: wall,
      change: async () => tag((await group()).GroupId, "Owner", "somebody"),
      read: async () => tagsIn(await group()),
    },
    {
      title: "the security group opened",
      resource: wall,
      change: () => openSsh(target),
      read: async () => (await group()).IpPermissions?.map(({ FromPort }) => FromPort),
    },
  ];
}

function found<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("the stack must be deployed before it is changed");
  return it;
}
