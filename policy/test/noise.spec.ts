import { createHash } from "node:crypto";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  documentOf,
  messagesOf,
  type Resource,
  rules,
  startPack,
  trustOf,
  unknown,
} from "./support.ts";

const { callbackFunctionPolicies } = loadProgram<typeof import("../data/managed-policies.ts")>(
  "policy/data/managed-policies.ts",
);

/** All that the pack finds in the preview of a stack, as the engine calls it. */
async function found(...stack: Resource[]): Promise<string[]> {
  const pack = startPack({ rules });
  const verdicts = [];
  for (const it of stack) verdicts.push(...(await pack.analyze(it)).verdicts);
  verdicts.push(...(await pack.analyzeStack(stack)).verdicts);
  return messagesOf(verdicts);
}

const role: Resource = {
  type: "aws:iam/role:Role",
  name: "worker",
  props: { assumeRolePolicy: trustOf("ec2.amazonaws.com"), name: "worker" },
};
const profile: Resource = {
  type: "aws:iam/instanceProfile:InstanceProfile",
  name: "worker",
  props: { role: unknown },
  dependsOn: { role: [role] },
};
const policy = (name: string, ...statements: object[]): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name,
  props: { role: unknown, policy: documentOf(...statements) },
  dependsOn: { role: [role] },
});
const allow = (Action: unknown, Resource: unknown, Sid?: string) => ({
  ...(Sid !== undefined && { Sid }),
  Effect: "Allow",
  Action,
  Resource,
});
const withoutDigest = (text: string) => text.replaceAll(/#[0-9a-f]{20}/g, "#DIGEST");

describe("one finding for one fact", () => {
  it("has three for a statement that allows everything", async () => {
    const all = await found(role, profile, policy("all", allow("*", "*")));

    expect(all.map(withoutDigest)).to.deep.equal([
      "all: policy, statement number 1: Action *: it matches every action of AWS. List each action that is called.",
      "all: policy, statement number 1: Resource * with *: 14574 of its actions accept a resource: a4b:AssociateContactWithAddressBook, a4b:AssociateDeviceWithNetworkProfile, a4b:AssociateDeviceWithRoom and 14571 more. List the ARNs instead, built from names that are known before deployment.",
      "worker: escalation path apprunner-001 by iam:PassRole + apprunner:CreateService, apprunner-002 by apprunner:UpdateService, bedrock-002 by bedrock-agentcore:StartCodeInterpreterSession + bedrock-agentcore:InvokeCodeInterpreter, cloudformation-001 by iam:PassRole + cloudformation:CreateStack, cloudformation-002 by cloudformation:UpdateStack and 49 more (#DIGEST): " +
        "it can give itself any permission (iam-001 by iam:CreatePolicyVersion and 6 more); it can act as another user (iam-002 by iam:CreateAccessKey and 2 more); it can assume other roles (iam-012 by iam:UpdateAssumeRolePolicy); and 24 more. Remove one of these actions, or restrict its resources.",
    ]);
  });

  for (const [what, ...statements] of [
    ["every action and resource in a list", allow(["*"], ["*"])],
    ["every action of every service", allow("*:*", "*")],
    ["all but some actions", { Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }],
  ] as const) {
    it(`has at most three for ${what}`, async () => {
      expect((await found(role, profile, policy("all", ...statements))).length).to.be.within(2, 3);
    });
  }

  it("has one for each rule that a statement of many services breaks", async () => {
    const services = ["s3:*", "ec2:*", "sqs:*", "sns:*", "logs:*", "dynamodb:*", "kms:*"];

    expect(await found(role, profile, policy("many", allow(services, "*")))).to.have.length(3);
  });

  it("has one for an ARN, however many statements and roles allow it", async () => {
    const other: Resource = { ...role, name: "other", props: { ...role.props, name: "other" } };
    const table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    const read = policy("read", allow(["dynamodb:GetItem", "dynamodb:Query"], table, "Read"));
    const write = policy("write", allow("dynamodb:PutItem", table, "Write"));
    const ofOther = {
      ...policy("of-other", allow("dynamodb:DeleteItem", table, "Delete")),
      dependsOn: { role: [other] },
    };
    const used = { ...profile, name: "other", dependsOn: { role: [other] } };
    const why =
      "it refers to a resource of type table that is not in this stack. Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.";

    expect(await found(role, profile, read, write)).to.deep.equal([
      `worker: statement Read of aws:iam/rolePolicy:RolePolicy read and statement Write of aws:iam/rolePolicy:RolePolicy write: Resource ${table}: ${why}`,
    ]);
    expect(
      (await found(role, other, profile, used, read, write, ofOther)).map(withoutDigest),
    ).to.deep.equal([
      `other: statement Delete of aws:iam/role:Role other, statement Read of aws:iam/rolePolicy:RolePolicy read of aws:iam/role:Role worker and statement Write of aws:iam/rolePolicy:RolePolicy write of aws:iam/role:Role worker: Resource ${table}: ${why}`,
    ]);
  });

  it("has one for the ARNs of a statement", async () => {
    const arns = ["arn:aws:s3:::other-data", "arn:aws:s3:::other-data/*"];
    const read = policy("read", allow(["s3:GetObject", "s3:ListBucket"], arns, "Read"));

    expect(await found(role, profile, read)).to.have.length(1);
  });

  it("has one mandatory finding for a CallbackFunction without role and policies", async () => {
    const base = "urn:pulumi:dev::shop::";
    const own: Resource = {
      type: "aws:iam/role:Role",
      name: "handler",
      props: { assumeRolePolicy: trustOf("lambda.amazonaws.com") },
    };
    const attachments = callbackFunctionPolicies.map((it): Resource => {
      const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
      const policyArn = `arn:aws:iam::aws:policy/${it}`;
      const name = `handler-${createHash("sha1").update(policyArn).digest("hex").slice(0, 8)}`;
      const urn = `${base}${type}::${name}`;
      return { type, name, urn, props: { role: unknown, policyArn }, dependsOn: { role: [own] } };
    });
    const lambda: Resource = {
      type: "aws:lambda/function:Function",
      name: "handler",
      urn: `${base}aws:lambda/function:Function::handler`,
      props: { role: unknown },
      dependsOn: { role: [own] },
    };

    const all = await found(own, ...attachments, lambda);

    expect(all.filter((it) => !it.startsWith("advisory: "))).to.deep.equal([
      "handler: policies AWSLambda_FullAccess, AWSXrayWriteOnlyAccess, AmazonCognitoPowerUser, AmazonDynamoDBFullAccess, AmazonKinesisFullAccess, AmazonS3FullAccess, AmazonSQSFullAccess, CloudWatchEventsFullAccess and CloudWatchFullAccessV2: CallbackFunction attaches them if neither role nor policies is set; they allow full access, and AWS adds to them. Set role of the CallbackFunction to a role that allows the actions that the code calls.",
    ]);
  });
});
