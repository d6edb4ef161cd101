import type { EventCode, InstanceStatus } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import {
  awsError,
  cancelled,
  failing,
  instanceId,
  makeHandler,
  nowMs,
  number,
  running,
  webhook,
} from "./support.ts";

/** A handler for which EC2 reports this. */
function seeing(...InstanceStatuses: InstanceStatus[]) {
  return makeHandler({ describeInstanceStatus: async () => ({ $metadata: {}, InstanceStatuses }) });
}

/** An instance for which AWS has scheduled this. */
function scheduled(
  code: EventCode,
  notBeforeMs: number,
  description = "host degraded",
): InstanceStatus {
  const NotBefore = new Date(notBeforeMs);
  return { ...running, Events: [{ Code: code, Description: description, NotBefore }] };
}

describe("the instance status", () => {
  it("asks for the one instance, whatever its state", async () => {
    const { statusCalls, post } = makeHandler();

    await post(webhook());

    expect(statusCalls).to.deep.equal([{ InstanceIds: [instanceId], IncludeAllInstances: true }]);
  });

  for (const [what, status] of [
    ["both checks are ok", running],
    [
      "the instance's own check is impaired",
      { ...running, InstanceStatus: { Status: "impaired" } },
    ],
    ["its attached EBS volumes are ok", { ...running, AttachedEbsStatus: { Status: "ok" } }],
    [
      "it has no check of EBS volumes",
      { ...running, AttachedEbsStatus: { Status: "not-applicable" } },
    ],
    ["its checks are not known yet", { ...running, SystemStatus: { Status: "initializing" } }],
  ] as const) {
    it(`lets it reboot when ${what}`, async () => {
      const { reboots, post } = seeing(status);

      expect((await post(webhook())).response.outcome).to.equal("rebooted");
      expect(reboots).to.have.length(1);
    });
  }

  for (const [what, statuses, reason] of [
    [
      "the host is impaired, where a reboot cannot help",
      [{ ...running, SystemStatus: { Status: "impaired" } }],
      "EC2 system status check failed (AWS host problem). A reboot will not help: stop and start the instance",
    ],
    [
      "it cannot reach an EBS volume",
      [{ ...running, AttachedEbsStatus: { Status: "impaired" } }],
      "EC2 attached EBS status check failed: the instance cannot reach one of its volumes. A reboot will not help: stop and start the instance, or replace the volume",
    ],
    [
      "AWS should have retired it by now",
      [scheduled("instance-retirement", nowMs)],
      "instance-retirement was due at 2026-11-18T11:19:40.000Z: the host is failing. A reboot will not help: stop and start the instance",
    ],
    [
      "AWS should have stopped it by now",
      [scheduled("instance-stop", nowMs - 1)],
      "instance-stop was due at 2026-11-18T11:19:39.999Z: the host is failing. A reboot will not help: stop and start the instance",
    ],
    [
      "it is stopped",
      [{ ...running, InstanceState: { Name: "stopped" } }],
      "the instance is stopped",
    ],
    [
      "it shuts down",
      [{ ...running, InstanceState: { Name: "shutting-down" } }],
      "the instance is shutting-down",
    ],
    ["EC2 does not know it", [], "the instance is unknown to EC2"],
    [
      "EC2 responds with another one",
      [{ ...running, InstanceId: "i-01234567" }],
      "the instance is unknown to EC2",
    ],
    ["it has no state", [{ InstanceId: instanceId }], "the instance is unknown to EC2"],
  ] as [string, InstanceStatus[], string][]) {
    it(`reboots nothing and notifies people when ${what}`, async () => {
      const { claims, reboots, mails, post } = seeing(...statuses);

      const { status, response } = await post(webhook());

      expect([status, response.outcome]).to.deep.equal([200, "failed"]);
      expect(response.reason).to.include(reason);
      expect(reboots).to.deep.equal([]);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
        `NOT rebooted: the reboot failed for EC2 instance ${instanceId}`,
      ]);
      // The claim stays: it counts toward the daily limit.
      expect(claims).to.have.length(1);
    });
  }

  for (const [code, notice] of [
    [
      "instance-retirement",
      "AWS has scheduled an instance-retirement: stop and start the instance before 2026-11-18T11:19:40.001Z",
    ],
    [
      "instance-stop",
      "AWS has scheduled an instance-stop: stop and start the instance before 2026-11-18T11:19:40.001Z",
    ],
    [
      "system-reboot",
      "AWS has scheduled a system-reboot for 2026-11-18T11:19:40.001Z: EC2 may move the instance to new hardware",
    ],
  ] as const) {
    it(`reboots before a scheduled ${code}, and says what to do about it`, async () => {
      const { reboots, mails, records, post } = seeing(scheduled(code, nowMs + 1));

      const { response } = await post(webhook());

      expect([response.outcome, reboots.length]).to.deep.equal(["rebooted", 1]);
      expect(response.reason).to.equal(
        `6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC. ${notice}`,
      );
      expect(mails[0]?.Message).to.include(notice);
      expect(records[0]?.reason).to.include(notice);
    });
  }

  it("reboots although a system-reboot was due, which happens by itself", async () => {
    const { post } = seeing(scheduled("system-reboot", nowMs - 1));

    expect((await post(webhook())).response.outcome).to.equal("rebooted");
  });

  for (const [what, status] of [
    ["was completed", scheduled("instance-retirement", nowMs - 1, "[Completed] host degraded")],
    ["was canceled", scheduled("instance-stop", nowMs - 1, "[Canceled] host degraded")],
    ["is only maintenance", scheduled("system-maintenance", nowMs - 1)],
  ] as const) {
    it(`does not count a scheduled event that ${what}`, async () => {
      const { post } = seeing(status);

      expect((await post(webhook())).response.reason).to.equal(
        "6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC",
      );
    });
  }

  for (const error of [
    awsError("UnauthorizedOperation", 403),
    awsError("RequestLimitExceeded", 503),
  ]) {
    it(`reboots nothing and notifies people when EC2 responds ${error.name}`, async () => {
      const { reboots, mails, post } = makeHandler({ describeInstanceStatus: failing(error) });

      const { response } = await post(webhook());

      expect(response.outcome).to.equal("failed");
      expect(response.reason).to.include(`the instance status is unknown: ${error.name}`);
      expect(reboots).to.deep.equal([]);
      expect(mails).to.have.length(1);
    });
  }

  it("is not read if a limit suppresses the reboot", async () => {
    const { statusCalls, post } = makeHandler({
      transactWrite: failing(cancelled({ t0: number(nowMs) })),
    });

    await post(webhook());

    expect(statusCalls).to.deep.equal([]);
  });

  it("is not needed for a dry run, which EC2 decides", async () => {
    const { statusCalls, invoke } = makeHandler({
      rebootInstances: failing(awsError("DryRunOperation", 412)),
    });

    await invoke({ dryRun: true });

    expect(statusCalls).to.deep.equal([]);
  });
});
