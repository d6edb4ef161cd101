import { join } from "node:path";
import { expect } from "chai";
import type { EngineRun } from "../../sandbox/engine/engine.ts";
import {
  failureOf,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../sandbox/test-environment.ts";

/** What a run changes and finds. */
const outline = ({ changes, violations }: EngineRun) => ({ changes, violations });

describe("the policy pack with the state of a deployed stack", function () {
  this.timeout(600_000);

  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  it("has no findings in `up`, in a later preview, or after a refresh, and nothing changes", async () => {
    const engine = await environment.createEngine({ folder: join(environment.folder, "program") });

    const runs = {
      preview: outline(await engine.preview()),
      up: outline(await engine.up()),
      previewAgain: outline(await engine.preview()),
      refresh: outline(await engine.refresh()),
      previewAfterRefresh: outline(await engine.preview()),
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
      environment.createEngine({
        program: `${folder}/${name}.ts`,
        folder: join(environment.folder, name),
        policyPackConfig: writeConfig(environment, {}),
      });

    it("has no findings for a correct program", async () => {
      const engine = await engineOf("right-instance");

      const runs = {
        preview: (await engine.preview()).violations,
        up: (await engine.up()).violations,
        previewAgain: outline(await engine.preview()),
      };

      expect(runs).to.deep.equal({
        preview: [],
        up: [],
        previewAgain: { changes: { same: 11 }, violations: [] },
      });
      await engine.destroy();
    });

    it("has findings from the inputs, because the engine passes no outputs", async () => {
      const engine = await engineOf("wrong-instance");

      const { violations } = await failureOf(engine.preview());

      expect([...violations].sort()).to.deep.equal([
        "role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of rebooter calls RebootInstancesCommand of @aws-sdk/client-ec2 (index.js:5), and the role does not allow it. Allow it.",
        "role: statement Reboot: ec2:RebootInstances on aws:ec2/instance:Instance database: rebooter calls it only on aws:ec2/instance:Instance web. Remove it.",
      ]);
    });

    it("is refused for another account, as by AWS", async () => {
      const engine = await engineOf("other-account");

      expect((await failureOf(engine.preview())).message).to.include(
        'AWS account ID not allowed: 000000000000; aws:allowedAccountIds has ["111122223333"]',
      );
    });
  });
});
