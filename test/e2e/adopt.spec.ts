import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { Checkout } from "../../sandbox/engine/checkout.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import {
  createUserCheckout,
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const up =
  "pulumi up --yes --policy-pack reboot-automation/policy/bin/pack.js --policy-pack-config policy-config.json";

describe("docs/adopt.md, in a project that has this repository as a folder", () => {
  let environment: TestEnvironment;
  let submodule: Checkout;
  let project: string;
  let instanceId: string;
  let functionUrl: string;
  before(async () => {
    environment = await startTestEnvironment();
    project = join(environment.folder, "shop");
    submodule = createUserCheckout(environment, { folder: join(project, "reboot-automation") });
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("package.json", JSON.stringify({ name: "shop", main: "index.ts" }));
    write("tsconfig.json", example("tsconfig.json"));
    const { Instances } = await new EC2Client(environment.aws).send(
      new RunInstancesCommand({ ImageId: "ami-0123456789abcdef0", MinCount: 1, MaxCount: 1 }),
    );
    instanceId = Instances?.[0]?.InstanceId ?? "";
  });
  after(() => environment.stop());

  function write(name: string, content: string) {
    writeFileSync(join(project, name), content);
  }

  /** An example with the import paths of a project that has this repository as a folder. */
  function example(name: string): string {
    const text = readFileSync(join(root, "docs", "adopt", name), "utf8");
    return text.replaceAll('from "../../', 'from "./reboot-automation/');
  }

  /** Runs a line of shell in the project, which must succeed, and returns its output. */
  async function typed(line: string): Promise<string> {
    const { code, output, error } = await submodule.run(`cd .. && ${line}`);
    expect(code, output + error).to.equal(0);
    return output;
  }

  async function stackOutput(name: string): Promise<string> {
    return (await typed(`pulumi stack output ${name} --show-secrets`)).trim();
  }

  it("has a reboot function for an existing instance and topic that passes the policy pack with its configuration", async () => {
    const arn = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
    const ownArn = `arn:aws:ec2:us-east-1:000000000000:instance/${instanceId}`;
    write("index.ts", example("reboot-function.ts"));
    write("policy-config.json", example("policy-config.json").replace(arn, ownArn));
    write("policy-waivers.json", example("policy-waivers.json"));
    await typed("pulumi stack init reboot && pulumi config set aws:region us-east-1");
    await typed(`pulumi config set instanceId ${instanceId}`);
    await typed(`pulumi config set --secret webhookToken ${environment.webhookToken}`);

    // The pack never writes it in a pipeline, where this test may run.
    const output = await typed(`CI= WRITE_GRANTS_FILE=1 ${up}`);

    expect(output).to.match(
      /\[advisory\] .*grants-file[\s\S]*grants\.lock\.json: it was written with \d+ entries, not compared/,
    );
    const grants = JSON.parse(readFileSync(join(project, "grants.lock.json"), "utf8"));
    expect(grants["aws:iam/role:Role reboot-role"]["ec2:RebootInstances"]).to.deep.equal([ownArn]);
    expect(await typed(`${up} --skip-preview`)).to.include("18 unchanged");
    functionUrl = await stackOutput("functionUrl");
  });

  it("has a latency alert that calls an existing webhook for a different path", async () => {
    write("index.ts", example("latency-alert.ts"));
    await typed("pulumi stack init alert");
    await typed(`pulumi config set instanceId ${instanceId}`);
    await typed(`pulumi config set webhookUrl ${functionUrl}`);
    await typed(`pulumi config set --secret webhookToken ${environment.webhookToken}`);
    await typed("pulumi up --yes --skip-preview");
    const line = { path: "/checkout", response_time_s: 1.5, instance_id: instanceId };
    const lines = Array.from({ length: 21 }, () => JSON.stringify(line));
    await fetch(await stackOutput("logSourceUrl"), { method: "POST", body: lines.join("\n") });
    const client = new StackClient(environment, stackOutputs({}));

    const sent = await client.advanceMinutes(3);

    // The silence alert also reports by e-mail that no line had arrived before these.
    const webhooks = sent.filter(({ kind }) => kind === "webhook");
    expect(webhooks).to.have.length(1);
    expect(webhooks[0]).to.include({ triggerType: "Critical", url: functionUrl, status: 200 });
    expect(client.newReboots().map((it) => it.instanceIds)).to.deep.equal([[instanceId]]);
  });

  it("has a function that passes the policy pack without configuration", async () => {
    write("index.ts", example("policy-pack.ts"));
    await typed("pulumi stack init teller && pulumi config set aws:region us-east-1");

    const output = await typed(
      "pulumi up --yes --policy-pack reboot-automation/policy/bin/pack.js",
    );

    expect(output).to.include("✅ least-privilege-iam");
    expect(output).to.include("+ 9 created");
  });
});
