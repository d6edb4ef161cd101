import { expect } from "chai";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const account = "111122223333";
const role: Resource = { type: "aws:iam/role:Role", name: "role", props: {} };
const topic: Resource = {
  type: "aws:sns/topic:Topic",
  name: "topic",
  props: { name: "alerts-1a2b", arn: unknown },
};
const instance: Resource = { type: "aws:ec2/instance:Instance", name: "web", props: {} };

/** A policy of the role with a statement on these resources. */
const policy = (Action: unknown, Resource: unknown): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "policy",
  props: { role: unknown, policy: documentOf({ Sid: "One", Effect: "Allow", Action, Resource }) },
  dependsOn: { role: [role] },
});

/** A component with a grant of which the ARN is not known yet, and comes from these. */
const granting = (action: string, ...sources: Resource[]): Resource => ({
  type: "test:index:Component",
  name: "component",
  props: { grants: [{ sid: "One", actions: [action], resources: [unknown] }] },
  dependsOn: { grants: sources },
});

const found = (resources: Resource[], external: string[] = []) =>
  stackFindings("foreign-arn", resources, { external });
const fix =
  "Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.";

describe("foreign-arn", () => {
  it("names an ARN that is no resource of the stack, and its type", async () => {
    const arn = `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0`;

    expect(await found([role, instance, policy("ec2:RebootInstances", arn)])).to.deep.equal([
      `role: statement One: Resource ${arn}: it refers to a resource of type instance that is not in this stack. ${fix}`,
    ]);
  });

  it("finds a resource by its name before its ARN is known", async () => {
    const arn = `arn:aws:sns:us-east-1:${account}:alerts-1a2b`;

    expect(await found([role, topic, policy("sns:Publish", arn)])).to.deep.equal([]);
  });

  it("considers account and region once the ARN is known", async () => {
    const own = `arn:aws:sns:us-east-1:${account}:alerts-1a2b`;
    const known = { ...topic, props: { name: "alerts-1a2b", arn: own } };
    const other = policy("sns:Publish", own.replace(account, "444455556666"));

    expect(await found([role, known, policy("sns:Publish", own)])).to.deep.equal([]);
    expect(await found([role, known, other])).to.have.length(1);
  });

  for (const [what, type, props, arn] of [
    ["an object in a bucket", "aws:s3/bucket:Bucket", { bucket: "b" }, "arn:aws:s3:::b/in/*"],
    [
      "a table's index",
      "aws:dynamodb/table:Table",
      { name: "t" },
      "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/*",
    ],
    [
      "streams of a log group",
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/app/log" },
      "arn:aws:logs:us-east-1:111122223333:log-group:/app/log:*",
    ],
    [
      "a role with a path",
      "aws:iam/role:Role",
      { name: "r", path: "/team/" },
      "arn:aws:iam::111122223333:role/team/r",
    ],
    [
      "a parameter whose name begins with a slash",
      "aws:ssm/parameter:Parameter",
      { name: "/app/url" },
      "arn:aws:ssm:us-east-1:111122223333:parameter/app/url",
    ],
    [
      "the log group that Lambda makes for a function",
      "aws:lambda/function:Function",
      { name: "f", runtime: "python3.13" },
      "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*",
    ],
    [
      "what runs in a state machine",
      "aws:sfn/stateMachine:StateMachine",
      { name: "flow" },
      "arn:aws:states:us-east-1:111122223333:execution:flow:*",
    ],
    [
      "a secret with the six characters that AWS adds",
      "aws:secretsmanager/secret:Secret",
      { name: "app/db" },
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/db-??????",
    ],
  ] as const) {
    it(`knows ${what}`, async () => {
      const resource: Resource = { type, name: "it", props };

      expect(await found([role, resource, policy("some:Action", arn)])).to.deep.equal([]);
      expect(await found([role, policy("some:Action", arn)])).to.have.length(1);
    });
  }

  it("reports a wildcard that matches a resource of the stack and others", async () => {
    const queue: Resource = { type: "aws:sqs/queue:Queue", name: "q", props: { name: "shop-1a" } };
    const arn = `arn:aws:sqs:us-east-1:${account}:shop-*`;

    expect((await found([role, queue, policy("sqs:SendMessage", arn)]))[0]).to.include(
      "its wildcard matches aws:sqs/queue:Queue q, and resources outside of this stack",
    );
  });

  it("does not treat another parameter as part of one", async () => {
    const parameter: Resource = {
      type: "aws:ssm/parameter:Parameter",
      name: "p",
      props: { name: "/shop" },
    };
    const below = `arn:aws:ssm:us-east-1:${account}:parameter/shop/root-password`;

    expect(await found([role, parameter, policy("ssm:GetParameter", below)])).to.have.length(1);
  });

  it("does not accept a name that only starts the same", async () => {
    const bucket: Resource = {
      type: "aws:s3/bucket:Bucket",
      name: "it",
      props: { bucket: "data" },
    };

    const other = policy("s3:GetObject", "arn:aws:s3:::database/*");

    expect(await found([role, bucket, other])).to.have.length(1);
  });

  it("lets pass what the configuration lists", async () => {
    const arn = `arn:aws:sns:us-east-1:${account}:elsewhere`;
    const external = [`arn:aws:sns:*:${account}:elsewhere`];

    expect(await found([role, policy("sns:Publish", arn)], external)).to.deep.equal([]);
  });

  it("lets pass what is AWS's own, and leaves `*` to other rules", async () => {
    const parameter = "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/x";

    expect(await found([role, policy("ssm:GetParameter", [parameter, "*"])])).to.deep.equal([]);
  });

  it("follows an unknown ARN to the resource that it comes from", async () => {
    expect(await found([instance, granting("ec2:RebootInstances", instance)])).to.deep.equal([]);
  });

  it("names what an unknown ARN comes from, if the action accepts no such resource", async () => {
    expect(await found([topic, granting("ec2:RebootInstances", topic)])).to.deep.equal([
      `component: statement One: Resource (not known before deployment) from aws:sns/topic:Topic topic: the actions accept no such resource. ${fix}`,
    ]);
  });

  it("names an unknown ARN that comes from no resource", async () => {
    expect(await found([granting("ec2:RebootInstances")])).to.deep.equal([
      `component: statement One: Resource (not known before deployment): it comes from no resource of this stack. ${fix}`,
    ]);
  });

  it("names another stack's output, unless the configuration lists the reference", async () => {
    const other: Resource = {
      type: "pulumi:pulumi:StackReference",
      name: "network",
      props: { outputs: unknown },
    };
    const stack = [other, granting("ec2:RebootInstances", other)];

    expect((await found(stack))[0]).to.include(
      "from pulumi:pulumi:StackReference network: the actions accept no such resource",
    );
    expect(await found(stack, ["pulumi:pulumi:StackReference network"])).to.deep.equal([]);
  });

  it("distinguishes the resources of one component by the inputs with a statement's Sid", async () => {
    const component: Resource = {
      type: "test:index:Component",
      name: "component",
      props: { grants: [{ sid: "One", actions: ["ec2:RebootInstances"], resources: [unknown] }] },
      dependsOn: { grants: [instance, topic], One: [topic] },
    };

    expect(await found([instance, topic, component])).to.have.length(1);
  });
});
