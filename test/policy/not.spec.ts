import { expect } from "chai";
import {
  component,
  findings,
  isNotApplicable,
  role,
  rolePolicy,
  topic,
  unknown,
} from "./support.ts";

const arn = "arn:aws:sns:us-east-1:111122223333:topic";

describe("not-action", () => {
  it("reports NotAction in a statement that allows", async () => {
    const policy = rolePolicy({ Effect: "Allow", NotAction: "iam:*", Resource: arn });

    expect(await findings("not-action", policy)).to.deep.equal([
      "it: policy, statement number 1: NotAction iam:*: it allows every other action. Name each action that is called under Action.",
    ]);
  });

  it("reports it in the policy of a resource, in any letter case", async () => {
    const open = topic({ Effect: "Allow", Principal: "*", notaction: "sns:DeleteTopic" });

    expect(await findings("not-action", open)).to.have.length(1);
  });

  it("lets it deny, and lets Action pass", async () => {
    const deny = rolePolicy({ Effect: "Deny", NotAction: "sns:Publish", Resource: "*" });
    const allow = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: arn });

    expect(await findings("not-action", deny)).to.deep.equal([]);
    expect(await findings("not-action", allow)).to.deep.equal([]);
  });

  it("has nothing to say of a document that is unknown, nor of other resources", async () => {
    const late = { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: unknown } };

    expect(await findings("not-action", late)).to.deep.equal([]);
    expect(await isNotApplicable("not-action", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});

describe("not-resource", () => {
  it("reports NotResource in a statement that allows", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", NotResource: arn });

    expect(await findings("not-resource", policy)).to.deep.equal([
      `it: policy, statement number 1: NotResource ${arn}: it allows every other resource. Name the resources that are meant under Resource.`,
    ]);
  });

  it("lets it deny, and lets Resource pass", async () => {
    const deny = rolePolicy({ Effect: "Deny", Action: "sns:Publish", NotResource: arn });
    const allow = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: arn });

    expect(await findings("not-resource", deny)).to.deep.equal([]);
    expect(await findings("not-resource", allow)).to.deep.equal([]);
  });

  it("has nothing to say of grants with an unknown resource, nor of other resources", async () => {
    const late = component({ sid: "Late", actions: ["sns:Publish"], resources: [unknown] });

    expect(await findings("not-resource", late)).to.deep.equal([]);
    expect(await isNotApplicable("not-resource", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});

describe("not-principal", () => {
  const NotPrincipal = { AWS: "arn:aws:iam::111122223333:root" };

  it("reports NotPrincipal in a trust policy that allows", async () => {
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal });

    expect(await findings("not-principal", trust)).to.deep.equal([
      "it: assumeRolePolicy, statement number 1: NotPrincipal arn:aws:iam::111122223333:root: it allows everybody else. Name who is meant under Principal.",
    ]);
  });

  it("reports it in the policy of a resource", async () => {
    const open = topic({ Effect: "Allow", Action: "sns:Publish", NotPrincipal });

    expect(await findings("not-principal", open)).to.have.length(1);
  });

  it("lets it deny", async () => {
    const deny = topic({ Effect: "Deny", Action: "sns:Publish", NotPrincipal });

    expect(await findings("not-principal", deny)).to.deep.equal([]);
  });

  it("has nothing to say of an unknown document, nor of identity policies", async () => {
    const late = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    expect(await findings("not-principal", late)).to.deep.equal([]);
    expect(
      await isNotApplicable(
        "not-principal",
        rolePolicy({ Effect: "Allow", Action: "sns:Publish" }),
      ),
    ).to.equal(true);
  });
});
