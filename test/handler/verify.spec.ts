import type { InstanceStatus } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import {
  awsError,
  failing,
  type Item,
  leaving,
  makeHandler,
  metricsOf,
  nowMs,
  number,
  queueEvent,
  running,
  storedMail,
} from "./support.ts";

const minute = 60_000;

/** An open incident as the count leaves it, at its second check, with the instance up twice. */
const open: Item = {
  id: { S: "incident#alert-dcb8bb778c60d551" },
  source: { S: "webhook" },
  why: { S: "Slow responses" },
  count: { S: "6" },
  windowStartMs: number(1795000000000),
  windowEndMs: number(1795000600000),
  alertUrl: { S: "https://service.sumologic.com/ui/#/alert/1" },
  claimedAt: number(nowMs - 6 * minute),
  rebootRequestedAt: number(nowMs - 6 * minute),
  checkCount: number(2),
  upCount: number(2),
};
const resolved: Item = {
  ...open,
  resolvedAt: number(nowMs - 2 * minute),
  requestCount: number(20),
  failedCount: number(0),
  lastSuccessAt: number(nowMs - 3 * minute),
};
const { lastSuccessAt: __, ...resolvedWithoutSuccess } = resolved;
const givenUp: Item = { ...open, checkCount: number(8), upCount: number(0) };
const { rebootRequestedAt: _, ...unconfirmed } = open;
const manual: Item = { ...open, source: { S: "manual" }, why: { S: "slow" } };

/** A handler that finds this incident. */
function finding(item: Item, behaviour: Partial<Clients> = {}) {
  return makeHandler({ updateItem: leaving(item), ...behaviour });
}

const seeing = (status: InstanceStatus) => ({
  describeInstanceStatus: async () => ({ $metadata: {}, InstanceStatuses: [status] }),
});

describe("a check", () => {
  it("reads the instance status, counts itself, and queues the next check for 180 s later", async () => {
    const { check, calls, statusCalls, updates, messages, mails } = finding(open);

    expect(await check()).to.deep.equal([]);
    expect(calls).to.deep.equal(["describeInstanceStatus", "updateItem", "sendMessage"]);
    expect(statusCalls).to.deep.equal([
      { InstanceIds: ["i-0123456789abcdef0"], IncludeAllInstances: true },
    ]);
    expect(updates).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
        ConditionExpression: "nonce = :nonce",
        UpdateExpression:
          "SET checkCount = if_not_exists(checkCount, :zero) + :one, upCount = if_not_exists(upCount, :zero) + :one REMOVE event",
        ExpressionAttributeValues: {
          ":nonce": { S: "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c" },
          ":zero": { N: "0" },
          ":one": { N: "1" },
        },
        ReturnValues: "ALL_NEW",
      },
    ]);
    expect(messages).to.deep.equal([
      {
        QueueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
        MessageBody:
          '{"incidentId":"alert-dcb8bb778c60d551","nonce":"0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c","instanceId":"i-0123456789abcdef0"}',
        DelaySeconds: 180,
      },
    ]);
    expect(mails).to.deep.equal([]);
  });

  for (const [what, behaviour] of [
    ["it is stopped", seeing({ ...running, InstanceState: { Name: "stopped" } })],
    [
      "its own check initializes",
      seeing({ ...running, InstanceStatus: { Status: "initializing" } }),
    ],
    ["the host's check is impaired", seeing({ ...running, SystemStatus: { Status: "impaired" } })],
    [
      "it cannot reach an EBS volume",
      seeing({ ...running, AttachedEbsStatus: { Status: "impaired" } }),
    ],
    ["EC2 does not know it", seeing({ ...running, InstanceId: "i-01234567" })],
    ["EC2 cannot be asked", { describeInstanceStatus: failing(awsError("UnauthorizedOperation")) }],
  ] as const) {
    it(`counts the instance as not up when ${what}, and queues the next check`, async () => {
      const { check, updates, messages, reboots } = finding(open, behaviour);

      expect(await check()).to.deep.equal([]);
      expect(updates[0]?.UpdateExpression).to.equal(
        "SET checkCount = if_not_exists(checkCount, :zero) + :one, upCount = :zero REMOVE event",
      );
      expect(messages).to.have.length(1);
      expect(reboots).to.deep.equal([]);
    });
  }

  it("is logged with the instance status", async () => {
    const { check, records, levels } = finding(open);

    await check();

    expect(levels).to.deep.equal(["info"]);
    expect(records).to.deep.equal([
      {
        outcome: "pending",
        source: "queue",
        instanceId: "i-0123456789abcdef0",
        incidentId: "alert-dcb8bb778c60d551",
        reason: "the alert has not resolved",
        checkCount: 2,
        instanceStatus: "running, system check ok, instance check ok, attached EBS check unknown",
      },
    ]);
  });
});

