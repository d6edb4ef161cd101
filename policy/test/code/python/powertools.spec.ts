import { expect } from "chai";
import { loadProgram } from "../../../../sandbox/engine/program.ts";

const { permissionsOfPowertools } = loadProgram<
  typeof import("../../../code/python/powertools.ts")
>("policy/code/python/powertools.ts");

const parameters = "aws_lambda_powertools.utilities.parameters";
const idempotency = "aws_lambda_powertools.utilities.idempotency";
const secret = "secretsmanager:GetSecretValue";

describe("permissionsOfPowertools", () => {
  for (const [module, name, method, needs, mayUse] of [
    [parameters, "get_parameter", undefined, "ssm:GetParameter", "kms:Decrypt"],
    [`${parameters}.ssm`, "get_parameter", undefined, "ssm:GetParameter", "kms:Decrypt"],
    [parameters, "get_parameters", undefined, "ssm:GetParametersByPath", "kms:Decrypt"],
    [
      parameters,
      "get_parameters_by_name",
      undefined,
      "ssm:GetParameters",
      "kms:Decrypt ssm:GetParameter",
    ],
    [parameters, "get_secret", undefined, secret, "kms:Decrypt"],
    [
      parameters,
      "get_app_config",
      undefined,
      "appconfig:StartConfigurationSession appconfig:GetLatestConfiguration",
      "",
    ],
    [parameters, "SSMProvider", "get_multiple", "ssm:GetParametersByPath", "kms:Decrypt"],
    [parameters, "SecretsProvider", "get", secret, "kms:Decrypt"],
    [parameters, "DynamoDBProvider", "get", "dynamodb:GetItem", "kms:Decrypt"],
    [parameters, "DynamoDBProvider", "get_multiple", "dynamodb:Query", "kms:Decrypt"],
    [
      idempotency,
      "DynamoDBPersistenceLayer",
      undefined,
      "dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem",
      "kms:Decrypt dynamodb:GetItem",
    ],
    [
      `${idempotency}.persistence.dynamodb`,
      "DynamoDBPersistenceLayer",
      undefined,
      "dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem",
      "kms:Decrypt dynamodb:GetItem",
    ],
    [
      "aws_lambda_powertools.utilities.feature_flags",
      "AppConfigStore",
      undefined,
      "appconfig:StartConfigurationSession appconfig:GetLatestConfiguration",
      "",
    ],
    [
      "aws_lambda_powertools.utilities.streaming",
      "S3Object",
      undefined,
      "s3:GetObject",
      "s3:GetObjectVersion s3:ListBucket kms:Decrypt",
    ],
    [
      "aws_lambda_powertools.utilities.data_masking.provider.kms.aws_encryption_sdk",
      "AWSEncryptionSDKProvider",
      undefined,
      "",
      "kms:GenerateDataKey kms:Encrypt kms:Decrypt",
    ],
  ] as const) {
    it(`gives ${name}${method ? `.${method}` : ""} of ${module} what it needs`, async () => {
      const found = await permissionsOfPowertools({ module, name, method });

      if (found.kind !== "known") throw new Error(found.kind);
      expect(found.needs.map((it) => it.join(" or ")).join(" ")).to.equal(needs);
      expect(found.mayUse.join(" ")).to.equal(mayUse);
    });
  }

  for (const [module, name, method] of [
    ["aws_lambda_powertools", "Logger", undefined],
    ["aws_lambda_powertools", "Tracer", undefined],
    ["aws_lambda_powertools.utilities.batch", "BatchProcessor", undefined],
    ["aws_lambda_powertools.event_handler", "APIGatewayRestResolver", "get"],
    [parameters, "SSMProvider", undefined],
    [parameters, "clear_caches", undefined],
    [parameters, "constructor", undefined],
    [`${idempotency}.persistence.cache`, "CachePersistenceLayer", undefined],
    ["aws_lambda_powertools.utilities.data_masking", "DataMasking", "erase"],
  ] as const) {
    it(`gives ${name}${method ? `.${method}` : ""} of ${module} no permissions`, async () => {
      const found = await permissionsOfPowertools({ module, name, method });
      expect(found).to.deep.equal({ kind: "none" });
    });
  }

  it("has only operations that are known", async () => {
    const { powertoolsCalls, powertoolsMethods } = loadProgram<
      typeof import("../../../data/powertools.ts")
    >("policy/data/powertools.ts");
    const { operationOf } = loadProgram<typeof import("../../../code/operations.ts")>(
      "policy/code/operations.ts",
    );
    const classes = Object.values(powertoolsMethods).flatMap((it) => Object.values(it));
    const calls = [...Object.values(powertoolsCalls), ...classes].flatMap((it) =>
      Object.values(it),
    );
    for (const { uses, mayUse = {} } of calls) {
      for (const [client, names] of [...Object.entries(uses), ...Object.entries(mayUse)]) {
        for (const it of names) expect((await operationOf(client, it)).kind, it).to.equal("known");
      }
    }
  });
});
