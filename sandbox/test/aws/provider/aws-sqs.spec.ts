import { expect } from "chai";
import { sqsResources } from "../../../aws/provider/aws-sqs.ts";
import { errorOf, type FakeResponse, startFakeServer, stopAfterEach } from "../../support.ts";

const url = "https://sqs.us-east-1.amazonaws.com/000000000000/checks";
const arn = "arn:aws:sqs:us-east-1:000000000000:checks";

describe("sqsResources", () => {
  const stoppedLater = stopAfterEach();

  /** The type of queues before an emulator with these responses, by the call's name. */
  async function start(responses: Record<string, FakeResponse> = {}) {
    const nameOf = (target: unknown) => String(target).replace("AmazonSQS.", "");
    const emulator = stoppedLater(
      await startFakeServer(
        ({ headers }) => responses[nameOf(headers["x-amz-target"])] ?? { body: "{}" },
      ),
    );
    const { "aws:sqs/queue:Queue": queue } = sqsResources({
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    if (!queue) throw new Error("there is no type for queues");
    const calls = () =>
      emulator.requests.map(({ headers, body }) => ({
        call: nameOf(headers["x-amz-target"]),
        input: JSON.parse(body),
      }));
    return { queue, calls };
  }

  const created = {
    CreateQueue: { body: JSON.stringify({ QueueUrl: url }) },
    GetQueueAttributes: { body: JSON.stringify({ Attributes: { QueueArn: arn } }) },
  };

  it("reads the queue's policy, which is none of the program's inputs", async () => {
    const policyOf = async (Attributes: object) => {
      const { queue } = await start({
        GetQueueAttributes: { body: JSON.stringify({ Attributes }) },
      });
      return (await queue.read(url, {}))?.policy;
    };

    expect(await policyOf({ QueueArn: arn, Policy: '{"Version": "2012-10-17"}' })).to.equal(
      '{"Version":"2012-10-17"}',
    );
    expect(await policyOf({ QueueArn: arn })).to.equal("");
  });

  it("creates a queue as it is asked for, and knows its URL and ARN", async () => {
    const { queue, calls } = await start(created);

    const { id, outputs } = await queue.create({
      name: "checks",
      visibilityTimeoutSeconds: 120,
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      redrivePolicy: '{"maxReceiveCount":5}',
    });

    expect(id).to.equal(url);
    expect(outputs).to.deep.equal({ url, arn });
    expect(calls()[0]).to.deep.equal({
      call: "CreateQueue",
      input: {
        QueueName: "checks",
        Attributes: {
          VisibilityTimeout: "120",
          MessageRetentionPeriod: "1209600",
          DelaySeconds: "0",
          SqsManagedSseEnabled: "true",
          RedrivePolicy: '{"maxReceiveCount":5}',
        },
      },
    });
  });

  it("creates a queue with the defaults of AWS where nothing is asked for", async () => {
    const { queue, calls } = await start(created);

    await queue.create({ name: "checks" });

    expect(calls()[0]?.input.Attributes).to.deep.equal({
      VisibilityTimeout: "30",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      SqsManagedSseEnabled: "true",
    });
  });

  it("reads what the queue has now, its policy in the form of the input", async () => {
    const Attributes = {
      VisibilityTimeout: "60",
      MessageRetentionPeriod: "3600",
      DelaySeconds: "900",
      SqsManagedSseEnabled: "true",
      RedrivePolicy: '{ "maxReceiveCount": 5, "deadLetterTargetArn": "arn:dead" }',
    };
    const { queue, calls } = await start({
      GetQueueAttributes: { body: JSON.stringify({ Attributes }) },
    });

    expect(
      await queue.read(url, { name: "checks", url, arn, visibilityTimeoutSeconds: 120 }),
    ).to.deep.equal({
      name: "checks",
      url,
      arn,
      visibilityTimeoutSeconds: 60,
      messageRetentionSeconds: 3_600,
      delaySeconds: 900,
      sqsManagedSseEnabled: true,
      redrivePolicy: '{"deadLetterTargetArn":"arn:dead","maxReceiveCount":5}',
      policy: "",
    });
    expect(calls()).to.deep.equal([
      { call: "GetQueueAttributes", input: { QueueUrl: url, AttributeNames: ["All"] } },
    ]);
  });

  it("is asked for its tags by its address", async () => {
    const { queue, calls } = await start({ ListQueueTags: { body: '{"Tags":{"Owner":"team"}}' } });

    expect(await queue.tagger?.list(url, {})).to.deep.equal({ Owner: "team" });
    expect(calls()).to.deep.equal([{ call: "ListQueueTags", input: { QueueUrl: url } }]);
  });

  it("reads an empty policy from a queue that has none", async () => {
    const Attributes = { VisibilityTimeout: "30", MessageRetentionPeriod: "1209600" };
    const { queue } = await start({ GetQueueAttributes: { body: JSON.stringify({ Attributes }) } });

    expect(await queue.read(url, { url })).to.include({ redrivePolicy: "" });
  });

  it("reads nothing of a queue that is gone", async () => {
    const body = JSON.stringify({ __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "gone" });
    const { queue } = await start({ GetQueueAttributes: { status: 400, body } });

    expect(await queue.read(url, { url })).to.equal(undefined);
  });

  it("fails to read for any other error", async () => {
    const body = JSON.stringify({
      __type: "com.amazonaws.sqs#AccessDenied",
      message: "denied",
    });
    const { queue } = await start({ GetQueueAttributes: { status: 403, body } });

    expect(await errorOf(queue.read(url, { url }))).to.equal("denied");
  });

  it("changes a queue in place, and waits until SQS has it", async () => {
    const Attributes = {
      VisibilityTimeout: "120",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      SqsManagedSseEnabled: "true",
    };
    const { queue, calls } = await start({
      GetQueueAttributes: { body: JSON.stringify({ Attributes }) },
    });

    await queue.update?.(url, { name: "checks", visibilityTimeoutSeconds: 120 }, {});

    expect(calls()).to.deep.equal([
      { call: "SetQueueAttributes", input: { QueueUrl: url, Attributes } },
      { call: "GetQueueAttributes", input: { QueueUrl: url, AttributeNames: ["All"] } },
    ]);
  });

  it("deletes the queue, and reads it until it is gone", async () => {
    const body = JSON.stringify({ __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "gone" });
    const { queue, calls } = await start({ GetQueueAttributes: { status: 400, body } });

    await queue.delete(url, { url });

    expect(calls()).to.deep.equal([
      { call: "DeleteQueue", input: { QueueUrl: url } },
      { call: "GetQueueAttributes", input: { QueueUrl: url, AttributeNames: ["All"] } },
    ]);
  });
});
