import { join } from "node:path";
import { expect } from "chai";
import {
  failureOf,
  startTestWorld,
  type TestWorld,
  writeConfig,
} from "../../sandbox/test-world.ts";

describe("the policy pack with the state that a deployment leaves", function () {
  this.timeout(600_000);

  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  it("finds nothing in `up`, nor in a preview after it or after a refresh, and nothing changes", async () => {
    const engine = await world.createEngine({ folder: join(world.folder, "program") });

    const runs = {
      preview: await engine.preview(),
      up: await engine.up(),
      previewAgain: await engine.preview(),
      refresh: await engine.refresh(),
      previewAfterRefresh: await engine.preview(),
    };

    expect(runs).to.deep.equal({
      preview: { changes: { create: 44 }, violations: [] },
      up: { changes: { create: 44 }, violations: [] },
      previewAgain: { changes: { same: 44 }, violations: [] },
      refresh: { changes: { same: 44 }, violations: [] },
      previewAfterRefresh: { changes: { same: 44 }, violations: [] },
    });
  });

  describe("of a provider whose settings are not known in the first preview", () => {
    const folder = "policy/test/fixtures/programs/new-account";
    const engineOf = (name: string) =>
      world.createEngine({
        program: `${folder}/${name}.ts`,
        folder: join(world.folder, name),
        policyPackConfig: writeConfig(world, {}),
      });

    it("finds nothing in a program without a mistake", async () => {
      const engine = await engineOf("right-instance");

      const runs = {
        preview: (await engine.preview()).violations,
        up: (await engine.up()).violations,
        previewAgain: await engine.preview(),
      };

      expect(runs).to.deep.equal({
        preview: [],
        up: [],
        previewAgain: { changes: { same: 11 }, violations: [] },
      });
      await engine.destroy();
    });

    it("finds what is wrong by the inputs, since the engine gives no outputs", async () => {
      const engine = await engineOf("wrong-instance");

      const { violations } = await failureOf(engine.preview());

      expect([...violations].sort()).to.deep.equal([
        "role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of rebooter calls RebootInstancesCommand of @aws-sdk/client-ec2 (index.js:5), and the role does not allow it. Grant ec2:RebootInstances on aws:ec2/instance:Instance web.",
        "role: statement Reboot: ec2:RebootInstances on aws:ec2/instance:Instance database: rebooter calls it on aws:ec2/instance:Instance web only. Take it away.",
      ]);
    });

    it("is refused by the stand-in, as by AWS, for another account", async () => {
      const engine = await engineOf("other-account");

      expect((await failureOf(engine.preview())).message).to.include(
        'AWS account ID not allowed: 000000000000; aws:allowedAccountIds has ["111122223333"]',
      );
    });
  });
});
