/**
 * Services that identify on whose behalf they act, by aws:SourceArn or aws:SourceAccount.
 *
 * Source: the linked page of each service.
 * Refresh: search AWS's documentation for "confused deputy prevention".
 */

/**
 * Services that send the keys when they assume a role. Others, for example Lambda and EC2, do not: a
 * condition on the keys would lock them out.
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
  "bedrock.amazonaws.com":
    "https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-iam-role.html",
  "codebuild.amazonaws.com":
    "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
  "comprehend.amazonaws.com":
    "https://docs.aws.amazon.com/comprehend/latest/dg/cross-service-confused-deputy-prevention.html",
  "config.amazonaws.com":
    "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html",
  "datasync.amazonaws.com":
    "https://docs.aws.amazon.com/datasync/latest/userguide/cross-service-confused-deputy-prevention.html",
  "datazone.amazonaws.com":
    "https://docs.aws.amazon.com/sagemaker-unified-studio/latest/adminguide/AmazonSageMakerDomainExecution.html",
  "dms.amazonaws.com":
    "https://docs.aws.amazon.com/dms/latest/userguide/cross-service-confused-deputy-prevention.html",
  "ecs-tasks.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
  "eks-fargate-pods.amazonaws.com":
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html",
  "events.amazonaws.com":
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html",
  "fis.amazonaws.com":
    "https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html",
  "greengrass.amazonaws.com":
    "https://docs.aws.amazon.com/greengrass/v2/developerguide/cross-service-confused-deputy-prevention.html",
  "iot.amazonaws.com":
    "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html",
  "lakeformation.amazonaws.com":
    "https://docs.aws.amazon.com/lake-formation/latest/dg/cross-service-confused-deputy-prevention.html",
  "logs.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination-Account.html",
  "personalize.amazonaws.com":
    "https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html",
  "rekognition.amazonaws.com":
    "https://docs.aws.amazon.com/rekognition/latest/dg/cross-service-confused-deputy-prevention.html",
  "scheduler.amazonaws.com":
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
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
  "vpc-flow-logs.amazonaws.com":
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
};

/** Services that send the keys when they use a resource (a topic, queue, key or function). */
export const sourcesOfResources: Readonly<Record<string, string>> = {
  "apigateway.amazonaws.com":
    "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
  "appstream.amazonaws.com":
    "https://docs.aws.amazon.com/appstream2/latest/developerguide/example-elastic-fleets.html",
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
  "costalerts.amazonaws.com":
    "https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html",
  "delivery.logs.amazonaws.com":
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
  "elasticloadbalancing.amazonaws.com":
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
  "events.amazonaws.com":
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  "iot.amazonaws.com":
    "https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html",
  "logging.s3.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
  "logs.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
  "s3.amazonaws.com":
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html",
  "secretsmanager.amazonaws.com":
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
  "ses.amazonaws.com": "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html",
  "sns.amazonaws.com": "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
};
