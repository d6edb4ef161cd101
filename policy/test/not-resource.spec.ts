import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:sns:us-east-1:111122223333:topic";

describe("not-resource", () => {
  it("reports NotResource in a statement that allows", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", NotResource: arn });

    expect(await findings("not-resource", policy)).to.deep.equal([
      `it: policy, statement number 1: NotResource ${arn}: it allows every other resource. List the intended ARNs under Resource, built from names that are known before deployment.`,
    ]);
  });

  it("allows it deny, and lets Resource", async () => {
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
