import { expect } from "chai";
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
