/**
 * Services that identify on whose behalf they act, by aws:SourceArn or aws:SourceAccount.
 *
 * Source: the linked page of each service.
 * Refresh: search AWS's documentation for "confused deputy prevention".
 */

/**
 * Services that send the keys when they assume a role. Others, for example Lambda and EC2, do not: a
 * condition on the keys would lock them out. Nor do those whose pages have no such trust policy, for example
 * Glue, Redshift, and Backup, which sends the keys only to a topic. For ECS it is the same for the task role and the execution
 * role: https://github.com/aws/agent-toolkit-for-aws has one trust policy for both.
 */
export const sourcesOfRoles: Readonly<Record<string, string>> = {
  "airflow-env.amazonaws.com":
    "https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html",
  "airflow.amazonaws.com":
    "https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html",
  "amplify.amazonaws.com":
    "https://docs.aws.amazon.com/amplify/latest/userguide/cross-service-confused-deputy-prevention.html",
  "appstream.amazonaws.com":
    "https://docs.aws.amazon.com/appstream2/latest/developerguide/example-fleet-machine.html",
  "autoscaling.amazonaws.com":
    "https://docs.aws.amazon.com/autoscaling/ec2/userguide/cross-service-confused-deputy-prevention.html",
  "batch.amazonaws.com":
    "https://docs.aws.amazon.com/batch/latest/userguide/cross-service-confused-deputy-prevention.html",
  "bedrock-agentcore.amazonaws.com":
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/cross-service-confused-deputy-prevention.html",
  "bedrock.amazonaws.com":
    "https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-iam-role.html",
  "codebuild.amazonaws.com":
    "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
  "cognito-idp.amazonaws.com":
    "https://docs.aws.amazon.com/cognito/latest/developerguide/cross-service-confused-deputy-prevention.html",
  "comprehend.amazonaws.com":
    "https://docs.aws.amazon.com/comprehend/latest/dg/cross-service-confused-deputy-prevention.html",
  "config.amazonaws.com":
    "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html",
  "credentials.deadline.amazonaws.com":
    "https://docs.aws.amazon.com/deadline-cloud/latest/userguide/cross-service-confused-deputy-prevention.html",
  "datasync.amazonaws.com":
    "https://docs.aws.amazon.com/datasync/latest/userguide/cross-service-confused-deputy-prevention.html",
  "datazone.amazonaws.com":
    "https://docs.aws.amazon.com/sagemaker-unified-studio/latest/adminguide/AmazonSageMakerDomainExecution.html",
  "dlm.amazonaws.com": "https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html",
  "dms.amazonaws.com":
    "https://docs.aws.amazon.com/dms/latest/userguide/cross-service-confused-deputy-prevention.html",
  "ecs-tasks.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
  "eks-fargate-pods.amazonaws.com":
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html",
  "eks.amazonaws.com":
    "https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html",
  "elasticmapreduce.amazonaws.com":
    "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html",
  "events.amazonaws.com":
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html",
  "export.rds.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Setup.html",
  "firehose.amazonaws.com":
    "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
  "fis.amazonaws.com":
    "https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html",
  "forecast.amazonaws.com":
    "https://docs.aws.amazon.com/forecast/latest/dg/cross-service-confused-deputy-prevention.html",
  "greengrass.amazonaws.com":
    "https://docs.aws.amazon.com/greengrass/v2/developerguide/cross-service-confused-deputy-prevention.html",
  "iot.amazonaws.com":
    "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html",
  "iotevents.amazonaws.com":
    "https://docs.aws.amazon.com/iotevents/latest/developerguide/cross-service-confused-deputy-prevention.html",
  "kafkaconnect.amazonaws.com":
    "https://docs.aws.amazon.com/msk/latest/developerguide/cross-service-confused-deputy-prevention.html",
  "kendra.amazonaws.com":
    "https://docs.aws.amazon.com/kendra/latest/dg/cross-service-confused-deputy-prevention.html",
  "lakeformation.amazonaws.com":
    "https://docs.aws.amazon.com/lake-formation/latest/dg/cross-service-confused-deputy-prevention.html",
  "logs.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination-Account.html",
  "mediaconvert.amazonaws.com":
    "https://docs.aws.amazon.com/mediaconvert/latest/ug/cross-service-confused-deputy-prevention.html",
  "monitoring.rds.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  "omics.amazonaws.com":
    "https://docs.aws.amazon.com/omics/latest/dev/cross-service-confused-deputy-prevention.html",
  "osis-pipelines.amazonaws.com":
    "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security-overview.html",
  "personalize.amazonaws.com":
    "https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html",
  "pipes.amazonaws.com":
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html",
  "rds.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  "rekognition.amazonaws.com":
    "https://docs.aws.amazon.com/rekognition/latest/dg/cross-service-confused-deputy-prevention.html",
  "resources.cloudformation.amazonaws.com":
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  "rolesanywhere.amazonaws.com":
    "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html",
  "sagemaker.amazonaws.com":
    "https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html",
  "scheduler.amazonaws.com":
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  "ses.amazonaws.com": "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html",
  "ssm.amazonaws.com":
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/cloud-connector-gcp-automation-assume-role.html",
  "states.amazonaws.com":
    "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html",
  "textract.amazonaws.com":
    "https://docs.aws.amazon.com/textract/latest/dg/cross-service-confused-deputy-prevention.html",
  "transcribe.amazonaws.com":
    "https://docs.aws.amazon.com/transcribe/latest/dg/security-iam-confused-deputy.html",
  "transfer.amazonaws.com":
    "https://docs.aws.amazon.com/transfer/latest/userguide/cloudwatch-confused-deputy.html",
  "translate.amazonaws.com":
    "https://docs.aws.amazon.com/translate/latest/dg/cross-service-confused-deputy-prevention.html",
  "vpc-flow-logs.amazonaws.com":
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
};

