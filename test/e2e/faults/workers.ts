import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import type { StackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import { createClaims, openFunctionUrl } from "../../../sandbox/test-environment.ts";

/**
 * A copy of the stack's function with separate instances and a separate check queue, so that rows of the
 * matrix can run in parallel. All workers share the stack's topic and dead-letter queue, and its table; each
 * group has its own, since the table has one item for all its instances.
 */
export interface Worker {
  readonly functionName: string;
  readonly functionUrl: string;
  /** As many as the stack has. */
  readonly instanceIds: readonly string[];
  /** The first of them. */
  readonly instanceId: string;
  readonly tableName: string;
  readonly queueUrl: string;
  readonly mappingId: string;
  readonly logGroupName: string;
  /** The environment variables of the function. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Fewer checks and deliveries than usual, so that a row takes seconds. A row of a group does not wait for them. */
export const workerChecks = 3;
const workerDeliveries = 2;

export async function createWorkers(
  aws: AwsTarget,
  stack: StackOutputs,
  count: number,
): Promise<Worker[]> {
  const lambda = new LambdaClient(aws);
  const sqs = new SQSClient(aws);
  const { Configuration, Code } = await lambda.send(
    new GetFunctionCommand({ FunctionName: stack.functionName }),
  );
  const variables = Configuration?.Environment?.Variables ?? {};
  const zip = new Uint8Array(await (await fetch(Code?.Location ?? "")).arrayBuffer());
  const arnOf = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] })))
      .Attributes?.QueueArn ?? "";
  const deadLetterTargetArn = await arnOf(stack.deadLetterQueueUrl);

  const size = stack.instanceIds.length;
  const instances = await runInstances(new EC2Client(aws), stack.instanceId, count * size);
  const indexes = Array.from({ length: count }, (_, index) => index);
  const tables = size === 1 ? [] : indexes.map((index) => `worker-${index}`);
  for (const it of tables) await createClaims(new DynamoDBClient(aws), it);
  const queues = await Promise.all(
    indexes.map(async (index) => {
      const { QueueUrl: url = "" } = await sqs.send(
        new CreateQueueCommand({
          QueueName: `worker-${index}`,
          Attributes: {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn,
              maxReceiveCount: workerDeliveries,
            }),
          },
        }),
      );
      return { url, arn: await arnOf(url) };
    }),
  );
  const Role = await copyRole(new IAMClient(aws), Configuration?.Role ?? "", {
    ...Object.fromEntries(
      stack.instanceIds.map((id, at) => [id, instances.filter((_, index) => index % size === at)]),
    ),
    ...(tables.length > 0 && { [stack.tableName]: tables }),
    [variables.QUEUE_ARN ?? ""]: queues.map(({ arn }) => arn),
  });

  return Promise.all(
    indexes.map(async (index) => {
      const instanceIds = instances.slice(index * size, (index + 1) * size);
      const tableName = tables[index] ?? stack.tableName;
      const FunctionName = `worker-${index}`;
      const queue = queues[index] ?? { url: "", arn: "" };
      const logGroupName = `/aws/lambda/${FunctionName}`;
      const ownVariables = {
        ...variables,
        INSTANCE_ID: instanceIds.join(),
        TABLE_NAME: tableName,
        LOG_GROUP: logGroupName,
        QUEUE_URL: queue.url,
        QUEUE_ARN: queue.arn,
        ...(size === 1 && { MAX_CHECKS: String(workerChecks) }),
      };
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role,
          Runtime: Configuration?.Runtime,
          Handler: Configuration?.Handler,
          Timeout: Configuration?.Timeout,
          Layers: Configuration?.Layers?.map(({ Arn = "" }) => Arn),
          LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
          Environment: { Variables: ownVariables },
          Code: { ZipFile: zip },
        }),
      );
      const { UUID: mappingId = "" } = await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName,
          EventSourceArn: queue.arn,
          BatchSize: 1,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
          // The row decides when checks are consumed.
          Enabled: false,
        }),
      );
      const functionUrl = await openFunctionUrl(lambda, FunctionName);
      const { url: queueUrl } = queue;
      return {
        functionName: FunctionName,
        functionUrl,
        instanceIds,
        instanceId: instanceIds[0] ?? "",
        tableName,
        queueUrl,
        mappingId,
        logGroupName,
        variables: ownVariables,
      };
    }),
  );
}

async function runInstances(ec2: EC2Client, like: string, count: number): Promise<string[]> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [like] }));
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: Reservations?.[0]?.Instances?.[0]?.ImageId,
      MinCount: count,
      MaxCount: count,
    }),
  );
  return Instances.map(({ InstanceId = "" }) => InstanceId);
}

/** Creates a role with the same policy, but replaces resources by their suffixes. */
async function copyRole(
  iam: IAMClient,
  roleArn: string,
  replacements: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const RoleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const { PolicyNames: [PolicyName = ""] = [] } = await iam.send(
    new ListRolePoliciesCommand({ RoleName }),
  );
  const { PolicyDocument = "" } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName }),
  );
  const document: { Statement: { Resource: string[] }[] } = JSON.parse(
    decodeURIComponent(PolicyDocument),
  );
  for (const statement of document.Statement) {
    statement.Resource = statement.Resource.flatMap((resource) => {
      const end = Object.keys(replacements).find((it) => resource.endsWith(it));
      if (end === undefined) return resource;
      const start = resource.slice(0, resource.length - end.length);
      return (replacements[end] ?? []).map((it) => start + it);
    });
  }
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const created = await iam.send(
    new CreateRoleCommand({
      RoleName: "workers",
      AssumeRolePolicyDocument: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "workers",
      PolicyName: "workers",
      PolicyDocument: JSON.stringify(document),
    }),
  );
  return created.Role?.Arn ?? "";
}
