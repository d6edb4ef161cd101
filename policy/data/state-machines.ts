/**
 * What Step Functions does with a state machine's role, by the integrations of its definition.
 *
 * Source: AWS's Step Functions guide; each entry has its page.
 * Refresh: compare each entry with its page. test/stack/state-machine-data.spec.ts checks that every action exists.
 */

import type { Requirement } from "./requirements.ts";

const guide = "https://docs.aws.amazon.com/step-functions/latest/dg";

/** Integration → its actions, if they are not the API action that its name has. An empty list needs none of IAM. */
export const integrationActions: Readonly<Record<string, readonly string[]>> = {
  "apigateway:invoke": ["execute-api:Invoke"],
  // The role calls the Kubernetes API, with the permissions that the cluster gives it.
  "eks:call": [],
  "eks:runJob": [],
  "elasticmapreduce:addStep": ["elasticmapreduce:AddJobFlowSteps"],
  "elasticmapreduce:cancelStep": ["elasticmapreduce:CancelSteps"],
  "elasticmapreduce:createCluster": ["elasticmapreduce:RunJobFlow"],
  "elasticmapreduce:modifyInstanceFleetByName": [
    "elasticmapreduce:ListInstanceFleets",
    "elasticmapreduce:ModifyInstanceFleet",
  ],
  "elasticmapreduce:modifyInstanceGroupByName": [
    "elasticmapreduce:ListInstanceGroups",
    "elasticmapreduce:ModifyInstanceGroups",
  ],
  "elasticmapreduce:setClusterTerminationProtection": ["elasticmapreduce:SetTerminationProtection"],
  "elasticmapreduce:terminateCluster": ["elasticmapreduce:TerminateJobFlows"],
  "http:invoke": ["events:RetrieveConnectionCredentials"],
};

/**
 * Integration → the parameter by which its call is signed with the role. Otherwise it may need no permission.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
 */
export const signingParameters: Readonly<
  Record<string, { readonly name: string; readonly value: string }>
> = {
  "apigateway:invoke": { name: "AuthType", value: "IAM_ROLE" },
};

/** Integration → what each call needs besides its actions, on any resource. */
export const integrationRequirements: Readonly<Record<string, Requirement>> = {
  "athena:startQueryExecution": {
    why: "starts a query",
    required: [],
    // The query can create and drop databases and tables.
    optional: [
      "athena:GetDataCatalog",
      "glue:BatchCreatePartition",
      "glue:BatchDeletePartition",
      "glue:BatchDeleteTable",
      "glue:CreateDatabase",
      "glue:CreatePartition",
      "glue:CreateTable",
      "glue:DeleteDatabase",
      "glue:DeletePartition",
      "glue:DeleteTable",
      "glue:UpdateDatabase",
      "glue:UpdatePartition",
      "glue:UpdateTable",
      "s3:CreateBucket",
    ],
    url: `${guide}/athena-iam.html`,
  },
  "http:invoke": {
    why: "calls an HTTP endpoint with a connection",
    required: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "states:InvokeHTTPEndpoint",
    ],
    url: `${guide}/call-https-apis.html`,
  },
  "codebuild:startBuild": {
    why: "starts a build",
    required: [],
    optional: ["codebuild:BatchGetBuilds", "codebuild:StopBuild"],
    url: `${guide}/connect-codebuild.html`,
  },
  "codebuild:startBuildBatch": {
    why: "starts a batch of builds",
    required: [],
    optional: ["codebuild:BatchGetBuildBatches", "codebuild:StopBuildBatch"],
    url: `${guide}/connect-codebuild.html`,
  },
};

/** What Step Functions does with the rule of a wait. */
export const ruleActions: readonly string[] = [
  "events:DescribeRule",
  "events:PutRule",
  "events:PutTargets",
];

/** What Step Functions does until a job ends: `.sync` and `.sync:2`. */
export interface Wait extends Requirement {
  /**
   * The rule by which EventBridge reports the end, which Step Functions creates with the role. AWS's pages do not
   * agree about a rule for EMR, so there its actions are optional.
   */
  readonly rule?: string;
}

function waits(
  page: string,
  required: readonly string[],
  optional: readonly string[],
  rule?: string,
): Wait {
  const url = `${guide}/${page}.html`;
  return { why: "waits for the job", required, optional, url, ...(rule && { rule }) };
}

function waitsForSageMaker(job: string, rule?: string): Wait {
  const [describe, stop] = [`sagemaker:Describe${job}`, `sagemaker:Stop${job}`];
  return waits(
    "connect-sagemaker",
    [describe],
    ["sagemaker:AddTags", stop, "sagemaker:ListTags"],
    rule,
  );
}

