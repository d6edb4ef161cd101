import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, unknown } from "./support.ts";

const role = "arn:aws:iam::111122223333:role/web";
const toLambda = { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } };
const policyOf = (Action: string, Resource: string, Condition?: object) =>
  rolePolicy({ Effect: "Allow", Action, Resource, Condition });

describe("pass-role", () => {
  it("allows one role to one service", async () => {
    expect(await findings("pass-role", policyOf("iam:PassRole", role, toLambda))).to.deep.equal([]);
  });

  it("says what is too wide: the roles and the services", async () => {
    expect(await findings("pass-role", policyOf("iam:PassRole", "*"))).to.deep.equal([
      "it: policy, statement number 1: iam:PassRole with Resource * and any service: more than one role can be passed (Resource *); the role can be passed to any service (any service). " +
        'Specify the ARN of each role that is passed, built from names that are known before deployment. Add the condition "StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}.',
    ]);
  });

  it("leaves a statement that allows everything to the rules that report it as a whole", async () => {
    expect(await findings("pass-role", policyOf("*", "*"))).to.deep.equal([]);
    expect(await findings("pass-role", policyOf("*:*", "*"))).to.deep.equal([]);
    expect(await findings("pass-role", policyOf("iam:*", "*"))).to.have.length(1);
  });

  for (const [action, resource, condition] of [
    ["iam:passrole", role, undefined],
    ["iam:Pass*", role, undefined],
    ["iam:*", role, undefined],
    ["*", role, undefined],
    ["iam:PassRole", "arn:aws:iam::111122223333:role/*", toLambda],
    ["iam:PassRole", "arn:aws:iam::*:*", toLambda],
    ["iam:PassRole", "arn:aws:iam::111122223333:role/service-role/*", toLambda],
    ["iam:PassRole", role, { StringEquals: { "iam:PassedToService": "${iam:PassedToService}" } }],
    ["iam:PassRole", role, { StringEquals: { "iam:PassedToService": "${aws:PrincipalTag/x}" } }],
    ["iam:PassRole", role, { StringLike: { "iam:PassedToService": "*.amazonaws.com" } }],
    ["iam:PassRole", role, { StringLike: { "iam:PassedToService": "*" } }],
    [
      "iam:PassRole",
      role,
      { StringEqualsIfExists: { "iam:PassedToService": "ec2.amazonaws.com" } },
    ],
    ["iam:PassRole", role, { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }],
    ["iam:PassRole", role, { Bool: { "aws:SecureTransport": "true" } }],
  ] as const) {
    it(`reports ${action} on ${resource} with ${JSON.stringify(condition)}`, async () => {
      expect(await findings("pass-role", policyOf(action, resource, condition))).to.have.length(1);
    });
  }

  it("allows other actions, and a Deny,", async () => {
    const deny = rolePolicy({ Effect: "Deny", Action: "iam:PassRole", Resource: "*" });

    expect(await findings("pass-role", policyOf("iam:GetRole", "*"))).to.deep.equal([]);
    expect(await findings("pass-role", deny)).to.deep.equal([]);
  });

  it("lets an unknown role and an unknown service wait for the deployment", async () => {
    const conditions = { StringEquals: { "iam:PassedToService": unknown } };
    const grant = { sid: "Late", actions: ["iam:PassRole"], resources: [unknown], conditions };

    expect(await findings("pass-role", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without an identity policy", async () => {
    expect(await isNotApplicable("pass-role", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});
