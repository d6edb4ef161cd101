import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const require = createRequire(import.meta.url);
const load = <T>(file: string) => loadProgram<T>(`policy/${file}`);
const { operationOf } = load<typeof import("../../code/operations.ts")>("code/operations.ts");
const { prefixOf } = load<typeof import("../../code/prefixes.ts")>("code/prefixes.ts");
const { operationOfWaiter } = load<typeof import("../../code/waiters.ts")>("code/waiters.ts");
const { actionExceptions, unsignedOperations } = load<
  typeof import("../../data/action-exceptions.ts")
>("data/action-exceptions.ts");
const { helpers } = load<typeof import("../../data/libraries.ts")>("data/libraries.ts");
const { servicePrefixes } = load<typeof import("../../data/service-prefixes.ts")>(
  "data/service-prefixes.ts",
);
const { callerActions, kmsActions, rolePassingActions } =
  load<typeof import("../../data/side-actions.ts")>("data/side-actions.ts");
const { dependentActions } = load<typeof import("../../data/dependent-actions.ts")>(
  "data/dependent-actions.ts",
);
const { waiters } = load<typeof import("../../data/waiters.ts")>("data/waiters.ts");
const { actionsOf } = load<typeof import("../../iam/actions.ts")>("iam/actions.ts");

/** Operations of the SDK for which the Service Authorization Reference has no action. */
const missingInReference = [
  "cloudwatch AssociateDatasetKmsKey",
  "cloudwatch CreateResourceMetricsConfiguration",
  "cloudwatch DeleteResourceMetricsConfiguration",
  "cloudwatch DescribeAlarmContributors",
  "cloudwatch DisassociateDatasetKmsKey",
  "cloudwatch GetResourceMetricsConfiguration",
  "cloudwatch UpdateOTelEnrichment",
  "cloudwatch UpdateResourceMetricsConfiguration",
  "cloudwatch-logs GetLogObject",
  "dynamodb CancelBulkOperation",
  "dynamodb DescribeBulkOperation",
  "dynamodb ListBulkOperations",
  "dynamodb StartBulkPutItems",
  "ec2 AssociateNetworkingFlexCostAllocationPolicy",
  "ec2 CreateCapacityReservationDateChangeQuote",
  "ec2 CreateMetricCategory",
  "ec2 CreateNetworkingFlexCostAllocationPolicy",
  "ec2 DeleteClientVpnEndpointAuthorizationPolicy",
  "ec2 DeleteMetricCategory",
  "ec2 DeleteNetworkingFlexCostAllocationPolicies",
  "ec2 DescribeCapacityReservationDateChangeQuotes",
  "ec2 DescribeMetricCategories",
  "ec2 DescribeNetworkingFlexCostAllocationPolicies",
  "ec2 DescribeNetworkingFlexCostAllocationPolicyAssociations",
  "ec2 DisassociateNetworkingFlexCostAllocationPolicy",
  "ec2 GetCapacityManagerSupportabilityScores",
  "ec2 GetClientVpnEndpointAuthorizationPolicy",
  "ec2 GetImageFindings",
  "ec2 GetNetworkingFlexCostAllocationPolicyVersions",
  "ec2 GetTransitGatewayAttachmentNatConfiguration",
  "ec2 ModifyClientVpnEndpointAuthorizationPolicy",
  "ec2 ModifyMetricCategory",
  "ec2 ModifyNetworkingFlexCostAllocationPolicy",
  "ec2 ModifyTransitGatewayAttachmentNatConfiguration",
  "iam AcquireRole",
  "iam UpdateDelegationRequest",
  "kms Decapsulate",
  "kms Encapsulate",
  "ssm DeregisterDefaultHostManagementConfiguration",
  "ssm RegisterDefaultHostManagementConfiguration",
  "sts GetScopedCredentials",
];

