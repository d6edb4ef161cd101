import { expect } from "chai";
import {
  account,
  allow,
  environment,
  granted,
  lambda,
  ownLog,
  policy,
  role,
  topic,
  topicArn,
} from "./function-stack.ts";
import { codeOf, documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const alerts = topic("alerts");
const other = topic("other");
const worker = lambda(environment({ TOPIC_ARN: unknown }, alerts));
const publish = allow("Tell", "sns:Publish", topicArn("alerts"));
const found = (...resources: Resource[]) => stackFindings("missing-grant", resources);

describe("missing-grant", () => {
  it("reports in one line 5 places that it cannot read, and how many more there are", async () => {
    const code = `require("@aws-sdk/client-sns");\n${"x[`${a}Command`];\n".repeat(60)}`;

    const all = await found(role, alerts, lambda({ code, props: {} }), policy(ownLog));

    const places = [2, 3, 4, 5, 6].map(
      (line) => `its code accesses a command by a computed name (index.mjs:${line})`,
    );
    expect(all).to.deep.equal([
      `advisory: worker: code: it is not fully compared with the role: ${places.join("; ")}; 55 more parts of its code are not read. Review the role manually; only the calls that were read are checked.`,
    ]);
  });

  it("has nothing to say where all that is called is allowed", async () => {
    expect(await found(role, alerts, worker, policy(publish, ownLog))).to.deep.equal([]);
  });

  it("names the call, where it is, its resource, and what to grant", async () => {
    expect(await found(role, alerts, worker, policy(ownLog))).to.deep.equal([
      "role: sns:Publish on aws:sns/topic:Topic alerts: the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5), and the role does not allow it. Allow it.",
    ]);
  });

  it("gives the statement once the ARN is known", async () => {
    const known = { ...alerts, props: { ...alerts.props, arn: topicArn("alerts") } };
    const calling = lambda(environment({ TOPIC_ARN: topicArn("alerts") }, known));

    expect((await found(role, known, calling, policy(ownLog)))[0]).to.match(
      /Instead: \{"Effect":"Allow","Action":\["sns:Publish"\],"Resource":\["arn:aws:sns:us-east-1:111122223333:alerts-1a2b"\]\}$/,
    );
  });

  it("is not content with the action on another resource", async () => {
    const elsewhere = allow("Tell", "sns:Publish", topicArn("other"));
    const grant = { sid: "Tell", actions: ["sns:Publish"], resources: [unknown] };
    const log = { sid: "Log", actions: ownLog.Action as string[], resources: [ownLog.Resource] };

    expect(await found(role, alerts, other, worker, policy(elsewhere, ownLog))).to.have.length(1);
    expect(
      await found(role, alerts, other, worker, ...granted([grant, log], { grants: [other] })),
    ).to.have.length(1);
    expect(
      await found(role, alerts, worker, ...granted([grant, log], { grants: [alerts] })),
    ).to.deep.equal([]);
  });

  it("compares with the value of the variable that the call names, once it is known", async () => {
    const both = (value: unknown) =>
      lambda(environment({ TOPIC_ARN: value, OTHER: unknown }, alerts, other));
    const stack = [role, alerts, other, policy(publish, ownLog)];

    expect(await found(...stack, both(topicArn("alerts")))).to.deep.equal([]);
    expect((await found(...stack, both(topicArn("other"))))[0]).to.match(
      /^role: sns:Publish on aws:sns\/topic:Topic other/,
    );
    // One of the two, nobody knows which.
    expect(await found(...stack, both(unknown))).to.deep.equal([]);
  });

  it("is advisory if the call does not specify its resource", async () => {
    const code = `
      const { PublishCommand, SNSClient } = require("@aws-sdk/client-sns");
      exports.handler = ({ topic }) => new SNSClient({}).send(new PublishCommand({ TopicArn: topic }));
    `;
    const calling = lambda({ code, ...environment({ ALERTS: unknown }, alerts) });
    const elsewhere = allow("Tell", "sns:Publish", topicArn("other"));
    const stack = [role, alerts, other, calling];

    const [finding] = await found(...stack, policy(elsewhere, ownLog));

    expect(finding).to.match(
      /^advisory: .*the role does not allow it on the resources of its environment/,
    );
    expect((await found(...stack, policy(ownLog)))[0]).to.match(/^role: sns:Publish/);
  });

  it("compares with an ARN in the code", async () => {
    const arn = `arn:aws:sns:us-east-1:${account}:elsewhere`;
    const code = `
      const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
      exports.handler = () => new SNSClient({}).send(new PublishCommand({ TopicArn: "${arn}" }));
    `;

    expect(await found(role, lambda({ code }), policy(publish, ownLog))).to.have.length(1);
    const right = policy(allow("Tell", "sns:Publish", arn), ownLog);
    expect(await found(role, lambda({ code }), right)).to.deep.equal([]);
  });

  it("does not count what a Deny forbids, or a boundary leaves out", async () => {
    const deny = { ...allow("Never", "sns:*", "*"), Effect: "Deny" };
    const boundary: Resource = {
      type: "aws:iam/policy:Policy",
      name: "boundary",
      props: { policy: documentOf(allow("Logs", "logs:*", "*")) },
    };
    const bounded: Resource = { ...role, dependsOn: { permissionsBoundary: [boundary] } };

    expect(await found(role, alerts, worker, policy(publish, ownLog, deny))).to.have.length(1);
    expect(await found(bounded, boundary, alerts, worker, policy(publish, ownLog))).to.have.length(
      1,
    );
  });

  describe("with policies that are not in the stack", () => {
    const attached = (policyArn: unknown, ...sources: Resource[]): Resource => ({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attached",
      props: { role: unknown, policyArn },
      dependsOn: { role: [role], policyArn: sources },
    });
    const managed = (name: string) => attached(`arn:aws:iam::aws:policy/${name}`);
    const queue: Resource = { type: "aws:sqs/queue:Queue", name: "jobs", props: {} };
    const mapping: Resource = {
      type: "aws:lambda/eventSourceMapping:EventSourceMapping",
      name: "mapping",
      props: { functionName: "worker", eventSourceArn: unknown },
      dependsOn: { eventSourceArn: [queue] },
    };
    const missing = async (...resources: Resource[]) =>
      (await found(role, alerts, worker, ...resources)).map((it) => it.split(": ")[1]);
    const publishAlerts = "sns:Publish on aws:sns/topic:Topic alerts";

    it("knows what AWS's policies for functions allow", async () => {
      const basic = managed("service-role/AWSLambdaBasicExecutionRole");
      const sqs = managed("service-role/AWSLambdaSQSQueueExecutionRole");
      expect(await missing(basic)).to.deep.equal([publishAlerts]);
      expect(await missing(sqs, queue, mapping)).to.deep.equal([publishAlerts]);
      expect(await missing(basic, queue, mapping)).to.deep.equal([
        `${publishAlerts}, sqs:DeleteMessage on aws:sqs/queue:Queue jobs, sqs:GetQueueAttributes on aws:sqs/queue:Queue jobs and sqs:ReceiveMessage on aws:sqs/queue:Queue jobs`,
      ]);
      expect(await missing(managed("AWSXRayDaemonWriteAccess"))).to.deep.equal([
        `logs:CreateLogStream on aws:lambda/function:Function worker, logs:PutLogEvents on aws:lambda/function:Function worker and ${publishAlerts}`,
      ]);
    });

    it("knows them in other partitions, and if the role lists them", async () => {
      const china = attached("arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
      const arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
      const listing: Resource = { ...role, props: { managedPolicyArns: [arn] } };

      expect(await missing(china)).to.deep.equal([publishAlerts]);
      expect((await found(listing, alerts, worker)).map((it) => it.split(": ")[1])).to.deep.equal([
        publishAlerts,
      ]);
    });

    for (const [what, policies] of [
      ["another policy of AWS", [managed("AmazonSNSRole")]],
      ["a policy by its literal ARN", [attached("arn:aws:iam::111122223333:policy/shared")]],
      ["a policy of another stack", [attached(unknown)]],
      [
        "a document that is not known yet",
        [
          {
            type: "aws:iam/rolePolicy:RolePolicy",
            name: "late",
            props: { role: unknown, policy: unknown },
            dependsOn: { role: [role], policy: [alerts] },
          },
        ],
      ],
    ] as const) {
      it(`does not say that a call is not allowed that ${what} may allow`, async () => {
        expect(await missing(...policies)).to.deep.equal([]);
      });
    }

    it("says what a Deny or a boundary forbids, whatever another policy allows", async () => {
      const deny = { ...allow("Never", "sns:*", "*"), Effect: "Deny" };

      expect(await missing(managed("AmazonSNSRole"), policy(deny))).to.deep.equal([publishAlerts]);
    });
  });

  for (const [what, props, why] of [
    [
      "an image",
      { packageType: "Image", imageUri: "x" },
      "not compared with the role: its code is a container image. Review the role manually.",
    ],
    [
      "Java",
      { runtime: "java25" },
      "not compared with the role: its runtime is java25, and only JavaScript and Python are read. Review the role manually.",
    ],
    [
      "an object in S3",
      { s3Bucket: "code", s3Key: "worker.zip" },
      "not compared with the role: its code is in S3, in an object that this stack does not upload. Review the role manually.",
    ],
    [
      "code that is not known yet",
      { code: unknown },
      "not compared with the role: its code is not known before deployment. Review the role manually.",
    ],
    [
      "version 2 of the SDK",
      { code: codeOf({ "index.js": 'const { SNS } = require("aws-sdk");' }) },
      "not fully compared with the role: its code uses the AWS SDK for JavaScript v2 (index.js:1), whose calls are not read. Review the role manually; only the calls that were read are checked.",
    ],
  ] as const) {
    it(`says in one line that ${what} is not compared, and why`, async () => {
      expect(await found(role, lambda({ props }), policy(ownLog))).to.deep.equal([
        `advisory: worker: code: it is ${why}`,
      ]);
    });
  }

  const queue: Resource = { type: "aws:sqs/queue:Queue", name: "jobs", props: {} };
  const wired = (type: string, property: string, props: object = {}): Resource => ({
    type,
    name: "wiring",
    props: { functionName: "worker", ...props },
    dependsOn: { [property]: [queue] },
  });
  const onQueue = (...actions: string[]) =>
    actions.map((it) => `${it} on aws:sqs/queue:Queue jobs`);
  for (const [what, extra, props, dependsOn, missing] of [
    [
      "an event source",
      [
        wired("aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn", {
          eventSourceArn: unknown,
        }),
      ],
      {},
      {},
      onQueue("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    ],
    [
      "a destination of failed calls",
      [
        wired(
          "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
          "destinationConfig",
          { destinationConfig: { onFailure: { destination: unknown } } },
        ),
      ],
      {},
      {},
      onQueue("sqs:SendMessage"),
    ],
    [
      "a dead-letter queue",
      [],
      { deadLetterConfig: { targetArn: unknown } },
      { deadLetterConfig: [queue] },
      onQueue("sqs:SendMessage"),
    ],
    [
      "tracing",
      [],
      { tracingConfig: { mode: "Active" } },
      {},
      ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    ],
    [
      "an encrypted environment",
      [],
      { kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd" },
      {},
      ["kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/1234abcd"],
    ],
    ["a configured log group", [], {}, {}, []],
  ] as const) {
    it(`knows what ${what} needs, with its source`, async () => {
      const idle = lambda({ code: "exports.handler = () => {};", props, dependsOn });

      const findings = await found(role, queue, idle, ...extra, policy(ownLog));

      const names = findings.flatMap((it) => it.split(": ")[1]?.split(/, | and /) ?? []);
      expect(findings.length).to.be.at.most(1);
      expect(names).to.deep.equal(missing);
      for (const it of findings) expect(it).to.include("(https://docs.aws.amazon.com/");
    });
  }

  it("knows what a key asks that a queue is encrypted with", async () => {
    const key: Resource = { type: "aws:kms/key:Key", name: "key", props: {} };
    const encrypted: Resource = {
      ...queue,
      props: { kmsMasterKeyId: unknown },
      dependsOn: { kmsMasterKeyId: [key] },
    };
    const code = `
      const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
      exports.handler = () =>
        new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.JOBS, MessageBody: "" }));
    `;
    const sending = lambda({ code, ...environment({ JOBS: unknown }, encrypted) });
    const send = allow("Send", "sqs:SendMessage", `arn:aws:sqs:us-east-1:${account}:jobs`);
    const named = { ...encrypted, props: { ...encrypted.props, name: "jobs" } };

    const findings = await found(
      role,
      key,
      named,
      { ...sending, dependsOn: { ...sending.dependsOn, environment: [named] } },
      policy(ownLog, send),
    );

    expect(findings.map((it) => it.split(": ")[1])).to.deep.equal([
      "kms:Decrypt on aws:kms/key:Key key and kms:GenerateDataKey on aws:kms/key:Key key",
    ]);
  });

  it("has nothing to say of a stack without functions", async () => {
    expect(await found(role, alerts, policy(publish))).to.deep.equal([]);
  });
});
