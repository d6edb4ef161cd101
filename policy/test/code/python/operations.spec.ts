import { expect } from "chai";
import { loadProgram } from "../../../../sandbox/engine/program.ts";

const load = <T>(file: string) => loadProgram<T>(`policy/${file}`);
const { operationOfMethod, permissionsOfMethod, permissionsOfWaiter } = load<
  typeof import("../../../code/python/operations.ts")
>("code/python/operations.ts");
const { clientMethods } =
  load<typeof import("../../../data/boto3-methods.ts")>("data/boto3-methods.ts");
const { actionsOf } = load<typeof import("../../../iam/actions.ts")>("iam/actions.ts");

type Permissions = Awaited<ReturnType<typeof permissionsOfMethod>>;

function textOf(found: Permissions): { readonly needs: string; readonly mayUse: string } {
  if (found.kind !== "known") throw new Error(found.kind);
  const needs = found.needs.map((it) => it.join(" or ")).join(", ");
  return { needs, mayUse: found.mayUse.join(" ") };
}

describe("permissionsOfMethod", () => {
  for (const [service, method, needs, mayUse] of [
    ["ec2", "reboot_instances", "ec2:RebootInstances", ""],
    ["sns", "publish", "sns:Publish", "kms:Decrypt kms:GenerateDataKey"],
    ["logs", "put_log_events", "logs:PutLogEvents", ""],
    ["events", "put_events", "events:PutEvents", ""],
    [
      "stepfunctions",
      "start_execution",
      "states:StartExecution",
      "kms:Decrypt kms:GenerateDataKey",
    ],
    ["cognito-idp", "admin_get_user", "cognito-idp:AdminGetUser", ""],
    ["cognito-idp", "initiate_auth", "", "cognito-idp:InitiateAuth"],
    ["secretsmanager", "get_secret_value", "secretsmanager:GetSecretValue", "kms:Decrypt"],
    ["lambda", "invoke", "lambda:InvokeFunction", ""],
    ["elbv2", "describe_target_health", "elasticloadbalancing:DescribeTargetHealth", ""],
    ["ses", "send_email", "ses:SendEmail", ""],
    ["sesv2", "send_email", "ses:SendEmail or ses:SendRawEmail", ""],
    ["dynamodb", "batch_write_item", "dynamodb:BatchWriteItem", "kms:Decrypt"],
    ["apigatewaymanagementapi", "post_to_connection", "execute-api:ManageConnections", ""],
    ["rds", "describe_db_instances", "rds:DescribeDBInstances", ""],
    ["rds", "generate_db_auth_token", "rds-db:connect", ""],
    ["dsql", "generate_db_connect_auth_token", "dsql:DbConnect", ""],
    ["dsql", "generate_db_connect_admin_auth_token", "dsql:DbConnectAdmin", ""],
    ["sagemaker-runtime", "invoke_endpoint", "sagemaker:InvokeEndpoint", ""],
    ["runtime.sagemaker", "invoke_endpoint", "sagemaker:InvokeEndpoint", ""],
    ["s3", "list_objects_v2", "s3:ListBucket", ""],
    ["keyspaces", "list_tables", "cassandra:Select", "cassandra:SelectMultiRegionResource"],
    [
      "neptunedata",
      "execute_gremlin_query",
      "neptune-db:ReadDataViaQuery or neptune-db:WriteDataViaQuery or neptune-db:DeleteDataViaQuery",
      "",
    ],
    ["s3", "generate_presigned_post", "s3:PutObject", "s3:PutObjectAcl"],
    ["s3", "download_file", "s3:GetObject", "s3:GetObjectVersion s3:ListBucket kms:Decrypt"],
    ["s3", "download_fileobj", "s3:GetObject", "s3:GetObjectVersion s3:ListBucket kms:Decrypt"],
    [
      "s3",
      "upload_file",
      "s3:PutObject",
      "s3:AbortMultipartUpload s3:PutObjectAcl s3:PutObjectTagging kms:GenerateDataKey kms:Decrypt",
    ],
    [
      "s3",
      "copy",
      "s3:GetObject, s3:PutObject",
      "s3:GetObjectVersion s3:ListBucket kms:Decrypt s3:PutObjectAcl s3:PutObjectTagging kms:GenerateDataKey s3:GetObjectTagging s3:AbortMultipartUpload s3:GetObjectVersionTagging s3:PutObjectVersionTagging s3:ListObjectAnnotations s3:ListObjectVersionAnnotations s3:GetObjectAnnotation s3:GetObjectVersionAnnotation s3:PutObjectAnnotation s3:PutObjectVersionAnnotation",
    ],
  ] as const) {
    it(`gives ${method} of ${service} what it needs: ${needs || "nothing"}`, async () => {
      expect(textOf(await permissionsOfMethod({ service, method }))).to.deep.equal({
        needs,
        mayUse,
      });
    });
  }

  for (const method of [
    "can_paginate",
    "close",
    "exceptions",
    "generate_presigned_url",
    "get_paginator",
    "get_waiter",
    "meta",
    "waiter_names",
    "_client_config",
  ]) {
    it(`gives ${method} no permissions`, async () => {
      expect(await permissionsOfMethod({ service: "s3", method })).to.deep.equal({ kind: "none" });
    });
  }

  for (const [service, method, why] of [
    ["s3", "shrink_bucket", "for which the Service Authorization Reference has no action"],
    ["sns", "constructor", "for which the Service Authorization Reference has no action"],
    ["made-up", "start", "whose IAM service is unknown"],
    ["constructor", "start", "whose IAM service is unknown"],
    // Only S3's client has it.
    ["sqs", "upload_file", "for which the Service Authorization Reference has no action"],
    ["s3", "_make_api_call", "which can call every operation"],
  ] as const) {
    it(`cannot resolve ${method} of ${service}`, async () => {
      expect(await permissionsOfMethod({ service, method })).to.deep.equal({
        kind: "unresolved",
        why,
      });
    });
  }
});

