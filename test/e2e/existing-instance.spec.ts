import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { Probe, stackOutputs } from "../../sandbox/scenario/probe.ts";
import {
  failureOf,
  startTestWorld,
  type TestWorld,
  waived,
  writeConfig,
} from "../../sandbox/test-world.ts";

describe("a stack for an existing instance", () => {
  let world: TestWorld;
  let ec2: EC2Client;
  let instanceId: string;
  before(async () => {
    world = await startTestWorld();
    ec2 = new EC2Client(world.aws);
    const { Instances } = await ec2.send(
      new RunInstancesCommand({ ImageId: "ami-0123456789abcdef0", MinCount: 1, MaxCount: 1 }),
    );
    instanceId = Instances?.[0]?.InstanceId ?? "";
  });
  after(() => world.stop());

  it("creates no instance, reboots that one, and leaves it when it is destroyed", async () => {
    // What is not of the stack must be listed, and is another line of the grants file.
    const external = [`arn:aws:ec2:us-east-1:000000000000:instance/${instanceId}`];
    const policyPackConfig = writeConfig(world, { ...waived, "foreign-arn": { external } });
    const engine = await world.createEngine({
      settings: { instanceId: { value: instanceId } },
      policyPackConfig,
    });

    await engine.up();

    const probe = new Probe(world, stackOutputs(await engine.stack.outputs()));
    await probe.invoke();
    const [reboot] = probe.takeReboots();
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
    const engine = await world.createEngine({
      folder: `${world.folder}/unknown`,
      settings: { instanceId: { value: "i-00000000000000000" } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.include("i-00000000000000000");
  });
});
