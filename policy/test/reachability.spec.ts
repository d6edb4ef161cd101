import { expect } from "chai";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const account = "111122223333";
const roleNamed = (name: string, service = "lambda.amazonaws.com"): Resource => ({
  type: "aws:iam/role:Role",
  name,
  props: {
    name,
    assumeRolePolicy: documentOf({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
    }),
  },
});
const policyOf = (owner: Resource, ...statements: object[]): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: `${owner.name}-policy`,
  props: { role: unknown, policy: documentOf(...statements) },
  dependsOn: { role: [owner] },
});
const allow = (Action: unknown, Resource: unknown, Condition?: object) => ({
  Sid: "One",
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const to = (service: string) => ({ StringEquals: { "iam:PassedToService": service } });
const arnOf = ({ name }: Resource) => `arn:aws:iam::${account}:role/${name}`;

const caller = roleNamed("caller");
const target = roleNamed("target");
const read = allow("s3:GetObject", "arn:aws:s3:::data/*");
const passing = allow("iam:PassRole", arnOf(target), to("lambda.amazonaws.com"));
const making = allow(
  ["lambda:CreateFunction", "lambda:InvokeFunction"],
  `arn:aws:lambda:us-east-1:${account}:function:job`,
);

describe("privilege-escalation, where what is reached is in the stack", () => {
  const found = (...resources: Resource[]) => stackFindings("privilege-escalation", resources);

  it("names the role that could be passed and has more, and what", async () => {
    const stack = [caller, target, policyOf(caller, passing, making), policyOf(target, read)];

    expect(await found(...stack)).to.deep.equal([
      "caller: escalation path lambda-001 by iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction to aws:iam/role:Role target: it can act with a role passed to lambda.amazonaws.com: that role also allows s3:GetObject on arn:aws:s3:::data/*. Remove one of these actions, or restrict its resources.",
    ]);
  });

  it("has nothing to say if that role has no more than the caller", async () => {
    const less = policyOf(target, allow("s3:GetObject", "arn:aws:s3:::data/public/*"));

    expect(
      await found(caller, target, policyOf(caller, passing, making, read), less),
    ).to.deep.equal([]);
    expect(await found(caller, target, policyOf(caller, passing, making))).to.deep.equal([]);
  });

  it("has nothing to say if that role does not trust the service", async () => {
    const other = roleNamed("target", "ec2.amazonaws.com");

    expect(
      await found(caller, other, policyOf(caller, passing, making), policyOf(other, read)),
    ).to.deep.equal([]);
  });

  it("treats a role with unreadable policies as one with more", async () => {
    const attached: Resource = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attached",
      props: { role: unknown, policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      dependsOn: { role: [target] },
    };

    const findings = await found(caller, target, policyOf(caller, passing, making), attached);

    expect(findings).to.have.length(1);
    expect(findings[0]).to.include("that role also allows whatever its unread policies allow");
  });

  it("is advisory if the role is of another stack, or a pattern", async () => {
    for (const arn of [arnOf(roleNamed("elsewhere")), `${arnOf(target)}*`]) {
      const pass = allow("iam:PassRole", arn, to("lambda.amazonaws.com"));

      const findings = await found(caller, target, policyOf(caller, pass, making));

      expect(findings.map((it) => it.slice(0, 44))).to.deep.equal([
        "advisory: caller: escalation path lambda-001",
      ]);
    }
  });

  it("follows a function whose code may be changed to its role", async () => {
    const lambda: Resource = {
      type: "aws:lambda/function:Function",
      name: "job",
      props: { name: "job", role: unknown },
      dependsOn: { role: [target] },
    };
    const change = allow(
      "lambda:UpdateFunctionCode",
      `arn:aws:lambda:us-east-1:${account}:function:job`,
    );
    const stack = [caller, target, lambda, policyOf(caller, change)];

    expect(await found(...stack)).to.deep.equal([]);
    expect((await found(...stack, policyOf(target, read)))[0]).to.match(
      /^caller: escalation path lambda-003 by lambda:UpdateFunctionCode to aws:iam\/role:Role target: /,
    );
  });

  it("follows an unknown ARN to the role that it comes from", async () => {
    const component: Resource = {
      type: "test:index:Component",
      name: "component",
      props: {
        grants: [
          {
            sid: "Pass",
            actions: ["iam:PassRole"],
            resources: [unknown],
            conditions: to("lambda.amazonaws.com"),
          },
          { sid: "Make", actions: making.Action, resources: [making.Resource] },
        ],
      },
      dependsOn: { grants: [target] },
    };

    expect(await found(target, policyOf(target, read), component)).to.have.length(1);
    expect(await found(target, component)).to.deep.equal([]);
  });
});

describe("pass-role, where the role is in the stack", () => {
  const found = (...resources: Resource[]) => stackFindings("pass-role", resources);

  it("advises what the role has more than who passes it", async () => {
    expect(
      await found(caller, target, policyOf(caller, passing), policyOf(target, read)),
    ).to.deep.equal([
      "advisory: caller: statement One: iam:PassRole on aws:iam/role:Role target: passing it gives access to more than the identity may do itself: s3:GetObject on arn:aws:s3:::data/*. Check that the identity may have that access.",
    ]);
  });

  it("has nothing to say of a role that has no more, or is elsewhere", async () => {
    expect(await found(caller, target, policyOf(caller, passing))).to.deep.equal([]);
    expect(await found(caller, policyOf(caller, passing))).to.deep.equal([]);
  });

  it("names a service that the role does not trust", async () => {
    const pass = allow("iam:PassRole", arnOf(target), to("ec2.amazonaws.com"));

    expect(await found(caller, target, policyOf(caller, pass))).to.deep.equal([
      "caller: statement One: iam:PassRole on aws:iam/role:Role target: that role does not trust ec2.amazonaws.com, so it cannot be passed to it. Remove the statement, or specify the service that the role trusts.",
    ]);
  });
});
