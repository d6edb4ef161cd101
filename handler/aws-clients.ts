import type {
  GetItemCommandInput,
  GetItemCommandOutput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusCommandOutput,
  RebootInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { PublishCommandInput } from "@aws-sdk/client-sns";
import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import { errorText, namedError } from "./errors.ts";
import { connectionTimeoutMs, requestTimeoutMs } from "./time-limits.ts";

/** One AWS call; it fails after `limitMs`. */
export type Call<Input, Output = unknown> = (input: Input, limitMs: number) => Promise<Output>;

/** The AWS calls that the handler can make. */
export interface Clients {
  /** Loads the clients of the calls between a claim and its reboot; see `createSdkClients`. */
  readonly loadForReboot: () => Promise<unknown>;
  readonly transactWrite: Call<TransactWriteItemsCommandInput>;
  readonly updateItem: Call<UpdateItemCommandInput, UpdateItemCommandOutput>;
  readonly getItem: Call<GetItemCommandInput, GetItemCommandOutput>;
  readonly describeInstanceStatus: Call<
    DescribeInstanceStatusCommandInput,
    DescribeInstanceStatusCommandOutput
  >;
  readonly sendMessage: Call<SendMessageCommandInput>;
  readonly rebootInstances: Call<RebootInstancesCommandInput>;
  readonly publish: Call<PublishCommandInput>;
}

/** The error's name if the AWS SDK cannot be loaded, so no call was sent. */
export const sdkNotLoaded = "SdkNotLoaded";

/**
 * The clients of the AWS SDK of the Lambda runtime. Each is loaded once, when it is first needed. Most
 * alerts of a storm need only the table, whose client is loaded at once, while Lambda still gives a
 * starting function a whole processor.
 *
 * Loading uses the whole processor, so a call that waits for it would reach its time limit. Load the
 * clients of concurrent calls before these calls.
 *
 * `import()` with the bare package names keeps the SDK out of the function's package and does not
 * depend on the SDK's folder layout. RebootInstances is not idempotent, and the SDK retries calls after
 * connection resets and 5xx responses, so its client has only one attempt.
 */
export function createSdkClients(): Clients {
  const requestHandler = httpSettings;
  const dynamodb = keep(async () => {
    const sdk = await import("@aws-sdk/client-dynamodb");
    return { sdk, client: new sdk.DynamoDBClient({ maxAttempts: 2, requestHandler }) };
  });
  const ec2 = keep(async () => {
    const sdk = await import("@aws-sdk/client-ec2");
    const client = new sdk.EC2Client({ maxAttempts: 1, requestHandler });
    // One handler, so that the reboot finds the connection that the status call has opened.
    const shared = { requestHandler: client.config.requestHandler };
    return { sdk, client, statusClient: new sdk.EC2Client({ maxAttempts: 2, ...shared }) };
  });
  const sqs = keep(async () => {
    const sdk = await import("@aws-sdk/client-sqs");
    return { sdk, client: new sdk.SQSClient({ maxAttempts: 2, requestHandler }) };
  });
  const sns = keep(async () => {
    const sdk = await import("@aws-sdk/client-sns");
    return { sdk, client: new sdk.SNSClient({ maxAttempts: 2, requestHandler }) };
  });
  dynamodb().catch(() => {});
  return {
    loadForReboot: () => Promise.all([ec2(), sqs()]),
    async transactWrite(input, limitMs) {
      const { sdk, client } = await dynamodb();
      return client.send(new sdk.TransactWriteItemsCommand(input), within(limitMs));
    },
    async updateItem(input, limitMs) {
      const { sdk, client } = await dynamodb();
      return client.send(new sdk.UpdateItemCommand(input), within(limitMs));
    },
    async getItem(input, limitMs) {
      const { sdk, client } = await dynamodb();
      return client.send(new sdk.GetItemCommand(input), within(limitMs));
    },
    async describeInstanceStatus(input, limitMs) {
      const { sdk, statusClient } = await ec2();
      return statusClient.send(new sdk.DescribeInstanceStatusCommand(input), within(limitMs));
    },
    async sendMessage(input, limitMs) {
      const { sdk, client } = await sqs();
      return client.send(new sdk.SendMessageCommand(input), within(limitMs));
    },
    async rebootInstances(input, limitMs) {
      const { sdk, client } = await ec2();
      return client.send(new sdk.RebootInstancesCommand(input), within(limitMs));
    },
    async publish(input, limitMs) {
      const { sdk, client } = await sns();
      return client.send(new sdk.PublishCommand(input), within(limitMs));
    },
  };
}

/** Of every client. Without throwOnRequestTimeout newer SDKs only warn when requestTimeout has passed. */
export const httpSettings = {
  connectionTimeout: connectionTimeoutMs,
  requestTimeout: requestTimeoutMs,
  throwOnRequestTimeout: true,
} as const;

/** The options of a call that fails after `limitMs`. */
export const within = (limitMs: number) => ({ abortSignal: AbortSignal.timeout(limitMs) });

/** Loads once. A failure is not kept, so the next call tries again. */
export function keep<T>(load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= load().catch((error) => {
      kept = undefined;
      throw namedError(sdkNotLoaded, `the AWS SDK cannot be loaded: ${errorText(error)}`);
    });
    return kept;
  };
}
