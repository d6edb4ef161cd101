import { expect } from "chai";
import { instanceAttributes } from "../../aws/instance-attributes.ts";
import { startFakeServer, stopAfterEach } from "../support.ts";

describe("instanceAttributes", () => {
  const stoppedLater = stopAfterEach();

  /** Attributes of instances of which the emulator knows i-1, in this state. */
  async function attributesOf(state: string) {
    const emulator = stoppedLater(
      await startFakeServer(({ body }) =>
        new URLSearchParams(body).get("InstanceId.1") === "i-1"
          ? { body: described(["i-1", "t2.micro"], state) }
          : {
              status: 400,
              body: "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code></Error></Errors></Response>",
            },
      ),
    );
    return instanceAttributes({
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }

  function described([id, type]: readonly [string, string], state = "running"): string {
    return (
      "<DescribeInstancesResponse><reservationSet><item><instancesSet><item>" +
      `<instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState>` +
      `<instanceType>${type}</instanceType>` +
      "</item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
    );
  }

  const asked = (fields: Readonly<Record<string, string>>) =>
    new URLSearchParams({ Action: "ModifyInstanceAttribute", InstanceId: "i-1", ...fields });
  const response = (body: string) => ({ status: 200, headers: {}, body: Buffer.from(body) });

  it("changes the type of a stopped instance, and of no other", async () => {
    const attributes = await attributesOf("stopped");

    const changed = await attributes.change(asked({ "InstanceType.Value": "t3.micro" }));

    expect(changed?.status).to.equal(200);
    const both = described(["i-1", "t2.micro"]) + described(["i-2", "t2.micro"]);
    expect(attributes.withChanges(response(both)).body.toString()).to.equal(
      described(["i-1", "t3.micro"]) + described(["i-2", "t2.micro"]),
    );
  });

  it("changes the type of no running instance", async () => {
    const attributes = await attributesOf("running");

    const changed = await attributes.change(asked({ "InstanceType.Value": "t3.micro" }));

    expect(changed?.status).to.equal(400);
    expect(changed?.body.toString()).to.include(
      "<Code>IncorrectInstanceState</Code><Message>The instance 'i-1' is not in the 'stopped' state.",
    );
    const same = described(["i-1", "t2.micro"]);
    expect(attributes.withChanges(response(same)).body.toString()).to.equal(same);
  });

  it("changes nothing of an instance that does not exist", async () => {
    const attributes = await attributesOf("stopped");

    const changed = await attributes.change(
      asked({ InstanceId: "i-2", "InstanceType.Value": "t3.micro" }),
    );

    expect(changed?.body.toString()).to.include("<Code>InvalidInstanceID.NotFound</Code>");
  });

  it("accepts that termination protection is switched off", async () => {
    const attributes = await attributesOf("running");

    const changed = await attributes.change(asked({ "DisableApiTermination.Value": "false" }));

    expect(changed?.status).to.equal(200);
  });

  for (const other of [
    asked({ "DisableApiTermination.Value": "true" }),
    asked({ "EbsOptimized.Value": "true" }),
    new URLSearchParams({ Action: "DescribeInstances" }),
  ]) {
    it(`leaves ${other} to the emulator`, async () => {
      expect(await (await attributesOf("stopped")).change(other)).to.equal(undefined);
    });
  }
});
