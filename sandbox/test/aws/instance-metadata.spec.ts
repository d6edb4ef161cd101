import { expect } from "chai";
import { createMetadataOptions } from "../../aws/instance-metadata.ts";

const instances =
  "<DescribeInstancesResponse><item><instanceId>i-1</instanceId>\n  <imageId>ami-1</imageId></item>" +
  "<item><attachment><instanceId>i-1</instanceId><device>/dev/xvda</device></attachment></item></DescribeInstancesResponse>";
const answer = { status: 200, headers: {}, body: Buffer.from(instances) };
const describeInstances = new URLSearchParams({ Action: "DescribeInstances" });

function tokensIn(metadata: ReturnType<typeof createMetadataOptions>): string[] {
  const { body } = metadata.complete(describeInstances, answer);
  return [...body.toString().matchAll(/<httpTokens>(\w+)</g)].map(([, it]) => it ?? "");
}

describe("createMetadataOptions", () => {
  it("has EC2's defaults for an instance of which nothing is known, once", () => {
    expect(tokensIn(createMetadataOptions())).to.deep.equal(["optional"]);
  });

  it("keeps what RunInstances asks for", () => {
    const metadata = createMetadataOptions();
    const run = { Action: "RunInstances", "MetadataOptions.HttpTokens": "required" };

    metadata.complete(new URLSearchParams(run), answer);

    expect(tokensIn(metadata)).to.deep.equal(["required"]);
  });

  it("changes them", () => {
    const metadata = createMetadataOptions();
    const change = {
      Action: "ModifyInstanceMetadataOptions",
      InstanceId: "i-1",
      HttpTokens: "required",
    };

    const changed = metadata.answer(new URLSearchParams(change));

    expect(changed?.status).to.equal(200);
    expect(tokensIn(metadata)).to.deep.equal(["required"]);
  });

  it("leaves every other request and answer as it is", () => {
    const metadata = createMetadataOptions();
    const input = new URLSearchParams({ Action: "DescribeVolumes" });

    expect(metadata.answer(input)).to.equal(undefined);
    expect(metadata.complete(input, answer)).to.equal(answer);
    expect(metadata.complete(describeInstances, { ...answer, status: 400 }).status).to.equal(400);
  });
});