/**
 * Integration → what waiting for its job needs. Without the permissions to describe a job, Step Functions may
 * not notice its end; without those to stop it, an aborted execution leaves it running.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
export const jobWaits: Readonly<Record<string, Wait>> = {
  "athena:startQueryExecution": waits(
    "connect-athena",
    ["athena:GetQueryExecution"],
    ["athena:StopQueryExecution"],
  ),
  "batch:submitJob": waits(
    "connect-batch",
    ["batch:DescribeJobs"],
    ["batch:TerminateJob"],
    "StepFunctionsGetEventsForBatchJobsRule",
  ),
  "bedrock:createModelCustomizationJob": waits(
    "bedrock-iam",
    ["bedrock:GetModelCustomizationJob"],
    ["bedrock:StopModelCustomizationJob"],
  ),
  "codebuild:startBuild": waits(
    "connect-codebuild",
    ["codebuild:BatchGetBuilds"],
    ["codebuild:StopBuild"],
    "StepFunctionsGetEventForCodeBuildStartBuildRule",
  ),
  "codebuild:startBuildBatch": waits(
    "connect-codebuild",
    ["codebuild:BatchGetBuildBatches"],
    ["codebuild:StopBuildBatch"],
    "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
  ),
  "databrew:startJobRun": waits(
    "connect-databrew",
    ["databrew:DescribeJobRun"],
    ["databrew:ListJobRuns", "databrew:StopJobRun"],
  ),
  "ecs:runTask": waits(
    "connect-ecs",
    ["ecs:DescribeTasks"],
    ["ecs:StopTask"],
    "StepFunctionsGetEventsForECSTaskRule",
  ),
  "eks:createCluster": waits("connect-eks", ["eks:DescribeCluster"], ["eks:DeleteCluster"]),
  "eks:createNodegroup": waits("connect-eks", ["eks:DescribeNodegroup"], ["eks:DeleteNodegroup"]),
  "eks:deleteCluster": waits("connect-eks", ["eks:DescribeCluster"], []),
  "eks:deleteNodegroup": waits("connect-eks", ["eks:DescribeNodegroup"], []),
  "eks:runJob": waits("connect-eks", [], []),
  "elasticmapreduce:addStep": waits(
    "connect-emr",
    ["elasticmapreduce:DescribeStep"],
    ["elasticmapreduce:CancelSteps", ...ruleActions],
  ),
  "elasticmapreduce:createCluster": waits(
    "connect-emr",
    ["elasticmapreduce:DescribeCluster"],
    ["elasticmapreduce:TerminateJobFlows", ...ruleActions],
  ),
  "elasticmapreduce:terminateCluster": waits(
    "connect-emr",
    ["elasticmapreduce:DescribeCluster"],
    ruleActions,
  ),
  "emr-containers:createVirtualCluster": waits(
    "connect-emr-eks",
    ["emr-containers:DescribeVirtualCluster"],
    ["emr-containers:DeleteVirtualCluster"],
  ),
  "emr-containers:deleteVirtualCluster": waits(
    "connect-emr-eks",
    ["emr-containers:DescribeVirtualCluster"],
    [],
  ),
  "emr-containers:startJobRun": waits(
    "connect-emr-eks",
    ["emr-containers:DescribeJobRun"],
    ["emr-containers:CancelJobRun"],
  ),
  "emr-serverless:createApplication": waits(
    "emr-serverless-iam",
    ["emr-serverless:GetApplication"],
    ["emr-serverless:DeleteApplication", ...ruleActions],
  ),
  "emr-serverless:deleteApplication": waits(
    "emr-serverless-iam",
    ["emr-serverless:GetApplication"],
    ruleActions,
  ),
  "emr-serverless:startApplication": waits(
    "emr-serverless-iam",
    ["emr-serverless:GetApplication"],
    ["emr-serverless:StopApplication", ...ruleActions],
  ),
  "emr-serverless:startJobRun": waits(
    "emr-serverless-iam",
    ["emr-serverless:GetJobRun"],
    ["emr-serverless:CancelJobRun", ...ruleActions],
  ),
  "emr-serverless:stopApplication": waits(
    "emr-serverless-iam",
    ["emr-serverless:GetApplication"],
    ruleActions,
  ),
  "glue:startJobRun": waits(
    "connect-glue",
    ["glue:GetJobRun"],
    ["glue:BatchStopJobRun", "glue:GetJobRuns"],
  ),
  "mediaconvert:createJob": waits(
    "connect-mediaconvert",
    ["mediaconvert:GetJob"],
    ["mediaconvert:CancelJob", "mediaconvert:TagResource"],
    "StepFunctionsGetEventsForMediaConvertJobRule",
  ),
  "sagemaker:createLabelingJob": waitsForSageMaker("LabelingJob"),
  "sagemaker:createProcessingJob": waitsForSageMaker(
    "ProcessingJob",
    "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
  ),
  "sagemaker:createTrainingJob": waitsForSageMaker(
    "TrainingJob",
    "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
  ),
  "sagemaker:createTransformJob": waitsForSageMaker(
    "TransformJob",
    "StepFunctionsGetEventsForSageMakerTransformJobsRule",
  ),
  "sagemaker:createHyperParameterTuningJob": waits(
    "connect-sagemaker",
    ["sagemaker:DescribeHyperParameterTuningJob"],
    [
      "sagemaker:AddTags",
      "sagemaker:ListTags",
      "sagemaker:StopHyperParameterTuningJob",
      ...ruleActions,
    ],
  ),
  "states:startExecution": waits(
    "connect-stepfunctions",
    ["states:DescribeExecution"],
    ["states:StopExecution"],
    "StepFunctionsGetEventsForStepFunctionsExecutionRule",
  ),
};

/** A Map state in distributed mode, on the state machine itself. */
export const runsDistributed: Requirement = {
  why: "runs each iteration as an execution of itself",
  required: ["states:StartExecution"],
  optional: ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"],
  url: `${guide}/iam-policies-eg-dist-map.html`,
};

