import { expect } from "chai";
import { findings, isNotApplicable, rolePolicy, topic, unknown } from "./support.ts";

const arn = "arn:aws:sns:us-east-1:111122223333:topic";

describe("not-action", () => {
  it("reports NotAction in a statement that allows", async () => {
    const policy = rolePolicy({ Effect: "Allow", NotAction: "iam:*", Resource: arn });

    expect(await findings("not-action", policy)).to.deep.equal([
      "it: policy, statement number 1: NotAction iam:*: it allows every other action. List each action that is called under Action.",
    ]);
  });

  it("reports it in the policy of a resource, in any case", async () => {
    const open = topic({ Effect: "Allow", Principal: "*", notaction: "sns:DeleteTopic" });

    expect(await findings("not-action", open)).to.have.length(1);
  });

  it("allows it deny, and lets Action", async () => {
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
