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

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("unknown-action", () => {
  it("names the nearest action, and a statement with it", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "ec2:RebootInstance", Resource: arn });

    expect(await findings("unknown-action", policy)).to.deep.equal([
      "it: policy, statement number 1: Action ec2:RebootInstance: there is no such action. Write ec2:RebootInstances, or list it under unknown-action.known in the pack's configuration if it is newer than the pack. " +
        `Instead: {"Effect":"Allow","Action":["ec2:RebootInstances"],"Resource":["${arn}"]}`,
    ]);
  });

  for (const [wrong, fix] of [
    ["s4:GetObject", "Write s3:GetObject"],
    ["sqs:Sendmesage*", "Write sqs:SendMessage"],
    ["ec2:Zzzzzzzzzzzzzzzzzz", "Write SERVICE:ACTION as in the Service Authorization Reference"],
    ["s3:GetObject:more", "Write s3:GetObject"],
    ["s3:constructor", "Write SERVICE:ACTION as in the Service Authorization Reference"],
    ["__proto__:x", "Write SERVICE:ACTION as in the Service Authorization Reference"],
    ["qqqqqqqqqq:GetObject", "Write SERVICE:ACTION as in the Service Authorization Reference"],
  ] as const) {
    it(`says of ${wrong}: ${fix}`, async () => {
      const policy = rolePolicy({ Effect: "Allow", Action: wrong, Resource: "*" });

      const [finding] = await findings("unknown-action", policy);

      expect(finding).to.include(`there is no such action. ${fix}, or list it under `);
    });
  }

  it("reports a Deny that forbids nothing, a trust policy, and the policy of a resource", async () => {
    const wrong = { Effect: "Deny", Action: "ec2:RebotInstances", Resource: "*" };

    expect(await findings("unknown-action", rolePolicy(wrong))).to.have.length(1);
    expect(
      await findings("unknown-action", role({ Effect: "Allow", Action: "sts:Assume" })),
    ).to.have.length(1);
    expect(
      await findings("unknown-action", topic({ Effect: "Allow", Action: "sns:Publsh" })),
    ).to.have.length(1);
  });

  it("does not print what has not the form of an action", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "a secret text", Resource: "*" });

    expect((await findings("unknown-action", policy)).join()).not.to.include("secret");
  });

  it("allows known actions in any case, wildcards, and what the configuration lists", async () => {
    const Action = ["EC2:rebootinstances", "s3:Get*", "*", "ec2:BrandNew"];
    const policy = rolePolicy({ Effect: "Allow", Action, Resource: arn });

    expect(await findings("unknown-action", policy, { known: ["ec2:BrandNew"] })).to.deep.equal([]);
  });

  it("leaves an unknown action to star-action", async () => {
    const grant = { sid: "Late", actions: [unknown], resources: [arn] };

    expect(await findings("unknown-action", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without a document", async () => {
    expect(await isNotApplicable("unknown-action", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});
