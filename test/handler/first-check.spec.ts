import { expect } from "chai";
import {
  alert,
  awsError,
  cancelled,
  errorOf,
  failing,
  instanceId,
  makeHandler,
  nowMs,
  number,
  running,
  webhook,
} from "./support.ts";

const afterTheReboot = ["updateItem", "publish"];

describe("the clients of the status call and the first check", () => {
  it("are loaded before either is called, since loading would use up their time", async () => {
    const order: string[] = [];
    const { post } = makeHandler({
      loadForReboot: async () => {
        await Promise.resolve();
        order.push("loaded");
      },
      describeInstanceStatus: async () => {
        order.push("status");
        return { $metadata: {}, InstanceStatuses: [running] };
      },
      sendMessage: async () => {
        order.push("check");
      },
    });

    await post(webhook());

    expect(order).to.deep.equal(["loaded", "status", "check"]);
  });

  it("that cannot be loaded mean no reboot, and people are notified", async () => {
    const { post, reboots, mails } = makeHandler({
      loadForReboot: failing(awsError("SdkNotLoaded")),
    });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["failed", true]);
    expect(response.reason).to.include("SdkNotLoaded");
    expect(reboots).to.deep.equal([]);
    expect(mails).to.have.length(1);
  });
});

describe("the first check of a reboot", () => {
  it("is queued after the claim, concurrently with the status call, and before the reboot", async () => {
    const { calls, post } = makeHandler();

    await post(webhook());

    expect(calls).to.deep.equal([
      "transactWrite",
      "describeInstanceStatus",
      "sendMessage",
      "getItem",
      "rebootInstances",
      ...afterTheReboot,
    ]);
  });

  it("is accepted by SQS before EC2 is asked to reboot", async () => {
    const order: string[] = [];
    const { post } = makeHandler({
      sendMessage: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push("queued");
      },
      rebootInstances: async () => {
        order.push("rebooted");
      },
    });

    await post(webhook());

    expect(order).to.deep.equal(["queued", "rebooted"]);
  });

  for (const [what, event, id] of [
    ["an alert", webhook(), "alert-dcb8bb778c60d551"],
    ["a manual invocation", {}, "manual-request-1"],
  ] as const) {
    it(`of ${what} has the incident's id and its claim's nonce, delayed by the minutes between two checks`, async () => {
      const { claims, messages, handle } = makeHandler();

      await handle(event);

      const nonce = claims[0]?.TransactItems?.[1]?.Put?.Item?.nonce?.S;
      expect(nonce).to.match(/^[0-9a-f-]{36}$/);
      expect(messages).to.deep.equal([
        {
          QueueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
          MessageBody: `{"incidentId":"${id}","nonce":"${nonce}","instanceId":"i-0123456789abcdef0"}`,
          DelaySeconds: 180,
        },
      ]);
    });
  }

  it("that cannot be queued means no reboot, and an e-mail that says so", async () => {
    const { post, reboots, mails } = makeHandler({
      sendMessage: failing(awsError("QueueDoesNotExist", 400)),
    });

    const { status, response } = await post(webhook());

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "failed", true]);
    expect(reboots).to.deep.equal([]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
    ]);
    expect(mails[0]?.Message).to.include(
      "Why:      the check cannot be queued, so the result would not be reported: QueueDoesNotExist: QueueDoesNotExist happened (6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC)",
    );
  });

  it("that cannot be queued is an error for a manual invocation", async () => {
    const { invoke, reboots } = makeHandler({ sendMessage: failing(awsError("TimeoutError")) });

    const error = await errorOf(invoke({}));

    expect([error.name, error.message]).to.deep.equal([
      "RebootFailed",
      "i-0123456789abcdef0: the check cannot be queued, so the result would not be reported: TimeoutError: TimeoutError happened (manual invocation)",
    ]);
    expect(reboots).to.deep.equal([]);
  });

  it("that cannot be queued is not blamed where the instance cannot be helped either", async () => {
    const impaired = { ...running, SystemStatus: { Status: "impaired" } as const };
    const { post } = makeHandler({
      describeInstanceStatus: async () => ({ $metadata: {}, InstanceStatuses: [impaired] }),
      sendMessage: failing(awsError("TimeoutError")),
    });

    const { response } = await post(webhook());

    expect(response.reason).to.match(/^EC2 system status check failed/);
  });

  for (const [what, event] of [
    ["another trigger type", alert({ triggerType: "Warning" })],
    ["an alert that resolves", alert({ triggerType: "ResolvedCritical" })],
    ["a stale alert", alert({ windowEndMs: "1794999000000" })],
    ["a test message", alert({ triggerType: "{{TriggerType}}" })],
    ["a manual dry run", { dryRun: true }],
  ] as const) {
    it(`is not queued, and no status is read, for ${what}`, async () => {
      const { statusCalls, messages, handle } = makeHandler({
        rebootInstances: failing(awsError("DryRunOperation", 412)),
      });

      await handle(event);

      expect([statusCalls, messages]).to.deep.equal([[], []]);
    });
  }

  for (const [what, error] of [
    ["the cool-down holds", cancelled({ t0: number(nowMs - 60_000) })],
    ["the incident was claimed", cancelled(undefined, { nonce: { S: "other" } })],
    ["the mode is off", cancelled({ mode: { S: "off" } })],
    ["the mode is dryrun", cancelled({ mode: { S: "dryrun" } })],
    ["nobody knows whether it was claimed", awsError("AbortError")],
  ] as const) {
    it(`is not queued, and no status is read, when ${what}`, async () => {
      const { statusCalls, messages, post } = makeHandler({
        transactWrite: failing(error),
        rebootInstances: failing(awsError("DryRunOperation", 412)),
      });

      await post(webhook());

      expect([statusCalls, messages]).to.deep.equal([[], []]);
    });
  }

  it("gets three seconds, like the status call", async () => {
    const limits: number[] = [];
    const { post } = makeHandler({
      sendMessage: async (_input, limitMs) => {
        limits.push(limitMs);
      },
      describeInstanceStatus: async (_input, limitMs) => {
        limits.push(limitMs);
        return { $metadata: {}, InstanceStatuses: [{ ...running, InstanceId: instanceId }] };
      },
    });

    await post(webhook());

    expect(limits).to.deep.equal([3_000, 3_000]);
  });
});