describe("operationOf", () => {
  for (const [client, operation, needs, mayUse] of [
    ["ec2", "RebootInstances", "ec2:RebootInstances", ""],
    ["sns", "PublishBatch", "sns:Publish", "kms:Decrypt kms:GenerateDataKey"],
    ["ecs", "RunTask", "ecs:RunTask", "iam:PassRole"],
    ["lambda", "Invoke", "lambda:InvokeFunction", ""],
    ["lambda", "GetLayerVersionByArn", "lambda:GetLayerVersion", ""],
    [
      "lambda",
      "CreateFunction",
      "lambda:CreateFunction",
      "iam:PassRole lambda:PassCapacityProvider",
    ],
    ["cloudwatch-logs", "PutLogEvents", "logs:PutLogEvents", ""],
    ["eventbridge", "PutEvents", "events:PutEvents", ""],
    ["s3", "HeadObject", "s3:GetObject", "s3:GetObjectVersion s3:ListBucket kms:Decrypt"],
    ["s3", "ListObjectsV2", "s3:ListBucket", ""],
    ["s3", "HeadBucket", "s3:ListBucket", ""],
    ["s3", "ListBuckets", "s3:ListAllMyBuckets", ""],
    ["s3", "ListParts", "s3:ListMultipartUploadParts", ""],
    ["s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", ""],
    ["s3", "PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock", ""],
    ["s3", "DeleteBucketReplication", "s3:PutReplicationConfiguration", "iam:PassRole"],
    ["s3", "GetBucketLocation", "s3:GetBucketLocation", ""],
    ["s3-control", "PutPublicAccessBlock", "s3:PutAccountPublicAccessBlock", ""],
    ["dynamodb", "TransactGetItems", "dynamodb:GetItem", "kms:Decrypt"],
    ["sqs", "DeleteMessageBatch", "sqs:DeleteMessage", ""],
    ["kms", "ReEncrypt", "kms:ReEncryptFrom, kms:ReEncryptTo", ""],
    [
      "bedrock-runtime",
      "ConverseStream",
      "bedrock:InvokeModelWithResponseStream",
      "bedrock:GetInferenceProfile bedrock:ListInferenceProfiles bedrock:ApplyGuardrail aws-marketplace:Subscribe aws-marketplace:Unsubscribe aws-marketplace:ViewSubscriptions",
    ],
    ["ec2", "CreateImage", "ec2:CreateImage", "ec2:CreateTags"],
    [
      "textract",
      "StartDocumentAnalysis",
      "textract:StartDocumentAnalysis",
      "s3:GetObject s3:GetObjectVersion s3:PutObject iam:PassRole",
    ],
    [
      "rekognition",
      "DetectFaces",
      "rekognition:DetectFaces",
      "s3:GetObject s3:GetObjectVersion s3:PutObject",
    ],
    ["apigatewaymanagementapi", "PostToConnection", "execute-api:ManageConnections", ""],
    ["api-gateway", "GetRestApis", "apigateway:GET", ""],
    ["api-gateway", "CreateDeployment", "apigateway:POST", ""],
    ["api-gateway", "TagResource", "apigateway:PUT or apigateway:POST", ""],
    ["apigatewayv2", "UpdateApi", "apigateway:PATCH", ""],
    ["apigatewayv2", "CreatePortal", "apigateway:CreatePortal", ""],
    ["budgets", "DescribeBudgets", "budgets:ViewBudget", "billing:GetBillingViewData"],
    ["sesv2", "SendEmail", "ses:SendEmail or ses:SendRawEmail", ""],
    ["sts", "AssumeRole", "sts:AssumeRole", "sts:SetContext sts:SetSourceIdentity sts:TagSession"],
    ["sts", "GetCallerIdentity", "", "sts:GetCallerIdentity"],
    ["cognito-identity-provider", "InitiateAuth", "", "cognito-idp:InitiateAuth"],
    ["cognito-identity-provider", "AdminGetUser", "cognito-idp:AdminGetUser", ""],
  ] as const) {
    it(`gives ${operation} of ${client} what it needs: ${needs || "nothing"}`, async () => {
      const found = await operationOf(client, operation);

      if (found.kind !== "known") throw new Error(found.kind);
      expect(found.needs.map((it) => it.join(" or ")).join(", ")).to.equal(needs);
      expect(found.mayUse.join(" ")).to.equal(mayUse);
    });
  }

  it("reports unknown operations and unknown clients", async () => {
    expect(await operationOf("sns", "FooBar")).to.deep.equal({ kind: "unknown-operation" });
    expect(await operationOf("sns", "constructor")).to.deep.equal({ kind: "unknown-operation" });
    expect(await operationOf("budgets", "FooBudget")).to.deep.equal({ kind: "unknown-operation" });
    expect(await operationOf("made-up", "Start")).to.deep.equal({ kind: "unknown-client" });
  });

  it("knows every command of the installed clients except those that the reference lacks", async () => {
    const missing: string[] = [];
    const folder = join(import.meta.dirname, "..", "..", "..", "node_modules", "@aws-sdk");
    for (const name of readdirSync(folder).filter((it) => it.startsWith("client-"))) {
      const client = name.replace("client-", "");
      for (const exported of Object.keys(require(`@aws-sdk/${name}`))) {
        const operation = /^(\w+)Command$/.exec(exported)?.[1];
        if (!operation) continue;
        const { kind } = await operationOf(client, operation);
        if (kind !== "known") missing.push(`${client} ${operation}`);
      }
    }

    expect(missing.sort()).to.deep.equal(missingInReference);
  });
});

