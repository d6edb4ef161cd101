import { expect } from "chai";
import { component, stackFindings, unknown } from "./support.ts";

const topic = "arn:aws:sns:us-east-1:111122223333:topic";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const grant = { sid: "Tell", actions: ["sns:Publish"], resources: [topic] };
const statement = { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish"], Resource: [topic] };
const policyOf = (...statements: object[]) => JSON.stringify({ Statement: statements });

describe("unknown-document", () => {
  it("reports an unknown document by URN, with the fix", async () => {
    const policy = { type: rolePolicy, props: { policy: unknown } };

    expect(await stackFindings("unknown-document", [policy])).to.deep.equal([
      "urn of it: it: policy is not known before deployment, so no rule can judge it. Give its statements as `grants` of a component that is its parent.",
    ]);
  });

  it("lets an unknown document pass whose parent gives its grants", async () => {
    const parent = component({ ...grant, resources: [unknown] });
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.deep.equal([]);
  });

  it("reports an unknown document whose parent's grants are unknown as a whole", async () => {
    const parent = { type: "some:index:Component", name: "component", props: { grants: unknown } };
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [parent, policy])).to.have.length(2);
  });

  it("reports an unknown document whose parent has no grants", async () => {
    const parent = { type: "some:index:Component", props: {} };
    const policy = { type: rolePolicy, props: { policy: unknown }, parent };

    expect(await stackFindings("unknown-document", [policy])).to.have.length(1);
  });

  it("lets a known document pass that equals its parent's grants", async () => {
    const policy = {
      type: rolePolicy,
      props: { policy: policyOf(statement) },
      parent: component(grant),
    };

    expect(await stackFindings("unknown-document", [policy])).to.deep.equal([]);
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

      const [finding] = await stackFindings("unknown-document", [policy]);

      expect(finding).to.match(/differs from the `grants` of its component/);
    });
  }

  it("lets the same condition pass in another key order", async () => {
    const one = { ...grant, conditions: { Bool: { a: "true" }, StringEquals: { b: "1" } } };
    const other = { ...statement, Condition: { StringEquals: { b: "1" }, Bool: { a: "true" } } };
    const policy = { type: rolePolicy, props: { policy: policyOf(other) }, parent: component(one) };

    expect(await stackFindings("unknown-document", [policy])).to.deep.equal([]);
  });

  for (const text of ["no JSON", "[]", '{"Statement":["text"]}']) {
    it(`reports the malformed document ${text}`, async () => {
      const policy = { type: rolePolicy, props: { policy: text } };

      expect(await stackFindings("unknown-document", [policy])).to.have.length(1);
    });
  }

  const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

  it("lets the unknown ARN of a policy of the stack be attached", async () => {
    const own = { type: "aws:iam/policy:Policy", props: {} };
    const attached = {
      type: attachment,
      props: { policyArn: unknown },
      dependsOn: { policyArn: [own] },
    };

    expect(await stackFindings("unknown-document", [attached])).to.deep.equal([]);
  });

  it("reports an unknown ARN of anything else", async () => {
    const attached = { type: attachment, props: { policyArn: unknown } };

    expect(await stackFindings("unknown-document", [attached])).to.have.length(1);
  });
});
