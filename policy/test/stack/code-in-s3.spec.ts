import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { zipSync } from "fflate";
import { allow, lambda, ownLog, policy, publishing, role, topicArn } from "../function-stack.ts";
import {
  codeOf,
  messagesOf,
  type Resource,
  ruleNamed,
  secret,
  startPack,
  unknown,
  urnOf,
} from "../support.ts";

const zip = Buffer.from(zipSync({ "index.mjs": Buffer.from(publishing) }));
const archive = (path: string) => ({ [specialSigKey]: specialArchiveSig, path });
const file = (path: string) => ({ [specialSigKey]: specialAssetSig, path });
const text = (content: string) => ({ [specialSigKey]: specialAssetSig, text: content });
const source = codeOf({ "index.mjs": publishing });

type Links = Record<string, readonly Resource[]>;

function object(
  name: string,
  props: Record<string, unknown>,
  dependsOn: Links = {},
  type = "aws:s3/bucketObjectv2:BucketObjectv2",
): Resource {
  return { type, name, props, dependsOn };
}

/** A function of the role whose code is in S3. */
function worker(props: Record<string, unknown>, dependsOn: Links = {}): Resource {
  const { code, ...others } = lambda().props;
  return { ...lambda(), props: { ...others, ...props }, dependsOn: { role: [role], ...dependsOn } };
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

const compared = [
  "role: sns:Publish: the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5), and the role does not allow it. Allow it.",
  "role: statement Other: sns:Subscribe on arn:aws:sns:us-east-1:111122223333:alerts-1a2b: neither the code of worker nor its configuration uses it. Remove it.",
];
const notCompared = (why: string) => [
  `advisory: worker: code: it is not compared with the role: ${why}. Review the role manually.`,
];
const notKnown = notCompared(
  "its code is in S3, in a bucket or at a key that is not known before deployment",
);
const notUploaded = notCompared("its code is in S3, in an object that this stack does not upload");

const bucket = (name: string): Resource => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props: { bucket: `${name}-1a2b` },
});
const code = bucket("code");
const other = bucket("other");

