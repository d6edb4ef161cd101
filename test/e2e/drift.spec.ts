import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

describe("a refresh of the stack", () => {
  let world: TestWorld;
  let engine: Engine;
  let stack: StackOutputs;
  before(async () => {
    world = await startTestWorld();
    engine = await world.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
  });
  after(() => world.stop());

  /** How many messages the stack's queues have whose time has not come yet. */
  async function delayedMessages(): Promise<number> {
    const sqs = new SQSClient(world.aws);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const answers = await Promise.all(
      QueueUrls.map((QueueUrl) =>
        sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
      ),
    );
    return answers
      .map(({ Attributes }) => Number(Attributes?.ApproximateNumberOfMessagesDelayed))
      .reduce((sum, it) => sum + it, 0);
  }

  it("finds no change in a confirmed subscription, the masked header, and what a reboot leaves", async () => {
    const probe = new Probe(world, stack);
    const { body } = await probe.postAlert(world.webhookToken);
    expect(JSON.parse(body).outcome).to.equal("rebooted");
    expect(await delayedMessages()).to.equal(1);

    const { summary } = await engine.stack.refresh();

    expect(summary.resourceChanges).to.deep.equal({ same: 44 });
    expect((await engine.up()).changes).to.deep.equal({ same: 44 });
  });

  it("does not let the mask be sent: a new token's connection has that token", async () => {
    const newToken = { value: "e".repeat(64), secret: true };
    await engine.stack.setConfig("reboot-automation:webhookToken", newToken);
    await engine.up();
    const probe = new Probe(world, stack);
    await probe.respond(6, "slow");

    const [notification] = await probe.pass(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
  });

  it("sees what was changed outside, and the next `up` mends it", async () => {
    await new SNSClient(world.aws).send(new DeleteTopicCommand({ TopicArn: stack.topicArn }));
    await new CloudWatchLogsClient(world.aws).send(
      new PutRetentionPolicyCommand({ logGroupName: stack.logGroupName, retentionInDays: 1 }),
    );

    const { summary } = await engine.stack.refresh();

    // The topic took its subscription along.
    expect(summary.resourceChanges).to.deep.include({ delete: 2, update: 1 });
    const { changes } = await engine.up();
    expect(changes.create).to.equal(2);
    expect(Object.keys((await engine.up()).changes)).to.deep.equal(["same"]);
  });
});