describe("the text of an incident or of EC2", () => {
  const nasty = `a\r\nInstance: i-1\u202e${"x".repeat(3_000)}`;
  const item = { ...unconfirmed, failure: { S: nasty } };

  it("brings no line into the last e-mail, and at most 2,000 characters", async () => {
    const { check, mails } = finding(item);

    await check();

    const lines = mails[0]?.Message.split("\n") ?? [];
    expect(lines).to.have.length(16);
    expect(lines[4]).to.equal(`Why:      a  Instance: i-1 ${"x".repeat(1_983)}`);
  });

  it("is kept to 2,000 characters in the log, an error to 1,000, without control characters", async () => {
    const { check, records } = finding(item, { describeInstanceStatus: failing(new Error(nasty)) });

    await check();

    expect(records[0]?.reason).to.equal(`a  Instance: i-1 ${"x".repeat(1_983)}`);
    expect(records[0]?.instanceStatus).to.equal(
      `unknown: Error: a  Instance: i-1 ${"x".repeat(976)}`,
    );
  });
});

describe("the end of an incident", () => {
  it("notifies and closes a recovered incident", async () => {
    const { check, calls, updates, mails, lines, records } = finding(resolved);

    expect(await check()).to.deep.equal([]);
    expect(calls).to.deep.equal([
      "describeInstanceStatus",
      "updateItem",
      "updateItem",
      "getItem",
      "publish",
      "updateItem",
    ]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "Recovered: EC2 instance i-0123456789abcdef0",
    ]);
    expect(mails[0]?.Message?.split("\n")).to.include.members([
      "What:     The problem is over. This is the last e-mail of this incident.",
      "Next:     No further action. The next alert starts a new incident.",
      "To do:    Nothing.",
      "Why:      both status checks were ok twice, requests succeed, and the alert resolved 4m00s after the reboot",
      "Recent:   1 reboot claimed in 7 days",
      "Incident: alert-dcb8bb778c60d551",
    ]);
    expect(updates[2]).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
      ConditionExpression: "attribute_exists(id)",
      UpdateExpression:
        "SET emails = :emails, closedAt = :closedAt, outcome = :outcome REMOVE event",
      ExpressionAttributeValues: {
        ":emails": {
          L: [
            storedMail(
              nowMs,
              "Recovered: EC2 instance i-0123456789abcdef0",
              mails[0]?.Message ?? "",
            ),
          ],
        },
        ":closedAt": number(nowMs),
        ":outcome": { S: "recovered" },
      },
    });
    expect(lines).to.deep.equal([]);
    expect([records[0]?.outcome, records[0]?.incidentUpdate]).to.deep.equal([
      "recovered",
      "updated",
    ]);
  });

  for (const [what, item, subject, why, outcome, metrics] of [
    [
      "that began manually and whose instance is up",
      manual,
      "Up after the manual reboot: EC2 instance i-0123456789abcdef0",
      "both status checks were ok twice",
      "instance up",
      [],
    ],
    [
      "that did not recover",
      givenUp,
      "NOT recovered after the reboot: EC2 instance i-0123456789abcdef0",
      "after 8 checks the instance was not up twice in a row, and the alert has not resolved",
      "not recovered",
      ["NotRecovered"],
    ],
    [
      "that resolved without a successful request",
      resolvedWithoutSuccess,
      "Unconfirmed: no successful request since the reboot of EC2 instance i-0123456789abcdef0",
      "both status checks were ok twice and the alert resolved 4m00s after the reboot, but Sumo Logic reported no responses of the API",
      "recovery unconfirmed",
      ["RecoveryUnconfirmed"],
    ],
    [
      "that was never confirmed",
      unconfirmed,
      "Reboot claimed but never confirmed: EC2 instance i-0123456789abcdef0",
      "the function ended, or could not write, before it recorded EC2's response",
      "unconfirmed",
      ["NotRecovered"],
    ],
    [
      "that failed and was not reported",
      { ...unconfirmed, failure: { S: "no access" } },
      "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
      "no access",
      "failed",
      [],
    ],
  ] as [string, Item, string, string, string, string[]][]) {
    it(`${what} is reported once and closed, and nothing is queued`, async () => {
      const { check, updates, messages, reboots, mails, lines, records } = finding(item);

      expect(await check()).to.deep.equal([]);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
      expect(mails[0]?.Message.split("\n")[4]).to.equal(`Why:      ${why}`);
      expect(updates[2]?.ExpressionAttributeValues).to.deep.equal({
        ":emails": { L: [storedMail(nowMs, subject, mails[0]?.Message ?? "")] },
        ":closedAt": number(nowMs),
        ":outcome": { S: outcome },
      });
      expect(metricsOf(lines)).to.deep.equal(metrics);
      expect([messages, reboots]).to.deep.equal([[], []]);
      expect(records[0]?.outcome).to.equal(outcome);
    });
  }

  it("counts NotRecovered in the embedded metric format", async () => {
    const { check, lines } = finding(givenUp);

    await check();

    expect(lines).to.deep.equal([
      '{"_aws":{"Timestamp":1795000780000,"CloudWatchMetrics":[{"Namespace":"RebootAutomation","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"NotRecovered","Unit":"Count"}]}]},"FunctionName":"reboot","NotRecovered":1}',
    ]);
  });

  for (const [what, item] of [
    ["recovered", resolved],
    ["did not recover", givenUp],
    ["failed", { ...unconfirmed, failure: { S: "no access" } }],
  ] as [string, Item][]) {
    it(`that ${what} and is closed is not reported again`, async () => {
      const { check, calls, lines, records } = finding({ ...item, closedAt: number(nowMs) });

      expect(await check()).to.deep.equal([]);
      expect(calls).to.deep.equal(["describeInstanceStatus", "updateItem"]);
      expect(lines).to.deep.equal([]);
      expect([records[0]?.outcome, records[0]?.reason]).to.deep.equal([
        "already closed",
        "the result was already reported",
      ]);
    });
  }

  it("that was reported but not closed does not return the message", async () => {
    const throttled = failing(awsError("ThrottlingException", 400));
    let calls = 0;
    const { check, mails, records } = finding(resolved, {
      updateItem: (input, limitMs) =>
        ++calls <= 2 ? leaving(resolved)(input, limitMs) : throttled(),
    });

    expect(await check()).to.deep.equal([]);
    expect(mails).to.have.length(1);
    expect([records[0]?.outcome, records[0]?.incidentUpdate]).to.deep.equal([
      "recovered",
      "failed: ThrottlingException: ThrottlingException happened",
    ]);
  });

  it("is reported by one check only, which has a lease of ten seconds", async () => {
    const { check, updates } = finding(resolved);

    await check();

    expect(updates[1]).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
      ConditionExpression: "attribute_not_exists(turnUntil) OR turnUntil <= :now",
      UpdateExpression: "SET turnUntil = :until, event = :event",
      ExpressionAttributeValues: {
        ":now": number(nowMs),
        ":until": number(nowMs + 10_000),
        ":event": updates[1]?.ExpressionAttributeValues?.[":event"],
      },
    });
  });

  it("is not reported, counted or closed while another check has the lease", async () => {
    let calls = 0;
    const { check, mails, updates, lines, records } = finding(givenUp, {
      updateItem: (input, limitMs) =>
        ++calls === 1
          ? leaving(givenUp)(input, limitMs)
          : failing(awsError("ConditionalCheckFailedException", 400))(),
    });

    expect(await check()).to.deep.equal(["message-1"]);
    expect([mails, lines]).to.deep.equal([[], []]);
    expect(updates).to.have.length(2);
    expect(records[0]?.reason).to.equal(
      "LeaseHeld: another check is reporting the end of this incident",
    );
  });

  it("is reported although the recent reboots are unknown", async () => {
    const { check, mails } = finding(resolved, { getItem: failing(awsError("TimeoutError")) });

    expect(await check()).to.deep.equal([]);
    expect(mails[0]?.Message).to.include("\nRecent:   unknown: the table did not respond\n");
  });
});

