import { expect } from "chai";
import { component, documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const topic = "arn:aws:sns:us-east-1:111122223333:topic";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const grant = { sid: "Tell", actions: ["sns:Publish"], resources: [topic] };
const statement = { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish"], Resource: [topic] };
const policyOf = (...statements: object[]) => JSON.stringify({ Statement: statements });

describe("unknown-document", () => {
  it("reports an unknown document with what it depends on, and the fix", async () => {
    const topicOfIt = { type: "aws:sns/topic:Topic", name: "alerts", props: {} };
    const policy = {
      type: rolePolicy,
      props: { policy: unknown },
      dependsOn: { policy: [topicOfIt] },
    };

    expect(await stackFindings("unknown-document", [topicOfIt, policy])).to.deep.equal([
      "it: policy: it is not known before deployment (it depends on aws:sns/topic:Topic alerts), so no rule can check it. " +
        "Build its ARNs from known names, or pass its statements as `grants` to a parent component.",
    ]);
  });

  for (const [what, type, property] of [
    ["a trust policy", "aws:iam/role:Role", "assumeRolePolicy"],
    ["a resource policy", "aws:sqs/queuePolicy:QueuePolicy", "policy"],
    ["a policy of devices", "aws:iot/policy:Policy", "policy"],
  ] as const) {
    it(`does not advise grants for ${what}, which they cannot replace`, async () => {
      const source = { type: "aws:sns/topic:Topic", name: "source", props: {} };
      const policy = { type, props: { [property]: unknown }, dependsOn: { [property]: [source] } };

      expect(await stackFindings("unknown-document", [source, policy])).to.deep.equal([
        `it: ${property}: it is not known before deployment (it depends on aws:sns/topic:Topic source), so no rule can check it. ` +
          "Build its ARNs from known names, or deploy what it depends on first.",
      ]);
    });
  }

  describe("reports the documents of one role as one finding", () => {
    const table = { type: "aws:dynamodb/table:Table", name: "orders", props: {} };
    const queue = { type: "aws:sqs/queue:Queue", name: "jobs", props: {} };
    const role = (assumeRolePolicy: unknown, ...inline: unknown[]): Resource => ({
      type: "aws:iam/role:Role",
      name: "worker",
      props: { assumeRolePolicy, inlinePolicies: inline.map((policy) => ({ policy })) },
      dependsOn: { assumeRolePolicy: [queue], inlinePolicies: [table] },
    });
    const known = documentOf();
    const inline = (name: string, owner: Resource): Resource => ({
      type: rolePolicy,
      name,
      props: { role: unknown, policy: unknown },
      dependsOn: { role: [owner], policy: [table, queue] },
    });
    const managed: Resource = {
      type: "aws:iam/policy:Policy",
      name: "shared",
      props: { policy: unknown },
      dependsOn: { policy: [table] },
    };
    const attachment = (owner: Resource): Resource => ({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "shared",
      props: { role: unknown, policyArn: unknown },
      dependsOn: { role: [owner], policyArn: [managed] },
    });
    const grants = "`grants` to a parent component";
    const both =
      "they are not known before deployment (they depend on aws:dynamodb/table:Table orders and aws:sqs/queue:Queue jobs), so no rule can check them";

    it("with all that they depend on", async () => {
      const owner = role(known);
      const stack = [owner, inline("read", owner), inline("write", owner)];

      expect(await stackFindings("unknown-document", [table, queue, ...stack])).to.deep.equal([
        `worker: policy of ${rolePolicy} read and policy of ${rolePolicy} write: ${both}. ` +
          `Build their ARNs from known names, or pass their statements as ${grants}.`,
      ]);
    });

    it("with its trust policy and inline policies", async () => {
      const owner = role(unknown, unknown);

      expect(await stackFindings("unknown-document", [table, queue, owner])).to.deep.equal([
        `worker: assumeRolePolicy and inlinePolicies[0].policy: ${both}. ` +
          `Build their ARNs from known names, or deploy what they depend on first; permissions can also be passed as ${grants}.`,
      ]);
    });

    it("with a policy that another resource attaches", async () => {
      const owner = role(known);
      const stack = [owner, managed, attachment(owner), inline("read", owner)];

      expect(await stackFindings("unknown-document", [table, queue, ...stack])).to.deep.equal([
        `worker: policy of aws:iam/policy:Policy shared and policy of ${rolePolicy} read: ${both}. ` +
          `Build their ARNs from known names, or pass their statements as ${grants}.`,
      ]);
    });

    it("which is about the policy if there is only one", async () => {
      const owner = role(known);

      expect(
        await stackFindings("unknown-document", [table, queue, owner, managed, attachment(owner)]),
      ).to.deep.equal([
        "shared: policy: it is not known before deployment (it depends on aws:dynamodb/table:Table orders), so no rule can check it. " +
          `Build its ARNs from known names, or pass its statements as ${grants}.`,
      ]);
    });

    it("and those of another role as another one", async () => {
      const owner = role(known);
      const other: Resource = { ...role(known), name: "other" };
      const stack = [owner, other, inline("read", owner), inline("write", other)];

      expect(await stackFindings("unknown-document", [table, queue, ...stack])).to.have.length(2);
    });
  });

  it("accepts an unknown policy that only limits others, and reports one that cannot be read", async () => {
    const endpoint = (policy: unknown) => ({
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      props: { policy },
    });

    expect(await stackFindings("unknown-document", [endpoint(unknown)])).to.deep.equal([]);
    expect(await stackFindings("unknown-document", [endpoint("{")])).to.have.length(1);
  });

  it("reports an unknown policy of devices", async () => {
    const device = { type: "aws:iot/policy:Policy", props: { policy: unknown } };

    expect(await stackFindings("unknown-document", [device])).to.have.length(1);
  });

  it("allows an unknown document whose parent gives its grants", async () => {
    const parent = component({ ...grant, resources: [unknown] });
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.deep.equal([]);
  });

  it("reports an unknown document whose parent's grants are unknown as a whole", async () => {
    const parent = { type: "some:index:Component", name: "component", props: { grants: unknown } };
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.have.length(2);
  });

  it("reports an unknown document whose parent grants nothing", async () => {
    const parent = { type: "some:index:Component", name: "component", props: { grants: [] } };
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.have.length(1);
  });

  it("reports an unknown document whose parent has no grants", async () => {
    const parent = { type: "some:index:Component", props: {} };
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.have.length(1);
  });

  it("allows a known document that equals its parent's grants", async () => {
    const policy = {
      type: rolePolicy,
      props: { policy: policyOf(statement) },
      parent: component(grant),
    };

    expect(await stackFindings("unknown-document", [policy.parent, policy])).to.deep.equal([]);
  });

  const conditions = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
  for (const [what, granted, statements] of [
    ["has another action", grant, [{ ...statement, Action: "sns:Subscribe" }]],
    ["has one action more", grant, [{ ...statement, Action: ["sns:Publish", "sns:Subscribe"] }]],
    ["has another resource", grant, [{ ...statement, Resource: "*" }]],
    ["has one statement more", grant, [statement, statement]],
    ["denies instead", grant, [{ ...statement, Effect: "Deny" }]],
    ["lacks the condition", { ...grant, conditions }, [statement]],
    ["excludes an action", grant, [{ ...statement, NotAction: "iam:*" }]],
  ] as const) {
    it(`reports a known document that ${what} than its parent's grants`, async () => {
      const props = { policy: policyOf(...statements) };
      const policy = { type: rolePolicy, props, parent: component(granted) };

      const [finding] = await stackFindings("unknown-document", [policy.parent, policy]);

      expect(finding).to.match(/it differs from the `grants` of its component/);
    });
  }

  it("allows the same condition in another key order", async () => {
    const one = { ...grant, conditions: { Bool: { a: "true" }, StringEquals: { b: "1" } } };
    const other = { ...statement, Condition: { StringEquals: { b: "1" }, Bool: { a: "true" } } };
    const policy = { type: rolePolicy, props: { policy: policyOf(other) }, parent: component(one) };

    expect(await stackFindings("unknown-document", [policy.parent, policy])).to.deep.equal([]);
  });

  for (const text of [
    "no JSON",
    "[]",
    '{"Statement":["text"]}',
    '{"Statement":{"Effect":"Allow","Action":"sns:Publish","ACTION":"*"}}',
    '{"Statement":[],"statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    '{"Statement":{"Effect":"Allow","Action":"*","Condition":"x"}}',
    '{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":"x"}}}',
  ]) {
    it(`reports the malformed document ${text}`, async () => {
      const policy = { type: rolePolicy, props: { policy: text } };

      expect(await stackFindings("unknown-document", [policy])).to.have.length(1);
    });
  }

  for (const [type, props] of [
    ["aws:sns/topic:Topic", { policy: "no JSON" }],
    ["aws:iam/role:Role", { assumeRolePolicy: "{}", inlinePolicies: [{ policy: "no JSON" }] }],
    ["aws:iam/role:Role", { assumeRolePolicy: "no JSON" }],
    ["some:index:Component", { grants: ["text"] }],
    [
      "some:index:Component",
      { grants: [{ sid: "A", actions: [], resources: [], conditions: "x" }] },
    ],
    ["aws:iam/role:Role", { assumeRolePolicy: "{}", inlinePolicies: [null] }],
  ] as const) {
    it(`reports a malformed document of ${type}: ${JSON.stringify(props)}`, async () => {
      expect(await stackFindings("unknown-document", [{ type, props }])).to.have.length(1);
    });
  }

  it("does not print a malformed document, nor what its parser says of it", async () => {
    const policy = { type: rolePolicy, props: { policy: "hunter2" } };

    expect((await stackFindings("unknown-document", [policy])).join()).not.to.include("hunter2");
  });

  for (const [type, props] of [
    ["aws:iam/role:Role", { assumeRolePolicy: unknown }],
    ["aws:sns/topicPolicy:TopicPolicy", { policy: unknown }],
    ["aws:iam/policy:Policy", { policy: unknown }],
    ["aws:iam/role:Role", { assumeRolePolicy: "{}", inlinePolicies: [{ policy: unknown }] }],
  ] as const) {
    it(`reports ${type} with ${Object.keys(props)} that depend on something`, async () => {
      const source = { type: "aws:sns/topic:Topic", name: "source", props: {} };
      const dependsOn = Object.fromEntries(Object.keys(props).map((it) => [it, [source]]));

      expect(
        await stackFindings("unknown-document", [source, { type, props, dependsOn }]),
      ).to.have.length(1);
    });
  }

  it("knows that AWS fills in what the program did not set", async () => {
    const topicOfIt = { type: "aws:sns/topic:Topic", props: { policy: unknown } };
    const roleOfIt = {
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: "{}", inlinePolicies: unknown, managedPolicyArns: unknown },
    };

    expect(await stackFindings("unknown-document", [topicOfIt, roleOfIt])).to.deep.equal([]);
  });

  it("has nothing to say of a Lambda permission, which is checked part by part", async () => {
    const permission = { type: "aws:lambda/permission:Permission", props: { principal: unknown } };

    expect(await stackFindings("unknown-document", [permission])).to.deep.equal([]);
  });
});
