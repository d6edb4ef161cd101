import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import { awsError, errorOf, failing, instanceId, makeHandler, webhook } from "./support.ts";

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe("the reboot", () => {
  for (const [what, error] of [
    ["UnauthorizedOperation (403)", awsError("UnauthorizedOperation", 403)],
    ["InvalidInstanceID.NotFound (400)", awsError("InvalidInstanceID.NotFound", 400)],
    ["RequestLimitExceeded (503)", awsError("RequestLimitExceeded", 503)],
    ["no address of EC2", withCode("ENOTFOUND")],
    ["no address of EC2 now", withCode("EAI_AGAIN")],
    ["a refused connection", withCode("ECONNREFUSED")],
    ["no credentials", awsError("CredentialsProviderError")],
    ["no AWS SDK", awsError("SdkNotLoaded")],
  ] as const) {
    it(`has failed after ${what}, which is reported, logged and a response with 200`, async () => {
      const { post, reboots, mails, levels } = makeHandler({ rebootInstances: failing(error) });

      const { status, response } = await post(webhook());

      expect([status, response.outcome, response.notified]).to.deep.equal([200, "failed", true]);
      expect(response.reason).to.include(error.message);
      expect(reboots).to.have.length(1);
      expect(mails[0]?.Subject).to.equal(
        "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
      );
      expect(levels).to.deep.equal(["error"]);
    });
  }

  for (const [what, error] of [
    ["a time-out", awsError("TimeoutError")],
    ["an abort", awsError("AbortError")],
    ["a reset connection", withCode("ECONNRESET")],
    ["InternalError (500)", awsError("InternalError", 500)],
    ["Unavailable (503)", awsError("Unavailable", 503)],
    ["something that is no error", "text"],
    ["nothing", undefined],
  ] as const) {
    it(`counts as done after ${what}, is not repeated, and the doubt is reported`, async () => {
      const { post, reboots, mails } = makeHandler({ rebootInstances: failing(error) });

      const { response } = await post(webhook());

      expect(response.outcome).to.equal("rebooted");
      expect(response.reason).to.match(/^EC2's response was lost, so it counts as rebooted: /);
      expect(reboots).to.have.length(1);
      expect(mails[0]?.Message).to.include("EC2's response was lost");
    });
  }

  it("that IAM denies is reported with action, resource and policy, without the encoded part", async () => {
    const denial =
      "You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/reboot-automation-dev-reboot-role/Pacerpro-Reboot-Automation is not authorized to perform: ec2:RebootInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0 with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-abcdefghij/service_control_policy/p-abcdefgh.";
    const error = awsError("UnauthorizedOperation", 403);
    error.message = `${denial} Encoded authorization failure message: ${"aB3_-".repeat(300)}`;
    const { post, mails, records } = makeHandler({ rebootInstances: failing(error) });

    const { response } = await post(webhook());

    expect(response.reason).to.equal(
      `UnauthorizedOperation: ${denial} The encoded failure message is in CloudTrail's event of this call; decode it with \`aws sts decode-authorization-message --encoded-message TEXT\` (6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC)`,
    );
    expect(mails[0]?.Message).to.include(response.reason);
    expect(records[0]?.reason).to.equal(response.reason);
  });

  it("keeps 1,000 characters of an error", async () => {
    const error = Object.assign(new Error("x".repeat(60_000)), {
      $metadata: { httpStatusCode: 400 },
    });
    const { post } = makeHandler({ rebootInstances: failing(error) });

    const { response } = await post(webhook());

    expect(response.reason).to.equal(
      `Error: ${"x".repeat(993)} (6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC)`,
    );
  });

  it("that failed is an error for a manual invocation, after people were notified", async () => {
    const rebootInstances = failing(awsError("UnauthorizedOperation", 403));
    const { invoke, mails } = makeHandler({ rebootInstances });

    const error = await errorOf(invoke({}));

    expect([error.name, error.message]).to.deep.equal([
      "RebootFailed",
      "i-0123456789abcdef0: UnauthorizedOperation: UnauthorizedOperation happened (manual invocation)",
    ]);
    expect(mails).to.have.length(1);
  });

  it("is not tried when too little time is left for it and the message", async () => {
    const { post, calls } = makeHandler({ remainingMs: () => 18_999 });

    const { response } = await post(webhook());

    expect(response.outcome).to.equal("failed");
    expect(response.reason).to.include("only 18999 ms are left");
    expect(calls).to.deep.equal(["getItem", "publish"]);
  });

  it("is tried when just enough time is left", async () => {
    const { post } = makeHandler({ remainingMs: () => 19_000 });

    expect((await post(webhook())).response.outcome).to.equal("rebooted");
  });

  it("counts as done after a dry run that EC2 did not honour", async () => {
    const { invoke, reboots, mails } = makeHandler();

    expect((await invoke({ dryRun: true })).outcome).to.equal("rebooted");
    expect(reboots).to.deep.equal([{ InstanceIds: [instanceId], DryRun: true }]);
    expect(mails).to.have.length(1);
  });
});

describe("the notification", () => {
  it("that fails neither hides nor repeats the reboot", async () => {
    const { post, reboots, records } = makeHandler({
      publish: failing(awsError("Throttled", 429)),
    });

    const { status, response } = await post(webhook());

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "rebooted", false]);
    expect(reboots).to.have.length(1);
    expect(records[0]?.notification).to.equal("failed: Throttled: Throttled happened");
  });

  it("is not tried when no time is left", async () => {
    const left = [20_000, 2_400];
    const { post, mails } = makeHandler({ remainingMs: () => left.shift() ?? 0 });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["rebooted", false]);
    expect(mails).to.deep.equal([]);
  });

  it("gets no more time than is left once the recent reboots are read", async () => {
    let remainingMs = 20_000;
    const limits: number[] = [];
    const publish: Clients["publish"] = async (_input, limitMs) => {
      limits.push(limitMs);
    };
    const { post } = makeHandler({
      publish,
      getItem: async () => {
        remainingMs = 3_500;
        return { $metadata: {} };
      },
      remainingMs: () => remainingMs,
    });

    await post(webhook());

    expect(limits).to.deep.equal([1_000]);
  });
});
