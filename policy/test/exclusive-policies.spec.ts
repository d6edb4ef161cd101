import { expect } from "chai";
import { messagesOf, type Resource, ruleNamed, startPack } from "./support.ts";

const everything = JSON.stringify({
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const arn = "arn:aws:iam::123456789012:policy/all";
/** A policy of the stack that can be attached. Without a role it is found to be some other identity's. */
const all: Resource = {
  type: "aws:iam/policy:Policy",
  name: "all",
  props: { name: "all", arn, policy: everything },
};
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

/** What the rule about escalation finds in the role, of which it reads every policy; `inputs` are the role's. */
async function found(inputs: Record<string, unknown>, ...resources: Resource[]) {
  const pack = startPack({ rules: [ruleNamed("privilege-escalation")] });
  for (const it of resources) {
    const props =
      it.type === "aws:iam/role:Role" ? { assumeRolePolicy: trust, ...inputs } : it.props;
    await pack.analyze({ ...it, props });
  }
  return messagesOf((await pack.analyzeStack(resources)).verdicts).filter((it) =>
    /^role: /.test(it),
  );
}

describe("a role's policies after a refresh", () => {
  const added = changedRole({ inlinePolicies: [{ name: "added", policy: everything }] });

  it("are checked where the stack does not remove them", async () => {
    expect(await found({}, added)).to.have.length.above(0);
    expect(await found({}, added, attachments)).to.have.length.above(0);
  });

  it("are not checked where RolePoliciesExclusive removes them", async () => {
    expect(await found({}, added, rolePolicy, exclusive(["policy-1"]))).to.deep.equal([]);
  });

  it("are checked where RolePoliciesExclusive keeps one that no resource makes", async () => {
    expect(await found({}, added, exclusive(["added"]))).to.have.length.above(0);
  });

  it("are checked where the RolePoliciesExclusive is another role's", async () => {
    const other = { ...exclusive([]), props: { roleName: "other", policyNames: [] } };

    expect(await found({}, added, other)).to.have.length.above(0);
  });

  it("are checked as the stack creates them, not as somebody had changed them", async () => {
    const changed = changedRole({ inlinePolicies: [{ name: "policy-1", policy: everything }] });

    expect(await found({}, changed, rolePolicy, exclusive(["policy-1"]))).to.deep.equal([]);
  });

  it("are not checked where RolePolicyAttachmentsExclusive removes them", async () => {
    const attached = changedRole({ managedPolicyArns: [arn] });

    expect(await found({}, attached, all)).to.have.length.above(0);
    expect(await found({}, attached, all, attachments)).to.deep.equal([]);
  });

  it("are checked where nothing is known of the role's inputs", async () => {
    const pack = startPack({ rules: [ruleNamed("privilege-escalation")] });

    expect((await pack.analyzeStack([added, exclusive([])])).verdicts).to.have.length.above(0);
  });
});

describe("a role's policies that the program sets on the role", () => {
  it("are checked beside a RolePoliciesExclusive without them", async () => {
    const inlinePolicies = [{ name: "p", policy: everything }];

    expect(
      await found({ inlinePolicies }, changedRole({ inlinePolicies }), exclusive([])),
    ).to.have.length.above(0);
  });

  it("are checked beside a RolePolicyAttachmentsExclusive without them", async () => {
    const managedPolicyArns = [arn];

    expect(
      await found({ managedPolicyArns }, changedRole({ managedPolicyArns }), all, attachments),
    ).to.have.length.above(0);
  });
});