describe("a message of the queue", () => {
  for (const [what, item, behaviour, reason] of [
    [
      "the incident is unknown",
      open,
      { updateItem: failing(awsError("ConditionalCheckFailedException", 400)) },
      "UnknownIncident: no incident has this id and the nonce of its claim",
    ],
    [
      "a count is no number",
      open,
      { updateItem: failing(awsError("ValidationException", 400)) },
      "ValidationException: ValidationException happened",
    ],
    [
      "DynamoDB is throttled",
      open,
      { updateItem: failing(awsError("ThrottlingException", 400)) },
      "ThrottlingException: ThrottlingException happened",
    ],
    [
      "the next check cannot be queued",
      open,
      { sendMessage: failing(awsError("TimeoutError")) },
      "TimeoutError: TimeoutError happened",
    ],
    [
      "the last e-mail cannot be sent",
      resolved,
      { publish: failing(awsError("Throttled", 429)) },
      "Error: the last e-mail failed: Throttled: Throttled happened",
    ],
    ["what is thrown is no error", open, { sendMessage: failing("rubbish") }, "rubbish"],
  ] as [string, Item, Partial<Clients>, string][]) {
    it(`is returned, logged and reboots nothing when ${what}`, async () => {
      const { check, reboots, records, levels } = finding(item, behaviour);

      expect(await check(queueEvent(undefined, { messageId: "m-7" }))).to.deep.equal(["m-7"]);
      expect(reboots).to.deep.equal([]);
      expect(levels).to.deep.equal(["error"]);
      expect(records).to.deep.equal([
        {
          outcome: "check failed",
          source: "queue",
          instanceId: "i-0123456789abcdef0",
          incidentId: "alert-dcb8bb778c60d551",
          reason,
          messageId: "m-7",
        },
      ]);
    });
  }

  it("whose last e-mail cannot be sent leaves the incident open, and counts NotificationFailed", async () => {
    const { check, updates, lines } = finding(givenUp, {
      publish: failing(awsError("Throttled", 429)),
    });

    await check();

    expect(JSON.stringify(updates)).not.to.include("closedAt");
    expect(metricsOf(lines)).to.deep.equal(["NotRecovered", "NotificationFailed"]);
  });

  it("is returned when no time is left for the last e-mail", async () => {
    const { check, mails } = makeHandler({
      updateItem: leaving(resolved),
      remainingMs: () => 3_000,
    });

    expect(await check()).to.deep.equal(["message-1"]);
    expect(mails).to.deep.equal([]);
  });

  for (const [what, item] of [
    ["waits", open],
    ["recovered", resolved],
    ["did not recover", givenUp],
    ["was never confirmed", unconfirmed],
    ["is closed", { ...open, closedAt: number(nowMs) }],
    ["is empty", {}],
  ] as [string, Item][]) {
    it(`never reboots nor claims for an incident that ${what}`, async () => {
      const { check, reboots, claims } = finding(item);

      await check();

      expect([reboots, claims]).to.deep.equal([[], []]);
    });
  }
});
