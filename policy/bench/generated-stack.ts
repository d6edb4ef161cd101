import {
  specialArchiveSig,
  specialAssetSig,
  specialSigKey,
  unknownValue as unknown,
} from "@pulumi/pulumi/runtime/rpc.js";
import { awsOutputs } from "../../sandbox/aws/provider/aws-outputs.ts";
import type { Values } from "../../sandbox/engine/values.ts";

/** A resource as the engine sends it to a policy pack in a preview. */
export interface GeneratedResource {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly parent?: string;
  /** Property → URNs of the resources that its value comes from. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

/** Resources of one service of the stack; `generatedStack` creates as many services as needed. */
export const resourcesPerService = 10;

/**
 * Each of these services has findings: a log group without retention, a wildcard, a permission that the
 * wildcard makes redundant, and one that nothing uses.
 */
const servicesPerFinding = 10;
export const findingsPerBadService = 4;
export const resourcesPerFinding = resourcesPerService * servicesPerFinding;

const account = "123456789012";
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`;

/** The ARNs of other stacks that the services may use. */
export const external = [`arn:aws:*:eu-west-1:${account}:*`, "arn:aws:s3:::service-*"];

/**
 * What a service may do besides reading its queue: actions of several services, as in real stacks, on
 * resources of other stacks, and the client of the SDK that its code calls.
 */
const tasks: readonly (readonly [string[], (name: string) => string, client: string])[] = [
  [
    ["dynamodb:GetItem", "dynamodb:PutItem"],
    (name) => arn("dynamodb", `table/${name}`),
    "dynamodb",
  ],
  [["s3:GetObject", "s3:PutObject"], (name) => `arn:aws:s3:::${name}-files/*`, "s3"],
  [["ssm:GetParameter"], (name) => arn("ssm", `parameter/${name}/url`), "ssm"],
  [
    ["secretsmanager:GetSecretValue"],
    (name) => arn("secretsmanager", `secret:${name}-key`),
    "secrets-manager",
  ],
  [["kms:Decrypt", "kms:GenerateDataKey"], (name) => arn("kms", `key/${name}`), "kms"],
  [["states:StartExecution"], (name) => arn("states", `stateMachine:${name}`), "sfn"],
  [["ecr:BatchGetImage"], (name) => arn("ecr", `repository/${name}`), "ecr"],
];

/**
 * A stack of services: components with grants, of which one ARN is unknown, roles, role policies,
 * topics, queues, permissions, functions with their code, log groups, and in turn an instance or a
 * security group. `count` is a multiple of the resources of a service.
 */
export function generatedStack(count: number): GeneratedResource[] {
  return Array.from({ length: count / resourcesPerService }, (_, index) => serviceOf(index)).flat();
}

/**
 * The same with all properties that the provider plans, as stack rules get them. The engine passes
 * the inputs to the rules for one resource.
 */
export function plannedStack(count: number): GeneratedResource[] {
  return generatedStack(count).map((it) => ({
    ...it,
    props: it.type.startsWith("aws:")
      ? awsOutputs(it.type, "eu-west-1").planned(it.props as Values)
      : it.props,
  }));
}

export function urnOf({ type, name }: Pick<GeneratedResource, "type" | "name">): string {
  return `urn:pulumi:dev::generated::${type}::${name}`;
}

function serviceOf(index: number): GeneratedResource[] {
  const name = `service-${index}`;
  const isBad = index % servicesPerFinding === 0;
  const component = { type: "generated:index:Service", name };
  const role = { type: "aws:iam/role:Role", name: `${name}-role` };
  const queue = { type: "aws:sqs/queue:Queue", name: `${name}-queue` };
  const parent = urnOf(component);
  const grants = grantsOf(name, index, isBad);
  return [
    { ...component, props: { grants }, dependsOn: { grants: [urnOf(queue)] } },
    {
      ...role,
      parent,
      props: { assumeRolePolicy: trustPolicy, name: role.name, tags: tags(name) },
    },
    {
      // As the provider gives it: one unknown ARN makes the whole document unknown.
      type: "aws:iam/rolePolicy:RolePolicy",
      name: `${name}-policy`,
      parent,
      props: { role: unknown, policy: unknown },
      dependsOn: { role: [urnOf(role)], policy: [urnOf(queue)] },
    },
    {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: `${name}-tasks`,
      props: { role: role.name, policy: document(tasksOf(name, index + 1)) },
      dependsOn: { role: [urnOf(role)] },
    },
    {
      type: "aws:sns/topic:Topic",
      name: `${name}-topic`,
      props: { name, policy: document([accessOf("sns:Publish", arn("sns", name))]) },
    },
    {
      ...queue,
      props: {
        name,
        visibilityTimeoutSeconds: 60,
        policy: document([accessOf("sqs:SendMessage", arn("sqs", name))]),
      },
    },
    {
      type: "aws:lambda/permission:Permission",
      name: `${name}-permission`,
      props: {
        action: "lambda:InvokeFunction",
        function: name,
        principal: "sns.amazonaws.com",
        sourceArn: unknown,
      },
      dependsOn: { sourceArn: [urnOf({ type: "aws:sns/topic:Topic", name: `${name}-topic` })] },
    },
    {
      type: "aws:lambda/function:Function",
      name,
      props: {
        name,
        role: unknown,
        runtime: "nodejs24.x",
        handler: "index.handler",
        code: codeOf(index),
        loggingConfig: { logFormat: "JSON", logGroup: `/generated/${name}` },
        environment: { variables: { QUEUE_URL: unknown, SERVICE: name } },
      },
      dependsOn: { role: [urnOf(role)], environment: [urnOf(queue)] },
    },
    {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: `${name}-log`,
      props: { name: `/generated/${name}`, ...(isBad ? {} : { retentionInDays: 14 }) },
    },
    index % 2 === 0
      ? { type: "aws:ec2/instance:Instance", name: `${name}-instance`, props: instanceOf(name) }
      : {
          type: "aws:ec2/securityGroup:SecurityGroup",
          name: `${name}-group`,
          props: { description: name, vpcId: "vpc-0a1b2c3d", ingress: [https], egress: [https] },
        },
  ];
}

/** Services of one kind have the same code: it calls what `serviceOf` grants. */
const kinds = 3 * tasks.length;

function codeOf(index: number): object {
  const own = [index, index + 3, index + 1, index + 4].map((at) => tasks[at % tasks.length]);
  const calls = own.flatMap(([actions, , client] = [[], () => "", ""]) => {
    const commands = actions.map((it) => `${it.split(":")[1]}Command`);
    return [
      `const { ${commands.join(", ")} } = require("@aws-sdk/client-${client}");`,
      `exports.${client.replace("-", "")} = (client, input) => [`,
      ...commands.map((it) => `  () => client.send(new ${it}(input)),`),
      "];",
    ];
  });
  const text = [
    `// Services of kind ${index % kinds}.`,
    'const { EC2Client, DescribeInstanceStatusCommand } = require("@aws-sdk/client-ec2");',
    'const sqs = require("@aws-sdk/client-sqs");',
    "const queue = new sqs.SQSClient({});",
    "const QueueUrl = process.env.QUEUE_URL;",
    ...calls.map((line, at) => (line.startsWith("const {") ? `{ ${line} // ${at}` : line)),
    ...own.map(() => "}"),
    "exports.handler = async () => {",
    "  await new EC2Client({}).send(new DescribeInstanceStatusCommand({}));",
    "  const { Messages } = await queue.send(new sqs.ReceiveMessageCommand({ QueueUrl }));",
    "  await queue.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0] }));",
    "};",
    ...Array.from(
      { length: 60 },
      (_, at) => `function helper${at}(value) { return value + ${at}; }`,
    ),
  ].join("\n");
  const asset = { [specialSigKey]: specialAssetSig, text };
  return { [specialSigKey]: specialArchiveSig, assets: { "index.js": asset } };
}

const tags = (name: string) => ({ service: name, team: "platform", stage: "dev" });

const https = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.20.0.0/16"] };

const trustPolicy = document([
  { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
]);

function grantsOf(name: string, index: number, isBad: boolean) {
  const [first, second] = tasksOf(name, index);
  const log = arn("logs", `log-group:/generated/${name}:*`);
  return [
    { sid: first.Sid, actions: first.Action, resources: [first.Resource] },
    { sid: second.Sid, actions: second.Action, resources: [second.Resource] },
    {
      sid: "TakeMessages",
      actions: ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
      resources: [unknown],
    },
    { sid: "WriteLog", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [log] },
    ...(isBad
      ? [
          { sid: "Wide", actions: ["logs:Put*"], resources: [log] },
          { sid: "Spare", actions: ["sqs:PurgeQueue"], resources: [unknown] },
        ]
      : []),
  ];
}

/** Three statements: two of tasks and one of an action that accepts no resource. */
function tasksOf(name: string, index: number) {
  const statement = (sid: string, at: number) => {
    const [Action, resource] = tasks[at % tasks.length] ?? [[], () => ""];
    return { Sid: sid, Effect: "Allow", Action, Resource: resource(name) };
  };
  const describe = {
    Sid: "Describe",
    Effect: "Allow",
    Action: ["ec2:DescribeInstanceStatus"],
    Resource: "*",
  };
  return [statement("First", index), statement("Second", index + 3), describe] as const;
}

/** Allows events of this account to be sent to a topic or queue. */
function accessOf(Action: string, Resource: string) {
  return {
    Sid: "Events",
    Effect: "Allow",
    Action,
    Resource,
    Principal: { Service: "events.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}

function instanceOf(name: string) {
  return {
    ami: "ami-0a1b2c3d4e5f60718",
    instanceType: "t3.micro",
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { encrypted: true, volumeSize: 20, volumeType: "gp3" },
    subnetId: "subnet-0a1b2c3d",
    tags: tags(name),
  };
}

function document(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
