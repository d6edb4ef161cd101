import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { alert, awsError, failing, makeHandler, nowMs, number, webhook } from "../support.ts";

const denied = failing(awsError("UnauthorizedOperation", 403));
const storedValue = (write: UpdateItemCommandInput | undefined, name: string) =>
  write?.ExpressionAttributeValues?.[name];
const failure = { S: "UnauthorizedOperation: UnauthorizedOperation happened" };

describe("the update of the incident", () => {
  it("says when the reboot was requested, on condition of the claim's nonce", async () => {
    const { claims, updates, post } = makeHandler();

    await post(webhook());

    const nonce = claims[0]?.TransactItems?.[1]?.Put?.Item?.nonce;
    expect(nonce?.S).to.have.length(36);
    expect(updates).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
        ConditionExpression: "nonce = :nonce",
        UpdateExpression:
          "SET rebootRequestedAt = :rebootRequestedAt, emails = :emails, event = :event",
        ExpressionAttributeValues: {
          ":rebootRequestedAt": number(nowMs),
          ":nonce": nonce,
          ":emails": storedValue(updates[0], ":emails"),
          ":event": storedValue(updates[0], ":event"),
        },
      },
    ]);
  });

  it("of a reboot precedes the e-mail, so that a crash in between is reported", async () => {
    const { calls, post } = makeHandler();

    await post(webhook());

    expect(calls.slice(-3)).to.deep.equal(["rebootInstances", "updateItem", "publish"]);
  });

  it("says that a reboot was requested although EC2's response was lost", async () => {
    const { updates, post } = makeHandler({ rebootInstances: failing(awsError("TimeoutError")) });

    await post(webhook());

    expect(updates.map(({ UpdateExpression }) => UpdateExpression)).to.deep.equal([
      "SET rebootRequestedAt = :rebootRequestedAt, emails = :emails, event = :event",
    ]);
  });

  it("says why a claimed reboot failed, and closes the incident once people were notified", async () => {
    const { claims, updates, calls, post } = makeHandler({ rebootInstances: denied });

    await post(webhook());

    expect(updates).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
        ConditionExpression: "nonce = :nonce",
        UpdateExpression:
          "SET failure = :failure, emails = :emails, closedAt = :closedAt, outcome = :outcome, event = :event",
        ExpressionAttributeValues: {
          ":failure": failure,
          ":closedAt": number(nowMs),
          ":outcome": { S: "failed" },
          ":nonce": claims[0]?.TransactItems?.[1]?.Put?.Item?.nonce,
          ":emails": storedValue(updates[0], ":emails"),
          ":event": storedValue(updates[0], ":event"),
        },
      },
    ]);
    expect(calls.slice(-2)).to.deep.equal(["publish", "updateItem"]);
  });

  it("leaves the incident of a failed reboot open when people were not notified", async () => {
    const { claims, updates, post } = makeHandler({
      rebootInstances: denied,
      publish: failing(awsError("Throttled", 429)),
    });

    await post(webhook());

    expect(updates).to.have.length(1);
    expect(updates[0]?.UpdateExpression).to.equal(
      "SET failure = :failure, emails = :emails, emailFailure = :emailFailure, event = :event",
    );
    expect(updates[0]?.ExpressionAttributeValues).to.deep.equal({
      ":failure": failure,
      ":nonce": claims[0]?.TransactItems?.[1]?.Put?.Item?.nonce,
      ":emails": { L: [] },
      ":emailFailure": {
        S: "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0: failed: Throttled: Throttled happened",
      },
      ":event": storedValue(updates[0], ":event"),
    });
  });

  it("is written for a claim whose response was lost, in case it succeeded", async () => {
    const { updates, post } = makeHandler({ transactWrite: failing(awsError("AbortError")) });

    await post(webhook());

    expect(updates[0]?.ConditionExpression).to.equal("nonce = :nonce");
    expect(updates[0]?.ExpressionAttributeValues?.[":failure"]).to.deep.equal({
      S: "the reboot could not be claimed: AbortError: AbortError happened",
    });
  });

  it("keeps an error of any length to 1,000 characters", async () => {
    const error = new Error("x".repeat(60_000));
    const { updates, post } = makeHandler({ describeInstanceStatus: failing(error) });

    await post(webhook());

    expect(updates[0]?.ExpressionAttributeValues?.[":failure"]?.S).to.equal(
      `the instance status is unknown: Error: ${"x".repeat(993)}`,
    );
  });

  it("says when the alert was reported as resolved, for every claim of the incident", async () => {
    const { updates, post } = makeHandler();

    await post(alert({ triggerType: "ResolvedCritical", windowEndMs: "1795000720000" }));

    expect(updates.slice(0, 1)).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
        ConditionExpression:
          "(rebootRequestedAt < :windowEnd OR attribute_exists(quietUntil) OR attribute_exists(waitsSince)) AND (rebootRequestedAt < :windowEnd OR windowEndMs < :windowEnd) AND attribute_not_exists(resolvedAt)",
        UpdateExpression: "SET resolvedAt = :resolvedAt REMOVE event",
        ExpressionAttributeValues: {
          ":windowEnd": { N: "1795000720000" },
          ":resolvedAt": { N: "1795000780000" },
        },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  it("accepts a latest success at the end of the window, and a time of 0 if there was none", async () => {
    for (const lastSuccessMs of ["1795000720000", "0", "0.0"]) {
      const { updates, post } = makeHandler();
      const counts = { requestCount: "30", failedCount: "2", lastSuccessMs };

      await post(
        alert({ triggerType: "ResolvedCritical", windowEndMs: "1795000720000", ...counts }),
      );

      expect(updates[0]?.ExpressionAttributeValues?.[":lastSuccessAt"]).to.deep.equal({
        N: lastSuccessMs === "1795000720000" ? "1795000720000" : "0",
      });
    }
  });

  it("says what the resolving window had of the API's responses", async () => {
    const { updates, post } = makeHandler();

    await post(
      alert({
        triggerType: "ResolvedCritical",
        windowEndMs: "1795000720000",
        requestCount: "1.2e+06",
        failedCount: "2.0",
        lastSuccessMs: "1795000670000",
      }),
    );

    expect(updates[0]?.ExpressionAttributeValues).to.deep.equal({
      ":windowEnd": { N: "1795000720000" },
      ":resolvedAt": { N: "1795000780000" },
      ":requestCount": { N: "1200000" },
      ":failedCount": { N: "2" },
      ":lastSuccessAt": { N: "1795000670000" },
    });
  });

  for (const [what, fields] of [
    ["lacks one of the counts", { requestCount: "30", failedCount: "2" }],
    ["has a count that was not filled in", { failedCount: "{{ResultsJson.failed_count}}" }],
    ["has a count without a value", { failedCount: '""' }],
    ["has an empty count", { failedCount: "" }],
    ["has a list as text for a count", { failedCount: '["2","3"]' }],
    ["has a list for a count", { failedCount: [2] }],
    ["has a number for a count", { failedCount: 2 }],
    ["has a negative count", { failedCount: "-2" }],
    ["has a word for a count", { failedCount: "many" }],
    ["has null for a count", { failedCount: null }],
    ["has a rounded time", { lastSuccessMs: "1.79500e+12" }],
    ["has a time in seconds", { lastSuccessMs: "1795000670" }],
    ["has a time after the window", { lastSuccessMs: "1795000720001" }],
    ["names no instance", { instanceId: "[]" }],
  ] as const) {
    it(`says nothing of responses when the resolution ${what}`, async () => {
      const { updates, post } = makeHandler();
      const complete =
        "requestCount" in fields
          ? fields
          : { requestCount: "30", failedCount: "2", lastSuccessMs: "1795000670000", ...fields };

      await post(
        alert({ triggerType: "ResolvedCritical", windowEndMs: "1795000720000", ...complete }),
      );

      expect(updates[0]?.UpdateExpression).to.equal("SET resolvedAt = :resolvedAt REMOVE event");
    });
  }

  for (const [what, event] of [
    ["a manual dry run", { dryRun: true }],
    ["another trigger type", alert({ triggerType: "Warning" })],
    ["a stale alert", alert({ windowEndMs: "1794999000000" })],
    [
      "a stale resolution",
      alert({ triggerType: "ResolvedCritical", windowEndMs: "1794999000000" }),
    ],
    ["a test message", alert({ triggerType: "{{TriggerType}}" })],
  ] as const) {
    it(`is not written for ${what}`, async () => {
      const { updates, records, handle } = makeHandler({
        rebootInstances: failing(awsError("DryRunOperation", 412)),
      });

      await handle(event);

      expect(updates).to.deep.equal([]);
      expect(records[0]?.incidentUpdate).to.equal("not needed");
    });
  }

  it("is not written for a failed dry run, which claimed nothing", async () => {
    const { updates, invoke } = makeHandler({ rebootInstances: denied });

    await invoke({ dryRun: true }).catch(() => {});

    expect(updates).to.deep.equal([]);
  });

  it("is not needed if the incident was never claimed", async () => {
    const { records, post } = makeHandler({
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    await post(alert({ triggerType: "ResolvedCritical" }));

    expect(records[0]?.incidentUpdate).to.equal("no incident");
  });

  it("fails silently for the caller, and the failure is in the log", async () => {
    const { records, mails, post } = makeHandler({
      updateItem: failing(awsError("ThrottlingException", 400)),
    });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["rebooted", true]);
    expect(mails).to.have.length(1);
    expect(records[0]?.incidentUpdate).to.equal(
      "failed: ThrottlingException: ThrottlingException happened",
    );
  });
});
