import { expect } from "chai";
import { awsError, errorOf, failing, instanceId, makeHandler } from "../support.ts";

describe("a manual invocation", () => {
  for (const payload of [
    undefined,
    {},
    { reason: "slow" },
    { force: true },
    { dryRun: false },
    { reason: "x".repeat(200) },
  ]) {
    it(`with ${JSON.stringify(payload)?.slice(0, 40)} reboots the instance and notifies people`, async () => {
      const { invoke, reboots, mails } = makeHandler();

      const { outcome, notified, incidentId } = await invoke(payload);

      expect([outcome, notified, incidentId]).to.deep.equal(["rebooted", true, "manual-request-1"]);
      expect(reboots).to.deep.equal([{ InstanceIds: [instanceId], DryRun: false }]);
      expect(mails).to.have.length(1);
    });
  }

  it("with dryRun responds that EC2 permits it, and notifies nobody", async () => {
    const rebootInstances = failing(awsError("DryRunOperation", 412));
    const { invoke, reboots, mails } = makeHandler({ rebootInstances });

    const { outcome, notified, reason } = await invoke({ dryRun: true });

    expect([outcome, notified, reason]).to.deep.equal([
      "dry-run",
      false,
      "EC2 would permit the reboot",
    ]);
    expect(reboots).to.deep.equal([{ InstanceIds: [instanceId], DryRun: true }]);
    expect(mails).to.deep.equal([]);
  });

  for (const name of ["UnauthorizedOperation", "TimeoutError", "InternalError"]) {
    it(`with dryRun throws when EC2 responds ${name}`, async () => {
      const status = name === "UnauthorizedOperation" ? 403 : undefined;
      const rebootInstances = failing(awsError(name, status));

      const error = await errorOf(makeHandler({ rebootInstances }).invoke({ dryRun: true }));

      expect(error.name).to.equal("RebootFailed");
      expect(error.message).to.include(name);
    });
  }

  it("without dryRun treats DryRunOperation as a failure", async () => {
    const rebootInstances = failing(awsError("DryRunOperation", 412));

    expect((await errorOf(makeHandler({ rebootInstances }).invoke({}))).name).to.equal(
      "RebootFailed",
    );
  });

  for (const [what, payload, named] of [
    ["a misspelt key", { dryrun: true }, '"dryrun"'],
    ["an unknown key beside known ones", { reason: "x", instanceId: "i-1" }, '"instanceId"'],
    ["dryRun as text", { dryRun: "true" }, 'dryRun must be true or false: got "true"'],
    ["dryRun as null", { dryRun: null }, "dryRun must be true or false: got null"],
    ["force as a number", { force: 1 }, "force must be true or false: got 1"],
    ["reason as a number", { reason: 1 }, "reason must be a string"],
    [
      "a reason of 201 characters",
      { reason: "x".repeat(201) },
      "reason must be a string of at most 200",
    ],
    ["a list", [], "the payload must be an object: got a list"],
    ["null", null, "the payload must be an object: got null"],
    ["a string", "reboot", "the payload must be an object"],
    ["a number", 1, "the payload must be an object"],
    ["true", true, "the payload must be an object"],
    ["a prototype key", JSON.parse('{"__proto__":{"dryRun":true}}'), '"__proto__"'],
    ["Records that are no list", { Records: { 0: {}, length: 1 } }, '"Records"'],
    [
      "an event of EventBridge",
      { version: "0", "detail-type": "Scheduled Event", detail: {} },
      '"version"',
    ],
    ["an event of CloudWatch Logs", { awslogs: { data: "" } }, '"awslogs"'],
    ["an event of CloudFormation", { RequestType: "Delete" }, '"RequestType"'],
    [
      "an event of API Gateway",
      { httpMethod: "POST", requestContext: {}, body: "{}" },
      '"httpMethod"',
    ],
    [
      "an event of a load balancer",
      { requestContext: { elb: {} }, body: "{}" },
      '"requestContext"',
    ],
  ] as const) {
    it(`with ${what} is refused by name and does nothing`, async () => {
      const { handle, reboots, mails, records } = makeHandler();

      const error = await errorOf(handle(payload));

      expect(error.name).to.equal("RefusedCall");
      expect(error.message).to.include(named);
      expect([reboots, mails]).to.deep.equal([[], []]);
      expect(records.map(({ outcome }) => outcome)).to.deep.equal(["refused"]);
    });
  }
});
