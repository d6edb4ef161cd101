import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect } from "chai";
import type { ResourceType } from "../../../sandbox/aws/provider/resource-type.ts";
import type { Values } from "../../../sandbox/engine/values.ts";
import { unknownValue } from "../../../sandbox/engine/values.ts";
import { anyAwsProvider } from "./provider.ts";

const provider = anyAwsProvider();

function typeOf(token: string): ResourceType {
  const type = provider.resources[token];
  if (!type) throw new Error(`no type ${token}`);
  return type;
}

/** The state after `up` of a resource with these inputs. */
async function stateOf(token: string, inputs: Values): Promise<Values> {
  const { id, outputs } = await typeOf(token).create(inputs);
  return { id, ...provider.outputs?.(token).complete({ ...inputs, ...outputs }) };
}

describe("the provider of programs that nobody wrote a stand-in for", () => {
  it("has the inputs of a type that the SDK declares, and no others", () => {
    expect(typeOf("aws:sqs/queuePolicy:QueuePolicy").inputs).to.deep.equal([
      "policy",
      "queueUrl",
      "region",
    ]);
  });

  it("has every type of the SDK, with every input", () => {
    const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
    const texts = globSync("*/*.js", { cwd: sdk }).map((it) => readFileSync(join(sdk, it), "utf8"));
    const types = texts.flatMap((text) => {
      const token = /__pulumiType = '(.*)';/.exec(text)?.[1];
      const inputs = [...text.matchAll(/resourceInputs\["(\w+)"\] = args\?\./g)].map(
        ([, it]) => it,
      );
      return token ? [{ token, inputs }] : [];
    });

    const missing = types.flatMap(({ token, inputs }) =>
      inputs.filter((it = "") => !typeOf(token).inputs.includes(it)).map((it) => `${token} ${it}`),
    );

    expect(missing).to.deep.equal([]);
    expect(types.length).to.be.greaterThan(1_700);
  });

  it("refuses a type that the SDK does not have", () => {
    expect(() => typeOf("aws:sqs/queue:Cue")).to.throw(
      "@pulumi/aws has no resource type aws:sqs/queue:Cue",
    );
    expect(() => typeOf("aws:sqs/cue:Cue")).to.throw("has no resource type aws:sqs/cue:Cue");
    expect(() => typeOf("aws:cue/cue:Cue")).to.throw("has no resource type aws:cue/cue:Cue");
  });

  it("has types whose file in the SDK has another name", () => {
    expect(typeOf("aws:kendra/index:Index").inputs).to.include(
      "documentMetadataConfigurationUpdates",
    );
    expect(typeOf("aws:resiliencehub/v2Policy:V2Policy").inputs).to.include("name");
  });

  it("refuses a member of a block that the SDK does not declare", () => {
    const inputs = { environment: { variable: { STAGE: "dev" } } };

    expect(() => typeOf("aws:lambda/function:Function").complete?.(inputs)).to.throw(
      "aws:lambda/function:Function.environment: @pulumi/aws declares no variable",
    );
  });

  it("refuses an object where the SDK declares a string", () => {
    const inputs = { secretArn: "arn", policy: { Version: "2012-10-17" } };

    expect(() =>
      typeOf("aws:secretsmanager/secretPolicy:SecretPolicy").complete?.(inputs),
    ).to.throw(
      'aws:secretsmanager/secretPolicy:SecretPolicy.policy: expected a string, got {"Version":"2012-10-17"}',
    );
  });

  it("makes text of the policies that may be objects", () => {
    expect(typeOf("aws:iam/role:Role").json).to.deep.equal(["assumeRolePolicy"]);
    expect(typeOf("aws:s3/bucketPolicy:BucketPolicy").json).to.deep.equal(["policy"]);
    expect(typeOf("aws:kms/key:Key").json).to.deep.equal([]);
  });

  it("names a resource automatically where the SDK has a name", () => {
    expect(typeOf("aws:iam/role:Role").autoName).to.equal("name");
    expect(typeOf("aws:s3/bucket:Bucket").autoName).to.equal("bucket");
    expect(typeOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment").autoName).to.equal(
      undefined,
    );
  });

  it("decides ids and ARNs as AWS does", async () => {
    expect(await stateOf("aws:sqs/queue:Queue", { name: "jobs" })).to.include({
      id: "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
      arn: "arn:aws:sqs:us-east-1:123456789012:jobs",
    });
    expect(await stateOf("aws:iam/role:Role", { name: "worker", path: "/ci/" })).to.include({
      id: "worker",
      arn: "arn:aws:iam::123456789012:role/ci/worker",
    });
    expect(await stateOf("aws:lambda/function:Function", { name: "f" })).to.include({
      id: "f",
      invokeArn:
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
    });
  });

  it("has empty values for what nobody set, as real states do", async () => {
    expect(await stateOf("aws:sqs/queue:Queue", { name: "jobs" })).to.include({
      policy: "",
      redrivePolicy: "",
    });
    expect(await stateOf("aws:lambda/function:Function", { name: "f" })).to.include({
      imageUri: "",
      s3Bucket: null,
      vpcConfig: null,
    });
  });

  it("knows names in a preview, and not what AWS decides", () => {
    const planned = provider.outputs?.("aws:s3/bucket:Bucket").planned({ bucket: "uploads" });

    expect(planned).to.include({ bucket: "uploads", arn: unknownValue });
  });

  it("refuses to invent an ARN", async () => {
    const failure = await stateOf("aws:glue/job:Job", { name: "job" }).catch((error) => error);

    expect(failure.message).to.equal(
      "created.ts does not know the ARN of aws:glue/job:Job: add it to the table",
    );
  });

  it("refuses another region than its own", () => {
    expect(() => provider.configure(new Map([["region", "eu-west-1"]]))).to.throw(
      "aws:region must be us-east-1 in this test: got eu-west-1",
    );
  });

  it("writes a policy document as Terraform's data source does", async () => {
    const statement = {
      sid: "Read",
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: ["arn:aws:s3:::uploads/&{aws:username}"],
      principals: [
        { type: "AWS", identifiers: ["arn:aws:iam::111122223333:root"] },
        { type: "Service", identifiers: ["logs.amazonaws.com"] },
      ],
      conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
    };

    const response = await provider.functions["aws:iam/getPolicyDocument:getPolicyDocument"]?.({
      statements: [statement],
    });

    expect(JSON.parse(String(response?.json))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::uploads/${aws:username}",
          Principal: { AWS: "arn:aws:iam::111122223333:root", Service: "logs.amazonaws.com" },
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        },
      ],
    });
  });

  it("replaces statements of a document by those that override them", async () => {
    const source = JSON.stringify({
      Statement: [{ Sid: "A", Effect: "Allow", Action: "s3:*", Resource: "*" }],
    });
    const override = JSON.stringify({
      Statement: [{ Sid: "A", Effect: "Deny", Action: "s3:*", Resource: "*" }],
    });

    const response = await provider.functions["aws:iam/getPolicyDocument:getPolicyDocument"]?.({
      sourcePolicyDocuments: [source],
      overridePolicyDocuments: [override],
    });

    expect(JSON.parse(String(response?.json)).Statement).to.deep.equal([
      { Sid: "A", Effect: "Deny", Action: "s3:*", Resource: "*" },
    ]);
  });
});
