import { expect } from "chai";
import { consoleText, instanceConsole } from "../../../aws/middleware/console.ts";
import { apiCall, responseOf } from "../../support.ts";

const types: Readonly<Record<string, string>> = { "i-1": "t3.micro", "i-2": "t2.micro" };
const unsupported =
  "<Response><Errors><Error><Code>InvalidAction</Code></Error></Errors></Response>";

/** The response to a call of EC2 that the emulator gives this response to. */
async function send(fields: Readonly<Record<string, string>>, ofEmulator = unsupported) {
  const middleware = instanceConsole(async (id) => types[id]);
  const call = apiCall({ service: "ec2", body: `${new URLSearchParams(fields)}` });
  const { status, body } = await middleware(call, async () => responseOf(ofEmulator));
  return { status, body: body.toString() };
}

describe("the console of an instance", () => {
  it("has its latest output", async () => {
    const { status, body } = await send({
      Action: "GetConsoleOutput",
      InstanceId: "i-1",
      Latest: "true",
    });

    expect(status).to.equal(200);
    const output = /<output>(.*)<\/output>/.exec(body)?.[1] ?? "";
    expect(Buffer.from(output, "base64").toString()).to.equal(consoleText);
  });

  it("has a screenshot in JPEG", async () => {
    const { body } = await send({ Action: "GetConsoleScreenshot", InstanceId: "i-1" });

    const image = Buffer.from(/<imageData>(.*)<\/imageData>/.exec(body)?.[1] ?? "", "base64");
    expect(image.subarray(0, 3).toString("hex")).to.equal("ffd8ff");
  });

  it("refuses the latest output of an instance without the Nitro system, and gives the other", async () => {
    const latest = await send({ Action: "GetConsoleOutput", InstanceId: "i-2", Latest: "true" });
    const other = await send({ Action: "GetConsoleOutput", InstanceId: "i-2" });

    expect([latest.status, other.status]).to.deep.equal([400, 200]);
    expect(latest.body).to.include("<Code>UnsupportedOperation</Code>");
  });

  it("is not found without an instance", async () => {
    const { status, body } = await send({ Action: "GetConsoleOutput", InstanceId: "i-3" });

    expect(status).to.equal(400);
    expect(body).to.include("<Code>InvalidInstanceID.NotFound</Code>");
  });

  it("stays refused without a permission", async () => {
    const refused =
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>";

    const { body } = await send({ Action: "GetConsoleOutput", InstanceId: "i-1" }, refused);

    expect(body).to.equal(refused);
  });

  it("leaves other calls alone", async () => {
    const { body } = await send({ Action: "DescribeInstances", InstanceId: "i-1" }, "theirs");

    expect(body).to.equal("theirs");
  });
});
