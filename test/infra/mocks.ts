import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { awsOutputs } from "../../sandbox/aws/provider/aws-outputs.ts";
import { pulumi, type Registered, valueOfOutput } from "../../sandbox/engine/mocks.ts";
import { reloadProgram } from "../../sandbox/engine/program.ts";

export { allTargets } from "../../sandbox/scenario/all-options.ts";

export const webhookToken = "a".repeat(64);

export const sourceUrl = "https://endpoint.sumologic.com/receiver/v1/http/source-secret";

const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };
const projectFile = join(import.meta.dirname, "..", "..", "Pulumi.yaml");
const { config } = yaml.load(readFileSync(projectFile, "utf8")) as {
  config: Record<string, { default?: string | number | boolean }>;
};

/** The defaults of Pulumi.yaml, except for the empty ones, and the two settings that have none. */
export const settings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(config).flatMap(([key, { default: preset = "" }]) =>
      preset === "" ? [] : [[key, String(preset)]],
    ),
  ),
  notificationEmail: "oncall@example.com",
  webhookToken,
};

/** What a provider would compute, by resource type. A type that is not in it is an error. */
const computed: Record<string, (name: string) => Record<string, unknown>> = {
  "aws:ec2/instance:Instance": () => ({ arn: "arn:instance" }),
  "aws:ec2/securityGroup:SecurityGroup": () => ({}),
  "aws:sns/topic:Topic": () => ({ arn: "arn:topic" }),
  "aws:sns/topicSubscription:TopicSubscription": () => ({}),
  "aws:cloudwatch/logGroup:LogGroup": () => ({ arn: "arn:log-group" }),
  "aws:dynamodb/table:Table": () => ({ arn: "arn:table", name: "reboot-table" }),
  "aws:sns/topicPolicy:TopicPolicy": () => ({}),
  "aws:cloudwatch/eventBus:EventBus": (name) => ({ arn: `arn:${name}`, name: `${name}-1234567` }),
  "aws:cloudwatch/eventRule:EventRule": (name) => ({ name: `${name}-1234567` }),
  "aws:cloudwatch/eventTarget:EventTarget": () => ({}),
  "aws:cloudwatch/eventConnection:EventConnection": () => ({ arn: "arn:connection" }),
  "aws:cloudwatch/eventApiDestination:EventApiDestination": () => ({ arn: "arn:destination" }),
  "aws:pipes/pipe:Pipe": (name) => ({ name: `${name}-1234567` }),
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": () => ({}),
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": () => ({}),
  "aws:sqs/queuePolicy:QueuePolicy": () => ({}),
  "aws:sqs/queue:Queue": (name) => ({
    arn: `arn:${name}`,
    name: `${name}-1234567`,
    url: `https://sqs/${name}`,
  }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": () => ({}),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
    arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
  }),
  "aws:cloudwatch/dashboard:Dashboard": () => ({}),
  "aws:iam/role:Role": (name) => ({ arn: "arn:role", name }),
  "aws:iam/rolePolicy:RolePolicy": (name) => ({ name: `${name}-1234567` }),
  "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": () => ({}),
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": () => ({}),
  "aws:lambda/function:Function": () => ({}),
  "aws:s3/bucket:Bucket": (name) => ({ arn: `arn:${name}` }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": () => ({}),
  "aws:s3/bucketPolicy:BucketPolicy": () => ({}),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => ({}),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    () => ({}),
  "aws:lambda/functionUrl:FunctionUrl": () => ({ functionUrl: "https://id.lambda-url/" }),
  "aws:lambda/permission:Permission": () => ({}),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": () => ({}),
  "sumologic:index/monitorFolder:MonitorFolder": () => ({}),
  "sumologic:index/connection:Connection": () => ({}),
  "sumologic:index/monitor:Monitor": () => ({}),
  "sumologic:index/logSearch:LogSearch": () => ({}),
  "sumologic:index/dashboard:Dashboard": () => ({}),
  "sumologic:index/collector:Collector": () => ({}),
  "sumologic:index/httpSource:HttpSource": () => ({ url: sourceUrl }),
};

