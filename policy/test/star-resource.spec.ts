import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("star-resource", () => {
  for (const statement of [
    { Effect: "Allow", Action: "ec2:RebootInstances", Resource: arn },
    { Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
    { Effect: "Allow", Action: "EC2:describeinstances", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ec2:DescribeInstances", "xray:PutTraceSegments"],
      Resource: ["*"],
    },
    { Effect: "Deny", Action: "ec2:RebootInstances", Resource: "*" },
    {
      Effect: "Allow",
      Action: "ec2:RebootInstances",
      Resource: "*",
      Condition: { StringEquals: { "ec2:ResourceTag/Owner": "web" } },
    },
    {
      Effect: "Allow",
      Action: "ec2:RebootInstances",
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/Team": "${aws:PrincipalTag/Team}" } },
    },
    {
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: "*",
      Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    },
    {
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": "web" } },
    },
    {
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "*",
      Condition: {
        StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
      },
    },
    {
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*",
    },
  ]) {
    it(`lets ${JSON.stringify(statement)} pass`, async () => {
      expect(await findings("star-resource", rolePolicy(statement))).to.deep.equal([]);
    });
  }

  it("names resource, statement, action, reason and fix", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "ec2:RebootInstances", Resource: "*" });

    expect(await findings("star-resource", policy)).to.deep.equal([
      "it: policy, statement number 1: Resource * with ec2:RebootInstances: the action accepts a resource (instance). List the ARNs instead, built from names that are known before deployment.",
    ]);
  });

  it("is advisory if the resource is optional", async () => {
    const policy = rolePolicy({
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
    });

    expect(await findings("star-resource", policy)).to.deep.equal([
      "advisory: it: policy, statement number 1: Resource * with cloudwatch:PutMetricData: the action accepts a resource (dataset). List the ARNs instead, built from names that are known before deployment.",
    ]);
  });

  it("is advisory if the call creates the resource and AWS its id", async () => {
    const policy = rolePolicy({
      Effect: "Allow",
      Action: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
      Resource: "*",
    });

    expect(await findings("star-resource", policy)).to.deep.equal([
      "advisory: it: policy, statement number 1: Resource * with elasticloadbalancing:CreateLoadBalancer and elasticloadbalancing:CreateTargetGroup: the action accepts a resource (loadbalancer) (elasticloadbalancing:CreateLoadBalancer); the action accepts a resource (targetgroup) (elasticloadbalancing:CreateTargetGroup). List the ARNs instead, built from names that are known before deployment.",
    ]);
  });

  for (const Action of ["ec2:CreateSubnet", "sns:CreateTopic", "ec2:CreateLaunchTemplateVersion"]) {
    it(`reports ${Action}, whose resource exists or has a name`, async () => {
      const policy = rolePolicy({ Effect: "Allow", Action, Resource: "*" });

      expect((await findings("star-resource", policy))[0]).to.match(/^it: /);
    });
  }

  for (const service of ["*", "*.amazonaws.com"]) {
    it(`reports service-linked roles of ${service}`, async () => {
      const policy = rolePolicy({
        Effect: "Allow",
        Action: "iam:CreateServiceLinkedRole",
        Resource: "*",
        Condition: { StringLike: { "iam:AWSServiceName": service } },
      });

      expect(await findings("star-resource", policy)).to.have.length(1);
    });
  }

  it("needs one of the types where they are alternatives", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" });

    expect(await findings("star-resource", policy)).to.deep.equal([
      "it: policy, statement number 1: Resource * with s3:PutObject: the action accepts a resource (accesspointobject and object). List the ARNs instead, built from names that are known before deployment.",
    ]);
  });

  it("says which actions of a wildcard take a resource", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Get*", Resource: "*" });

    const [finding] = await findings("star-resource", policy);

    expect(finding).to.include(
      "Resource * with sns:Get*: 2 of its actions accept a resource: sns:GetDataProtectionPolicy and sns:GetTopicAttributes.",
    );
  });

  it("splits the statement where it names the ARNs beside the *", async () => {
    const policy = rolePolicy({
      Sid: "Both",
      Effect: "Allow",
      Action: ["ec2:RebootInstances", "ec2:DescribeInstances"],
      Resource: [arn, "*"],
    });

    const [finding] = await findings("star-resource", policy);

    expect(finding?.split("Instead: ")[1]).to.equal(
      `{"Sid":"Both","Effect":"Allow","Action":["ec2:RebootInstances"],"Resource":["${arn}"]}, ` +
        '{"Sid":"BothEverywhere","Effect":"Allow","Action":["ec2:DescribeInstances"],"Resource":["*"]}',
    );
  });

  for (const statement of [
    { Effect: "Allow", Action: "sns:Publish", Resource: ["*"] },
    { Effect: "Allow", Action: "sns:Publish", Resource: [arn, "*"] },
    { Effect: "Allow", Action: ["ec2:DescribeInstances", "sns:Publish"], Resource: "*" },
    { Effect: "Allow", Action: "sns:Publish", Resource: "**" },
    { effect: "Allow", action: "sns:Publish", resource: "*" },
    { Effect: "Allow", Action: "ec2:*", Resource: "*" },
    { Effect: "Allow", Action: "ec2:NoSuchAction", Resource: "*" },
    { Effect: "Allow", Action: "nosuchservice:Do", Resource: "*" },
    { Effect: "Allow", Action: "text", Resource: "*" },
    { Effect: "Allow", Action: "sns:Publish", Resource: [["*"]] },
    { Effect: "Allow", Action: "sns:Publish", Resource: 7 },
    { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
    { Effect: "Allow", Action: "s3:ListBucket", Resource: "*" },
    { Effect: "Allow", Action: "events:PutTargets", Resource: "*" },
  ]) {
    it(`reports ${JSON.stringify(statement)}`, async () => {
      expect(await findings("star-resource", rolePolicy(statement))).to.have.length(1);
    });
  }

  for (const Condition of [
    { Bool: { "aws:SecureTransport": "true" } },
    { StringLike: { "aws:PrincipalArn": "*" } },
    { StringEquals: { "aws:SourceAccount": "111122223333" } },
    { StringNotEquals: { "ec2:ResourceTag/Owner": "web" } },
    { Null: { "ec2:ResourceTag/Owner": "true" } },
    { Null: { "ec2:ResourceTag/Name": "false" } },
    { Null: { "ec2:ResourceTag/Name": [] } },
    { StringLike: { "ec2:ResourceTag/Name": "*" } },
    { StringLike: { "ec2:ResourceTag/Name": ["web", "?*"] } },
    { StringEquals: { "ec2:ResourceTag/Name": "${ec2:ResourceTag/Name}" } },
    { StringEquals: { "ec2:ResourceTag/Name": "${ec2:ResourceTag/Name, 'x'}" } },
    { StringEquals: { "ec2:ResourceTag/Name": "${aws:ResourceTag/Name}" } },
    { StringLike: { "ec2:ResourceTag/Name": ["a*", "b*"] } },
    { ArnLike: { "ec2:Subnet": "arn:aws:ec2:*:*:subnet/*" } },
    { StringEqualsIfExists: { "ec2:ResourceTag/Owner": "web" } },
    { "ForAllValues:StringEquals": { "ec2:ResourceTag/Owner": "web" } },
  ]) {
    it(`does not believe the condition ${JSON.stringify(Condition)}`, async () => {
      const statement = {
        Effect: "Allow",
        Action: "ec2:RebootInstances",
        Resource: "*",
        Condition,
      };

      expect(await findings("star-resource", rolePolicy(statement))).to.have.length(1);
    });
  }

  it("checks a known leaf of grants beside an unknown one", async () => {
    const grant = { sid: "Wide", actions: ["sns:Publish"], resources: [unknown, "*"] };

    expect(await findings("star-resource", component(grant))).to.deep.equal([
      "component: grants, statement Wide: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead.",
    ]);
  });

  it("leaves an unknown leaf of grants to the deployment, where it is checked before creation", async () => {
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [unknown] };

    expect(await findings("star-resource", component(grant))).to.deep.equal([]);
  });

  it("reports * with an unknown action, and with an unknown condition", async () => {
    const late = { sid: "Late", actions: [unknown], resources: ["*"] };
    const conditions = unknown;
    const when = { sid: "When", actions: ["sns:Publish"], resources: ["*"], conditions };

    expect(await findings("star-resource", component(late))).to.have.length(1);
    expect(await findings("star-resource", component(when))).to.have.length(1);
  });

  it("does not apply to resources without an identity policy", async () => {
    expect(
      await isNotApplicable("star-resource", { type: "aws:sns/topic:Topic", props: {} }),
    ).to.equal(true);
  });
});
