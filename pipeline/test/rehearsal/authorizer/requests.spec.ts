import { expect } from "chai";
import type { ApiRequest } from "../../../../sandbox/aws/api-request.ts";
import type { Call, LookUp } from "../../../rehearsal/authorizer/call.ts";
import { readRequest } from "../../../rehearsal/authorizer/requests.ts";

const place = { region: "us-east-1", accountId: "000000000000" };
const role = "arn:aws:iam::000000000000:role/reboot-role";
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";

const lookUp: LookUp = {
  tagsOf: async () => ({ Stack: "dev" }),
  vpcOf: async (subnetId) => (subnetId ? "vpc-2" : "vpc-1"),
  instanceTypeOf: async () => "t2.micro",
  vpcOfInterface: async () => "vpc-3",
  imageOwnerOf: async () => "amazon",
  boundaryOf: async () => "arn:aws:iam::000000000000:policy/boundary",
  functionOf: async (mapping) => (mapping === "gone" ? undefined : functionArn),
  keyOf: async () => "arn:aws:kms:us-east-1:000000000000:key/k-1",
};

function calls(request: Partial<ApiRequest>) {
  const whole = {
    accessKeyId: "A",
    region: "us-east-1",
    method: "POST",
    path: "/",
    target: "",
    body: "",
    service: "",
    ...request,
  };
  return readRequest(whole, place, lookUp);
}

const query = (service: string, fields: Record<string, string>) =>
  calls({ service, body: new URLSearchParams(fields).toString() });

