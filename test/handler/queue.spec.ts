import { expect } from "chai";
import { errorOf, incidentId, makeHandler, queueEvent, queueRecord } from "./support.ts";

describe("an event of a queue", () => {
  for (const id of ["alert-dcb8bb778c60d551", "by-hand-8f2c-11", `alert-${"x".repeat(64)}`]) {
    it(`with the incident ${id.slice(0, 30)} is a check`, async () => {
      const { check, updates, records } = makeHandler();

      expect(await check(queueEvent(id))).to.deep.equal([]);
      expect(updates[0]?.Key).to.deep.equal({ id: { S: `incident#${id}` } });
      expect(records.map(({ source }) => source)).to.deep.equal(["queue"]);
    });
  }

  for (const [what, event] of [
    [
      "of another queue",
      queueEvent(incidentId, { eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:others" }),
    ],
    [
      "of a queue of that name in another account",
      queueEvent(incidentId, { eventSourceARN: "arn:aws:sqs:us-east-1:444455556666:checks" }),
    ],
    [
      "of a queue whose name begins alike",
      queueEvent(incidentId, { eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:checks2" }),
    ],
    ["of no queue", queueEvent(incidentId, { eventSourceARN: undefined })],
    [
      "of a list of queues",
      queueEvent(incidentId, {
        eventSourceARN: ["arn:aws:sqs:us-east-1:111122223333:checks"],
      }),
    ],
    [
      "of another service under the queue's name",
      queueEvent(incidentId, { eventSource: "aws:s3" }),
    ],
    ["of no service", queueEvent(incidentId, { eventSource: undefined })],
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
      { Records: [queueRecord(), queueRecord(incidentId, { eventSourceARN: "x" })] },
    ],
    ["without a message's id", queueEvent(incidentId, { messageId: undefined })],
    ["with a number as the message's id", queueEvent(incidentId, { messageId: 1 })],
  ] as const) {
    it(`${what} is refused with an error, logged, and does nothing`, async () => {
      const { handle, calls, records, levels } = makeHandler();

      const error = await errorOf(handle(event));

      expect([error.name, error.message]).to.deep.equal([
        "RefusedCall",
        "Records are taken one at a time, and from the function's own queue alone",
      ]);
      expect(calls).to.deep.equal([]);
      expect(levels).to.deep.equal(["warn"]);
      expect(records).to.deep.equal([
        {
          outcome: "refused",
          instanceId: "i-0123456789abcdef0",
          source: "by-hand",
          status: 400,
          reason: "Records are taken one at a time, and from the function's own queue alone",
        },
      ]);
    });
  }
});

describe("a message of the own queue", () => {
  for (const [what, body, quoted] of [
    ["that is empty", "", '""'],
    ["that is text", "reboot", '"reboot"'],
    ["that is JSON", '{"reason":"slow"}', '"{\\"reason\\":\\"slow\\"}"'],
    ["that is an alert's kind alone", "alert-", '"alert-"'],
    ["of another kind", "test-1", '"test-1"'],
    ["with text before the id", " alert-1", '" alert-1"'],
    ["with a line after the id", "alert-1\n", '"alert-1\\n"'],
    ["with another key's separator", "alert-1#instance", '"alert-1#instance"'],
    ["with letters beyond ASCII", "alert-é", '"alert-é"'],
    ["in other letter case", "ALERT-1", '"ALERT-1"'],
    ["with 65 characters", `alert-${"x".repeat(65)}`, `"alert-${"x".repeat(65)}"`],
    ["that is a number", 1, "1"],
    ["that is null", null, "null"],
    ["that is true", true, "true"],
    ["that is a list", ["alert-1"], '["alert-1"]'],
    ["that is an object", { incidentId: "alert-1" }, '{"incidentId":"alert-1"}'],
  ] as const) {
    it(`${what} is given back, logged, and does nothing`, async () => {
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
          reason: `the message must be an incident's id: got ${quoted}`,
          messageId: "message-1",
        },
      ]);
    });
  }

  it("without a body is given back", async () => {
    const { check, calls } = makeHandler();

    expect(await check(queueEvent("", { body: undefined }))).to.deep.equal(["message-1"]);
    expect(calls).to.deep.equal([]);
  });

  it("of any length is logged with 200 characters at most", async () => {
    const { check, records } = makeHandler();

    await check(queueEvent("x".repeat(60_000)));

    expect(records[0]?.reason).to.have.length(200);
  });
});
