import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { setMode } from "../../operate/mode/mode.ts";
import type { FaultKind } from "../../sandbox/aws/faults.ts";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import type { TargetState } from "../../sandbox/aws/services/target-groups.ts";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { runInstances } from "../../sandbox/scenario/existing-instances.ts";
import {
  alertBody,
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
  waived,
  writeConfig,
} from "../../sandbox/test-environment.ts";
import { waitFor } from "../../sandbox/wait.ts";

const targetGroupArn =
  "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";

describe("a stack for a group of instances behind a load balancer", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let stack: StackOutputs;
  let client: StackClient;
  let mailbox: Mailbox;
  let [first, second, third, fourth] = ["", "", "", ""];
  before(async () => {
    environment = await startTestEnvironment();
    [first = "", second = "", third = "", fourth = ""] = await runInstances(environment.aws, 4);
    setTargets("healthy");
    const grantsFile = { file: written(), optional: join(root, "grants.options.lock.json") };
    const external = [first, second, third, fourth].map(arnOf);
    engine = await environment.createEngine({
      policyPackConfig: writeConfig(environment, {
        ...waived,
        "foreign-arn": { external },
        "grants-file": grantsFile,
      }),
      // The pack never writes it in a pipeline, where this test may run.
      environment: { WRITE_GRANTS_FILE: "1", CI: "" },
      settings: {
        instanceIds: { value: [first, second, third, fourth].join() },
        targetGroupArn: { value: targetGroupArn },
        // Three of four may be affected.
        maxAffectedPercent: { value: "75" },
      },
    });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    mailbox = await openMailbox(environment.aws, stack.topicArn);
    client = new StackClient(environment, stack);
    environment.gateway.longestDelaySeconds = 1;
  });
  after(async () => {
    mailbox.stop();
    await environment.stop();
  });
  const written = () => join(environment.folder, "grants.lock.json");
  const arnOf = (instanceId: string) => `arn:aws:ec2:us-east-1:000000000000:instance/${instanceId}`;
  afterEach(() => {
    environment.gateway.faults = undefined;
  });

  /** The health of all targets but the first, which is healthy. */
  function setTargets(state: TargetState): void {
    const others = [second, third, fourth].map((id) => ({ id, state }));
    environment.gateway.services.targetGroups.all.set(targetGroupArn, [
      { id: first, state: "healthy" },
      ...others,
    ]);
  }

  function failTargets(kind: FaultKind): void {
    environment.gateway.faults = ({ action }) =>
      action === "elasticloadbalancing:DescribeTargetHealth" ? { kind, when: "before" } : undefined;
  }

  /** An alert of the instance, which is stored to be decided. */
  async function fireAlert(instanceId: string): Promise<void> {
    const { body } = await post(instanceId, "Critical");
    expect(JSON.parse(body).outcome, body).to.equal("waiting");
  }

  /** The webhook of the instance's only alert. */
  function post(instanceId: string, triggerType: string) {
    const alertUrl = `https://service.sumologic.com/ui/#/alert/${instanceId}`;
    const body = alertBody(instanceId, environment.clock.now(), { triggerType, alertUrl });
    return client.postWebhook(environment.webhookToken, body);
  }

  /** Waits for a log record about the instance with this reason. */
  const decided = (instanceId: string, reason: string) =>
    waitFor(`a decision because ${reason}`, async () =>
      (await client.logRecords()).some(
        (it) => it.instanceId === instanceId && String(it.reason).includes(reason),
      ),
    );

  const reboots = () => client.newReboots().map(({ instanceIds }) => instanceIds.join());
  const subject = async () => (await mailbox.next()).subject;

  it("writes the instances into the grants file as docs/groups.md says", () => {
    const { "aws:iam/role:Role reboot-role": grants } = JSON.parse(readFileSync(written(), "utf8"));

    expect(grants["ec2:RebootInstances"]).to.deep.equal(
      [first, second, third, fourth].map(arnOf).sort(),
    );
    expect(grants["elasticloadbalancing:DescribeTargetHealth"]).to.deep.equal(["*"]);
  });

  it("waits while the other targets are not healthy or unknown, then reboots the instance", async () => {
    setTargets("unhealthy");

    await fireAlert(first);

    await decided(first, "0 of 3 other targets are healthy; at least 75 % must be");
    failTargets("denied");
    await decided(first, "the health of the other targets is unknown: AccessDenied");
    failTargets("5xx");
    await decided(first, "the health of the other targets is unknown: InternalFailure");
    expect(reboots()).to.deep.equal([]);
    environment.gateway.faults = undefined;
    setTargets("healthy");
    expect(await subject()).to.equal(`Rebooted EC2 instance ${first}`);
    expect(reboots()).to.deep.equal([first]);
    await post(first, "ResolvedCritical");
    expect(await subject()).to.equal(
      `Unconfirmed: no successful request since the reboot of EC2 instance ${first}`,
    );
  });

  it("is denied the reboot of an instance that is not in the list", async () => {
    expect((await client.rebootAnotherInstance()).error).to.equal("UnauthorizedOperation");
    client.newReboots();
  });

  it("stops all instances with npm run mode -- off, until it is on again", async () => {
    const { tableName } = stack;
    const db = new DynamoDBClient(environment.aws);
    const ofGroup = { db, tableName, instanceId: first, otherCount: 3 };
    const change = { nowMs: environment.clock.now(), forMs: undefined };
    await setMode(ofGroup, { ...change, mode: "off", reason: "release 7" });

    const { response } = await client.invoke({ instanceId: third, force: true });
    await setMode(ofGroup, { ...change, mode: "on", reason: "" });

    expect(response.reason).to.match(/suppressed by the kill switch: .*: release 7$/);
    expect(reboots()).to.deep.equal([]);
  });

  it("stops one instance with npm run mode -- off --instance, and reboots another", async () => {
    const { tableName } = stack;
    await setMode(
      { db: new DynamoDBClient(environment.aws), tableName, instanceId: second },
      { mode: "off", reason: "disk", nowMs: environment.clock.now(), forMs: undefined },
    );

    await fireAlert(second);
    expect(await subject()).to.equal(`NOT rebooted: suppressed for EC2 instance ${second}`);
    await fireAlert(third);
    // No check is due while the next test deploys: the emulator ends functions that it updates.
    environment.gateway.longestDelaySeconds = 20;
    expect(await subject()).to.equal(`Rebooted EC2 instance ${third}`);

    expect(reboots()).to.deep.equal([third]);
  });

  it("ends the open incident of an instance that a deployment removes from the group", async () => {
    await engine.stack.setConfig("reboot-automation:instanceIds", {
      value: [first, second, fourth].join(),
    });

    await engine.up();

    expect(await subject()).to.equal(`No longer in the group: EC2 instance ${third}`);
  });

  it("reboots none once too many are affected, and sends one e-mail", async () => {
    environment.gateway.longestDelaySeconds = 1;

    await fireAlert(fourth);

    expect(await subject()).to.equal(
      `NOT rebooting, shared cause suspected: EC2 instance ${second} and 1 other`,
    );
    await decided(fourth, "3 of 3 instances");
    await decided(fourth, `${second}, ${fourth}; alert resolved, but counted until`);
    expect(reboots()).to.deep.equal([]);
    expect(mailbox.waiting()).to.equal(0);
  });
});
