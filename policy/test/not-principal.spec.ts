import { expect } from "chai";
import { findings, isNotApplicable, role, rolePolicy, topic, unknown } from "./support.ts";

describe("not-principal", () => {
  const NotPrincipal = { AWS: "arn:aws:iam::111122223333:root" };

  it("reports NotPrincipal in a trust policy that allows", async () => {
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal });

    expect(await findings("not-principal", trust)).to.deep.equal([
      "it: assumeRolePolicy, statement number 1: NotPrincipal arn:aws:iam::111122223333:root: it allows everyone else. List the intended principals under Principal.",
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
