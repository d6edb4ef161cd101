import {
  DescribeInstancesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { runInstances } from "../../sandbox/scenario/existing-instances.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import {
  failureOf,
  startTestEnvironment,
  type TestEnvironment,
  waived,
  writeConfig,
} from "../../sandbox/test-environment.ts";

describe("a stack for an existing instance", () => {
  let environment: TestEnvironment;
  let ec2: EC2Client;
  let instanceId: string;
  before(async () => {
    environment = await startTestEnvironment();
    ec2 = new EC2Client(environment.aws);
    [instanceId = ""] = await runInstances(environment.aws, 1);
  });
  after(() => environment.stop());

  it("creates no instance, reboots the existing one, and keeps it on destroy", async () => {
    // A resource outside the stack must be listed, and has a different line in the grants file.
    const external = [`arn:aws:ec2:us-east-1:000000000000:instance/${instanceId}`];
    const policyPackConfig = writeConfig(environment, { ...waived, "foreign-arn": { external } });
    const engine = await environment.createEngine({
      settings: { instanceId: { value: instanceId } },
      policyPackConfig,
    });

    await engine.up();

    const client = new StackClient(environment, stackOutputs(await engine.stack.outputs()));
    await client.invoke();
    const [reboot] = client.newReboots();
    expect(reboot?.instanceIds).to.deep.equal([instanceId]);
    expect(reboot?.status).to.equal(200);
    await engine.destroy();
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const left = Reservations.flatMap((it) => it.Instances ?? []);
    expect(left.map((it) => `${it.InstanceId} ${it.State?.Name}`)).to.deep.equal([
      `${instanceId} running`,
    ]);
  });

  it("fails the preview when AWS does not know the instance", async () => {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    const engine = await environment.createEngine({
      folder: `${environment.folder}/unknown`,
      settings: { instanceId: { value: "i-00000000000000000" } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.include("i-00000000000000000");
  });
});
