import { expect } from "chai";
import { createInstanceAttributes } from "../../../aws/middleware/instance-attributes.ts";
import { apiCall, responseOf, startFakeServer, stopAfterEach } from "../../support.ts";

describe("createInstanceAttributes", () => {
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
    const { middleware } = createInstanceAttributes({
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    return (body: string, forwarded = "forwarded") =>
      middleware(apiCall({ body }), async () => responseOf(forwarded));
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
    `${new URLSearchParams({ Action: "ModifyInstanceAttribute", InstanceId: "i-1", ...fields })}`;
  const describeInstances = "Action=DescribeInstances";

  it("changes the type of a stopped instance, and of no other", async () => {
    const send = await attributesOf("stopped");

    const changed = await send(asked({ "InstanceType.Value": "t3.micro" }));

    expect(changed.status).to.equal(200);
    const both = described(["i-1", "t2.micro"]) + described(["i-2", "t2.micro"]);
    expect(`${(await send(describeInstances, both)).body}`).to.equal(
      described(["i-1", "t3.micro"]) + described(["i-2", "t2.micro"]),
    );
  });

  it("changes the type of no running instance", async () => {
    const send = await attributesOf("running");

    const changed = await send(asked({ "InstanceType.Value": "t3.micro" }));

    expect(changed.status).to.equal(400);
    expect(changed.body.toString()).to.include(
      "<Code>IncorrectInstanceState</Code><Message>The instance 'i-1' is not in the 'stopped' state.",
    );
    const same = described(["i-1", "t2.micro"]);
    expect(`${(await send(describeInstances, same)).body}`).to.equal(same);
  });

  it("changes nothing of an instance that does not exist", async () => {
    const send = await attributesOf("stopped");

    const changed = await send(asked({ InstanceId: "i-2", "InstanceType.Value": "t3.micro" }));

    expect(changed.body.toString()).to.include("<Code>InvalidInstanceID.NotFound</Code>");
  });

  it("accepts that termination protection is switched off", async () => {
    const send = await attributesOf("running");

    const changed = await send(asked({ "DisableApiTermination.Value": "false" }));

    expect(changed.status).to.equal(200);
  });

  for (const other of [
    asked({ "DisableApiTermination.Value": "true" }),
    asked({ "EbsOptimized.Value": "true" }),
    describeInstances,
  ]) {
    it(`leaves ${other} to the emulator`, async () => {
      const send = await attributesOf("stopped");

      expect(`${(await send(other)).body}`).to.equal("forwarded");
    });
  }
});