describe("policy/data", () => {
  it("has only actions that the reference has", async () => {
    const ofExceptions = Object.values(actionExceptions)
      .flatMap((it) => Object.values(it))
      .flatMap((it) => (typeof it === "string" ? it : [it.needs.flat(), it.mayUse ?? []].flat(2)));
    const ofHelpers = Object.values(helpers)
      .flatMap((it) => Object.values(it))
      .flatMap(({ needs, mayUse }) => [...needs.flat(), ...mayUse]);
    const ofSides = [
      ...rolePassingActions,
      ...Object.entries(kmsActions).flat(2),
      ...Object.entries(dependentActions).flat(2),
      ...callerActions.flatMap(({ of, actions }) => [...of, ...actions]),
    ];
    const unknown: string[] = [];

    for (const action of new Set([...ofExceptions, ...ofHelpers, ...ofSides])) {
      const [found] = await actionsOf(action);
      if (found?.name !== action) unknown.push(action);
    }

    expect(unknown).to.deep.equal([]);
  });

  it("lists no action that the reference has as a dependent action", () => {
    const dependent = new Map(Object.entries(dependentActions));
    const passing = rolePassingActions.filter((it) => dependent.get(it)?.includes("iam:PassRole"));
    const further = callerActions.flatMap(({ of, actions }) =>
      of.filter((it) => actions.every((action) => dependent.get(it)?.includes(action))),
    );

    expect([...passing, ...further]).to.deep.equal([]);
  });

  it("has only prefixes that the reference has", async () => {
    for (const [client, prefix] of Object.entries(servicePrefixes)) {
      expect(await actionsOf(`${prefix}:*`), client).not.to.be.empty;
    }
    expect(await prefixOf("cloudwatch-logs")).to.equal("logs");
    expect(await prefixOf("secrets-manager")).to.equal("secretsmanager");
    expect(await prefixOf("constructor")).to.equal(undefined);
  });

  it("has no exception that only repeats the operation's name", async () => {
    const redundant: string[] = [];

    for (const [client, operations] of Object.entries(actionExceptions)) {
      const prefix = await prefixOf(client);
      for (const [operation, exception] of Object.entries(operations)) {
        if (exception === `${prefix}:${operation}`) redundant.push(`${client} ${operation}`);
      }
    }

    expect(redundant).to.deep.equal([]);
  });

  it("has only waiters whose operation is known, except those that the reference lacks", async () => {
    const missing: string[] = [];

    for (const [client, operations] of Object.entries(waiters)) {
      for (const operation of Object.keys(operations)) {
        const { kind } = await operationOf(client, operation);
        if (kind !== "known") missing.push(`${client} ${operation}`);
      }
    }

    expect(missing).to.deep.equal([
      "abuse-signal GetAbuseReportStatus",
      "continuum GetCodeScan",
      "database-migration-service DescribeMetadataModelAssessments",
      "database-migration-service DescribeMetadataModelConversions",
      "database-migration-service DescribeMetadataModelExportsAsScript",
      "database-migration-service DescribeMetadataModelExportsToTarget",
      "database-migration-service DescribeExtensionPackAssociations",
      "dynamodb DescribeBulkOperation",
      "endusermessaging GetBrandProfile",
      "endusermessaging GetJob",
      "lambda-core GetRuntimeAlias",
      "lambda-core GetRuntimeVersion",
      "lambda-web GetWebFunction",
      "lambda-web GetWebFunctionEndpoint",
      "lambda-web GetWebFunctionRevision",
      "mediaconnect GetDestinationEndpoint",
      "mediaconnect GetSourceEndpoint",
      "opensearchmemory GetSpace",
      "polly GetVoice",
      "route-53 GetHealthCheckSource",
      "wellarchitected GetAgentOrganizationalReport",
    ]);
    expect(operationOfWaiter("s3", "BucketNotExists")).to.equal("HeadBucket");
    expect(operationOfWaiter("s3", "BucketHappy")).to.equal(undefined);
  });

  it("has only unsigned operations of known clients", async () => {
    for (const [client, operations] of Object.entries(unsignedOperations)) {
      for (const operation of operations) {
        expect((await operationOf(client, operation)).kind, operation).to.equal("known");
      }
    }
  });
});
