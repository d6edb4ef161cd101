import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

describe("a refresh of the stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let stack: StackOutputs;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
  });
  after(() => environment.stop());

  /** The number of delayed messages in the stack's queues. */
  async function delayedMessages(): Promise<number> {
    const sqs = new SQSClient(environment.aws);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const responses = await Promise.all(
      QueueUrls.map((QueueUrl) =>
        sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
      ),
    );
    return responses
      .map(({ Attributes }) => Number(Attributes?.ApproximateNumberOfMessagesDelayed))
      .reduce((sum, it) => sum + it, 0);
  }

  it("finds no change in a confirmed subscription, the masked header and the results of a reboot", async () => {
    const client = new StackClient(environment, stack);
    const { body } = await client.postAlert(environment.webhookToken);
    expect(JSON.parse(body).outcome).to.equal("rebooted");
    expect(await delayedMessages()).to.equal(1);

    const { summary } = await engine.stack.refresh();

    expect(summary.resourceChanges).to.deep.equal({ same: 44 });
    expect((await engine.up()).changes).to.deep.equal({ same: 44 });
  });

  it("never sends the mask: a new token's connection has that token", async () => {
    const newToken = { value: "e".repeat(64), secret: true };
    await engine.stack.setConfig("reboot-automation:webhookToken", newToken);
    await engine.up();
    const client = new StackClient(environment, stack);
    await client.logResponses(6, "slow");

    const [notification] = await client.advanceMinutes(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
  });

  it("detects external changes, and the next `up` reverts them", async () => {
    await new SNSClient(environment.aws).send(new DeleteTopicCommand({ TopicArn: stack.topicArn }));
    await new CloudWatchLogsClient(environment.aws).send(
      new PutRetentionPolicyCommand({ logGroupName: stack.logGroupName, retentionInDays: 1 }),
    );

    const { summary } = await engine.stack.refresh();

    // The subscription was deleted with the topic.
    expect(summary.resourceChanges).to.deep.include({ delete: 2, update: 1 });
    const { changes } = await engine.up();
    expect(changes.create).to.equal(2);
    expect(Object.keys((await engine.up()).changes)).to.deep.equal(["same"]);
  });
});
