import { expect } from "chai";
import { readNotification } from "../../../aws/chat/custom-notification.ts";

const valid = {
  version: "1.0",
  source: "custom",
  id: "alert-1/rebooted",
  content: {
    textType: "client-markdown",
    title: "Rebooted EC2 instance",
    description: "six slow responses",
    nextSteps: ["Allow a few minutes."],
    keywords: ["reboot"],
  },
  metadata: {
    threadId: "alert-1",
    summary: "Rebooted EC2 instance",
    eventType: "Instance Rebooted",
    relatedResources: ["arn:aws:ec2:us-east-1:000000000000:instance/i-01234567"],
    additionalContext: { outcome: "rebooted" },
  },
};

function reasonOf(value: unknown): string | undefined {
  const read = readNotification(typeof value === "string" ? value : JSON.stringify(value));
  return "dropped" in read ? read.dropped : undefined;
}

describe("readNotification", () => {
  it("accepts every member of the schema", () => {
    expect(readNotification(JSON.stringify(valid))).to.deep.equal({ notification: valid });
  });

  it("accepts a notification with the required members only", () => {
    const content = { description: "text" };

    expect(reasonOf({ version: "1.0", source: "custom", content })).to.equal(undefined);
  });

  it("accepts a title of 250 and a description of 8,000 characters", () => {
    const content = { title: "t".repeat(250), description: "d".repeat(8_000) };

    expect(reasonOf({ ...valid, content })).to.equal(undefined);
  });

  const { content, metadata } = valid;
  for (const [value, reason] of [
    ["Rebooted EC2 instance", "not JSON"],
    [[], "the message is not an object"],
    [{ ...valid, version: undefined }, "version is missing"],
    [{ ...valid, version: "1.1" }, 'version is "1.1" instead of "1.0"'],
    [{ ...valid, version: 1 }, 'version is 1 instead of "1.0"'],
    [{ ...valid, source: "aws.events" }, 'source is "aws.events" instead of "custom"'],
    [{ ...valid, content: undefined }, "content is missing"],
    [{ ...valid, content: "text" }, "content is not an object"],
    [{ ...valid, color: "red" }, "color is not in the schema"],
    [{ ...valid, id: 7 }, "id is not a string with text"],
    [
      { ...valid, content: { ...content, description: undefined } },
      "content.description is missing",
    ],
    [
      { ...valid, content: { ...content, description: "" } },
      "content.description is not a string with text",
    ],
    [
      { ...valid, content: { ...content, description: "d".repeat(8_001) } },
      "content.description has more than 8000 characters",
    ],
    [
      { ...valid, content: { ...content, title: "t".repeat(251) } },
      "content.title has more than 250 characters",
    ],
    [
      { ...valid, content: { ...content, textType: "plain" } },
      'content.textType is "plain" instead of "client-markdown"',
    ],
    [{ ...valid, content: { ...content, nextSteps: "wait" } }, "content.nextSteps is not a list"],
    [
      { ...valid, content: { ...content, nextSteps: ["wait", 1] } },
      "content.nextSteps[1] is not a string with text",
    ],
    [{ ...valid, content: { ...content, body: "b" } }, "content.body is not in the schema"],
    [{ ...valid, metadata: { ...metadata, thread: "t" } }, "metadata.thread is not in the schema"],
    [
      { ...valid, metadata: { ...metadata, threadId: 1 } },
      "metadata.threadId is not a string with text",
    ],
    [
      { ...valid, metadata: { ...metadata, additionalContext: { count: 1 } } },
      "metadata.additionalContext.count is not a string with text",
    ],
    [{ ...valid, id: "x".repeat(256 * 1_024) }, "more than 256 KiB"],
  ] as const) {
    it(`drops a message: ${reason}`, () => {
      expect(reasonOf(value)).to.equal(reason);
    });
  }

  it("gives every reason", () => {
    expect(reasonOf({ ...valid, version: "2", color: "red" })).to.equal(
      'version is "2" instead of "1.0"; color is not in the schema',
    );
  });
});
