import { expect } from "chai";
import { withPackOfBootstrap } from "./every-option.ts";
import { type PipelineEnvironment, startPipelineEnvironment } from "./pipeline-environment.ts";
import {
  createVpc,
  expectRolesToWork,
  follow,
  runInstance,
  subnetsOfStack,
} from "./role-changes.ts";

describe("a change of what the pipeline's roles may touch", function () {
  this.timeout(600_000);

  let started: PipelineEnvironment;
  before(async () => {
    started = await startPipelineEnvironment();
    await started.run("pulumi up --yes --skip-preview", started.deploy);
  });
  after(() => started.environment.stop());

  it("permits another VPC with the deploy role", async () => {
    const { vpcId, subnetId } = await createVpc(started);
    const change = { bootstrap: `set vpcId ${vpcId}`, program: `set subnetId ${subnetId}` };

    const ended = await follow(started, change, started.deploy);

    expect(ended.code, ended.output + ended.error).to.equal(0);
    expect(ended.refused).to.deep.equal([]);
    expect(await subnetsOfStack(started)).to.deep.equal([subnetId]);
    await expectRolesToWork(started);
  });

  it("refuses the deploy role an existing instance, which works with your own login", async () => {
    const set = `set instanceId ${await runInstance(started)}`;
    await started.run("pulumi config rm subnetId", started.own);

    const attempted = await follow(started, { bootstrap: set, program: set }, started.deploy);

    expect(attempted.code).not.to.equal(0);
    expect(attempted.refused).not.to.deep.equal([]);
    expect(attempted.refused.filter((it) => !it.startsWith("ec2:"))).to.deep.equal([]);
    await started.run("pulumi up --yes --skip-preview", started.own);
    expect(await subnetsOfStack(started)).to.deep.equal([]);
    await expectRolesToWork(started);
  });

  it("permits a group in place of the existing instance with the deploy role", async () => {
    const ids = [await runInstance(started), await runInstance(started)];
    await started.pipeline.bootstrap("config rm instanceId");
    await started.pipeline.bootstrap("config set targetGroup true");
    await started.run("pulumi config rm instanceId", started.own);
    const targetGroupArn =
      "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
    await started.run(`pulumi config set targetGroupArn ${targetGroupArn}`, started.own);
    const set = `set instanceIds ${ids.join()}`;

    const ended = await follow(started, { bootstrap: set, program: set }, started.deploy);

    expect(ended.code, ended.output + ended.error).to.equal(0);
    expect(ended.refused).to.deep.equal([]);
    expect(ended.output).to.match(/MetricAlarm\s+alarms-shared-cause\s+created/);
    await expectRolesToWork(started);
    // The policy pack finds nothing.
    await started.pipeline.bootstrap(`preview --expect-no-changes ${withPackOfBootstrap}`);
  });

  it("refuses the deploy role one instance in place of the group, which works with your own login", async () => {
    const set = `set instanceId ${await runInstance(started)}`;
    await started.pipeline.bootstrap("config rm instanceIds");
    await started.pipeline.bootstrap("config set targetGroup false");
    await started.run("pulumi config rm instanceIds", started.own);
    await started.run("pulumi config rm targetGroupArn", started.own);

    const attempted = await follow(started, { bootstrap: set, program: set }, started.deploy);

    expect(attempted.code).not.to.equal(0);
    expect(attempted.refused.join()).to.match(
      /^cloudwatch:DeleteAlarms on \S+alarms-shared-cause-[0-9a-f]{7}$/,
    );
    await started.run("pulumi up --yes --skip-preview", started.own);
    await expectRolesToWork(started);
  });

  it("permits the created instance again with the deploy role", async () => {
    const change = { bootstrap: "rm instanceId", program: "rm instanceId" };
    await started.pipeline.bootstrap("config rm vpcId");

    const ended = await follow(started, change, started.deploy);

    expect(ended.code, ended.output + ended.error).to.equal(0);
    expect(ended.refused).to.deep.equal([]);
    expect(await subnetsOfStack(started)).to.have.length(1);
    await expectRolesToWork(started);
  });

  it("refuses the deploy role another functionName, which works with your own login", async () => {
    const change = {
      bootstrap: "set functionName Other-Reboot-Automation",
      program: "set functionName Other-Reboot-Automation",
    };

    const attempted = await follow(started, change, started.deploy);

    expect(attempted.code).not.to.equal(0);
    expect(attempted.refused).not.to.deep.equal([]);
    const ofOld = / on arn:aws:(lambda|logs):.*(Pacerpro-Reboot-Automation|event-source-mapping)/;
    expect(attempted.refused.filter((it) => !ofOld.test(it))).to.deep.equal([]);
    await started.run("pulumi up --yes --skip-preview", started.own);
    await expectRolesToWork(started);
  });
});
