import { expect } from "chai";
import { metadataOptions } from "../../../aws/middleware/instance-metadata.ts";
import type { Middleware } from "../../../aws/middleware/middleware.ts";
import { apiCall, responseOf } from "../../support.ts";

const instances =
  "<DescribeInstancesResponse><item><instanceId>i-1</instanceId>\n  <imageId>ami-1</imageId></item>" +
  "<item><attachment><instanceId>i-1</instanceId><device>/dev/xvda</device></attachment></item></DescribeInstancesResponse>";

function send(
  middleware: Middleware,
  fields: Record<string, string>,
  response = responseOf(instances),
) {
  const body = `${new URLSearchParams(fields)}`;
  return middleware(apiCall({ body }), async () => response);
}

async function tokensIn(middleware: Middleware): Promise<string[]> {
  const { body } = await send(middleware, { Action: "DescribeInstances" });
  return [...body.toString().matchAll(/<httpTokens>(\w+)</g)].map(([, it]) => it ?? "");
}

describe("metadataOptions", () => {
  it("adds EC2's defaults for an unknown instance, once", async () => {
    expect(await tokensIn(metadataOptions())).to.deep.equal(["optional"]);
  });

  it("keeps what RunInstances requests", async () => {
    const metadata = metadataOptions();

    await send(metadata, { Action: "RunInstances", "MetadataOptions.HttpTokens": "required" });

    expect(await tokensIn(metadata)).to.deep.equal(["required"]);
  });

  it("changes them by ModifyInstanceMetadataOptions", async () => {
    const metadata = metadataOptions();

    const changed = await send(metadata, {
      Action: "ModifyInstanceMetadataOptions",
      InstanceId: "i-1",
      HttpTokens: "required",
    });

    expect(changed.status).to.equal(200);
    expect(changed.body.toString()).to.include("<ModifyInstanceMetadataOptionsResponse ");
    expect(await tokensIn(metadata)).to.deep.equal(["required"]);
  });

  it("leaves every other response unchanged", async () => {
    const metadata = metadataOptions();
    const response = responseOf(instances);
    const failed = responseOf(instances, 400);

    expect(await send(metadata, { Action: "DescribeVolumes" }, response)).to.equal(response);
    expect(await send(metadata, { Action: "DescribeInstances" }, failed)).to.equal(failed);
  });
});
