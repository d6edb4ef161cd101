/**
 * Services that AWS requires in the trust policy of one role, because one feature uses them together.
 *
 * Source: the linked page of each group.
 * Refresh: add a group when AWS's page of a feature has a trust policy with several services.
 */
export const serviceGroups: readonly {
  readonly services: readonly string[];
  readonly url: string;
}[] = [
  {
    services: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"],
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
  },
  {
    services: ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
    url: "https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html",
  },
  {
    services: ["cloud9.amazonaws.com", "ec2.amazonaws.com"],
    url: "https://docs.aws.amazon.com/cloud9/latest/user-guide/ec2-ssm.html",
  },
  {
    services: ["datapipeline.amazonaws.com", "elasticmapreduce.amazonaws.com"],
    url: "https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-iam-roles.html",
  },
  {
    services: ["dms.amazonaws.com", "redshift.amazonaws.com"],
    url: "https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
  },
  {
    services: [
      "redshift.amazonaws.com",
      "redshift-serverless.amazonaws.com",
      "sagemaker.amazonaws.com",
    ],
    url: "https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-iam.html",
  },
  {
    services: [
      "sagemaker.amazonaws.com",
      "bedrock.amazonaws.com",
      "emr-serverless.amazonaws.com",
      "forecast.amazonaws.com",
    ],
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/canvas-setting-up.html",
  },
  {
    services: ["gamelift.amazonaws.com", "autoscaling.amazonaws.com"],
    url: "https://docs.aws.amazon.com/gamelift/latest/fleetiqguide/gsg-iam-permissions-roles.html",
  },
  {
    services: ["sagemaker.amazonaws.com", "events.amazonaws.com"],
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/scheduled-notebook-policies-studio.html",
  },
];
