import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const { accountId } = aws.getCallerIdentityOutput();
const model = "anthropic.claude-3-5-sonnet-20241022-v2:0";

function functionRole(name: string, statements: pulumi.Input<object>[]) {
  const role = new aws.iam.Role(name, {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
    managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
  });
  new aws.iam.RolePolicy(name, {
    role: role.id,
    policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
  });
  return role;
}

const documents = new aws.s3.Bucket("documents", { bucket: "shop-documents" });
const secret = new aws.secretsmanager.Secret("database", { name: "documents-database" });
const cluster = new aws.rds.Cluster("documents", {
  clusterIdentifier: "documents",
  engine: "aurora-postgresql",
  engineMode: "provisioned",
  enableHttpEndpoint: true,
  databaseName: "documents",
  masterUsername: "documents",
  manageMasterUserPassword: true,
  skipFinalSnapshot: true,
});

const readRole = functionRole("read", [
  { Sid: "Read", Effect: "Allow", Action: "textract:DetectDocumentText", Resource: "*" },
  // Textract reads the object with the caller's permissions.
  {
    Sid: "Document",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::shop-documents/*",
  },
  {
    Sid: "Keep",
    Effect: "Allow",
    Action: "rds-data:ExecuteStatement",
    Resource: pulumi.interpolate`arn:aws:rds:us-east-1:${accountId}:cluster:documents`,
  },
  // So does the Data API with the secret.
  {
    Sid: "Secret",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: pulumi.interpolate`arn:aws:secretsmanager:us-east-1:${accountId}:secret:documents-database-??????`,
  },
]);
const read = new aws.lambda.Function("read", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  timeout: 60,
  role: readRole.arn,
  code: new pulumi.asset.FileArchive("functions/read"),
  environment: {
    variables: { BUCKET: documents.bucket, CLUSTER_ARN: cluster.arn, SECRET_ARN: secret.arn },
  },
});
const permission = new aws.lambda.Permission("read", {
  action: "lambda:InvokeFunction",
  function: read.name,
  principal: "s3.amazonaws.com",
  sourceArn: documents.arn,
  sourceAccount: accountId,
});
new aws.s3.BucketNotification(
  "read",
  {
    bucket: documents.id,
    lambdaFunctions: [{ lambdaFunctionArn: read.arn, events: ["s3:ObjectCreated:*"] }],
  },
  { dependsOn: [permission] },
);

const reports = new aws.s3.Bucket("reports", { bucket: "shop-reports" });
const questions = new aws.glue.CatalogDatabase("questions", { name: "questions" });
const workgroup = new aws.athena.Workgroup("questions", {
  name: "questions",
  configuration: {
    resultConfiguration: { outputLocation: "s3://shop-reports/athena/" },
  },
});
const askRole = functionRole("ask", [
  // An inference profile, and the model in each of its regions.
  {
    Sid: "Ask",
    Effect: "Allow",
    Action: "bedrock:InvokeModel",
    Resource: [
      pulumi.interpolate`arn:aws:bedrock:us-east-1:${accountId}:inference-profile/us.${model}`,
      `arn:aws:bedrock:us-east-1::foundation-model/${model}`,
      `arn:aws:bedrock:us-west-2::foundation-model/${model}`,
    ],
  },
  {
    Sid: "Query",
    Effect: "Allow",
    Action: "athena:StartQueryExecution",
    Resource: pulumi.interpolate`arn:aws:athena:us-east-1:${accountId}:workgroup/questions`,
  },
  {
    Sid: "Catalog",
    Effect: "Allow",
    Action: ["glue:GetTable", "glue:GetPartitions"],
    Resource: [
      pulumi.interpolate`arn:aws:glue:us-east-1:${accountId}:catalog`,
      pulumi.interpolate`arn:aws:glue:us-east-1:${accountId}:database/questions`,
      pulumi.interpolate`arn:aws:glue:us-east-1:${accountId}:table/questions/questions`,
    ],
  },
  {
    Sid: "Results",
    Effect: "Allow",
    Action: ["s3:GetBucketLocation"],
    Resource: "arn:aws:s3:::shop-reports",
  },
  {
    Sid: "ResultFiles",
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:GetObject"],
    Resource: "arn:aws:s3:::shop-reports/athena/*",
  },
]);
const ask = new aws.lambda.Function("ask", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  timeout: 60,
  role: askRole.arn,
  code: new pulumi.asset.FileArchive("functions/ask"),
  environment: { variables: { MODEL_ID: `us.${model}`, WORK_GROUP: workgroup.name } },
});
const url = new aws.lambda.FunctionUrl("ask", {
  functionName: ask.name,
  authorizationType: "AWS_IAM",
});

export const askUrl = url.functionUrl;
export const reportsBucket = reports.bucket;
export const catalog = questions.name;
