import { expect } from "chai";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const role: Resource = { type: "aws:iam/role:Role", name: "role", props: {} };
const alerts = "arn:aws:sns:us-east-1:111122223333:alerts";
const statement = (Sid: string, Action: unknown, Resource: unknown, Condition?: object) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const policy = (name: string, ...statements: object[]): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name,
  props: { role: unknown, policy: documentOf(...statements) },
  dependsOn: { role: [role] },
});
const found = (...policies: Resource[]) => stackFindings("redundant-grant", [role, ...policies]);

describe("redundant-grant", () => {
  it("names what another statement allows already, over all policies of a role", async () => {
    const one = policy("one", statement("All", ["sns:Publish", "sns:Subscribe"], alerts));
    const two = policy("two", statement("Again", "sns:Publish", alerts));

    expect(await found(one, two)).to.deep.equal([
      `role: statement Again of aws:iam/rolePolicy:RolePolicy two: sns:Publish on ${alerts}: statement All of aws:iam/rolePolicy:RolePolicy one allows it already. Remove it.`,
    ]);
  });

  it("keeps the wider of two, whichever is first", async () => {
    const narrow = statement("Narrow", "sns:Publish", alerts);
    const wide = statement("Wide", "sns:P*", "arn:aws:sns:us-east-1:111122223333:a*");

    expect((await found(policy("p", narrow, wide))).map((it) => it.slice(0, 22))).to.deep.equal([
      "role: statement Narrow",
    ]);
  });

  it("does not advise to remove what is narrower than a statement that allows everything", async () => {
    const narrow = statement("Narrow", "sns:Publish", alerts);

    expect(await found(policy("p", narrow, statement("All", "*", "*")))).to.deep.equal([]);
    expect(await found(policy("p", narrow, statement("All", "sns:*", "*")))).to.have.length(1);
  });

  it("lets buckets and their objects pass in one statement, although the first pattern matches both", async () => {
    const [buckets, objects] = ["arn:aws:s3:::team-*", "arn:aws:s3:::team-*/*"];
    const actions = ["s3:GetObject", "s3:ListBucket"];
    const both = statement("Data", actions, [buckets, objects]);

    expect(await found(policy("p", both))).to.deep.equal([]);
    expect(
      await found(
        policy("p", statement("Data", actions, buckets), statement("Again", actions, objects)),
      ),
    ).to.deep.equal([
      `role: statement Again: s3:GetObject on ${objects} and s3:ListBucket on ${objects}: statement Data allows it already. Remove it.`,
    ]);
  });

  it("lets pass what a condition sets apart", async () => {
    const condition = { StringEquals: { "aws:ResourceTag/team": "a" } };
    const narrow = statement("Narrow", "sns:Publish", "*", condition);
    const plain = statement("Plain", "sns:Publish", alerts);

    expect(await found(policy("p", narrow, plain))).to.deep.equal([]);
    expect(await found(policy("p", statement("Plain", "sns:Publish", "*"), narrow))).to.have.length(
      1,
    );
  });

  it("names what a group has twice, and not for each of its users again", async () => {
    const group: Resource = { type: "aws:iam/group:Group", name: "group", props: {} };
    const user: Resource = { type: "aws:iam/user:User", name: "user", props: {} };
    const membership: Resource = {
      type: "aws:iam/userGroupMembership:UserGroupMembership",
      props: { user: unknown, groups: [unknown] },
      dependsOn: { user: [user], groups: [group] },
    };
    const ofGroup: Resource = {
      type: "aws:iam/groupPolicy:GroupPolicy",
      name: "of-group",
      props: {
        group: unknown,
        policy: documentOf(
          statement("All", "sns:Publish", "*"),
          statement("Again", "sns:Publish", alerts),
        ),
      },
      dependsOn: { group: [group] },
    };
    const ofUser: Resource = {
      type: "aws:iam/userPolicy:UserPolicy",
      name: "of-user",
      props: { user: unknown, policy: documentOf(statement("Too", "sns:Publish", alerts)) },
      dependsOn: { user: [user] },
    };

    const lines = await found(group, user, membership, ofGroup, ofUser);

    expect(lines.map((it) => it.slice(0, 23))).to.deep.equal([
      "group: statement Again:",
      "user: statement Too of ",
    ]);
  });

  it("does not compare with a Deny, nor ARNs that are not known yet", async () => {
    const deny = { ...statement("Deny", "sns:Publish", alerts), Effect: "Deny" };
    const component: Resource = {
      type: "test:index:Component",
      name: "component",
      props: {
        grants: [{ sid: "A", actions: ["sns:Publish"], resources: [unknown, unknown] }],
      },
    };

    expect(await found(policy("p", deny, statement("A", "sns:Publish", alerts)))).to.deep.equal([]);
    expect(await stackFindings("redundant-grant", [component])).to.deep.equal([]);
  });

  it("names logs:CreateLogGroup where the stack creates the group", async () => {
    const group: Resource = {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: "log",
      props: { name: "/aws/lambda/f" },
    };
    const lambda: Resource = {
      type: "aws:lambda/function:Function",
      name: "f",
      props: { name: "f", role: unknown, runtime: "python3.13" },
      dependsOn: { role: [role] },
    };
    const logs = policy(
      "logs",
      statement("Log", "logs:CreateLogGroup", "arn:aws:logs:us-east-1:111122223333:*"),
    );

    expect(await found(logs, lambda)).to.deep.equal([]);
    expect(await found(logs, lambda, group)).to.deep.equal([
      "role: statement Log: logs:CreateLogGroup on arn:aws:logs:us-east-1:111122223333:*: the stack creates aws:cloudwatch/logGroup:LogGroup log with a retention time; a function that may create it could bring it back without one after the stack is destroyed. Remove it.",
    ]);
  });
});
