/**
 * What of Powertools for AWS Lambda (Python) calls AWS. Its other utilities call nothing: batch, event handler, logger,
 * metrics, parser, tracer, validation; and data classes call with credentials of their event.
 *
 * Source: the code of version 3.37.0, and "IAM Permissions" of each utility.
 * https://pypi.org/project/aws-lambda-powertools/
 * https://docs.aws.amazon.com/powertools/python/latest/utilities/parameters/
 * Refresh: search a newer version for `boto3`.
 */

/** Operations by client, e.g. `GetParameter` of `ssm`. */
export type OperationsByClient = Readonly<Record<string, readonly string[]>>;

/** The operations of a call. */
export interface PowertoolsCall {
  /** Operations that every call uses, if nothing is cached. */
  readonly uses: OperationsByClient;
  /** Operations that it uses in some cases. */
  readonly mayUse?: OperationsByClient;
}

const appConfig = {
  uses: { appconfigdata: ["StartConfigurationSession", "GetLatestConfiguration"] },
};
const getParametersByName = {
  uses: { ssm: ["GetParameters"] },
  // Parameters of a batch of which only some are decrypted.
  mayUse: { ssm: ["GetParameter"] },
};
const setSecret = {
  uses: { "secrets-manager": ["PutSecretValue"] },
  mayUse: { "secrets-manager": ["CreateSecret"] },
};

/** Functions, and classes whose creation counts as the call, by utility. */
export const powertoolsCalls: Readonly<Record<string, Readonly<Record<string, PowertoolsCall>>>> = {
  parameters: {
    get_parameter: { uses: { ssm: ["GetParameter"] } },
    get_parameters: { uses: { ssm: ["GetParametersByPath"] } },
    get_parameters_by_name: getParametersByName,
    set_parameter: { uses: { ssm: ["PutParameter"] } },
    get_secret: { uses: { "secrets-manager": ["GetSecretValue"] } },
    get_secrets_by_name: { uses: { "secrets-manager": ["BatchGetSecretValue"] } },
    set_secret: setSecret,
    get_app_config: appConfig,
  },
  idempotency: {
    DynamoDBPersistenceLayer: {
      // It deletes the record of a run that raises an error.
      uses: { dynamodb: ["DeleteItem", "PutItem", "UpdateItem"] },
      // Only with boto3 before 1.26.164, though the documentation requires it for every role.
      mayUse: { dynamodb: ["GetItem"] },
    },
  },
  feature_flags: {
    AppConfigStore: appConfig,
    // The extension calls AWS with the function's role.
    AppConfigExtensionStore: appConfig,
  },
  // Its HeadObject needs the same action.
  streaming: { S3Object: { uses: { s3: ["GetObject"] } } },
  circuit_breaker: {
    CircuitBreakerDynamoDBPersistence: {
      uses: { dynamodb: ["GetItem"] },
      mayUse: { dynamodb: ["PutItem", "UpdateItem"] },
    },
  },
  data_masking: {
    // To erase needs no key, so its methods are not known to need one.
    AWSEncryptionSDKProvider: {
      uses: {},
      mayUse: { kms: ["GenerateDataKey", "Encrypt", "Decrypt"] },
    },
  },
};

/** Methods of classes, by utility and class. */
export const powertoolsMethods: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, PowertoolsCall>>>>>
> = {
  parameters: {
    SSMProvider: {
      get: { uses: { ssm: ["GetParameter"] } },
      get_multiple: { uses: { ssm: ["GetParametersByPath"] } },
      get_parameters_by_name: getParametersByName,
      set: { uses: { ssm: ["PutParameter"] } },
    },
    SecretsProvider: {
      get: { uses: { "secrets-manager": ["GetSecretValue"] } },
      get_multiple: { uses: { "secrets-manager": ["BatchGetSecretValue"] } },
      set: setSecret,
    },
    AppConfigProvider: { get: appConfig },
    AppConfigExtensionProvider: { get: appConfig },
    DynamoDBProvider: {
      get: { uses: { dynamodb: ["GetItem"] } },
      get_multiple: { uses: { dynamodb: ["Query"] } },
    },
  },
};
