import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specialArchiveSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { zipSync } from "fflate";
import { allow, lambda, ownLog, policy, publishing, role, topicArn } from "../function-stack.ts";
import {
  codeOf,
  messagesOf,
  type Resource,
  ruleNamed,
  startPack,
  unknown,
  urnOf,
} from "../support.ts";

/** Publishes as a file of a layer, which the function's code loads. */
const shared = { "nodejs/shared.mjs": publishing };
const loading = 'export { handler } from "/opt/nodejs/shared.mjs";';

const arnOf = (name: string, version = 1) =>
  `arn:aws:lambda:us-east-1:111122223333:layer:${name}:${version}`;

function layer(name: string, props: Record<string, unknown> = {}): Resource {
  return {
    type: "aws:lambda/layerVersion:LayerVersion",
    name,
    props: { arn: unknown, code: codeOf(shared), ...props },
  };
}

/** A function of the role with layers, which come from these resources. */
function worker(layers: unknown, sources: readonly Resource[] = [], code = loading): Resource {
  return lambda({ code, props: { layers }, dependsOn: { layers: sources } });
}

const subscribe = allow("Other", "sns:Subscribe", topicArn("alerts"));

/** What both rules find of a role that may only write the log, and subscribe. */
async function found(
  resources: readonly Resource[],
  { codeHashes = new Map<string, string>(), start = "/" } = {},
): Promise<string[]> {
  const pack = startPack({
    rules: ["missing-grant", "unused-grant"].map(ruleNamed),
    environment: { PWD: start },
    codeHashes,
  });
  const { verdicts } = await pack.analyzeStack([role, policy(ownLog, subscribe), ...resources]);
  return messagesOf(verdicts);
}

const comparedAt = (where: string) => [
  `role: sns:Publish: the code of worker calls PublishCommand of @aws-sdk/client-sns (${where}), and the role does not allow it. Allow it.`,
  "role: statement Other: sns:Subscribe on arn:aws:sns:us-east-1:111122223333:alerts-1a2b: neither the code of worker nor its configuration uses it. Remove it.",
];
const compared = comparedAt("/opt/nodejs/shared.mjs:5");

/** The calls of the function's own code are known, and what else it calls is not. */
const notAllRead = (why: string) => [
  comparedAt("index.mjs:5")[0],
  `advisory: worker: code: it is not fully compared with the role: ${why}. Review the role manually; only the calls that were read are checked.`,
];
const none: readonly Resource[] = [];

