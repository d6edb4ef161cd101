import { expect } from "chai";
import { type Resource, stackFindings } from "./support.ts";

const everything = JSON.stringify({
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const nothing = JSON.stringify({ Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] });
const trust = JSON.stringify({
  Statement: {
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "lambda.amazonaws.com" },
  },
});

/** A role as a refresh leaves it, after somebody has changed it. */
function changedRole(props: Record<string, unknown>): Resource {
  const type = "aws:iam/role:Role";
  return { type, name: "role", props: { name: "role-1", assumeRolePolicy: trust, ...props } };
}

const rolePolicy: Resource = {
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "policy",
  props: { name: "policy-1", role: "role-1", policy: nothing },
};

const exclusive = (policyNames: readonly string[]): Resource => ({
  type: "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
  name: "policies",
  props: { roleName: "role-1", policyNames },
});

const attachments: Resource = {
  type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  name: "attachments",
  props: { roleName: "role-1", policyArns: [] },
};

/** What the rule about escalation finds, which reads all that a role has. */
const found = (...resources: Resource[]) => stackFindings("privilege-escalation", resources);

describe("a role's policies after a refresh", () => {
  const added = changedRole({ inlinePolicies: [{ name: "added", policy: everything }] });

  it("are judged where the stack does not remove them", async () => {
    expect(await found(added)).to.have.length.above(0);
    expect(await found(added, attachments)).to.have.length.above(0);
  });

  it("are not judged where RolePoliciesExclusive removes them", async () => {
    expect(await found(added, rolePolicy, exclusive(["policy-1"]))).to.deep.equal([]);
  });

  it("are judged where RolePoliciesExclusive keeps one that no resource makes", async () => {
    expect(await found(added, exclusive(["added"]))).to.have.length.above(0);
  });

  it("are judged where the RolePoliciesExclusive is another role's", async () => {
    const other = { ...exclusive([]), props: { roleName: "other", policyNames: [] } };

    expect(await found(added, other)).to.have.length.above(0);
  });

  it("are judged as the stack makes them, not as somebody had changed them", async () => {
    const changed = changedRole({ inlinePolicies: [{ name: "policy-1", policy: everything }] });

    expect(await found(changed, rolePolicy, exclusive(["policy-1"]))).to.deep.equal([]);
  });
});
