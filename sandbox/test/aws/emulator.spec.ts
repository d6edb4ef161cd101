import { rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { strFromU8, unzipSync } from "fflate";
import { newSocketPath, publishSdkLayer } from "../../aws/emulator.ts";
import { errorOf, type FakeResponse, rootKey, startFakeServer, stopAfterEach } from "../support.ts";

describe("newSocketPath", () => {
  it("is short enough for every system, in a new folder that only its owner can open", () => {
    const [path, other] = [newSocketPath(), newSocketPath()];
    try {
      expect(path.length).to.be.at.most(103);
      expect((statSync(dirname(path)).mode & 0o777).toString(8)).to.equal("700");
      expect(dirname(path)).not.to.equal(dirname(other));
    } finally {
      for (const it of [path, other]) rmSync(dirname(it), { recursive: true });
    }
  });
});

describe("publishSdkLayer", () => {
  const stoppedLater = stopAfterEach();

  async function publish(response: FakeResponse) {
    const emulator = stoppedLater(await startFakeServer(() => response));
    const published = publishSdkLayer({
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: rootKey,
    });
    return { emulator, published };
  }

  it("publishes packages that only point to those of this checkout", async () => {
    const { emulator, published } = await publish({ body: '{"LayerVersionArn":"arn:layer:1"}' });

    expect(await published).to.equal("arn:layer:1");
    const { path, body } = emulator.requests[0] ?? { path: "", body: "{}" };
    expect(path).to.equal("/2018-10-31/layers/aws-sdk/versions");
    const files = unzipSync(Buffer.from(JSON.parse(body).Content.ZipFile, "base64"));
    expect(Object.keys(files)).to.deep.equal([
      "nodejs/node_modules/@aws-sdk/client-dynamodb/package.json",
      "nodejs/node_modules/@aws-sdk/client-dynamodb/index.js",
      "nodejs/node_modules/@aws-sdk/client-ec2/package.json",
      "nodejs/node_modules/@aws-sdk/client-ec2/index.js",
      "nodejs/node_modules/@aws-sdk/client-elastic-load-balancing-v2/package.json",
      "nodejs/node_modules/@aws-sdk/client-elastic-load-balancing-v2/index.js",
      "nodejs/node_modules/@aws-sdk/client-s3/package.json",
      "nodejs/node_modules/@aws-sdk/client-s3/index.js",
      "nodejs/node_modules/@aws-sdk/client-sns/package.json",
      "nodejs/node_modules/@aws-sdk/client-sns/index.js",
      "nodejs/node_modules/@aws-sdk/client-sqs/package.json",
      "nodejs/node_modules/@aws-sdk/client-sqs/index.js",
    ]);
    const index = files["nodejs/node_modules/@aws-sdk/client-sns/index.js"];
    expect(index && strFromU8(index)).to.match(
      /^module\.exports = require\(".+\/node_modules\/@aws-sdk\/client-sns"\);$/,
    );
  });

  it("fails if the response has no layer version", async () => {
    const { published } = await publish({ body: "{}" });

    expect(await errorOf(published)).to.equal(
      "the AWS emulator did not accept the layer with the AWS SDK",
    );
  });
});