/** What writing the results of a distributed Map state may need besides s3:PutObject. */
export const writesResults: Requirement = {
  why: "writes the results of a Map state",
  required: [],
  optional: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts"],
  url: `${guide}/iam-policies-eg-dist-map.html`,
};

/** What reading the items of a distributed Map state may need besides its call: an inventory lists other objects. */
export const readsItems: Requirement = {
  why: "reads the items of a Map state",
  required: [],
  optional: ["s3:GetObject"],
  url: `${guide}/iam-policies-eg-dist-map.html`,
};

export const logsExecutions: Requirement = {
  why: "logs its executions",
  required: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  optional: ["logs:CreateLogStream", "logs:PutLogEvents"],
  url: `${guide}/cw-logs.html`,
};

export const tracesExecutions: Requirement = {
  why: "is traced",
  required: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  optional: ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
  url: `${guide}/concepts-xray-tracing.html`,
};

export const encryptsExecutions: Requirement = {
  why: "encrypts its executions with a key",
  required: [],
  optional: ["kms:Decrypt", "kms:GenerateDataKey"],
  url: `${guide}/encryption-at-rest.html`,
};

/** A state with `Credentials` calls with another role. */
export const assumesRole: Requirement = {
  why: "calls with another role",
  required: ["sts:AssumeRole"],
  url: `${guide}/concepts-access-cross-acct-resources.html`,
};

/**
 * IAM service → the parameters that name the resources of its calls. In a path, `*` is each element or member,
 * and `@` each name of a member. For a service that is not listed, any parameter may name one.
 * https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
 */
export const resourceParameters: Readonly<Record<string, readonly string[]>> = {
  athena: ["WorkGroup"],
  batch: ["JobDefinition", "JobQueue"],
  bedrock: ["ModelId"],
  codebuild: ["ProjectName"],
  dynamodb: ["TableName", "RequestItems.@", "TransactItems.*.*.TableName"],
  ecs: ["TaskDefinition"],
  events: ["ConnectionArn", "Authentication.ConnectionArn", "Entries.*.EventBusName"],
  "execute-api": [],
  firehose: ["DeliveryStreamName"],
  glue: ["JobName"],
  kinesis: ["StreamARN", "StreamName"],
  kms: ["KeyId"],
  lambda: ["FunctionName"],
  s3: ["Bucket"],
  secretsmanager: ["SecretId"],
  sns: ["TargetArn", "TopicArn"],
  sqs: ["QueueUrl"],
  states: ["StateMachineArn"],
  sts: ["RoleArn"],
};

/**
 * Service of an AWS SDK integration → its client, where the SDK for Java, whose names Step Functions uses, has
 * another name than the SDK for JavaScript with its hyphens.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export const sdkServices: Readonly<Record<string, string>> = {
  applicationdiscovery: "application-discovery-service",
  config: "config-service",
  costandusagereport: "cost-and-usage-report-service",
  databasemigration: "database-migration-service",
  directory: "directory-service",
  elasticsearch: "elasticsearch-service",
  iotdataplane: "iot-data-plane",
  lexmodelbuilding: "lex-model-building-service",
  lexruntime: "lex-runtime-service",
};