describe("the code of a function in S3", () => {
  describe("is that of the object of the stack with its bucket and key", () => {
    it("if both have the same names, as in SST, whose bucket is not in the stack", async () => {
      const uploaded = object("app", { bucket: "sst-asset-abc", key: "assets/a.zip", source });
      const other = object("other", { bucket: "sst-asset-abc", key: "assets/b.zip", source: {} });
      const lambda = worker({ s3Bucket: "sst-asset-abc", s3Key: "assets/a.zip" });

      expect(await found([uploaded, other, lambda])).to.deep.equal(compared);
    });

    it("if both come from the object", async () => {
      const uploaded = object(
        "app",
        { bucket: unknown, key: unknown, source },
        { bucket: [code], key: [code] },
      );
      const sources = { s3Bucket: [uploaded], s3Key: [uploaded] };

      for (const resources of [
        [code, uploaded, worker({ s3Bucket: unknown, s3Key: unknown }, sources)],
        // The bucket may not be known to the engine either.
        [{ ...uploaded, dependsOn: {} }, worker({ s3Bucket: unknown, s3Key: unknown }, sources)],
      ]) {
        expect(await found(resources)).to.deep.equal(compared);
      }
    });

    it("if one has the bucket's name, and the other its unknown id", async () => {
      const uploaded = object("app", { bucket: "code-1a2b", key: "app.zip", source });
      const lambda = worker({ s3Bucket: unknown, s3Key: "app.zip" }, { s3Bucket: [code] });
      const fromId = object(
        "app",
        { bucket: unknown, key: "app.zip", source },
        { bucket: [code] },
        "aws:s3/bucketObject:BucketObject",
      );

      expect(await found([code, uploaded, lambda])).to.deep.equal(compared);
      expect(
        await found([code, fromId, worker({ s3Bucket: "code-1a2b", s3Key: "app.zip" })]),
      ).to.deep.equal(compared);
    });

    it("if the bucket comes from its versioning", async () => {
      const versioning: Resource = {
        type: "aws:s3/bucketVersioning:BucketVersioning",
        name: "versioning",
        props: { bucket: unknown },
        dependsOn: { bucket: [code] },
      };
      const uploaded = object("app", { bucket: "code-1a2b", key: "app.zip", source });
      const lambda = worker({ s3Bucket: unknown, s3Key: "app.zip" }, { s3Bucket: [versioning] });

      expect(await found([code, versioning, uploaded, lambda])).to.deep.equal(compared);
    });

    it("and not of another bucket's object with the same key", async () => {
      const wrong = codeOf({ "index.mjs": "export const handler = () => 1;" });
      const objects = [
        object("app", { bucket: "code-1a2b", key: "app.zip", source }),
        object("wrong", { bucket: unknown, key: "app.zip", source: wrong }, { bucket: [other] }),
        object("far", { bucket: "elsewhere", key: "app.zip", source: wrong }),
      ];
      const lambda = worker({ s3Bucket: unknown, s3Key: "app.zip" }, { s3Bucket: [code] });

      expect(await found([code, other, ...objects, lambda])).to.deep.equal(compared);
    });
  });

  describe("is not compared, and one advisory says so", () => {
    const uploaded = object("app", { bucket: "code-1a2b", key: "app.zip", source });

    it("if the key or the bucket is unknown, and comes from no object", async () => {
      for (const lambda of [
        worker({ s3Bucket: "code-1a2b", s3Key: unknown }),
        worker({ s3Bucket: "code-1a2b", s3Key: unknown }, { s3Key: [code] }),
        worker({ s3Bucket: unknown, s3Key: "app.zip" }),
        // From two buckets: it may be either.
        worker({ s3Bucket: unknown, s3Key: "app.zip" }, { s3Bucket: [code, other] }),
        // Only the key is of the object.
        worker({ s3Bucket: unknown, s3Key: unknown }, { s3Bucket: [other], s3Key: [uploaded] }),
      ]) {
        expect(await found([code, other, uploaded, lambda])).to.deep.equal(notKnown);
      }
    });

    it("if no object of the stack has its bucket and key", async () => {
      for (const lambda of [
        worker({ s3Bucket: "code-1a2b", s3Key: "old.zip" }),
        worker({ s3Bucket: "elsewhere", s3Key: "app.zip" }),
        worker({ s3Bucket: unknown, s3Key: "app.zip" }, { s3Bucket: [other] }),
      ]) {
        expect(await found([code, other, uploaded, lambda])).to.deep.equal(notUploaded);
      }
    });

    it("if several objects may be meant", async () => {
      const second = object("second", { bucket: "code-1a2b", key: "app.zip", source });
      const lambda = worker({ s3Bucket: "code-1a2b", s3Key: "app.zip" });

      expect(await found([code, uploaded, second, lambda])).to.deep.equal(
        notCompared(
          "its code in S3 may be any of aws:s3/bucketObjectv2:BucketObjectv2 app and aws:s3/bucketObjectv2:BucketObjectv2 second",
        ),
      );
    });

    for (const [what, props, why] of [
      [
        "is text",
        { content: publishing },
        "its object in S3 is a string, and Lambda accepts only a zip file",
      ],
      [
        "is an asset of text",
        { source: text(publishing) },
        "its object in S3 is a string, and Lambda accepts only a zip file",
      ],
      [
        "is no zip file in base64",
        { contentBase64: Buffer.from(publishing).toString("base64") },
        "its code contentBase64 cannot be unpacked",
      ],
      ["is unknown", { source: unknown }, "its code is not known before deployment"],
      [
        "is unknown in base64",
        { contentBase64: unknown },
        "its code is not known before deployment",
      ],
      ["has no content", {}, "its object in S3 has no code that can be read"],
    ] as const) {
      it(`if the object ${what}`, async () => {
        const it = object("app", { bucket: "code-1a2b", key: "app.zip", ...props });

        expect(
          await found([it, worker({ s3Bucket: "code-1a2b", s3Key: "app.zip" })]),
        ).to.deep.equal(notCompared(why));
      });
    }

    it("if the object is a copy of another one", async () => {
      const copy = object(
        "app",
        { bucket: "code-1a2b", key: "app.zip", source: "elsewhere/app.zip" },
        {},
        "aws:s3/objectCopy:ObjectCopy",
      );

      expect(
        await found([copy, worker({ s3Bucket: "code-1a2b", s3Key: "app.zip" })]),
      ).to.deep.equal(notCompared("its object in S3 has no code that can be read"));
    });

    it("if the function's runtime is not read anyway", async () => {
      const lambda = worker({ s3Bucket: unknown, s3Key: unknown, runtime: "provided.al2023" });

      expect(await found([lambda])).to.deep.equal(
        notCompared("its runtime is provided.al2023, and only JavaScript and Python are read"),
      );
    });
  });

  describe("with a version", () => {
    const at = { bucket: "code-1a2b", key: "app.zip" };
    const uploaded = (versionId: unknown) => object("app", { ...at, source, versionId });
    const lambda = (s3ObjectVersion: unknown, dependsOn: Links = {}) =>
      worker({ s3Bucket: at.bucket, s3Key: at.key, s3ObjectVersion }, dependsOn);
    const another = notCompared(
      "its code is a version of aws:s3/bucketObjectv2:BucketObjectv2 app that may not be what the program uploads",
    );

    it("is that of the object if it is the object's version", async () => {
      const fromObject = lambda(unknown, { s3ObjectVersion: [uploaded(unknown)] });

      expect(await found([uploaded(unknown), fromObject])).to.deep.equal(compared);
      expect(await found([uploaded("v2"), lambda("v2")])).to.deep.equal(compared);
    });

    it("is not compared if it may be another version", async () => {
      expect(await found([uploaded("v2"), lambda("v1")])).to.deep.equal(another);
      expect(await found([uploaded(unknown), lambda("v1")])).to.deep.equal(another);
      expect(await found([uploaded(unknown), lambda(unknown)])).to.deep.equal(another);
    });
  });

  describe("is read from", () => {
    let root: string;
    before(() => {
      root = mkdtempSync(join(tmpdir(), "program-"));
      mkdirSync(join(root, ".git"));
      mkdirSync(join(root, "infra"));
      writeFileSync(join(root, "infra", "Pulumi.yaml"), "name: test\n");
      for (const name of ["app.zip", "bundle"]) writeFileSync(join(root, "infra", name), zip);
    });
    after(() => rmSync(root, { recursive: true }));

    const at = { bucket: "code-1a2b", key: "app.zip" };
    const lambda = worker({ s3Bucket: at.bucket, s3Key: at.key });
    const hash = createHash("sha256").update(zip).digest("hex");

    for (const [what, asset] of [
      ["an archive", archive("app.zip")],
      ["a file", file("app.zip")],
      ["a file whose name says nothing", file("bundle")],
    ] as const) {
      it(`${what}, in the folder where it has the engine's hash`, async () => {
        const uploaded = object("app", { ...at, source: asset });
        const codeHashes = new Map([[urnOf(uploaded), hash]]);

        expect(await found([uploaded, lambda], { codeHashes, start: root })).to.deep.equal(
          compared,
        );
      });
    }

    it("an archive at an absolute path, as in SST", async () => {
      const uploaded = object("app", { ...at, source: archive(join(root, "infra", "app.zip")) });

      expect(await found([uploaded, lambda], { start: root })).to.deep.equal(compared);
    });

    it("no file that lacks the engine's hash", async () => {
      const uploaded = object("app", { ...at, source: archive("app.zip") });

      for (const codeHashes of [
        new Map<string, string>(),
        new Map([[urnOf(uploaded), "0".repeat(64)]]),
        // The hash of another resource.
        new Map([[urnOf(lambda), hash]]),
      ]) {
        expect(await found([uploaded, lambda], { codeHashes, start: root })).to.deep.equal(
          notCompared(
            `its code app.zip is not found as the engine deploys it, neither from ${root} nor from the folder of a Pulumi.yaml`,
          ),
        );
      }
    });

    it("a zip file in base64, also in a secret", async () => {
      const base64 = zip.toString("base64");

      for (const contentBase64 of [base64, secret(base64)]) {
        const uploaded = object("app", { ...at, contentBase64 });
        expect(await found([uploaded, lambda])).to.deep.equal(compared);
      }
    });

    it("the inputs of the object if its outputs have only a hash, as after a refresh", async () => {
      const uploaded = object("app", { ...at, source });
      const emptied = { [specialSigKey]: specialArchiveSig, hash: "1a2b", assets: {} };
      const pack = startPack({ rules: [ruleNamed("missing-grant")] });

      await pack.analyze(uploaded);
      const { verdicts } = await pack.analyzeStack([
        role,
        policy(ownLog),
        object("app", { ...at, source: emptied }),
        lambda,
      ]);

      expect(messagesOf(verdicts)).to.deep.equal(compared.slice(0, 1));
    });

    it("the inputs of both if a setting of their provider is not known yet", async () => {
      const provider = { region: "us-east-1", allowedAccountIds: [unknown] };
      const both = [object("app", { ...at, source }), lambda].map((it) => ({ ...it, provider }));
      const pack = startPack({ rules: [ruleNamed("missing-grant")] });

      for (const it of both) await pack.analyze(it);
      const { verdicts } = await pack.analyzeStack([
        role,
        policy(ownLog),
        ...both.map((it) => ({ ...it, props: {} })),
      ]);

      expect(messagesOf(verdicts)).to.deep.equal(compared.slice(0, 1));
    });

    it("a function that names no resource, as SST's links do: its actions are compared", async () => {
      const linked = `
        import { GetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
        import { Resource } from "sst";
        export const handler = (Key) =>
          new DynamoDBClient({}).send(new GetItemCommand({ TableName: Resource.Links.name, Key }));
      `;
      const table: Resource = {
        type: "aws:dynamodb/table:Table",
        name: "Links",
        props: { name: "Links-1a2b" },
      };
      const uploaded = object("app", { ...at, source: codeOf({ "index.mjs": linked }) });
      const link = allow(
        "Link",
        ["dynamodb:GetItem", "dynamodb:PutItem"],
        "arn:aws:dynamodb:us-east-1:111122223333:table/Links-1a2b",
      );

      expect(
        await found([table, uploaded, lambda, { ...policy(link), name: "link" }]),
      ).to.deep.equal([
        "role: statement Other of aws:iam/rolePolicy:RolePolicy policy: sns:Subscribe on arn:aws:sns:us-east-1:111122223333:alerts-1a2b: neither the code of worker nor its configuration uses it. Remove it.",
        'role: statement Link of aws:iam/rolePolicy:RolePolicy link: dynamodb:PutItem on aws:dynamodb/table:Table Links: neither the code of worker nor its configuration uses it. Remove it. Instead: {"Sid":"Link","Effect":"Allow","Action":["dynamodb:GetItem"],"Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/Links-1a2b"]}',
      ]);
    });
  });
});
