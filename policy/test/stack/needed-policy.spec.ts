import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import type { Grant } from "../../grants.ts";
import type { Rule } from "../../rule.ts";
import type { NeededPolicy } from "../../stack/needed-policy.ts";
import {
  account,
  allow,
  environment,
  granted,
  lambda,
  policy,
  publishing,
  role,
  topic,
  topicArn,
} from "../function-stack.ts";
import { type Resource, secret, stackFindings, startPack, unknown } from "../support.ts";

const { neededPolicy } = loadProgram<typeof import("../../stack/needed-policy.ts")>(
  "policy/stack/needed-policy.ts",
);

/** The policy for a function of a stack, as the pack computes it from what the engine sends. */
async function resultFor(name: string, resources: readonly Resource[]) {
  let found: Awaited<ReturnType<typeof neededPolicy>> | undefined;
  const capture: Rule = {
    name: "capture",
    description: "Gets the policy.",
    severity: "low",
    remediationSteps: "None.",
    url: "https://example.com",
    // biome-ignore lint/correctness/useYield: a rule without findings
    async *checkStack(stack, _settings, place) {
      found = await neededPolicy(stack, place, name);
    },
  };
  await startPack({ rules: [capture] }).analyzeStack(resources);
  if (!found) throw new Error("the rule did not run");
  return found;
}

async function needed(name: string, resources: readonly Resource[]): Promise<NeededPolicy> {
  const result = await resultFor(name, resources);
  if (result.kind !== "policy") throw new Error(result.problem);
  return result;
}

/** `sid: action, action on resource`, for each grant. */
const lines = (grants: readonly Grant[]) =>
  grants.map(
    ({ sid, actions, resources }) => `${sid}: ${actions.join(", ")} on ${resources.join(", ")}`,
  );

const place = `us-east-1:${account}`;
const arn = (service: string, rest: string) => `arn:aws:${service}:${place}:${rest}`;
const roleWithArn = (): Resource => ({
  ...role,
  props: { arn: `arn:aws:iam::${account}:role/role` },
});

/** Code that sends one command with this input. */
const sending = (client: string, command: string, input: string) => `
  const { Client, ${command} } = require("@aws-sdk/client-${client}");
  exports.handler = (event) => new Client({}).send(new ${command}(${input}));
`;

const known = ({ props, ...resource }: Resource, itsArn: string): Resource => ({
  ...resource,
  props: { ...props, arn: itsArn },
});
const alerts = topic("alerts");
const other = topic("other");
const bucket: Resource = { type: "aws:s3/bucket:Bucket", name: "uploads", props: {} };
const key: Resource = { type: "aws:kms/key:Key", name: "key", props: {} };
const jobs: Resource = {
  type: "aws:sqs/queue:Queue",
  name: "jobs",
  props: { kmsMasterKeyId: unknown },
  dependsOn: { kmsMasterKeyId: [key] },
};
const mapping: Resource = {
  type: "aws:lambda/eventSourceMapping:EventSourceMapping",
  name: "mapping",
  props: { functionName: "worker", eventSourceArn: unknown },
  dependsOn: { eventSourceArn: [jobs] },
};
const orders: Resource = {
  type: "aws:dynamodb/table:Table",
  name: "orders",
  props: { name: "orders-1a2b", arn: arn("dynamodb", "table/orders-1a2b") },
};

function machine(states: Record<string, unknown>, props: Record<string, unknown> = {}): Resource {
  return {
    type: "aws:sfn/stateMachine:StateMachine",
    name: "workflow",
    props: {
      name: "workflow",
      roleArn: unknown,
      definition: JSON.stringify({ StartAt: "First", States: states }),
      ...props,
    },
    dependsOn: { roleArn: [role] },
  };
}

const log = `UseLogOfWorker: logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:\${region}:\${account}:log-group:/aws/lambda/worker:*`;
const knownLog = log.replace("${region}", "us-east-1").replace("${account}", account);
const inPlace = { provider: { region: "us-east-1" } };

interface Case {
  readonly what: string;
  readonly of?: string;
  readonly stack: readonly Resource[];
  readonly grants: readonly string[];
}