/** Ids that AWS does not know, and ids of instances that an Auto Scaling group manages. All others exist. */
export const unknownIds = ["i-dead0001", "i-dead0002"];
export const managedIds = ["i-a5000001", "i-a5000002"];

/** Finds instances as AWS does: every filter must hold, and it is no error if nothing is found. */
export function getInstances(inputs: Record<string, unknown>) {
  const { filters, instanceStateNames, ...others } = inputs as {
    filters: readonly { name: string; values: string[] }[];
    instanceStateNames: string[];
  };
  const [{ name, values = [] } = {}, tag, ...more] = filters;
  const known = values.filter((it) => !unknownIds.includes(it));
  const isRight =
    name === "instance-id" &&
    (tag === undefined || `${tag.name}: ${tag.values}` === "tag-key: aws:autoscaling:groupName") &&
    instanceStateNames.join(" ") === "pending running stopping stopped" &&
    more.length === 0 &&
    Object.keys(others).length === 0;
  if (!isRight) throw new Error(`unexpected arguments of getInstances: ${JSON.stringify(inputs)}`);
  return { ids: tag ? known.filter((it) => managedIds.includes(it)) : known.reverse() };
}

const functions: Record<string, Record<string, unknown>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getRegion:getRegion": { region: "us-east-1" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:ssm/getParameter:getParameter": { insecureValue: "ami-1", value: "ami-1" },
  "aws:ec2/getInstance:getInstance": { arn: "arn:existing-instance", instanceType: "m7i.large" },
  "aws:ec2/getSubnet:getSubnet": { vpcId: "vpc-1" },
  "sumologic:index/getPersonalFolder:getPersonalFolder": { id: "personal" },
};

/**
 * Runs index.ts with these settings and returns what it registered and exported. It cannot show
 * parents or resource options: the sandbox does.
 */
export async function runProgram(changes: Record<string, string> = {}) {
  const registered: Registered[] = [];
  const invoked: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        if (type.startsWith("reboot-automation:")) return { id: name, state: inputs };
        const compute = computed[type];
        if (!compute) throw new Error(`the program created the unexpected resource ${type}`);
        registered.push({ type, name, inputs });
        // Ids of collectors are numbers.
        const id = type.endsWith(":Collector") ? "100000001" : `id-of-${name}`;
        const state = { ...inputs, ...compute(name) };
        if (!type.startsWith("aws:")) return { id, state };
        return { id, state: awsOutputs(type, "us-east-1").complete(state) };
      },
      call({ token, inputs }) {
        if (token === "aws:ec2/getInstances:getInstances") {
          invoked.push(token);
          return getInstances(inputs);
        }
        const result = functions[token];
        if (!result) throw new Error(`the program called the unexpected function ${token}`);
        invoked.push(token);
        return result;
      },
    },
    "reboot-automation",
    "dev",
    false,
  );
  const all = Object.entries({ ...settings, ...changes });
  const secretKeys = ["webhookToken", "webhookTokenPrevious", "pagerDutyRoutingKey"];
  pulumi.runtime.setAllConfig(
    Object.fromEntries(all.map(([key, value]) => [`reboot-automation:${key}`, value])),
    secretKeys.map((key) => `reboot-automation:${key}`),
  );
  const outputs: Record<string, unknown> = {};
  for (const [key, output] of Object.entries(reloadProgram("index.ts"))) {
    const value = await valueOfOutput(output);
    // The engine keeps no output without a value.
    if (value !== undefined) outputs[key] = value;
  }
  // Registrations go on after the outputs are known; this waits for all of them.
  await pulumi.runtime.disconnect();
  const inputsOf = (type: string) =>
    registered.filter((it) => it.type === type).map(({ inputs }) => inputs);
  const inputsNamed = (name: string) =>
    registered.filter((it) => it.name === name).map(({ inputs }) => inputs);
  return { registered, invoked, outputs, inputsOf, inputsNamed };
}
