import type { InstanceStatus } from "@aws-sdk/client-ec2";
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

/** A handler whose look at EC2 finds this. */
function seeing(...InstanceStatuses: InstanceStatus[]) {
  return makeHandler({ describeInstanceStatus: async () => ({ $metadata: {}, InstanceStatuses }) });
}

describe("the look at the instance", () => {
  it("asks for the one instance, whatever its state", async () => {
    const { looks, post } = makeHandler();

    await post(webhook());

    expect(looks).to.deep.equal([{ InstanceIds: [instanceId], IncludeAllInstances: true }]);
  });

  for (const [what, status] of [
    ["both checks are ok", running],
    [
      "the instance's own check is impaired",
      { ...running, InstanceStatus: { Status: "impaired" } },
    ],
    ["its checks are not known yet", { ...running, SystemStatus: { Status: "initializing" } }],
  ] as const) {
    it(`lets it reboot when ${what}`, async () => {
      const { reboots, post } = seeing(status);

      expect((await post(webhook())).answer.outcome).to.equal("rebooted");
      expect(reboots).to.have.length(1);
    });
  }

  for (const [what, statuses, reason] of [
    [
      "the host is impaired, where a reboot cannot help",
      [{ ...running, SystemStatus: { Status: "impaired" } }],
      "EC2's system check is impaired: the fault is the host's, where a reboot cannot help",
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
      "EC2 answers with another one",
      [{ ...running, InstanceId: "i-01234567" }],
      "the instance is unknown to EC2",
    ],
    ["it has no state", [{ InstanceId: instanceId }], "the instance is unknown to EC2"],
  ] as [string, InstanceStatus[], string][]) {
    it(`reboots nothing and tells people when ${what}`, async () => {
      const { claims, reboots, mails, post } = seeing(...statuses);

      const { status, answer } = await post(webhook());

      expect([status, answer.outcome]).to.deep.equal([200, "failed"]);
      expect(answer.reason).to.include(reason);
      expect(reboots).to.deep.equal([]);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
        `NOT rebooted: the reboot failed for EC2 instance ${instanceId}`,
      ]);
      // The claim stays: it costs a unit of the budget.
      expect(claims).to.have.length(1);
    });
  }

  for (const error of [
    awsError("UnauthorizedOperation", 403),
    awsError("RequestLimitExceeded", 503),
  ]) {
    it(`reboots nothing and tells people when EC2 answers ${error.name}`, async () => {
      const { reboots, mails, post } = makeHandler({ describeInstanceStatus: failing(error) });

      const { answer } = await post(webhook());

      expect(answer.outcome).to.equal("failed");
      expect(answer.reason).to.include(`the instance's state cannot be seen: ${error.name}`);
      expect(reboots).to.deep.equal([]);
      expect(mails).to.have.length(1);
    });
  }

  it("is not taken when a limit holds the reboot back", async () => {
    const { looks, post } = makeHandler({
      transactWrite: failing(cancelled({ t0: number(nowMs) })),
    });

    await post(webhook());

    expect(looks).to.deep.equal([]);
  });

  it("is not needed for a dry run, which EC2 judges itself", async () => {
    const { looks, byHand } = makeHandler({
      rebootInstances: failing(awsError("DryRunOperation", 412)),
    });

    await byHand({ dryRun: true });

    expect(looks).to.deep.equal([]);
  });
});