describe("readRequest", () => {
  it("needs iam:PassRole for the role of a new function", async () => {
    const body = JSON.stringify({ FunctionName: "reboot", Role: role });

    expect(await calls({ service: "lambda", path: "/2015-03-31/functions", body })).to.deep.equal([
      { action: "lambda:CreateFunction", resource: functionArn, keys: {} },
      {
        action: "iam:PassRole",
        resource: role,
        keys: {
          "iam:passedtoservice": "lambda.amazonaws.com",
          "iam:associatedresourcearn": functionArn,
        },
      },
    ]);
  });

  it("knows neither ARN nor function of a mapping that is gone", async () => {
    const path = "/2015-03-31/event-source-mappings/gone";

    expect(await calls({ service: "lambda", method: "GET", path })).to.deep.equal([
      { action: "lambda:GetEventSourceMapping", resource: "*", keys: {} },
    ]);
  });

  it("asks for the tags that are removed from a resource of EC2, and for those it has", async () => {
    const fields = { Action: "DeleteTags", "ResourceId.1": "i-1", "Tag.1.Key": "Project" };

    expect(await query("ec2", fields)).to.deep.equal([
      {
        action: "ec2:DeleteTags",
        resource: "arn:aws:ec2:us-east-1:000000000000:instance/i-1",
        keys: {
          "aws:requesttag/project": "",
          "aws:resourcetag/stack": "dev",
          "aws:tagkeys": ["Project"],
          "ec2:instanceid": "i-1",
          "ec2:instancetype": "t2.micro",
          "ec2:resourcetag/stack": "dev",
        },
      },
    ]);
  });

  it("asks for each instance that is rebooted, by its id", async () => {
    const fields = { Action: "RebootInstances", "InstanceId.1": "i-1", "InstanceId.2": "i-2" };

    const asked = await query("ec2", fields);

    expect(asked?.map((it) => [it.resource, it.keys["ec2:instanceid"]])).to.deep.equal([
      ["arn:aws:ec2:us-east-1:000000000000:instance/i-1", "i-1"],
      ["arn:aws:ec2:us-east-1:000000000000:instance/i-2", "i-2"],
    ]);
  });

  for (const operation of ["GetConsoleOutput", "GetConsoleScreenshot"]) {
    it(`asks for the instance of ${operation}`, async () => {
      const asked = await query("ec2", { Action: operation, InstanceId: "i-1" });

      expect(asked?.map(({ action, resource }) => `${action} ${resource}`)).to.deep.equal([
        `ec2:${operation} arn:aws:ec2:us-east-1:000000000000:instance/i-1`,
      ]);
    });
  }

  it("knows no resource for the health of targets", async () => {
    const TargetGroupArn =
      "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";

    expect(
      await query("elasticloadbalancing", { Action: "DescribeTargetHealth", TargetGroupArn }),
    ).to.deep.equal([
      { action: "elasticloadbalancing:DescribeTargetHealth", resource: "*", keys: {} },
    ]);
  });

  it("asks for an interface and for each group that it is to have", async () => {
    const asked = await query("ec2", {
      Action: "ModifyNetworkInterfaceAttribute",
      NetworkInterfaceId: "eni-1",
      "SecurityGroupId.1": "sg-1",
    });

    expect(asked?.map(({ resource }) => resource)).to.deep.equal([
      "arn:aws:ec2:us-east-1:000000000000:network-interface/eni-1",
      "arn:aws:ec2:us-east-1:000000000000:security-group/sg-1",
    ]);
  });

  it("knows a mapping by its function", async () => {
    const request = {
      service: "lambda",
      method: "DELETE",
      path: "/2015-03-31/event-source-mappings/u-1",
    };

    expect(await calls(request)).to.deep.equal([
      {
        action: "lambda:DeleteEventSourceMapping",
        resource: "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:u-1",
        keys: { "lambda:functionarn": functionArn },
      },
    ]);
  });

  it("asks for a role with the boundary that it will have, or has", async () => {
    const boundary = "arn:aws:iam::aws:policy/Other";
    const created = await query("iam", {
      Action: "CreateRole",
      RoleName: "r",
      PermissionsBoundary: boundary,
    });
    const bare = await query("iam", { Action: "CreateRole", RoleName: "r" });
    const widened = await query("iam", { Action: "PutRolePolicy", RoleName: "r" });

    expect(created?.[0]?.keys).to.deep.equal({ "iam:permissionsboundary": boundary });
    expect(bare?.[0]?.keys).to.deep.equal({});
    expect(widened?.[0]?.keys).to.deep.equal({
      "iam:permissionsboundary": "arn:aws:iam::000000000000:policy/boundary",
    });
  });

  it("asks for each resource that an instance is run with, and for its tags", async () => {
    const asked = await query("ec2", {
      Action: "RunInstances",
      ImageId: "ami-1",
      InstanceType: "t2.micro",
      SubnetId: "subnet-1",
      "SecurityGroupId.1": "sg-1",
      "TagSpecification.1.ResourceType": "instance",
      "TagSpecification.1.Tag.1.Key": "Stack",
      "TagSpecification.1.Tag.1.Value": "dev",
    });

    const prefix = "arn:aws:ec2:us-east-1:000000000000:";
    expect(
      asked?.map(({ action, resource }) => `${action} ${resource.replace(prefix, "")}`),
    ).to.deep.equal([
      "ec2:RunInstances instance/*",
      "ec2:RunInstances volume/*",
      "ec2:RunInstances network-interface/*",
      "ec2:RunInstances subnet/subnet-1",
      "ec2:RunInstances security-group/sg-1",
      "ec2:RunInstances arn:aws:ec2:us-east-1::image/ami-1",
      "ec2:CreateTags instance/*",
    ]);
    expect(asked?.[0]?.keys["aws:requesttag/stack"]).to.equal("dev");
    expect(asked?.[0]?.keys["ec2:instancetype"]).to.equal("t2.micro");
    expect(asked?.[2]?.keys["ec2:vpc"]).to.equal(`${prefix}vpc/vpc-2`);
    expect(asked?.[3]?.keys["ec2:vpc"]).to.equal(`${prefix}vpc/vpc-2`);
    expect(asked?.[4]?.keys["aws:resourcetag/stack"]).to.equal("dev");
    expect(asked?.[5]?.keys["ec2:owner"]).to.equal("amazon");
    expect(asked?.[6]?.keys["ec2:createaction"]).to.equal("RunInstances");
  });

  it("asks for each interface that an instance is run with: one that exists, and a new one", async () => {
    const asked = await query("ec2", {
      Action: "RunInstances",
      ImageId: "ami-1",
      "NetworkInterface.1.NetworkInterfaceId": "eni-1",
      "NetworkInterface.2.SubnetId": "subnet-1",
      "NetworkInterface.2.SecurityGroupId.1": "sg-1",
    });

    const prefix = "arn:aws:ec2:us-east-1:000000000000:";
    expect(
      asked
        ?.filter(({ keys }) => "ec2:vpc" in keys)
        .map(({ resource, keys }) => [resource, keys["ec2:vpc"]]),
    ).to.deep.equal([
      [`${prefix}network-interface/eni-1`, `${prefix}vpc/vpc-3`],
      [`${prefix}network-interface/*`, `${prefix}vpc/vpc-2`],
      [`${prefix}subnet/subnet-1`, `${prefix}vpc/vpc-2`],
      [`${prefix}security-group/sg-1`, `${prefix}vpc/vpc-2`],
    ]);
  });

  it("asks for the new type of an instance, and for the one that it has", async () => {
    const asked = await query("ec2", {
      Action: "ModifyInstanceAttribute",
      InstanceId: "i-1",
      "InstanceType.Value": "p5.48xlarge",
    });

    expect(asked).to.deep.equal([
      {
        action: "ec2:ModifyInstanceAttribute",
        resource: "arn:aws:ec2:us-east-1:000000000000:instance/i-1",
        keys: {
          "aws:resourcetag/stack": "dev",
          "ec2:resourcetag/stack": "dev",
          "ec2:instanceid": "i-1",
          "ec2:instancetype": "t2.micro",
          "ec2:attribute": "InstanceType",
          "ec2:attribute/instancetype": "p5.48xlarge",
        },
      },
    ]);
  });

  it("asks for the tags of the volumes, too", async () => {
    const asked = await query("ec2", {
      Action: "RunInstances",
      ImageId: "ami-1",
      "TagSpecification.1.ResourceType": "volume",
      "TagSpecification.1.Tag.1.Key": "Owner",
      "TagSpecification.1.Tag.1.Value": "team",
    });

    expect(asked?.at(-1)).to.deep.equal({
      action: "ec2:CreateTags",
      resource: "arn:aws:ec2:us-east-1:000000000000:volume/*",
      keys: {
        "aws:requesttag/owner": "team",
        "aws:tagkeys": ["Owner"],
        "ec2:createaction": "RunInstances",
      },
    });
  });

  const ofTag = { "aws:requesttag/owner": "team", "aws:tagkeys": ["Owner"] };
  const ofKey = { "aws:tagkeys": ["Owner"] };
  const target = (service: string, operation: string, input: object) =>
    calls({ service, target: `${service}.${operation}`, body: JSON.stringify(input) });
  const listed = [{ Key: "Owner", Value: "team" }];
  const here = (service: string, resource: string) =>
    `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const topic = here("sns", "topic");
  const table = here("dynamodb", "table/t");
  const alarm = here("cloudwatch", "alarm:a");
  const group = here("logs", "log-group:g");
  const mapping = here("lambda", "event-source-mapping:u-1");
  const tagPath = `/2017-03-31/tags/${encodeURIComponent(functionArn)}`;

  // The last call that is asked for; tags that come with a creation are asked for after it.
  for (const [what, request, last] of [
    [
      "a topic that is created",
      () =>
        query("sns", {
          Action: "CreateTopic",
          Name: "topic",
          "Tags.member.1.Key": "Owner",
          "Tags.member.1.Value": "team",
        }),
      ["sns:TagResource", topic, ofTag],
    ],
    [
      "a topic",
      () =>
        query("sns", {
          Action: "TagResource",
          ResourceArn: topic,
          "Tags.member.1.Key": "Owner",
          "Tags.member.1.Value": "team",
        }),
      ["sns:TagResource", topic, ofTag],
    ],
    [
      "a topic's key",
      () =>
        query("sns", {
          Action: "UntagResource",
          ResourceArn: topic,
          "TagKeys.member.1": "Owner",
        }),
      ["sns:UntagResource", topic, ofKey],
    ],
    [
      "a role that is created",
      () =>
        query("iam", {
          Action: "CreateRole",
          RoleName: "reboot-role",
          "Tags.member.1.Key": "Owner",
          "Tags.member.1.Value": "team",
        }),
      ["iam:TagRole", role, ofTag],
    ],
    [
      "a role's key",
      () =>
        query("iam", {
          Action: "UntagRole",
          RoleName: "reboot-role",
          "TagKeys.member.1": "Owner",
        }),
      [
        "iam:UntagRole",
        role,
        { "iam:permissionsboundary": "arn:aws:iam::000000000000:policy/boundary", ...ofKey },
      ],
    ],
    [
      "a queue that is created",
      () => target("sqs", "CreateQueue", { QueueName: "q", tags: { Owner: "team" } }),
      ["sqs:TagQueue", here("sqs", "q"), ofTag],
    ],
    [
      "a queue's key",
      () => target("sqs", "UntagQueue", { QueueUrl: "http://sqs/0/q", TagKeys: ["Owner"] }),
      ["sqs:UntagQueue", here("sqs", "q"), ofKey],
    ],
    [
      "a table",
      () => target("dynamodb", "TagResource", { ResourceArn: table, Tags: listed }),
      ["dynamodb:TagResource", table, ofTag],
    ],
    [
      "an alarm that is created",
      () => target("monitoring", "PutMetricAlarm", { AlarmName: "a", Tags: listed }),
      ["cloudwatch:TagResource", alarm, ofTag],
    ],
    [
      "an alarm's key",
      () => target("monitoring", "UntagResource", { ResourceARN: alarm, TagKeys: ["Owner"] }),
      ["cloudwatch:UntagResource", alarm, ofKey],
    ],
    [
      "a log group that is created",
      () => target("logs", "CreateLogGroup", { logGroupName: "g", tags: { Owner: "team" } }),
      ["logs:TagResource", `${group}:log-stream:`, ofTag],
    ],
    [
      "a log group",
      () => target("logs", "TagResource", { resourceArn: group, tags: { Owner: "team" } }),
      ["logs:TagResource", group, ofTag],
    ],
    [
      "a function's key",
      () => calls({ service: "lambda", method: "DELETE", path: `${tagPath}?tagKeys=Owner` }),
      ["lambda:UntagResource", functionArn, ofKey],
    ],
    [
      "a function",
      () =>
        calls({
          service: "lambda",
          path: tagPath,
          body: JSON.stringify({ Tags: { Owner: "team" } }),
        }),
      ["lambda:TagResource", functionArn, ofTag],
    ],
    [
      "a mapping that is created",
      () =>
        calls({
          service: "lambda",
          path: "/2015-03-31/event-source-mappings",
          body: JSON.stringify({ FunctionName: "reboot", Tags: { Owner: "team" } }),
        }),
      ["lambda:TagResource", mapping.replace("u-1", "*"), ofTag],
    ],
    [
      "an instance's key",
      () =>
        query("ec2", {
          Action: "DeleteTags",
          "ResourceId.1": "i-1",
          "Tag.1.Key": "Owner",
          "Tag.1.Value": "team",
        }),
      [
        "ec2:DeleteTags",
        here("ec2", "instance/i-1"),
        {
          "aws:resourcetag/stack": "dev",
          "ec2:instanceid": "i-1",
          "ec2:instancetype": "t2.micro",
          "ec2:resourcetag/stack": "dev",
          ...ofTag,
        },
      ],
    ],
  ] as const) {
    it(`asks for tags of ${what}`, async () => {
      const [action, resource, keys] = last;

      expect((await request())?.at(-1)).to.deep.equal({ action, resource, keys });
    });
  }

  /** `ACTION RESOURCE` of each call that is asked for, with the service that gets a role. */
  const asked = async (request: Promise<readonly Call[] | undefined>) =>
    (await request)?.map(({ action, resource, keys }) =>
      [action, resource, keys["iam:passedtoservice"] ?? keys["iam:awsservicename"]]
        .filter(Boolean)
        .join(" "),
    );
  const rest = (service: string, method: string, path: string, input: object = {}) =>
    calls({ service, method, path, body: JSON.stringify(input) });
  const inAccount = (resource: string) => `arn:aws:iam::000000000000:${resource}`;
  const channel = "arn:aws:chatbot::000000000000:chat-configuration/slack-channel/alerts";

  for (const [what, request, expected] of [
    [
      "a bus",
      () => target("events", "DescribeEventBus", { Name: "b" }),
      [`events:DescribeEventBus ${here("events", "event-bus/b")}`],
    ],
    [
      "a rule of a bus",
      () => target("events", "PutRule", { Name: "r", EventBusName: "b" }),
      [`events:PutRule ${here("events", "rule/b/r")}`],
    ],
    [
      "a rule of the default bus",
      () => target("events", "DeleteRule", { Name: "r" }),
      [`events:DeleteRule ${here("events", "rule/r")}`],
    ],
    [
      "a target of a rule, whose role it passes",
      () =>
        target("events", "PutTargets", {
          Rule: "r",
          EventBusName: here("events", "event-bus/b"),
          Targets: [{ Id: "t", Arn: topic, RoleArn: role }],
        }),
      [
        `events:PutTargets ${here("events", "rule/b/r")}`,
        `iam:PassRole ${role} events.amazonaws.com`,
      ],
    ],
    [
      "a connection that is created, with its secret and the role of its service",
      () => target("events", "CreateConnection", { Name: "c" }),
      [
        `events:CreateConnection ${here("events", "connection/c")}`,
        `iam:CreateServiceLinkedRole ${inAccount("role/aws-service-role/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations")} apidestinations.events.amazonaws.com`,
        `secretsmanager:CreateSecret ${here("secretsmanager", "secret:events!connection/c/id-000000")}`,
      ],
    ],
    [
      "a connection that is changed",
      () => target("events", "UpdateConnection", { Name: "c" }),
      [
        `events:UpdateConnection ${here("events", "connection/c")}`,
        `events:UpdateConnection ${here("events", "connection/c/id")}`,
        ...["GetSecretValue", "PutSecretValue", "UpdateSecret"].map(
          (it) =>
            `secretsmanager:${it} ${here("secretsmanager", "secret:events!connection/c/id-000000")}`,
        ),
      ],
    ],
    [
      "an API destination, and its connection",
      () =>
        target("events", "CreateApiDestination", {
          Name: "d",
          ConnectionArn: here("events", "connection/c/1"),
        }),
      [
        `events:CreateApiDestination ${here("events", "api-destination/d")}`,
        `events:CreateApiDestination ${here("events", "connection/c/1")}`,
      ],
    ],
    [
      "a pipe that is created, and the role that it gets",
      () => rest("pipes", "POST", "/v1/pipes/p", { RoleArn: role }),
      [`pipes:CreatePipe ${here("pipes", "pipe/p")}`, `iam:PassRole ${role} pipes.amazonaws.com`],
    ],
    [
      "a pipe",
      () => rest("pipes", "GET", "/v1/pipes/p"),
      [`pipes:DescribePipe ${here("pipes", "pipe/p")}`],
    ],
    [
      "a pipe that is stopped",
      () => rest("pipes", "POST", "/v1/pipes/p/stop"),
      [`pipes:StopPipe ${here("pipes", "pipe/p")}`],
    ],
    [
      "a chat channel that is created, for which the reference has no resource",
      () => rest("chatbot", "POST", "/create-slack-channel-configuration", { IamRoleArn: role }),
      [
        "chatbot:CreateSlackChannelConfiguration *",
        `iam:PassRole ${role} chatbot.amazonaws.com`,
        `iam:CreateServiceLinkedRole ${inAccount("role/aws-service-role/management.chatbot.amazonaws.com/AWSServiceRoleForAWSChatbot")} management.chatbot.amazonaws.com`,
      ],
    ],
    [
      "a chat channel that is deleted",
      () =>
        rest("chatbot", "POST", "/delete-slack-channel-configuration", {
          ChatConfigurationArn: channel,
        }),
      [`chatbot:DeleteSlackChannelConfiguration ${channel}`],
    ],
    [
      "a dashboard, which is in no region",
      () => target("monitoring", "PutDashboard", { DashboardName: "d" }),
      ["cloudwatch:PutDashboard arn:aws:cloudwatch::000000000000:dashboard/d"],
    ],
    [
      "dashboards that are deleted",
      () => target("monitoring", "DeleteDashboards", { DashboardNames: ["d", "e"] }),
      ["d", "e"].map(
        (it) => `cloudwatch:DeleteDashboards arn:aws:cloudwatch::000000000000:dashboard/${it}`,
      ),
    ],
    [
      "objects and versions of them that are deleted together",
      () =>
        calls({
          service: "s3",
          path: "/evidence?delete=",
          body: "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>1</VersionId></Object></Delete>",
        }),
      ["s3:DeleteObject arn:aws:s3:::evidence/a", "s3:DeleteObjectVersion arn:aws:s3:::evidence/b"],
    ],
    [
      "the end of a bucket's setting",
      () => calls({ service: "s3", method: "DELETE", path: "/evidence?lifecycle=" }),
      ["s3:PutLifecycleConfiguration arn:aws:s3:::evidence"],
    ],
    [
      "the end of a bucket's policy",
      () => calls({ service: "s3", method: "DELETE", path: "/evidence?policy=" }),
      ["s3:DeleteBucketPolicy arn:aws:s3:::evidence"],
    ],
    [
      "the versions in a bucket",
      () => calls({ service: "s3", method: "GET", path: "/evidence?versions=" }),
      ["s3:ListBucketVersions arn:aws:s3:::evidence"],
    ],
  ] as const) {
    it(`asks for ${what}`, async () => {
      expect(await asked(request())).to.deep.equal(expected);
    });
  }

  it("distinguishes objects of a bucket from the bucket", async () => {
    const s3 = (method: string, path: string) => calls({ service: "s3", method, path });

    expect(await s3("GET", "/state/.pulumi/meta.yaml?x-id=GetObject")).to.deep.equal([
      { action: "s3:GetObject", resource: "arn:aws:s3:::state/.pulumi/meta.yaml", keys: {} },
    ]);
    expect(await s3("GET", "/state?list-type=2&prefix=.pulumi%2F")).to.deep.equal([
      {
        action: "s3:ListBucket",
        resource: "arn:aws:s3:::state",
        keys: { "s3:prefix": ".pulumi/" },
      },
    ]);
    expect(await s3("PUT", "/state?policy")).to.deep.equal([
      { action: "s3:PutBucketPolicy", resource: "arn:aws:s3:::state", keys: {} },
    ]);
  });

  for (const [what, request] of [
    ["a service", { service: "organizations", target: "AWSOrganizations.LeaveOrganization" }],
    [
      "the removal of a target",
      { service: "elasticloadbalancing", body: "Action=DeregisterTargets" },
    ],
    ["a call about no alarm and no dashboard", { service: "monitoring", target: "x.ListMetrics" }],
    ["a replay of events", { service: "events", target: "AWSEvents.StartReplay", body: "{}" }],
    ["the list of all pipes", { service: "pipes", method: "GET", path: "/v1/pipes" }],
    [
      "the end of a workspace's authorization",
      { service: "chatbot", path: "/delete-slack-workspace-authorization" },
    ],
    ["a version of an object", { service: "s3", method: "DELETE", path: "/state/x?versionId=1" }],
    [
      "a path of Lambda",
      { service: "lambda", method: "POST", path: "/2018-10-31/layers/x/versions" },
    ],
    [
      "an instance with a role",
      { service: "ec2", body: "Action=RunInstances&IamInstanceProfile.Name=admin" },
    ],
    [
      "an instance of a launch template",
      { service: "ec2", body: "Action=RunInstances&LaunchTemplate.LaunchTemplateName=big" },
    ],
    [
      "an attribute of an instance that is named another way",
      {
        service: "ec2",
        body: "Action=ModifyInstanceAttribute&InstanceId=i-1&Attribute=instanceType&Value=p5.48xlarge",
      },
    ],
  ] as const) {
    it(`does not know ${what}, which nobody may then do`, async () => {
      expect(await calls(request)).to.equal(undefined);
    });
  }
});
