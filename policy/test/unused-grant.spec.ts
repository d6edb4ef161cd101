import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import {
  allow,
  environment,
  granted,
  lambda,
  ownLog,
  policy,
  publishing,
  role,
  topic,
  topicArn,
} from "./function-stack.ts";
import { codeOf, type Resource, stackFindings, unknown } from "./support.ts";

const alerts = topic("alerts");
const other = topic("other");
const worker = lambda(environment({ TOPIC_ARN: unknown }, alerts));
const found = (...resources: Resource[]) => stackFindings("unused-grant", resources);

describe("unused-grant", () => {
  it("has nothing to say where all that is granted is used", async () => {
    const publish = allow("Tell", "sns:Publish", topicArn("alerts"));

    expect(await found(role, alerts, worker, policy(publish, ownLog))).to.deep.equal([]);
  });

  it("names an action that nothing uses, and the statement without it", async () => {
    const wide = allow("Tell", ["sns:Publish", "sns:Subscribe"], topicArn("alerts"));

    expect(await found(role, alerts, worker, policy(wide, ownLog))).to.deep.equal([
      `role: statement Tell: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it. Remove it. Instead: {"Sid":"Tell","Effect":"Allow","Action":["sns:Publish"],"Resource":["${topicArn("alerts")}"]}`,
    ]);
  });

  it("names a resource on which nothing is called", async () => {
    const wide = allow("Tell", "sns:Publish", [topicArn("alerts"), topicArn("other")]);

    expect(await found(role, alerts, other, worker, policy(wide, ownLog))).to.deep.equal([
      `role: statement Tell: sns:Publish on aws:sns/topic:Topic other: worker calls it only on aws:sns/topic:Topic alerts. Remove it. Instead: {"Sid":"Tell","Effect":"Allow","Action":["sns:Publish"],"Resource":["${topicArn("alerts")}"]}`,
    ]);
  });

  it("knows in a first preview which resource an unknown ARN is of", async () => {
    const grant = { sid: "Tell", actions: ["sns:Publish"], resources: [unknown] };
    const log = { sid: "Log", actions: ownLog.Action as string[], resources: [ownLog.Resource] };
    const stack = (source: Resource) => [
      role,
      alerts,
      other,
      worker,
      ...granted([grant, log], { grants: [source], Tell: [source] }),
    ];

    expect(await found(...stack(alerts))).to.deep.equal([]);
    expect(await found(...stack(other))).to.deep.equal([
      "role: statement Tell: sns:Publish on aws:sns/topic:Topic other: worker calls it only on aws:sns/topic:Topic alerts. Remove it.",
    ]);
  });

  it("names a resource that grants come from and nothing is called on", async () => {
    const tell = (sid: string) => ({ sid, actions: ["sns:Publish"], resources: [unknown] });

    expect(
      await found(
        role,
        alerts,
        other,
        worker,
        ...granted([tell("A"), tell("B")], { grants: [alerts, other] }),
      ),
    ).to.deep.equal([
      "role: statement A: sns:Publish on aws:sns/topic:Topic other: the statement allows actions on it, and nothing calls any on it. Remove it.",
    ]);
  });

  it("is advisory if the call does not specify its resource", async () => {
    const code = `
      const { PublishCommand, SNSClient } = require("@aws-sdk/client-sns");
      exports.handler = ({ topic }) => new SNSClient({}).send(new PublishCommand({ TopicArn: topic }));
    `;
    const calling = lambda({ code, ...environment({ ALERTS: unknown }, alerts) });
    const elsewhere = allow("Tell", "sns:Publish", topicArn("other"));

    expect(await found(role, alerts, other, calling, policy(elsewhere, ownLog))).to.deep.equal([
      "advisory: role: statement Tell: sns:Publish on aws:sns/topic:Topic other: worker calls it only on aws:sns/topic:Topic alerts. Remove it.",
    ]);
  });

  it("checks a role, too, that a resource's policy lets in", async () => {
    const key: Resource = {
      type: "aws:kms/key:Key",
      name: "key",
      props: { policy: unknown },
      dependsOn: { policy: [role] },
    };
    const wide = allow("Wide", "sns:Subscribe", topicArn("alerts"));

    expect(await found(role, alerts, worker, key, policy(wide, ownLog))).to.have.length(1);
  });

  for (const [what, props] of [
    ["Python", { runtime: "java25" }],
    ["an image", { packageType: "Image", imageUri: "x" }],
    ["an object in S3", { s3Bucket: "code", s3Key: "worker.zip" }],
    ["code that is not known yet", { code: unknown }],
    ["a missing file", { code: new asset.FileArchive("/no/such/folder") }],
    [
      "version 2 of the SDK",
      { code: codeOf({ "index.js": 'const { SNS } = require("aws-sdk");' }) },
    ],
    ["a library that calls AWS", { code: codeOf({ "index.js": 'require("aws4");' }) }],
    ["a layer", { layers: ["arn:aws:lambda:us-east-1:111122223333:layer:shared:1"] }],
  ] as const) {
    it(`says nothing about the role of ${what}`, async () => {
      const publish = allow("Tell", "sns:Publish", topicArn("alerts"));
      const twice = allow("Twice", "sns:Subscribe", [topicArn("alerts"), topicArn("other")]);
      const stack = [role, alerts, other, lambda({ props }), policy(publish, twice, ownLog)];

      expect(await found(...stack)).to.deep.equal([]);
    });
  }

  it("is advisory if the code bundles the SDK", async () => {
    const code = `${publishing}\nconst scheme = "aws.auth#sigv4";`;
    const bundle = lambda({ code, ...environment({ TOPIC_ARN: unknown }, alerts) });
    const wide = allow("Wide", "sns:Subscribe", topicArn("alerts"));

    expect(await found(role, alerts, bundle, policy(wide))).to.deep.equal([
      "advisory: role: statement Wide: sns:Subscribe on aws:sns/topic:Topic alerts: neither what was read of the code of worker nor its configuration uses it. Remove it.",
    ]);
  });

  it("is advisory if something else has the role, too", async () => {
    const task: Resource = {
      type: "aws:ecs/taskDefinition:TaskDefinition",
      name: "task",
      props: { taskRoleArn: unknown },
      dependsOn: { taskRoleArn: [role] },
    };
    const wide = policy(allow("Wide", "sns:Subscribe", topicArn("alerts")));

    expect(await found(role, alerts, worker, task, wide)).to.deep.equal([
      "advisory: role: statement Wide: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it (aws:ecs/taskDefinition:TaskDefinition task also has the role). Remove it.",
    ]);
  });

  describe("if it is strict", () => {
    const strictly = (...resources: Resource[]) =>
      stackFindings("unused-grant", resources, { strict: true });
    const wide = allow("Wide", "sns:Subscribe", topicArn("alerts"));
    const unused =
      "role: statement Wide: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it";

    it("is not put off by an unreachable line with a library that calls AWS", async () => {
      const code = `${publishing}\nif (false) require("aws4");`;
      const hiding = lambda({ code, ...environment({ TOPIC_ARN: unknown }, alerts) });

      expect(await found(role, alerts, hiding, policy(wide, ownLog))).to.deep.equal([]);
      expect(await strictly(role, alerts, hiding, policy(wide, ownLog))).to.deep.equal([
        "role: statement Wide: sns:Subscribe on aws:sns/topic:Topic alerts: neither what was read of the code of worker nor its configuration uses it. Remove it.",
      ]);
    });

    it("fails for a function of which no code can be read", async () => {
      const java = lambda({ props: { runtime: "java25" } });

      expect(await strictly(role, alerts, java, policy(wide, ownLog))).to.deep.equal([
        "worker: code: it cannot be compared with the role: its runtime is java25, and only JavaScript and Python are read. Deploy code that can be read, or do not set unused-grant.strict.",
      ]);
    });

    it("is not put off by something else that has the role, too", async () => {
      const task: Resource = {
        type: "aws:ecs/taskDefinition:TaskDefinition",
        name: "task",
        props: { taskRoleArn: unknown },
        dependsOn: { taskRoleArn: [role] },
      };

      expect(await strictly(role, alerts, worker, task, policy(wide))).to.deep.equal([
        `${unused} (aws:ecs/taskDefinition:TaskDefinition task also has the role). Remove it.`,
      ]);
    });

    it("names a resource on which nothing is called, whatever is unresolved", async () => {
      const code = `${publishing}\nif (false) require("aws4");`;
      const hiding = lambda({ code, ...environment({ TOPIC_ARN: unknown }, alerts) });
      const tell = (sid: string) => ({ sid, actions: ["sns:Publish"], resources: [unknown] });
      const stack = [role, alerts, other, hiding];
      const grants = granted([tell("A"), tell("B")], { grants: [alerts, other] });

      expect(await strictly(...stack, ...grants)).to.deep.equal([
        "role: statement A: sns:Publish on aws:sns/topic:Topic other: the statement allows actions on it, and nothing calls any on it. Remove it.",
      ]);
    });

    it("has nothing to say where all that is granted is used", async () => {
      const publish = allow("Tell", "sns:Publish", topicArn("alerts"));

      expect(await strictly(role, alerts, worker, policy(publish, ownLog))).to.deep.equal([]);
    });
  });

  it("has nothing to say of a role that no function has", async () => {
    const wide = policy(allow("Wide", "sns:Subscribe", topicArn("alerts")));

    expect(await found(role, alerts, wide)).to.deep.equal([]);
  });

  it("is not put off by a mere mention of the role", async () => {
    const wide = policy(allow("Wide", "sns:Subscribe", topicArn("alerts")), ownLog);
    const parameter: Resource = {
      type: "aws:ssm/parameter:Parameter",
      name: "parameter",
      props: { value: unknown },
      dependsOn: { value: [role], tags: [role] },
    };

    expect((await found(role, alerts, worker, parameter, wide))[0]).to.match(/^role: /);
  });

  it("follows an alias to its function, and a mapping to its secret", async () => {
    const alias: Resource = {
      type: "aws:lambda/alias:Alias",
      name: "live",
      props: {},
      dependsOn: { functionName: [worker] },
    };
    const queue: Resource = { type: "aws:sqs/queue:Queue", name: "jobs", props: { name: "jobs" } };
    const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:broker-a1b2c3";
    const mapping: Resource = {
      type: "aws:lambda/eventSourceMapping:EventSourceMapping",
      name: "mapping",
      props: {
        functionName: unknown,
        eventSourceArn: unknown,
        sourceAccessConfigurations: [{ type: "BASIC_AUTH", uri: secret }],
      },
      dependsOn: { functionName: [alias], eventSourceArn: [queue] },
    };
    const jobs = "arn:aws:sqs:us-east-1:111122223333:jobs";
    const taking = policy(
      allow("Take", ["sqs:DeleteMessage", "sqs:ReceiveMessage"], jobs),
      allow("LogIn", "secretsmanager:GetSecretValue", secret),
    );

    expect(await found(role, alerts, worker, alias, queue, mapping, taking)).to.deep.equal([]);
  });

  it("treats a policy as the role's if it is attached by a literal ARN", async () => {
    const arn = "arn:aws:iam::111122223333:policy/wide";
    const own: Resource = {
      type: "aws:iam/policy:Policy",
      name: "wide",
      props: { name: "wide", policy: policy(allow("Wide", "sns:Subscribe", "*")).props.policy },
    };
    const attached: Resource = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attached",
      props: { role: unknown, policyArn: arn },
      dependsOn: { role: [role] },
    };

    expect(await found(role, alerts, worker, own, attached)).to.have.length(1);
  });

  it("does not count what AWS fills in for a role twice, nor before it is known", async () => {
    const { policy: document } = policy(ownLog).props;
    const named = { ...policy(ownLog), props: { role: unknown, name: "log", policy: document } };
    const filled = (inlinePolicies: unknown): Resource => ({
      ...role,
      props: { inlinePolicies, managedPolicyArns: inlinePolicies },
    });
    const redundant = async (it: Resource) =>
      stackFindings("redundant-grant", [it, { ...named, dependsOn: { role: [it] } }]);

    expect(await redundant(filled([{ name: "log", policy: document }]))).to.deep.equal([]);
    expect(await redundant(filled(unknown))).to.deep.equal([]);
    expect(await redundant(filled([{ name: "other", policy: document }]))).to.have.length(1);
  });

  it("counts what a Deny says as no grant", async () => {
    const deny = { ...allow("Never", "sns:DeleteTopic", topicArn("alerts")), Effect: "Deny" };

    expect(await found(role, alerts, worker, policy(deny, ownLog))).to.deep.equal([]);
  });

  for (const [what, props, actions] of [
    ["tracing", { tracingConfig: { mode: "Active" } }, ["xray:PutTraceSegments"]],
    [
      "a VPC",
      { vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } },
      ["ec2:CreateNetworkInterface", "ec2:DescribeSecurityGroups"],
    ],
    ["nothing", {}, []],
  ] as const) {
    it(`explains by ${what} what that needs`, async () => {
      const all = [
        "xray:PutTraceSegments",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeSecurityGroups",
      ];
      const { props: variables, dependsOn } = environment({ TOPIC_ARN: unknown }, alerts);
      const configured = lambda({ props: { ...variables, ...props }, dependsOn });

      const unused = await found(role, alerts, configured, policy(allow("All", all, "*")));

      const rest = all.filter((it) => !(actions as readonly string[]).includes(it));
      const names = unused.flatMap((it) => it.split(": ")[2]?.split(/, | and /) ?? []);
      expect(names).to.deep.equal(rest.map((it) => `${it} on *`).sort());
    });
  }

  it("explains the use of keys that resources are encrypted with, and of no others", async () => {
    const key = (name: string): Resource => ({
      type: "aws:kms/key:Key",
      name,
      props: { arn: `arn:aws:kms:us-east-1:111122223333:key/${name}` },
    });
    const used = key("used");
    const bucket: Resource = {
      type: "aws:s3/bucket:Bucket",
      name: "bucket",
      props: {},
      // Its encryption is a separate resource, as for buckets.
      dependsOn: { bucket: [alerts], rules: [used] },
    };
    const decrypt = allow("Keys", "kms:Decrypt", [used.props.arn, key("unused").props.arn]);

    const unused = await found(
      ...[role, alerts, worker, used, key("unused"), bucket, policy(decrypt)],
    );

    expect(unused.map((it) => it.slice(0, 61))).to.deep.equal([
      "role: statement Keys: kms:Decrypt on aws:kms/key:Key unused: ",
    ]);
  });

  describe("explains the use of a key outside of the stack", () => {
    const outside = "arn:aws:kms:us-east-1:444455556666:key/outside";
    const encrypt = allow("Key", "kms:GenerateDataKey", outside);
    const put = allow("Put", "s3:PutObject", "arn:aws:s3:::elsewhere/*");
    const putting = (bucket: string) => `
      import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
      export const handler = (event) =>
        new S3Client({}).send(new PutObjectCommand({ Bucket: ${bucket}, Key: "a" }));`;
    const bucket: Resource = {
      type: "aws:s3/bucket:Bucket",
      name: "data",
      props: { bucket: "data" },
    };

    for (const [what, code] of [
      ["a bucket of another stack", putting("process.env.BUCKET")],
      ["a bucket that the event names", putting("event.bucket")],
    ] as const) {
      it(`by a call on ${what}`, async () => {
        const calling = lambda({ code, ...environment({ BUCKET: "elsewhere" }) });

        expect(await found(role, calling, policy(put, encrypt, ownLog))).to.deep.equal([]);
      });
    }

    it("and neither by a call on a resource of the stack, nor by the function's log", async () => {
      const own = lambda({
        code: putting("process.env.BUCKET"),
        ...environment({ BUCKET: "data" }, bucket),
      });
      const ownPut = allow("Put", "s3:PutObject", "arn:aws:s3:::data/*");

      expect(await found(role, bucket, own, policy(ownPut, encrypt, ownLog))).to.deep.equal([
        `role: statement Key: kms:GenerateDataKey on ${outside}: neither the code of worker nor its configuration uses it. Remove it.`,
      ]);
    });

    it("and not that of a key of the stack", async () => {
      const key: Resource = {
        type: "aws:kms/key:Key",
        name: "key",
        props: { arn: "arn:aws:kms:us-east-1:111122223333:key/own" },
      };
      const calling = lambda({
        code: putting("process.env.BUCKET"),
        ...environment({ BUCKET: "elsewhere" }),
      });
      const ownKey = allow("Key", "kms:GenerateDataKey", key.props.arn);

      expect(await found(role, key, calling, policy(put, ownKey, ownLog))).to.have.length(1);
    });
  });

  for (const arn of ["arn:aws:logs:*:*:*", "arn:aws:logs:*:*:log-group:/aws/lambda/*"]) {
    it(`knows that a function writes its log, also where ${arn} matches those of others`, async () => {
      const colleague = { ...worker, name: "colleague", props: { name: "colleague" } };
      const classic = allow(
        "Log",
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        arn,
      );
      const publish = allow("Tell", "sns:Publish", topicArn("alerts"));

      expect(
        await found(
          role,
          alerts,
          worker,
          { ...colleague, dependsOn: {} },
          policy(classic, publish),
        ),
      ).to.deep.equal([]);
    });
  }
});
