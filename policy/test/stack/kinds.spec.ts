import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { formsOfType, fitOf } =
  loadProgram<typeof import("../../stack/kinds.ts")>("policy/stack/kinds.ts");
const { actionsOf } = loadProgram<typeof import("../../iam/actions.ts")>("policy/iam/actions.ts");

const { names, nameProperties, services } = loadProgram<
  typeof import("../../data/resource-names.ts")
>("policy/data/resource-names.ts");

const aws = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const arn = (service: string, rest: string) =>
  `arn:\${Partition}:${service}:\${Region}:\${Account}:${rest}`;

/** Types of @pulumi/aws and the form of their ARNs, by convention and by the table of exceptions. */
const forms: Readonly<Record<string, string>> = {
  "aws:apigatewayv2/api:Api": arn(
    "execute-api",
    "${ApiId}/${Stage}/${Method}/${ApiSpecificResourcePath}",
  ),
  "aws:cloudwatch/eventBus:EventBus": arn("events", "event-bus/${EventBusName}"),
  "aws:cloudwatch/eventRule:EventRule": arn("events", "rule/${RuleName}"),
  "aws:cloudwatch/logGroup:LogGroup": arn("logs", "log-group:${LogGroupName}"),
  "aws:route53/zone:Zone": "arn:${Partition}:route53:::hostedzone/${Id}",
  "aws:sesv2/emailIdentity:EmailIdentity": arn("ses", "identity/${IdentityName}"),
  "aws:timestreamwrite/table:Table": arn(
    "timestream",
    "database/${DatabaseName}/table/${TableName}",
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": arn("cloudwatch", "alarm:${AlarmName}"),
  "aws:dynamodb/table:Table": arn("dynamodb", "table/${TableName}"),
  "aws:ec2/instance:Instance": arn("ec2", "instance/${InstanceId}"),
  "aws:ecs/cluster:Cluster": arn("ecs", "cluster/${ClusterName}"),
  "aws:efs/fileSystem:FileSystem": arn("elasticfilesystem", "file-system/${FileSystemId}"),
  "aws:glue/catalogDatabase:CatalogDatabase": arn("glue", "database/${DatabaseName}"),
  "aws:glue/catalogTable:CatalogTable": arn("glue", "table/${DatabaseName}/${TableName}"),
  "aws:iam/role:Role": "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": arn(
    "firehose",
    "deliverystream/${DeliveryStreamName}",
  ),
  "aws:kinesis/stream:Stream": arn("kinesis", "stream/${StreamName}"),
  "aws:kms/key:Key": arn("kms", "key/${KeyId}"),
  "aws:lambda/function:Function": arn("lambda", "function:${FunctionName}"),
  "aws:rds/cluster:Cluster": arn("rds", "cluster:${DbClusterInstanceName}"),
  "aws:rds/instance:Instance": arn("rds", "db:${DbInstanceName}"),
  "aws:s3/bucket:Bucket": "arn:${Partition}:s3:::${BucketName}",
  "aws:s3/bucketV2:BucketV2": "arn:${Partition}:s3:::${BucketName}",
  "aws:secretsmanager/secret:Secret": arn("secretsmanager", "secret:${SecretId}"),
  "aws:sfn/stateMachine:StateMachine": arn("states", "stateMachine:${StateMachineName}"),
  "aws:sns/topic:Topic": arn("sns", "${TopicName}"),
  "aws:sqs/queue:Queue": arn("sqs", "${QueueName}"),
  "aws:ssm/parameter:Parameter": arn("ssm", "parameter/${ParameterNameWithoutLeadingSlash}"),
};

function sourceOf(type: string, extension: "js" | "d.ts"): string {
  const [, module = "", file = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  return readFileSync(join(aws, module, `${file}.${extension}`), "utf8");
}

describe("the ARN forms of Pulumi's types", () => {
  for (const [type, form] of Object.entries(forms)) {
    it(`knows ${type}, which @pulumi/aws has`, async () => {
      expect(sourceOf(type, "js")).to.include(`static __pulumiType = '${type}'`);
      expect(await formsOfType(type)).to.deep.equal([form]);
    });
  }

  it("knows none of what is no resource of AWS, or none that a policy names", async () => {
    for (const type of ["pulumi:pulumi:Stack", "aws:lambda/permission:Permission", "aws:x/y:Y"]) {
      expect(await formsOfType(type)).to.deep.equal([]);
    }
  });

  it("has exceptions for types that @pulumi/aws has, with an ARN", async () => {
    for (const type of Object.keys(names)) {
      expect(sourceOf(type, "js"), type).to.include(`static __pulumiType = '${type}'`);
      expect(await formsOfType(type), type).not.to.deep.equal([]);
    }
    for (const module of Object.keys(services)) {
      expect(existsSync(join(aws, module)), module).to.equal(true);
    }
  });

  it("has names in inputs of @pulumi/aws", () => {
    for (const [type, property] of Object.entries(nameProperties)) {
      const [, inputs = ""] = sourceOf(type, "d.ts").split(/^export interface \w+Args /m);
      expect(inputs, type).to.match(new RegExp(`^    ${property}\\??: pulumi.Input<string`, "m"));
    }
  });

  for (const [action, type, fit] of [
    ["ec2:RebootInstances", "aws:ec2/instance:Instance", "accepted"],
    ["s3:GetObject", "aws:s3/bucket:Bucket", "accepted"],
    ["logs:PutLogEvents", "aws:cloudwatch/logGroup:LogGroup", "accepted"],
    ["dynamodb:Query", "aws:dynamodb/table:Table", "accepted"],
    ["ecs:StopTask", "aws:ecs/cluster:Cluster", "possible"],
    ["ec2:RebootInstances", "aws:sns/topic:Topic", "no"],
    ["sns:Publish", "aws:sqs/queue:Queue", "no"],
  ] as const) {
    it(`says of ${action} and ${type}: ${fit}`, async () => {
      const [details] = await actionsOf(action);
      if (!details) throw new Error(`no action ${action}`);

      expect(await fitOf(details, type)).to.equal(fit);
    });
  }
});
