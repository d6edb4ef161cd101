import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { zipSync } from "fflate";

interface FunctionArgs {
  bundle: string;
  environment: Record<string, pulumi.Input<string>>;
  permissions: { actions: string[]; resources: pulumi.Input<string>[] }[];
}

/**
 * As SST's component: it writes a zip file, uploads it to the bucket of SST's bootstrap, which is in no stack, and
 * names the object in the function.
 */
class SstFunction extends pulumi.ComponentResource {
  constructor(name: string, { bundle, environment, permissions }: FunctionArgs) {
    super("sst:aws:Function", name);
    const zipPath = resolve(__dirname, ".sst", "artifacts", name, "code.zip");
    mkdirSync(dirname(zipPath), { recursive: true });
    const content = readFileSync(resolve(__dirname, bundle, "index.mjs"));
    const zip = zipSync({ "index.mjs": [content, { mtime: new Date(2026, 0, 1) }] });
    writeFileSync(zipPath, zip);
    const hash = createHash("sha256").update(zip).digest("hex");
    const code = new aws.s3.BucketObjectv2(
      `${name}Code`,
      {
        key: `assets/${name}-code-${hash}.zip`,
        bucket: "sst-asset-abcdefghij",
        source: new pulumi.asset.FileArchive(zipPath),
      },
      { parent: this, retainOnDelete: true },
    );
    const policy = aws.iam.getPolicyDocumentOutput({ statements: permissions });
    const role = new aws.iam.Role(
      `${name}Role`,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
        inlinePolicies: [{ name: "inline", policy: policy.json }],
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
      },
      { parent: this },
    );
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}LogGroup`,
      { name: `/aws/lambda/${name}`, retentionInDays: 30 },
      { parent: this },
    );
    new aws.lambda.Function(
      `${name}Function`,
      {
        role: role.arn,
        environment: { variables: environment },
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
        packageType: "Zip",
        s3Bucket: code.bucket,
        s3Key: code.key,
        handler: "index.handler",
        runtime: "nodejs24.x",
      },
      { parent: this },
    );
  }
}

const links = new aws.dynamodb.Table("Links", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
});
const visits = new aws.sqs.Queue("Visits");

// What linking a table to a function grants.
new SstFunction("Create", {
  bundle: "functions/create",
  environment: { LINKS_TABLE: links.name },
  permissions: [
    { actions: ["dynamodb:*"], resources: [links.arn, pulumi.interpolate`${links.arn}/*`] },
  ],
});

// One permission that the code does not use, and none for the queue.
new SstFunction("Visit", {
  bundle: "functions/visit",
  environment: { LINKS_TABLE: links.name, VISITS_QUEUE: visits.url },
  permissions: [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [links.arn] }],
});

// Without SST: a bucket of the stack, and an archive of a folder.
const reports = new aws.sns.Topic("reports");
const deployments = new aws.s3.Bucket("deployments");
const versioning = new aws.s3.BucketVersioning("deployments", {
  bucket: deployments.id,
  versioningConfiguration: { status: "Enabled" },
});
const code = new aws.s3.BucketObject("report-code", {
  bucket: versioning.bucket,
  key: "report.zip",
  source: new pulumi.asset.FileArchive("report"),
});
const role = new aws.iam.Role("report", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
new aws.iam.RolePolicy("report", {
  role: role.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sns:Subscribe", Resource: reports.arn },
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: visits.arn,
      },
    ],
  },
});
const report = new aws.lambda.Function("report", {
  role: role.arn,
  environment: { variables: { REPORTS_TOPIC: reports.arn } },
  s3Bucket: deployments.id,
  s3Key: code.key,
  s3ObjectVersion: code.versionId,
  handler: "index.handler",
  runtime: "nodejs24.x",
});
new aws.lambda.EventSourceMapping("report", {
  eventSourceArn: visits.arn,
  functionName: report.name,
});
