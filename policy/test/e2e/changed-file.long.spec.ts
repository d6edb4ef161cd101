import { join } from "node:path";
import { expect } from "chai";
import {
  config,
  disabled,
  programWith,
  rewrites,
  type Shop,
  startShop,
  widerGrants,
  withPack,
} from "./changed-file.ts";

describe("a program that rewrites the files that the policy pack checks it against, in each command", () => {
  let shop: Shop;
  let project: string;
  before(async () => {
    shop = await startShop();
    project = shop.project;
  });
  after(() => shop.environment.stop());

  for (const [command, main] of [
    ["preview", "source"],
    ["up --yes", "."],
    ["up --yes --skip-preview", "."],
  ] as const) {
    it(`fails in \`${command}\` of ${main} for a grants file that is wider while the program runs`, async () => {
      const code = programWith(["ec2:RebootInstances", "ec2:TerminateInstances"]);
      shop.setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code, main });

      // The engine starts the pack from the folder of `main`, and the files are in that of the project.
      const absolute = withPack.replace("--policy-pack ", '--policy-pack "$PWD"/');
      const ended = await shop.run(`POLICY_FOLDER="$PWD" pulumi ${command} ${absolute}`);

      expect(ended.code, ended.output).not.to.equal(0);
      expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
      expect(ended.output).to.include("grants.lock.json: its content was changed after the pack");
      expect((await shop.run("pulumi stack --show-urns")).output).not.to.include("aws:iam");
    });
  }

  it("fails also if the configuration switches the rule off that says so", async () => {
    const code = programWith(["ec2:RebootInstances"]);
    shop.setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code });
    shop.write("other-config.json", JSON.stringify({ ...config, "changed-file": disabled }));

    const ended = await shop.run(
      `pulumi preview ${withPack.replace("policy-config", "other-config")}`,
    );

    expect(ended.code, ended.output).not.to.equal(0);
    expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
  });
});