/** All that is needed is known. */
const complete: readonly Case[] = [
  {
    what: "a call on a resource that does not exist yet",
    stack: [role, alerts, lambda(environment({ TOPIC_ARN: unknown }, alerts))],
    grants: [log, "UseTopicAlerts: sns:Publish on ${alerts.arn}"],
  },
  {
    what: "a call on a deployed resource",
    stack: [
      roleWithArn(),
      known(alerts, topicArn("alerts")),
      { ...lambda(environment({ TOPIC_ARN: topicArn("alerts") }, alerts)), ...inPlace },
    ],
    grants: [knownLog, `UseTopicAlerts: sns:Publish on ${topicArn("alerts")}`],
  },
  {
    what: "calls on what is in a bucket, and on the bucket",
    stack: [
      role,
      bucket,
      lambda({
        code:
          sending("s3", "GetObjectCommand", "{ Bucket: process.env.BUCKET }") +
          sending("s3", "ListObjectsV2Command", "{ Bucket: process.env.BUCKET }").replace(
            "const",
            "var",
          ),
        ...environment({ BUCKET: unknown }, bucket),
      }),
    ],
    grants: [
      log,
      "UseBucketUploads: s3:ListBucket on ${uploads.arn}",
      "UseContentsOfBucketUploads: s3:GetObject on ${uploads.arn}/*",
    ],
  },
  {
    what: "a call on an ARN outside of the stack",
    stack: [
      role,
      lambda({
        code: publishing,
        ...environment({ TOPIC_ARN: `arn:aws:sns:eu-west-1:444455556666:offers` }),
      }),
    ],
    grants: [log, "UseSnsOffers: sns:Publish on arn:aws:sns:eu-west-1:444455556666:offers"],
  },
  {
    what: "a call on a name outside of the stack",
    stack: [
      roleWithArn(),
      {
        ...lambda({
          code: sending("dynamodb", "QueryCommand", "{ TableName: process.env.TABLE }"),
          ...environment({ TABLE: "customers-prod" }),
        }),
        ...inPlace,
      },
    ],
    grants: [
      `UseDynamodbCustomersProd: dynamodb:Query on ${arn("dynamodb", "table/customers-prod")}`,
      knownLog,
    ],
  },
  {
    what: "a call on the address of a queue outside of the stack",
    stack: [
      role,
      lambda({
        code: sending("sqs", "SendMessageCommand", "{ QueueUrl: process.env.QUEUE_URL }"),
        ...environment({ QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/444455556666/invoices" }),
      }),
    ],
    grants: [log, "UseSqsInvoices: sqs:SendMessage on arn:aws:sqs:eu-west-1:444455556666:invoices"],
  },
  {
    what: "a call on an id outside of the stack",
    stack: [
      role,
      lambda({
        code: sending("ec2", "StopInstancesCommand", "{ InstanceIds: [process.env.INSTANCE] }"),
        ...environment({ INSTANCE: "i-0123456789abcdef0" }),
      }),
    ],
    grants: [
      "UseEc2InstanceI0123456789abcdef0: ec2:StopInstances on arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0",
      log,
    ],
  },
  {
    what: "a call on an object by the name of its bucket",
    stack: [
      role,
      lambda({
        code: sending("s3", "PutObjectCommand", "{ Bucket: process.env.BUCKET }"),
        ...environment({ BUCKET: "reports-prod" }),
      }),
    ],
    grants: [log, "UseS3ReportsProd: s3:PutObject on arn:aws:s3:::reports-prod/*"],
  },
  {
    what: "a call on a secret by its name",
    stack: [
      role,
      lambda({
        code: sending("secrets-manager", "GetSecretValueCommand", "{ SecretId: process.env.ID }"),
        ...environment({ ID: "prod/db" }),
      }),
    ],
    grants: [
      log,
      "UseSecretsmanagerProdDb: secretsmanager:GetSecretValue on arn:aws:secretsmanager:${region}:${account}:secret:prod/db-??????",
    ],
  },
  {
    what: "a call that names no resource, since AWS accepts none",
    stack: [role, lambda({ code: sending("dynamodb", "ListTablesCommand", "{}") })],
    grants: ["UseDynamodbEverywhere: dynamodb:ListTables on *", log],
  },
  {
    what: "a call that creates what it is on",
    stack: [
      role,
      lambda({
        code: sending("comprehend", "StartTopicsDetectionJobCommand", "{}"),
      }),
    ],
    grants: [
      "UseComprehendTopicsDetectionJob: comprehend:StartTopicsDetectionJob on arn:aws:comprehend:${region}:${account}:topics-detection-job/*",
      log,
    ],
  },
  {
    what: "an event source with a key",
    stack: [role, key, jobs, mapping, lambda({ code: "exports.handler = () => {};" })],
    grants: [
      "UseKey: kms:Decrypt on ${key.arn}",
      log,
      "UseQueueJobs: sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage on ${jobs.arn}",
    ],
  },
  {
    what: "tracing, a network and a dead-letter queue",
    stack: [
      role,
      alerts,
      lambda({
        code: "exports.handler = () => {};",
        props: {
          tracingConfig: { mode: "Active" },
          vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
          deadLetterConfig: { targetArn: unknown },
        },
        dependsOn: { deadLetterConfig: [alerts] },
      }),
    ],
    grants: [
      "UseEc2Everywhere: ec2:DescribeNetworkInterfaces, ec2:DescribeSubnets on *",
      "UseEc2: ec2:AssignPrivateIpAddresses, ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface, ec2:UnassignPrivateIpAddresses on arn:aws:ec2:${region}:${account}:*/*",
      log,
      "UseTopicAlerts: sns:Publish on ${alerts.arn}",
      "UseXrayEverywhere: xray:PutTelemetryRecords, xray:PutTraceSegments on *",
    ],
  },
  {
    what: "a log group of the stack",
    stack: (() => {
      const group: Resource = {
        type: "aws:cloudwatch/logGroup:LogGroup",
        name: "worker-log",
        props: { name: unknown },
      };
      const own = { loggingConfig: { logFormat: "JSON", logGroup: unknown } };
      return [
        role,
        group,
        lambda({
          code: "exports.handler = () => {};",
          props: own,
          dependsOn: { loggingConfig: [group] },
        }),
      ];
    })(),
    grants: [
      "UseLogGroupWorkerLog: logs:CreateLogStream, logs:PutLogEvents on ${worker-log.arn}:*",
    ],
  },
  {
    what: "a role that two functions have",
    stack: [
      role,
      alerts,
      other,
      lambda(environment({ TOPIC_ARN: unknown }, alerts)),
      {
        ...lambda(environment({ TOPIC_ARN: unknown }, other)),
        name: "second",
        props: { ...lambda(environment({ TOPIC_ARN: unknown }, other)).props, name: "second" },
      },
    ],
    grants: [
      log.replaceAll("worker", "second").replace("Worker", "Second"),
      log,
      "UseTopicAlerts: sns:Publish on ${alerts.arn}",
      "UseTopicOther: sns:Publish on ${other.arn}",
    ],
  },
  {
    what: "a state machine that calls and waits",
    of: "workflow",
    stack: [
      roleWithArn(),
      orders,
      {
        ...machine(
          {
            First: {
              Type: "Task",
              Resource: "arn:aws:states:::dynamodb:putItem",
              Parameters: { TableName: "orders-1a2b" },
            },
            Again: {
              Type: "Task",
              Resource: "arn:aws:states:::states:startExecution.sync:2",
              Parameters: { StateMachineArn: arn("states", "stateMachine:workflow") },
            },
          },
          { arn: arn("states", "stateMachine:workflow") },
        ),
        ...inPlace,
      },
    ],
    grants: [
      `UseTableOrders: dynamodb:PutItem on ${arn("dynamodb", "table/orders-1a2b")}`,
      `UseEventsStepFunctionsGetEventsForStepFunctionsExecutionRule: events:DescribeRule, events:PutRule, events:PutTargets on ${arn("events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")}`,
      `UseStateMachineWorkflow: states:DescribeExecution on ${arn("states", "execution:workflow:*")}`,
      `UseStateMachineWorkflow2: states:StartExecution on ${arn("states", "stateMachine:workflow")}`,
    ],
  },
];

/** The stack with the grants in place of the role's policies, as a component creates them. */
function withGrants(stack: readonly Resource[], grants: readonly Grant[]): Resource[] {
  const sources: Record<string, Resource[]> = {};
  const filled = grants.map(({ sid, actions, resources }) => {
    const of = (text: string) => stack.filter(({ name }) => text.includes(`\${${name}.`));
    sources[sid] = resources.flatMap(of);
    return {
      sid,
      actions,
      resources: resources.map((it) =>
        of(it).length > 0
          ? unknown
          : it.replaceAll("${region}", "us-east-1").replaceAll("${account}", account),
      ),
    };
  });
  return [...stack, ...granted(filled, { ...sources, grants: Object.values(sources).flat() })];
}

const comparisons = async (stack: readonly Resource[]) => [
  ...(await stackFindings("missing-grant", stack)),
  ...(await stackFindings("unused-grant", stack)),
];

const transacting = sending(
  "dynamodb",
  "TransactWriteItemsCommand",
  "{ TransactItems: itemsFor(event, process.env.TABLE) }",
);

interface Doubt extends Case {
  readonly unread: readonly string[];
}

const publishes = "the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5)";
const publishingTo = (input: string) => sending("sns", "PublishCommand", input);
const calls = (command: string, client: string) =>
  `the code of worker calls ${command} of @aws-sdk/client-${client} (index.mjs:3)`;

/** Something is not known. The rest of the policy is exact. */
const doubtful: readonly Doubt[] = [
  {
    what: "one of several resources, since their ARNs are not known yet",
    stack: [
      role,
      alerts,
      other,
      lambda(environment({ TOPIC_ARN: unknown, OTHER: unknown }, alerts, other)),
    ],
    grants: [log, "UseTopicAlertsOrTopicOther: sns:Publish on ${alerts.arn}, ${other.arn}"],
    unread: [
      `sns:Publish: on one of aws:sns/topic:Topic alerts and aws:sns/topic:Topic other, and the policy allows all: ${publishes}`,
    ],
  },
  {
    what: "a call that names no resource, though the environment has one",
    stack: [
      role,
      alerts,
      lambda({
        code: publishingTo("{ TopicArn: event.topic }"),
        ...environment({ ALERTS: unknown }, alerts),
      }),
    ],
    grants: [log, "UseTopicAlerts: sns:Publish on ${alerts.arn}"],
    unread: [
      `sns:Publish: on a resource that the call does not name, and the policy allows aws:sns/topic:Topic alerts, which the environment has: ${calls("PublishCommand", "sns")}`,
    ],
  },
  {
    what: "a call on a resource of which nothing is known",
    stack: [
      role,
      policy(allow("Tell", ["sns:Publish"], topicArn("alerts"))),
      lambda({ code: publishingTo("{ TopicArn: event.topic }") }),
    ],
    grants: [log],
    unread: [
      `sns:Publish: not in the policy, since the resource is not known (the role allows sns:Publish on ${topicArn("alerts")} now): ${calls("PublishCommand", "sns")}`,
    ],
  },
  {
    what: "a value that could be a secret",
    stack: [
      role,
      lambda({
        code: publishingTo("{ TopicArn: process.env.TOPIC }"),
        ...environment({ TOPIC: "x7Gh29kdLs82jdKq01mZ" }),
      }),
    ],
    grants: [log],
    unread: [
      `sns:Publish: not in the policy, since the ARN of (redacted #3ae5d1c519a881ef754b) is not known: ${calls("PublishCommand", "sns")}`,
    ],
  },
  {
    what: "one of several names",
    stack: [
      role,
      lambda({
        code: publishingTo("{ TopicArn: process.env.TOPIC, Other: process.env.OTHER }"),
        ...environment({ TOPIC: "offers", OTHER: "daily" }),
      }),
    ],
    grants: [log],
    unread: [
      `sns:Publish: not in the policy, since which of (redacted #6f31304cdfd0a3a6362b) and (redacted #92ab364e8f439e2dbc95) names the resource is not known: ${calls("PublishCommand", "sns")}`,
    ],
  },
  {
    what: "an object whose bucket is not known",
    stack: [
      role,
      lambda({
        code: sending("s3", "PutObjectCommand", "{ Bucket: event.bucket, Key: process.env.KEY }"),
        ...environment({ KEY: "daily" }),
      }),
    ],
    grants: [log],
    unread: [
      `s3:PutObject: not in the policy, since the resource is not known: ${calls("PutObjectCommand", "s3")}`,
    ],
  },
  {
    what: "a value that is marked as secret",
    stack: [
      role,
      lambda({
        code: publishingTo("{ TopicArn: process.env.TOPIC }"),
        ...environment({ TOPIC: secret("arn:aws:sns:eu-west-1:444455556666:private") }),
      }),
    ],
    grants: [log],
    unread: [
      `sns:Publish: not in the policy, since the ARN of (secret) is not known: ${calls("PublishCommand", "sns")}`,
    ],
  },
  {
    what: "one of several actions",
    stack: [
      role,
      orders,
      lambda({
        code: transacting,
        ...environment({ TABLE: "orders-1a2b" }, orders),
      }),
    ],
    grants: [
      `UseTableOrders: dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:PutItem, dynamodb:UpdateItem on ${arn("dynamodb", "table/orders-1a2b")}`,
      log,
    ],
    unread: [
      `dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:PutItem and dynamodb:UpdateItem: alternatives, of which the policy allows all: ${calls("TransactWriteItemsCommand", "dynamodb")}`,
    ],
  },
  {
    what: "a document that the call needs besides its resource",
    stack: [
      role,
      lambda({
        code: sending("ssm", "SendCommandCommand", "{ InstanceIds: [process.env.INSTANCE_ID] }"),
        ...environment({ INSTANCE_ID: "i-0123456789abcdef0" }),
      }),
    ],
    grants: [log],
    unread: [
      `ssm:SendCommand: not in the policy, since the ARN of (redacted #57df73291f7c539919b0) is not known: ${calls("SendCommandCommand", "ssm")}`,
      "ssm:SendCommand: not in the policy, since which document it is on is not known: the code of worker calls SendCommandCommand of @aws-sdk/client-ssm (index.mjs:3), which also needs a document (https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html)",
    ],
  },
  {
    what: "code that is not read",
    stack: [role, lambda({ props: { packageType: "Image" } })],
    grants: [log],
    unread: ["worker: its code is a container image"],
  },
  {
    what: "code that is not fully read",
    stack: [role, lambda({ code: 'require("@aws-sdk/client-sns");\nx[`${a}Command`];' })],
    grants: [log],
    unread: ["worker: its code accesses a command by a computed name (index.mjs:2)"],
  },
  {
    what: "a definition that is not known before deployment",
    of: "workflow",
    stack: [role, machine({}, { definition: unknown })],
    grants: [],
    unread: ["workflow: its definition is not known before deployment"],
  },
  {
    what: "something else that has the role",
    stack: [
      role,
      alerts,
      lambda(environment({ TOPIC_ARN: unknown }, alerts)),
      {
        type: "aws:ecs/taskDefinition:TaskDefinition",
        name: "app",
        props: { taskRoleArn: unknown },
        dependsOn: { taskRoleArn: [role] },
      },
    ],
    grants: [log, "UseTopicAlerts: sns:Publish on ${alerts.arn}"],
    unread: [
      "aws:ecs/taskDefinition:TaskDefinition app also has the role, and what it needs is not known",
    ],
  },
];

describe("the policy that a function needs", () => {
  describe("has what is certain", () => {
    for (const { what, of = "worker", stack, grants } of complete) {
      it(`${what}`, async () => {
        const found = await needed(of, stack);

        expect(lines(found.grants)).to.deep.equal(grants);
        expect(found.unread).to.deep.equal([]);
        // Both rules agree that nothing is missing and nothing is unused.
        expect(await comparisons(withGrants(stack, found.grants))).to.deep.equal([]);
      });
    }
  });

  describe("says what is not certain", () => {
    for (const { what, of = "worker", stack, grants, unread } of doubtful) {
      it(`${what}`, async () => {
        const found = await needed(of, stack);

        expect(lines(found.grants)).to.deep.equal(grants);
        expect(found.unread).to.deep.equal(unread);
        const without = stack.filter(({ type }) => type !== "aws:iam/rolePolicy:RolePolicy");
        const again = withGrants(without, found.grants);
        expect(await stackFindings("unused-grant", again)).to.deep.equal([]);
      });
    }
  });

  it("is the same as a policy document", async () => {
    const { policy: document } = await needed("worker", [role, lambda({ code: ";" })]);

    expect(document).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "UseLogOfWorker",
          Effect: "Allow",
          Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["arn:aws:logs:${region}:${account}:log-group:/aws/lambda/worker:*"],
        },
      ],
    });
  });

  it("says what each placeholder is", async () => {
    const stack = [role, alerts, lambda(environment({ TOPIC_ARN: unknown }, alerts))];

    expect((await needed("worker", stack)).placeholders).to.deep.equal({
      "${account}": "the account's id",
      "${alerts.arn}": "arn of aws:sns/topic:Topic alerts",
      "${region}": "the region",
    });
  });

  it("distinguishes resources with one logical name", async () => {
    const queue: Resource = { type: "aws:sqs/queue:Queue", name: "alerts", props: {} };
    const stack = [
      role,
      alerts,
      queue,
      lambda({
        ...environment({ TOPIC_ARN: unknown }, alerts),
        props: {
          ...environment({ TOPIC_ARN: unknown }, alerts).props,
          deadLetterConfig: { targetArn: unknown },
        },
        dependsOn: { environment: [alerts], deadLetterConfig: [queue] },
      }),
    ];

    expect(lines((await needed("worker", stack)).grants)).to.deep.equal([
      log,
      "UseTopicAlerts: sns:Publish on ${alerts.arn}",
      "UseQueueAlerts: sqs:SendMessage on ${aws:sqs/queue:Queue alerts.arn}",
    ]);
  });

  it("leaves out what only some cases need, and says what the role allows of it", async () => {
    const uploads = known(bucket, "arn:aws:s3:::uploads-1a2b");
    const stack = [
      role,
      uploads,
      lambda({
        code: sending("s3", "GetObjectCommand", "{ Bucket: process.env.BUCKET }"),
        ...environment({ BUCKET: "arn:aws:s3:::uploads-1a2b" }, uploads),
      }),
      policy(
        allow("Get", ["s3:GetObject"], "arn:aws:s3:::uploads-1a2b/*"),
        allow("List", ["s3:ListBucket"], "arn:aws:s3:::uploads-1a2b"),
      ),
    ];

    const found = await needed("worker", stack);

    expect(lines(found.grants)).to.deep.equal([
      log,
      "UseContentsOfBucketUploads: s3:GetObject on arn:aws:s3:::uploads-1a2b/*",
    ]);
    expect(found.optional).to.deep.equal([
      `s3:GetObjectVersion and s3:ListBucket: ${calls("GetObjectCommand", "s3")}; the role allows s3:ListBucket on aws:s3/bucket:Bucket uploads now`,
    ]);
    expect(found.unread).to.deep.equal([]);
  });

  it("leaves out the key of what is used, if the pack does not know that calls need it", async () => {
    const encryption: Resource = {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      name: "encryption",
      props: { bucket: unknown, rules: unknown },
      dependsOn: { bucket: [bucket], rules: [key] },
    };
    const stack = [
      role,
      key,
      bucket,
      encryption,
      lambda({
        code: sending("s3", "HeadBucketCommand", "{ Bucket: process.env.BUCKET }"),
        ...environment({ BUCKET: unknown }, bucket),
      }),
    ];

    expect((await needed("worker", stack)).optional).to.deep.equal([
      "kms:Decrypt on aws:kms/key:Key key, kms:DescribeKey on aws:kms/key:Key key, kms:Encrypt on aws:kms/key:Key key and kms:GenerateDataKey on aws:kms/key:Key key: a resource that it uses is encrypted",
    ]);
  });

  it("leaves out the indexes of a table", async () => {
    const table = {
      ...orders,
      props: { ...orders.props, globalSecondaryIndexes: [{ name: "by-day" }] },
    };
    const stack = [
      role,
      table,
      lambda({
        code: sending("dynamodb", "QueryCommand", "{ TableName: process.env.TABLE }"),
        ...environment({ TABLE: "orders-1a2b" }, table),
      }),
    ];

    expect((await needed("worker", stack)).optional).to.deep.equal([
      "dynamodb:Query on aws:dynamodb/table:Table orders/index/*: aws:dynamodb/table:Table orders has indexes, and the call may be on one",
    ]);
  });

  it("of several actions of which one is enough has the one that the role allows", async () => {
    const stack = [
      role,
      orders,
      lambda({
        code: transacting,
        ...environment({ TABLE: "orders-1a2b" }, orders),
      }),
      policy(allow("Put", ["dynamodb:PutItem"], orders.props.arn)),
    ];

    const found = await needed("worker", stack);

    expect(lines(found.grants)[0]).to.equal(
      `UseTableOrders: dynamodb:PutItem on ${arn("dynamodb", "table/orders-1a2b")}`,
    );
  });

  it("is found by the URN if several have the name", async () => {
    const twin = machine({});
    const stack = [role, lambda({ code: ";" }), { ...twin, name: "worker" }];
    const urn = "urn:pulumi:dev::test::aws:lambda/function:Function::worker";

    expect(await resultFor("worker", stack)).to.deep.equal({
      kind: "unknown-caller",
      problem: `The stack has several functions or state machines with the name worker. Use the URN of one: ${urn}, urn:pulumi:dev::test::aws:sfn/stateMachine:StateMachine::worker`,
    });
    expect((await needed(urn, stack)).callers).to.have.length(2);
  });

  it("lists the functions if there is none with the name", async () => {
    expect(await resultFor("wroker", [role, lambda(), machine({})])).to.deep.equal({
      kind: "unknown-caller",
      problem:
        "The stack has no function or state machine with the name wroker. It has worker, workflow",
    });
    expect(await resultFor("worker", [role])).to.deep.equal({
      kind: "unknown-caller",
      problem:
        "The stack has no function or state machine with the name worker. It has no functions or state machines of AWS",
    });
  });
});
