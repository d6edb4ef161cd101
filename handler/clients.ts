import type {
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusCommandOutput,
  RebootInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { PublishCommandInput } from "@aws-sdk/client-sns";

/** The AWS calls that the handler can make. Each ends in error when `limitMs` has passed. */
export interface Clients {
  readonly updateItem: (input: UpdateItemCommandInput, limitMs: number) => Promise<unknown>;
  readonly transactWrite: (
    input: TransactWriteItemsCommandInput,
    limitMs: number,
  ) => Promise<unknown>;
  readonly describeInstanceStatus: (
    input: DescribeInstanceStatusCommandInput,
    limitMs: number,
  ) => Promise<DescribeInstanceStatusCommandOutput>;
  readonly rebootInstances: (
    input: RebootInstancesCommandInput,
    limitMs: number,
  ) => Promise<unknown>;
  readonly publish: (input: PublishCommandInput, limitMs: number) => Promise<unknown>;
}

/**
 * The clients of the AWS SDK that the Lambda runtime brings.
 *
 * `import()` with the bare package names keeps the SDK out of the function's package and does not
 * depend on the SDK's folder layout. RebootInstances is not idempotent and the SDK repeats calls
 * after connection resets and 5xx answers, so its client makes one attempt only.
 */
export async function createSdkClients(): Promise<Clients> {
  const [dynamo, ec2Sdk, { SNSClient, PublishCommand }] = await Promise.all([
    import("@aws-sdk/client-dynamodb"),
    import("@aws-sdk/client-ec2"),
    import("@aws-sdk/client-sns"),
  ]);
  // Without throwOnRequestTimeout newer SDKs only warn when requestTimeout has passed.
  const requestHandler = {
    connectionTimeout: 1_000,
    requestTimeout: 4_000,
    throwOnRequestTimeout: true,
  };
  const ec2 = new ec2Sdk.EC2Client({ maxAttempts: 1, requestHandler });
  const sns = new SNSClient({ maxAttempts: 2, requestHandler });
  const table = new dynamo.DynamoDBClient({ maxAttempts: 2, requestHandler });
  return {
    updateItem: (input, limitMs) =>
      table.send(new dynamo.UpdateItemCommand(input), {
        abortSignal: AbortSignal.timeout(limitMs),
      }),
    transactWrite: (input, limitMs) =>
      table.send(new dynamo.TransactWriteItemsCommand(input), {
        abortSignal: AbortSignal.timeout(limitMs),
      }),
    describeInstanceStatus: (input, limitMs) =>
      ec2.send(new ec2Sdk.DescribeInstanceStatusCommand(input), {
        abortSignal: AbortSignal.timeout(limitMs),
      }),
    rebootInstances: (input, limitMs) =>
      ec2.send(new ec2Sdk.RebootInstancesCommand(input), {
        abortSignal: AbortSignal.timeout(limitMs),
      }),
    publish: (input, limitMs) =>
      sns.send(new PublishCommand(input), { abortSignal: AbortSignal.timeout(limitMs) }),
  };
}