describe("operationOfMethod", () => {
  for (const [service, method, operation] of [
    ["ec2", "describe_instances", "DescribeInstances"],
    ["ec2", "create_vpc_endpoint", "CreateVpcEndpoint"],
    ["s3", "list_objects_v2", "ListObjectsV2"],
    ["rds", "describe_db_instances", "DescribeDBInstances"],
    ["iam", "list_mfa_devices", "ListMFADevices"],
    ["iam", "create_saml_provider", "CreateSAMLProvider"],
    ["wafv2", "get_web_acl", "GetWebACL"],
    ["storagegateway", "create_cached_iscsi_volume", "CreateCachediSCSIVolume"],
    ["mturk", "list_hits_for_qualification_type", "ListHITsForQualificationType"],
    ["socialmessaging", "send_whatsapp_message", "SendWhatsAppMessage"],
    ["cognito-idp", "admin_set_user_mfa_preference", "AdminSetUserMFAPreference"],
    ["efs", "describe_file_systems", "DescribeFileSystems"],
  ] as const) {
    it(`finds ${operation} of ${service}`, () => {
      expect(operationOfMethod({ service, method })).to.equal(operation);
    });
  }
});

describe("permissionsOfWaiter", () => {
  for (const [service, waiter, needs] of [
    ["ec2", "instance_running", "ec2:DescribeInstances"],
    ["s3", "bucket_not_exists", "s3:ListBucket"],
    ["rds", "db_instance_available", "rds:DescribeDBInstances"],
    ["elbv2", "target_in_service", "elasticloadbalancing:DescribeTargetHealth"],
    ["lambda", "function_active_v2", "lambda:GetFunction"],
  ] as const) {
    it(`gives ${waiter} of ${service} what it needs: ${needs}`, async () => {
      expect(textOf(await permissionsOfWaiter({ service, waiter })).needs).to.equal(needs);
    });
  }

  it("cannot resolve a waiter that boto3 does not have", async () => {
    expect(await permissionsOfWaiter({ service: "s3", waiter: "bucket_happy" })).to.deep.equal({
      kind: "unresolved",
      why: "a waiter whose operation is unknown",
    });
  });
});

describe("policy/data/boto3-methods.ts", () => {
  it("has only actions that the reference has", async () => {
    const actions = Object.values(clientMethods)
      .flatMap((it) => Object.values(it))
      .flatMap((it) => [...("needs" in it ? it.needs.flat() : []), ...it.mayUse]);
    const unknown: string[] = [];

    for (const action of new Set(actions)) {
      if ((await actionsOf(action))[0]?.name !== action) unknown.push(action);
    }

    expect(unknown).to.deep.equal([]);
  });
});
