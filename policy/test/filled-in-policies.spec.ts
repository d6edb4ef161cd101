import { expect } from "chai";
import { account, allow, topicArn } from "./function-stack.ts";
import { component, documentOf, type Resource, stackFindings, trustOf } from "./support.ts";

describe("the inline policies of a role that AWS fills in, as after a refresh", () => {
  const read = allow(
    "Read",
    "dynamodb:GetItem",
    `arn:aws:dynamodb:us-east-1:${account}:table/orders`,
  );
  const publish = allow("Tell", "sns:Publish", topicArn("alerts"));
  const granting = component({
    sid: "Tell",
    actions: ["sns:Publish"],
    resources: [topicArn("alerts")],
  });
  const policyNamed = (name: string, statement: object, parent?: Resource): Resource => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    name,
    props: { name, role: "worker", policy: documentOf(statement) },
    ...(parent && { parent }),
  });
  const roleWith = (...inline: (readonly [string, object])[]): Resource => ({
    type: "aws:iam/role:Role",
    name: "role",
    parent: granting,
    props: {
      name: "worker",
      assumeRolePolicy: trustOf("lambda.amazonaws.com"),
      inlinePolicies: inline.map(([name, it]) => ({ name, policy: documentOf(it) })),
    },
  });

  it("are checked once, as the policies of the stack that created them", async () => {
    const resources = [
      granting,
      roleWith(["own", publish], ["other", read]),
      policyNamed("own", publish, granting),
      policyNamed("other", read),
    ];

    expect(await stackFindings("unknown-document", resources)).to.deep.equal([]);
    expect(await stackFindings("redundant-grant", resources)).to.deep.equal([]);
  });

  it("are read if only another role has a policy of that name", async () => {
    const unreadable = {
      type: "aws:iam/role:Role",
      name: "role",
      props: {
        name: "worker",
        assumeRolePolicy: trustOf("lambda.amazonaws.com"),
        inlinePolicies: [{ name: "own", policy: "no JSON" }],
      },
    };
    const policyOf = (role: string) => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "own",
      props: { name: "own", role, policy: documentOf(publish) },
    });

    expect(await stackFindings("unknown-document", [unreadable, policyOf("worker")])).to.deep.equal(
      [],
    );
    expect(await stackFindings("unknown-document", [unreadable, policyOf("other")])).to.have.length(
      1,
    );
  });

  it("are checked by the grants of the role's component if nothing in the stack created them", async () => {
    const resources = [
      granting,
      roleWith(["own", publish], ["by-somebody", read]),
      policyNamed("own", publish, granting),
      { type: "aws:sqs/queue:Queue", props: { name: "by-somebody" } },
    ];

    expect(await stackFindings("unknown-document", resources)).to.deep.equal([
      "role: inlinePolicies[1].policy compared with grants: it differs from the `grants` of its component, which the preview checked. Generate the document from the grants.",
    ]);
  });
});
