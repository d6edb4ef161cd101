import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../../../sandbox/test-environment.ts";
import {
  programWith,
  rewrites,
  type Shop,
  startShop,
  waiver,
  widerGrants,
  withPack,
} from "./changed-file.ts";

describe("a program that rewrites the files that the policy pack checks it against", () => {
  let shop: Shop;
  let project: string;
  before(async () => {
    shop = await startShop();
    project = shop.project;
  });
  after(() => shop.environment.stop());

  it("passes if the program changes nothing", async () => {
    shop.setUp({ code: programWith(["ec2:RebootInstances"]) });

    const { code, output } = await shop.run(`pulumi preview ${withPack}`);

    expect(code, output).to.equal(0);
  });

  it("fails for a grants file that is wider while the program runs, which is compared as it was before", async () => {
    const code = programWith(["ec2:RebootInstances", "ec2:TerminateInstances"]);
    shop.setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code });

    const ended = await shop.run(`pulumi preview ${withPack}`);

    expect(ended.code, ended.output).not.to.equal(0);
    expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
    expect(ended.output).to.include("grants.lock.json: its content was changed after the pack");
    expect(ended.output).to.include(
      "policy, statement Reboot: + ec2:TerminateInstances: grants.lock.json does not list it",
    );
    expect((await shop.run("pulumi stack --show-urns")).output).not.to.include("aws:iam");
  });

  it("fails for a waiver that is there only while the program runs", async () => {
    const code = programWith(["ec2:RebootInstances"], "*");
    const waivers = JSON.stringify([waiver]);
    shop.setUp({ code: rewrites(join(project, "policy-waivers.json"), waivers) + code });

    const ended = await shop.run(`pulumi preview ${withPack}`);

    expect(ended.code, ended.output).not.to.equal(0);
    expect(ended.output).to.include("Resource * with ec2:RebootInstances");
    expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
  });

  it("cannot change the pack itself, which reads nothing else after its start", async () => {
    const reads = join(shop.environment.folder, "reads");
    const engine = await shop.environment.createEngine({
      folder: join(shop.environment.folder, "own"),
      environment: {
        NODE_OPTIONS: `--require ${join(root, "policy", "test", "fixtures", "record-reads.cjs")}`,
        READS_FILE: reads,
      },
    });

    await engine.preview();

    expect([...new Set(readFileSync(reads, "utf8").trim().split("\n"))].sort()).to.deep.equal([
      join(root, "grants.lock.json"),
      join(root, "grants.options.lock.json"),
      join(root, "policy-waivers.json"),
    ]);
  });
});
