import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Checkout, Ended } from "../../sandbox/engine/checkout.ts";
import {
  createUserCheckout,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

describe("pulumi new", () => {
  let environment: TestEnvironment;
  let template: Checkout;
  let project: string;
  before(async () => {
    environment = await startTestEnvironment();
    template = createUserCheckout(environment, {
      folder: join(environment.folder, "template"),
      isBare: true,
    });
    withoutPackages(join(template.folder, "Pulumi.yaml"));
    project = join(environment.folder, "watchdog");
    mkdirSync(project);
  });
  after(() => environment.stop());

  /** Regenerating the Sumo Logic SDK needs Pulumi's registry, so this uses the repository's SDK. */
  function withoutPackages(path: string) {
    const [before, after] = readFileSync(path, "utf8").split(/^packages:\n(?: .*\n)+/m);
    writeFileSync(path, `${before}${after}`);
  }

  async function typed(line: string): Promise<Ended> {
    const ended = await template.run(`cd ${project} && ${line}`);
    expect(ended.code, ended.output + ended.error).to.equal(0);
    return ended;
  }

  it("creates a project with a different name from this repository, and a stack", async () => {
    await typed(
      `pulumi new ${template.folder} --name watchdog --description Mine --stack dev --yes ` +
        "--config notificationEmail=me@example.com",
    );

    const { output } = await typed("pulumi config --json");
    const settings = JSON.parse(output);
    expect(settings["watchdog:notificationEmail"].value).to.equal("me@example.com");
    expect(settings["watchdog:apiPath"].value).to.equal("/api/data");
    expect(
      Object.keys(settings).filter((key) => key.startsWith("reboot-automation")),
    ).to.deep.equal([]);
  });

  it("creates a program that reports missing secrets", async () => {
    const { code, output } = await template.run(`cd ${project} && pulumi preview`);

    expect(code).not.to.equal(0);
    expect(output).to.include("webhookToken: is missing");
  });

  it("passes the policy pack, with the new project's names, when the secrets are set", async () => {
    await typed(`pulumi config set --secret webhookToken ${environment.webhookToken}`);
    await typed("npm run build");

    const { output } = await typed(
      "pulumi preview --policy-pack policy/bin/pack.js --policy-pack-config policy-config.json",
    );

    expect(output).to.include("44 to create");
    expect(output).to.match(/tableName +: "watchdog-dev-reboot-table-[0-9a-f]{7}"/);
  });
});
