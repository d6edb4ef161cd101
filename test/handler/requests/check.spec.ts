import { expect } from "chai";
import {
  awsError,
  checkMessage,
  errorOf,
  failing,
  incidentId,
  leaving,
  makeHandler,
  nowMs,
  number,
  queueEvent,
  queueRecord,
} from "../support.ts";

describe("an event of a queue", () => {
  for (const id of [
    "alert-dcb8bb778c60d551",
    "manual-8f2c-11",
    // prose-allow by-hand: the id of an older incident
    "by-hand-8f2c-11",
    `alert-${"x".repeat(64)}`,
  ]) {
    it(`with the incident ${id.slice(0, 30)} is a check`, async () => {
      const { check, updates, records } = makeHandler();

      expect(await check(queueEvent(checkMessage(id)))).to.deep.equal([]);
      expect(updates[0]?.Key).to.deep.equal({ id: { S: `incident#${id}` } });
      expect(records.map(({ source }) => source)).to.deep.equal(["queue"]);
    });
  }

  for (const [what, event] of [
    [
      "of another queue",
      queueEvent(checkMessage(), { eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:others" }),
    ],
    [
      "of a queue of that name in another account",
      queueEvent(checkMessage(), { eventSourceARN: "arn:aws:sqs:us-east-1:444455556666:checks" }),
    ],
    [
      "of a queue whose name begins alike",
      queueEvent(checkMessage(), { eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:checks2" }),
    ],
    ["of no queue", queueEvent(checkMessage(), { eventSourceARN: undefined })],
    [
      "of a list of queues",
      queueEvent(checkMessage(), {
        eventSourceARN: ["arn:aws:sqs:us-east-1:111122223333:checks"],
      }),
    ],
    [
      "of another service under the queue's name",
      queueEvent(checkMessage(), { eventSource: "aws:s3" }),
    ],
    ["of no service", queueEvent(checkMessage(), { eventSource: undefined })],
    ["of SNS", { Records: [{ EventSource: "aws:sns", Sns: { Message: incidentId } }] }],
    ["of S3", { Records: [{ eventSource: "aws:s3", s3: { object: { key: incidentId } } }] }],
    ["of DynamoDB", { Records: [{ eventSource: "aws:dynamodb", eventName: "INSERT" }] }],
    ["of Kinesis", { Records: [{ eventSource: "aws:kinesis", kinesis: { data: "" } }] }],
    ["without any record", { Records: [] }],
    ["with a record that is null", { Records: [null] }],
    ["with a record that is text", { Records: [incidentId] }],
    ["with a record that is a list", { Records: [[queueRecord()]] }],
    ["with two records", { Records: [queueRecord(), queueRecord()] }],
    [
      "with a forged record behind its own",
      { Records: [queueRecord(), queueRecord(checkMessage(), { eventSourceARN: "x" })] },
    ],
    ["without a message's id", queueEvent(checkMessage(), { messageId: undefined })],
    ["with a number as the message's id", queueEvent(checkMessage(), { messageId: 1 })],
  ] as const) {
    it(`${what} is refused with an error, logged, and does nothing`, async () => {
      const { handle, calls, records, levels } = makeHandler();

      const error = await errorOf(handle(event));

      expect([error.name, error.message]).to.deep.equal([
        "RefusedCall",
        "Records must have exactly one message of the function's check queue",
      ]);
      expect(calls).to.deep.equal([]);
      expect(levels).to.deep.equal(["warn"]);
      expect(records).to.deep.equal([
        {
          outcome: "refused",
          instanceId: "i-0123456789abcdef0",
          source: "manual",
          status: 400,
          reason: "Records must have exactly one message of the function's check queue",
        },
      ]);
    });
  }
});

describe("a message of the check queue", () => {
  const nonce = "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c";
  const message = (parts: Record<string, unknown>) =>
    JSON.stringify({ incidentId: "alert-1", nonce, ...parts });

  for (const [what, body] of [
    ["that is empty", ""],
    ["that is no JSON", "reboot"],
    ["that is an incident's id alone", "alert-dcb8bb778c60d551"],
    ["that is JSON of another kind", '{"reason":"slow"}'],
    ["with a field that is unknown", message({ force: true })],
    ["with an instance that is a list", message({ instanceId: ["i-0123456789abcdef0"] })],
    ["with an instance of another format", message({ instanceId: "i-*" })],
    ["without a nonce", message({ nonce: undefined })],
    ["with an empty nonce", message({ nonce: "" })],
    ["with a nonce of 35 characters", message({ nonce: nonce.slice(1) })],
    ["with a nonce that is a list", message({ nonce: [nonce] })],
    ["with an alert's kind alone", message({ incidentId: "alert-" })],
    ["of another kind", message({ incidentId: "test-1" })],
    ["with text before the id", message({ incidentId: " alert-1" })],
    ["with a line after the id", message({ incidentId: "alert-1\n" })],
    ["with another key's separator", message({ incidentId: "alert-1#instance" })],
    ["with letters beyond ASCII", message({ incidentId: "alert-é" })],
    ["in upper case", message({ incidentId: "ALERT-1" })],
    ["with an id of 65 characters", message({ incidentId: `alert-${"x".repeat(65)}` })],
    ["with an id that is a number", message({ incidentId: 1 })],
    ["that is a list", `[${message({})}]`],
    ["of 30,000 nested lists", "[".repeat(30_000) + "]".repeat(30_000)],
    ["that is a number", 1],
    ["that is null", null],
    ["that is an object", { incidentId: "alert-1", nonce }],
  ] as const) {
    it(`${what} is returned to the queue, logged, and does nothing`, async () => {
      const { check, calls, records, levels } = makeHandler();

      expect(await check(queueEvent(body))).to.deep.equal(["message-1"]);
      expect(calls).to.deep.equal([]);
      expect(levels).to.deep.equal(["warn"]);
      expect(records).to.deep.equal([
        {
          outcome: "refused",
          instanceId: "i-0123456789abcdef0",
          source: "queue",
          status: 400,
          reason:
            "the message must be JSON with an incident's id, the nonce of its claim and its instance's id, as the function queues it",
          messageId: "message-1",
        },
      ]);
    });
  }

  it("without a body is returned to the queue", async () => {
    const { check, calls } = makeHandler();

    expect(await check(queueEvent("", { body: undefined }))).to.deep.equal(["message-1"]);
    expect(calls).to.deep.equal([]);
  });

  it("is counted only for the claim with its nonce", async () => {
    const { check, updates } = makeHandler();

    await check(queueEvent(checkMessage("alert-1", "11111111-2222-4333-8444-555555555555")));

    expect(updates[0]?.ConditionExpression).to.equal("nonce = :nonce");
    expect(updates[0]?.ExpressionAttributeValues?.[":nonce"]).to.deep.equal({
      S: "11111111-2222-4333-8444-555555555555",
    });
  });

  it("with another claim's nonce is logged without it, and closes nothing", async () => {
    const { check, calls, records, mails } = makeHandler({
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    expect(await check(queueEvent())).to.deep.equal(["message-1"]);
    expect(calls).to.deep.equal(["describeInstanceStatus", "updateItem"]);
    expect(mails).to.deep.equal([]);
    expect(records).to.deep.equal([
      {
        outcome: "check failed",
        source: "queue",
        instanceId: "i-0123456789abcdef0",
        incidentId: "alert-dcb8bb778c60d551",
        reason: "UnknownIncident: no incident has this id and the nonce of its claim",
        messageId: "message-1",
      },
    ]);
  });
});

describe("the instance of a check", () => {
  const idOf = "i-0fedcba9876543210";
  const body = (instanceId?: string) =>
    JSON.stringify({ incidentId, nonce: "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c", instanceId });

  it("is the one that the message names", async () => {
    const { check, statusCalls, records } = makeHandler();

    await check(queueEvent(body(idOf)));

    expect(statusCalls).to.deep.equal([{ InstanceIds: [idOf], IncludeAllInstances: true }]);
    expect(records[0]?.instanceId).to.equal(idOf);
  });

  it("is the function's for an older message that names none", async () => {
    const { check, statusCalls, messages } = makeHandler({
      updateItem: leaving({ rebootRequestedAt: number(nowMs) }),
    });

    expect(await check(queueEvent(body()))).to.deep.equal([]);
    expect(statusCalls).to.deep.equal([
      { InstanceIds: ["i-0123456789abcdef0"], IncludeAllInstances: true },
    ]);
    expect(messages[0]?.MessageBody).to.equal(body("i-0123456789abcdef0"));
  });
});