describe("a layer of a function", () => {
  describe("is read if it is in the stack", () => {
    it("and its ARN is known", async () => {
      const one = layer("one", { arn: arnOf("one", 3) });

      expect(await found([one, worker([arnOf("one", 3)])])).to.deep.equal(compared);
    });

    it("and its ARN is not known yet, as in a first preview", async () => {
      expect(await found([layer("one"), worker([unknown], [layer("one")])])).to.deep.equal(
        compared,
      );
    });

    it("and each of several unknown ARNs comes from one", async () => {
      const [one, other] = [
        layer("one", { code: codeOf({ "nodejs/a.mjs": "1" }) }),
        layer("other"),
      ];
      const known = layer("known", { arn: arnOf("known"), code: codeOf({ "nodejs/b.mjs": "1" }) });
      const all = [known, one, other];

      expect(await found([...all, worker([unknown, arnOf("known"), unknown], all)])).to.deep.equal(
        compared,
      );
    });

    it("and its code is in S3", async () => {
      const object: Resource = {
        type: "aws:s3/bucketObjectv2:BucketObjectv2",
        name: "layer",
        props: { bucket: "code-1a2b", key: "layer.zip", source: codeOf(shared) },
      };
      const props = { arn: unknown, s3Bucket: "code-1a2b", s3Key: "layer.zip" };
      const one: Resource = { ...layer("one"), props };

      expect(await found([object, one, worker([unknown], [one])])).to.deep.equal(compared);
    });

    it("and its file has the engine's hash", async () => {
      const root = mkdtempSync(join(tmpdir(), "layer-"));
      const zip = zipSync({ "nodejs/shared.mjs": Buffer.from(publishing) });
      writeFileSync(join(root, "layer.zip"), zip);
      const one = layer("one", {
        code: { [specialSigKey]: specialArchiveSig, path: "layer.zip" },
      });
      const stack = [one, worker([unknown], [one])];
      const hash = createHash("sha256").update(zip).digest("hex");
      const with_ = (it: string) => ({ codeHashes: new Map([[urnOf(one), it]]), start: root });

      expect(await found(stack, with_(hash))).to.deep.equal(compared);
      expect(await found(stack, with_("0".repeat(64)))).to.deep.equal([
        `advisory: worker: code: it is not fully compared with the role: it has the layer aws:lambda/layerVersion:LayerVersion one, which is not read: its code layer.zip is not found as the engine deploys it, neither from ${root} nor from the folder of a Pulumi.yaml. Review the role manually; only the calls that were read are checked.`,
      ]);
      rmSync(root, { recursive: true });
    });

    it("and replaces the files of the layers before it", async () => {
      const before = layer("before", {
        arn: arnOf("before"),
        code: codeOf({ "nodejs/shared.mjs": "export const handler = () => 1;" }),
      });
      const after = layer("after", { arn: arnOf("after") });

      expect(await found([before, after, worker([arnOf("before"), arnOf("after")])])).to.deep.equal(
        compared,
      );
    });
  });

  it("is a library's where Node.js searches for libraries", async () => {
    const library = layer("one", {
      code: codeOf({
        "nodejs/node_modules/caller/index.js": 'require("@aws-sdk/client-sns"); new SNSClient({});',
      }),
    });

    expect(await found([library, worker([unknown], [library], publishing)])).to.deep.equal(
      notAllRead(
        "its code includes caller (/opt/nodejs/node_modules/caller/index.js), which calls AWS itself",
      ),
    );
  });

  for (const [what, layers, sources, others, why] of [
    [
      "is in another stack",
      [arnOf("far")],
      none,
      [layer("one")],
      `it has a layer that is not in the stack (${arnOf("far")}), whose calls are not read`,
    ],
    [
      "is another version of the stack's",
      [arnOf("one", 2)],
      none,
      [layer("one", { arn: arnOf("one", 3) })],
      `it has a layer that is not in the stack (${arnOf("one", 2)}), whose calls are not read`,
    ],
    [
      "may come from any of several",
      [unknown],
      [layer("one"), layer("other")],
      [layer("one"), layer("other")],
      "it has a layer that is not known before deployment",
    ],
    [
      "comes from something else",
      [unknown],
      [role],
      none,
      "it has a layer that is not known before deployment",
    ],
    [
      "is in an unknown list",
      unknown,
      [layer("one")],
      [layer("one")],
      "it has a layer that is not known before deployment",
    ],
    [
      "is of nobody that is known",
      [arnOf("AWSLambdaPowertoolsPythonV3-python314-x86_64", 27)],
      none,
      none,
      `it has a layer that is not in the stack (${arnOf("AWSLambdaPowertoolsPythonV3-python314-x86_64", 27)}), whose calls are not read`,
    ],
    [
      "has unknown code",
      [unknown],
      [layer("one", { code: unknown })],
      [layer("one", { code: unknown })],
      "it has the layer aws:lambda/layerVersion:LayerVersion one, which is not read: its code is not known before deployment",
    ],
  ] as const) {
    it(`is a gap if it ${what}`, async () => {
      expect(await found([...others, worker(layers, sources, publishing)])).to.deep.equal(
        notAllRead(why),
      );
    });
  }

  it("is no gap if it is left out of the list", async () => {
    expect(await found([worker([null, ""], [], publishing)])).to.deep.equal(
      comparedAt("index.mjs:5"),
    );
  });

  for (const arn of [
    "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python314-arm64:27",
    "arn:aws-us-gov:lambda:us-gov-east-1:165087284144:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:27",
    "arn:aws-cn:lambda:cn-north-1:498634801083:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:27",
    "arn:aws:lambda:us-east-1:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:44",
  ]) {
    it(`is no gap if it is ${arn}`, async () => {
      expect(await found([worker([arn], [], publishing)])).to.deep.equal(comparedAt("index.mjs:5"));
    });
  }
});
