import { expect } from "chai";
import { planProblems, refuseNames } from "../../../aws/provider/name-rules.ts";
import { secret, unknown } from "../../support.ts";

const words = (type: string, inputs: Parameters<typeof planProblems>[1]) =>
  planProblems(type, inputs).map(([, reason]) => reason);

const most: [type: string, property: string, longest: number][] = [
  ["aws:sns/topic:Topic", "name", 256],
  ["aws:sqs/queue:Queue", "name", 80],
  ["aws:iam/role:Role", "name", 64],
  ["aws:iam/rolePolicy:RolePolicy", "name", 128],
  ["aws:iam/policy:Policy", "name", 128],
  ["aws:lambda/function:Function", "name", 64],
  ["aws:lambda/permission:Permission", "statementId", 100],
  ["aws:cloudwatch/logGroup:LogGroup", "name", 512],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "name", 255],
  ["aws:ec2/securityGroup:SecurityGroup", "name", 255],
  ["sumologic:index/connection:Connection", "name", 128],
];

describe("planProblems", () => {
  for (const [type, property, longest] of most) {
    it(`accepts ${longest} characters as the name of ${type}, and no more`, () => {
      expect(words(type, { [property]: "x".repeat(longest) })).to.deep.equal([]);
      expect(words(type, { [property]: "x".repeat(longest + 1) })).to.have.length(1);
    });
  }

  for (const [type, inputs, reason] of [
    ["aws:sns/topic:Topic", { name: "a.b" }, "invalid topic name: a.b"],
    ["aws:sqs/queue:Queue", { name: "a.b" }, "invalid queue name: a.b"],
    ["aws:iam/role:Role", { name: "a b" }, "invalid value for name (must match [\\w+=,.@-])"],
    [
      "aws:lambda/permission:Permission",
      { statementId: "a.b" },
      "invalid value for statement_id (must contain alphanumeric, underscores or dashes only)",
    ],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      { name: "sg-x" },
      "invalid value for name (cannot begin with sg-)",
    ],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [{ cidrBlocks: ["203.0.113.7/24"] }] },
      '"203.0.113.7/24" is not a valid IPv4 CIDR block; did you mean "203.0.113.0/24"?',
    ],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [{ cidrBlocks: ["010.0.0.0/8"] }] },
      '"010.0.0.0/8" is not a valid CIDR block: invalid CIDR address: 010.0.0.0/8',
    ],
    [
      "sumologic:index/monitor:Monitor",
      { name: "Slow responses of " },
      "invalid value for name (must not contain forward slashes, nor begin or end with a space)",
    ],
    ["aws:sqs/queue:Queue", { name: secret("a.b") }, "invalid queue name: a.b"],
  ] as const) {
    it(`refuses ${JSON.stringify(inputs)} of ${type}`, () => {
      expect(words(type, inputs as never)).to.deep.equal([reason]);
    });
  }

  it("wants names of FIFO queues and topics to end so, and no others", () => {
    for (const [type, fifo] of [
      ["aws:sqs/queue:Queue", { fifoQueue: true }],
      ["aws:sns/topic:Topic", { fifoTopic: true }],
    ] as const) {
      expect(words(type, { ...fifo, name: "jobs.fifo" })).to.deep.equal([]);
      expect(words(type, { ...fifo, name: "jobs" })).to.have.length(1);
      expect(words(type, { name: "jobs.fifo" })).to.have.length(1);
    }
  });

  it("leaves alone what is unknown, what is not given, and other types", () => {
    expect(words("aws:sqs/queue:Queue", { name: unknown })).to.deep.equal([]);
    expect(words("aws:sqs/queue:Queue", {})).to.deep.equal([]);
    expect(words("aws:lambda/functionUrl:FunctionUrl", { name: "a b" })).to.deep.equal([]);
  });
});

describe("refuseNames", () => {
  it("wants an e-mail address for the protocol email alone", () => {
    const endpoint = "arn:aws:lambda:us-east-1:111122223333:function:notify";
    const type = "aws:sns/topicSubscription:TopicSubscription";

    expect(() => refuseNames(type, { protocol: "lambda", endpoint })).not.to.throw();
  });

  it("accepts the domain of a website as the name of its bucket", () => {
    expect(() => refuseNames("aws:s3/bucket:Bucket", { bucket: "www.example.com" })).not.to.throw();
  });

  for (const [type, inputs, reason] of [
    ["aws:dynamodb/table:Table", { name: "a b" }, "Member must satisfy regular expression pattern"],
    ["aws:dynamodb/table:Table", { name: "x".repeat(256) }, "at most 255 characters long"],
    ["aws:s3/bucket:Bucket", { bucket: "x".repeat(64) }, "InvalidBucketName"],
    ["aws:s3/bucket:Bucket", { bucket: "www..example.com" }, "InvalidBucketName"],
    [
      "aws:sns/topicSubscription:TopicSubscription",
      { protocol: "email", endpoint: "mailto:a@b.example" },
      "Invalid parameter: Email address",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(inputs).slice(0, 40)} of ${type} only when it is made`, () => {
      expect(words(type, inputs)).to.deep.equal([]);
      expect(() => refuseNames(type, inputs)).to.throw(reason);
    });
  }
});
