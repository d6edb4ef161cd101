import { specialArchiveSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { allow, lambda, ownLog, policy, role, topic } from "./function-stack.ts";
import {
  documentOf,
  messagesOf,
  type Resource,
  rules,
  stackFindings,
  startPack,
  trustOf,
  unknown,
} from "./support.ts";

describe("a resource whose provider has a setting that is not known yet", () => {
  const provider = { region: "us-east-1", allowedAccountIds: [unknown] };
  const trusting = (service: string): Resource => ({
    type: "aws:iam/role:Role",
    name: "role",
    props: { assumeRolePolicy: trustOf(service) },
    provider,
  });
  const granting = (document: unknown): Resource => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    props: { role: unknown, policy: document },
    dependsOn: { role: [trusting("lambda.amazonaws.com")] },
    provider,
  });

  /** What the stack rules find: the engine gives them no property of such a resource. */
  async function found(...resources: Resource[]): Promise<string[]> {
    const pack = startPack();
    for (const it of resources) await pack.analyze(it);
    const { verdicts } = await pack.analyzeStack(resources.map((it) => ({ ...it, props: {} })));
    return messagesOf(verdicts);
  }

  it("is checked by the inputs that its resource rules got", async () => {
    const wide = documentOf(allow("Read", "dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders"));

    expect(await found(trusting("lambda.amazonaws.com"), granting(wide))).to.deep.equal([
      "role: statement Read: Resource arn:aws:dynamodb:*:*:table/orders: it refers to a resource of type table that is not in this stack. Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.",
      "role: role: lambda.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, assign it to the resource that needs it, or list it under unused-role.external in the configuration.",
    ]);
  });

  it("has an unknown document where the input is unknown", async () => {
    expect(await found(trusting("ec2.amazonaws.com"), granting(unknown))).to.include(
      "policy: policy: it is not known before deployment (the engine does not know what it depends on, as for a result of getPolicyDocument), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to a parent component.",
    );
  });

  it("has an unknown document, not a malformed one, without inputs", async () => {
    const role = { type: "aws:iam/role:Role", name: "role", props: {}, provider };

    expect(await stackFindings("unknown-document", [role])).to.deep.equal([
      "role: assumeRolePolicy: it is not known before deployment (the engine does not know what it depends on, as for a result of getPolicyDocument), so no rule can check it. Build its ARNs from known names, or deploy what it depends on first.",
    ]);
  });
});

describe("a function whose code has only a hash, as after a refresh", () => {
  it("is checked by the code of the program", async () => {
    const worker = lambda();
    const emptied = { [specialSigKey]: specialArchiveSig, hash: "1a2b", assets: {} };
    const resources = [role, topic("alerts"), worker, policy(ownLog)];
    const hashOnly = {
      ...worker,
      props: { ...worker.props, code: emptied },
    };
    const pack = startPack({ rules: rules.filter(({ name }) => name === "missing-grant") });

    await pack.analyze(worker);
    const { verdicts } = await pack.analyzeStack(
      resources.map((it) => (it === worker ? hashOnly : it)),
    );

    expect(messagesOf(verdicts)).to.deep.equal([
      "role: sns:Publish: the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5), and the role does not allow it. Allow it.",
    ]);
  });
});

describe("an unknown policy that depends on nothing", () => {
  const role = (props: Record<string, unknown>): Resource => ({
    type: "aws:iam/role:Role",
    name: "worker",
    props: { assumeRolePolicy: trustOf("lambda.amazonaws.com"), ...props },
  });
  const bucketPolicy: Resource = {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "data",
    props: { bucket: "data", policy: unknown },
  };
  const queue = (props: Record<string, unknown>): Resource => ({
    type: "aws:sqs/queue:Queue",
    name: "jobs",
    props,
  });

  async function found(inputs: Resource, outputs: Resource): Promise<string[]> {
    const pack = startPack({ rules: rules.filter(({ name }) => name === "unknown-document") });
    await pack.analyze(inputs);
    return messagesOf((await pack.analyzeStack([outputs])).verdicts);
  }

  it("is reported if the program sets it, e.g. to a result of getPolicyDocument", async () => {
    const why =
      "it is not known before deployment (the engine does not know what it depends on, as for a result of getPolicyDocument), so no rule can check it. Build its ARNs from known names, or deploy what it depends on first.";

    expect(await found(bucketPolicy, bucketPolicy)).to.deep.equal([`data: policy: ${why}`]);
    expect(await found(queue({ policy: unknown }), queue({ policy: unknown }))).to.deep.equal([
      `jobs: policy: ${why}`,
    ]);
  });

  it("is reported if the program sets it in a role", async () => {
    const inline = role({ inlinePolicies: [{ name: "data", policy: unknown }] });

    expect(await found(inline, inline)).to.deep.equal([
      "worker: inlinePolicies[0].policy: it is not known before deployment (the engine does not know what it depends on, as for a result of getPolicyDocument), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to a parent component.",
    ]);
  });

  it("is not reported if AWS fills it in", async () => {
    expect(await found(queue({}), queue({ policy: unknown }))).to.deep.equal([]);
    expect(await found(role({}), role({ inlinePolicies: unknown }))).to.deep.equal([]);
  });
});
