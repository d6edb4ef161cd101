/**
 * Actions that a call requires besides its own, where the Service Authorization Reference does not list
 * them as dependent actions (dependent-actions.ts has those).
 *
 * Source: each service's guide; the links are in the entries.
 * Refresh: compare with the pages; policy/test/code/operations.spec.ts reports actions that the
 * reference lacks, and entries that it has meanwhile.
 */

/**
 * Actions that may pass a role to the service, for which the caller needs iam:PassRole.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const rolePassingActions: readonly string[] = [
  "batch:RegisterJobDefinition",
  "bedrock:CreateModelInvocationJob",
  "cloudformation:CreateChangeSet",
  "cloudformation:CreateStack",
  "cloudformation:DeleteStack",
  "cloudformation:UpdateStack",
  "codebuild:CreateProject",
  "codebuild:UpdateProject",
  "codepipeline:CreatePipeline",
  "codepipeline:UpdatePipeline",
  "comprehend:StartDocumentClassificationJob",
  "comprehend:StartEntitiesDetectionJob",
  "comprehend:StartSentimentDetectionJob",
  "ec2:RequestSpotFleet",
  "ecs:CreateService",
  "ecs:RegisterTaskDefinition",
  "ecs:UpdateService",
  "eks:CreateCluster",
  "eks:CreateFargateProfile",
  "eks:CreateNodegroup",
  "eks:CreatePodIdentityAssociation",
  "events:CreateConnection",
  "events:PutRule",
  "events:PutTargets",
  "events:StartReplay",
  "firehose:CreateDeliveryStream",
  "firehose:UpdateDestination",
  "glue:CreateCrawler",
  "glue:CreateDevEndpoint",
  "glue:CreateJob",
  "glue:StartJobRun",
  "glue:UpdateJob",
  "iot:CreateTopicRule",
  "lambda:UpdateFunctionConfiguration",
  "mediaconvert:CreateJob",
  "redshift:CreateCluster",
  "rekognition:StartFaceDetection",
  "rekognition:StartLabelDetection",
  "rekognition:StartTextDetection",
  "sagemaker:CreateTransformJob",
  "ssm:RegisterTaskWithMaintenanceWindow",
  "ssm:SendCommand",
  "ssm:StartAutomationExecution",
  "textract:StartDocumentAnalysis",
  "textract:StartDocumentTextDetection",
  "textract:StartExpenseAnalysis",
  "transcribe:StartTranscriptionJob",
];

/** Actions on encrypted data, and what the caller may need on the data's KMS key. */
export const kmsActions: Readonly<Record<string, readonly string[]>> = {
  "dynamodb:BatchGetItem": ["kms:Decrypt"],
  "dynamodb:BatchWriteItem": ["kms:Decrypt"],
  "dynamodb:DeleteItem": ["kms:Decrypt"],
  "dynamodb:GetItem": ["kms:Decrypt"],
  "dynamodb:PutItem": ["kms:Decrypt"],
  "dynamodb:Query": ["kms:Decrypt"],
  "dynamodb:Scan": ["kms:Decrypt"],
  "dynamodb:UpdateItem": ["kms:Decrypt"],
  "kinesis:GetRecords": ["kms:Decrypt"],
  "kinesis:PutRecord": ["kms:GenerateDataKey"],
  "kinesis:PutRecords": ["kms:GenerateDataKey"],
  "secretsmanager:CreateSecret": ["kms:Decrypt", "kms:GenerateDataKey"],
  "secretsmanager:GetSecretValue": ["kms:Decrypt"],
  "secretsmanager:PutSecretValue": ["kms:Decrypt", "kms:GenerateDataKey"],
  "secretsmanager:UpdateSecret": ["kms:Decrypt", "kms:GenerateDataKey"],
  "sns:Publish": ["kms:Decrypt", "kms:GenerateDataKey"],
  "sqs:ReceiveMessage": ["kms:Decrypt"],
  "sqs:SendMessage": ["kms:Decrypt", "kms:GenerateDataKey"],
  "ssm:GetParameter": ["kms:Decrypt"],
  "ssm:GetParameterHistory": ["kms:Decrypt"],
  "ssm:GetParameters": ["kms:Decrypt"],
  "ssm:GetParametersByPath": ["kms:Decrypt"],
  "ssm:PutParameter": ["kms:Encrypt", "kms:GenerateDataKey"],
  "states:StartExecution": ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** What a service does with the caller's permissions in some cases. */
export interface CallerActions {
  readonly of: readonly string[];
  readonly actions: readonly string[];
  /** AWS's page. */
  readonly url: string;
}

export const callerActions: readonly CallerActions[] = [
  {
    of: ["athena:StartQueryExecution"],
    actions: [
      "glue:BatchGetPartition",
      "glue:GetDatabase",
      "glue:GetDatabases",
      "glue:GetPartition",
      "glue:GetPartitions",
      "glue:GetTable",
      "glue:GetTables",
      "lakeformation:GetDataAccess",
      "lambda:InvokeFunction",
      "s3:AbortMultipartUpload",
      "s3:GetBucketLocation",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
    url: "https://docs.aws.amazon.com/athena/latest/ug/managed-policies.html",
  },
  {
    of: ["athena:GetQueryResults", "athena:GetQueryResultsStream"],
    actions: ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"],
    url: "https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html",
  },
  {
    of: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    actions: ["bedrock:GetInferenceProfile", "bedrock:ListInferenceProfiles"],
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
  },
  {
    of: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    actions: ["bedrock:ApplyGuardrail"],
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html",
  },
  {
    of: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    actions: [
      "aws-marketplace:Subscribe",
      "aws-marketplace:Unsubscribe",
      "aws-marketplace:ViewSubscriptions",
    ],
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
  },
  {
    of: ["bedrock:RetrieveAndGenerate"],
    actions: ["bedrock:GetInferenceProfile", "bedrock:InvokeModel", "bedrock:Retrieve"],
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html",
  },
  {
    of: ["polly:StartSpeechSynthesisTask"],
    actions: ["sns:Publish"],
    url: "https://docs.aws.amazon.com/polly/latest/dg/asynchronous-iam.html",
  },
  {
    of: ["redshift-data:BatchExecuteStatement", "redshift-data:ExecuteStatement"],
    actions: [
      "redshift-serverless:GetCredentials",
      "redshift:GetClusterCredentials",
      "redshift:GetClusterCredentialsWithIAM",
      "secretsmanager:GetSecretValue",
    ],
    url: "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html",
  },
  {
    of: [
      "rekognition:CompareFaces",
      "rekognition:DetectCustomLabels",
      "rekognition:DetectFaces",
      "rekognition:DetectLabels",
      "rekognition:DetectModerationLabels",
      "rekognition:DetectProtectiveEquipment",
      "rekognition:DetectText",
      "rekognition:IndexFaces",
      "rekognition:RecognizeCelebrities",
      "rekognition:SearchFacesByImage",
      "rekognition:SearchUsersByImage",
      "rekognition:StartCelebrityRecognition",
      "rekognition:StartContentModeration",
      "rekognition:StartFaceDetection",
      "rekognition:StartFaceSearch",
      "rekognition:StartLabelDetection",
      "rekognition:StartMediaAnalysisJob",
      "rekognition:StartPersonTracking",
      "rekognition:StartSegmentDetection",
      "rekognition:StartTextDetection",
    ],
    actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
    url: "https://docs.aws.amazon.com/rekognition/latest/dg/images-s3.html",
  },
  {
    of: ["ssm:SendCommand", "ssm:StartAutomationExecution"],
    actions: ["s3:GetObject", "s3:PutObject"],
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/running-commands-console.html",
  },
  {
    of: ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"],
    actions: ["sts:SetContext", "sts:SetSourceIdentity", "sts:TagSession"],
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
  },
  {
    of: [
      "textract:AnalyzeDocument",
      "textract:StartDocumentAnalysis",
      "textract:StartDocumentTextDetection",
      "textract:StartExpenseAnalysis",
      "textract:StartLendingAnalysis",
    ],
    actions: ["s3:GetObjectVersion", "s3:PutObject"],
    url: "https://docs.aws.amazon.com/textract/latest/dg/api-async.html",
  },
  {
    of: ["transcribe:StartCallAnalyticsJob", "transcribe:StartTranscriptionJob"],
    actions: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    url: "https://docs.aws.amazon.com/transcribe/latest/dg/security_iam_id-based-policy-examples.html",
  },
];