/** Services that send the keys when they use a resource (a topic, queue, key or function). */
export const sourcesOfResources: Readonly<Record<string, string>> = {
  "apigateway.amazonaws.com":
    "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
  "appstream.amazonaws.com":
    "https://docs.aws.amazon.com/appstream2/latest/developerguide/example-elastic-fleets.html",
  "backup.amazonaws.com":
    "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html",
  "bcm-data-exports.amazonaws.com":
    "https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html",
  "bedrock.amazonaws.com":
    "https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
  "billingreports.amazonaws.com": "https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html",
  "budgets.amazonaws.com":
    "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html",
  "cloudfront.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
  "cloudtrail.amazonaws.com":
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
  "cloudwatch.amazonaws.com":
    "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
  "cognito-idp.amazonaws.com":
    "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
  "config.amazonaws.com":
    "https://docs.aws.amazon.com/config/latest/developerguide/sns-topic-policy.html",
  "connect.amazonaws.com":
    "https://docs.aws.amazon.com/connect/latest/adminguide/cross-service-confused-deputy-prevention.html",
  "costalerts.amazonaws.com":
    "https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html",
  "delivery.logs.amazonaws.com":
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
  "elasticloadbalancing.amazonaws.com":
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
  "es.amazonaws.com":
    "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html",
  "events.amazonaws.com":
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  "guardduty.amazonaws.com":
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html",
  "inspector2.amazonaws.com":
    "https://docs.aws.amazon.com/inspector/latest/user/findings-managing-exporting-reports.html",
  "iot.amazonaws.com":
    "https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html",
  "lambda.alarms.cloudwatch.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html",
  "lexv2.amazonaws.com": "https://docs.aws.amazon.com/lexv2/latest/dg/lambda-attach.html",
  "logging.s3.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
  "logs.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
  "macie.amazonaws.com":
    "https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html",
  "redshift.amazonaws.com": "https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html",
  "route53.amazonaws.com":
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html",
  "s3.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html",
  "secretsmanager.amazonaws.com":
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
  "ses.amazonaws.com": "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html",
  "sns.amazonaws.com": "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
};

/**
 * Services that identify the account on whose behalf they assume a role by `sts:ExternalId`, too.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cross-service-confused-deputy-prevention.html
 */
export const identifiedByExternalId: readonly string[] = [
  "cognito-idp.amazonaws.com",
  "firehose.amazonaws.com",
];

/** Of these, the external id is the account, and AWS's page has no other key. */
export const withAccountAsExternalId: readonly string[] = ["firehose.amazonaws.com"];
