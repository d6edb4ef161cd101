import { expect } from "chai";
import { type PipelineEnvironment, startPipelineEnvironment } from "./pipeline-environment.ts";
import { expectRolesToWork, follow } from "./role-changes.ts";

describe("a change of what the pipeline's roles may touch", function () {
  this.timeout(300_000);

  let started: PipelineEnvironment;
  before(async () => {
    started = await startPipelineEnvironment();
    await started.run("pulumi up --yes --skip-preview", started.deploy);
  });
  after(() => started.environment.stop());

  it("of functionName is refused to the deploy role, and works with your own login", async () => {
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
