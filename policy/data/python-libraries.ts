/** What decides whether a library calls AWS. */
export type CallingLibrary =
  /** That the code imports it. */
  | { readonly kind: "imported" }
  /** That the package or a layer has it: others load it by name, for a URL such as `s3://bucket/key`. */
  | { readonly kind: "installed" }
  /** That the program's code imports it, and has a word that begins like this, e.g. `AnthropicBedrock`. */
  | { readonly kind: "mentions"; readonly texts: readonly string[] }
  /** That the code imports it, and the function has one of these environment variables. */
  | { readonly kind: "variables"; readonly names: readonly string[] };

const imported: CallingLibrary = { kind: "imported" };

/**
 * Libraries that call AWS themselves, or sign requests, by the module that code imports. A name with dots is that of a
 * module in a package that has others. A library that is not listed is found by its code, if it creates clients.
 *
 * Source: the code of each library on PyPI, searched for `boto3`, `botocore` and the names of signature version 4; for
 * compiled libraries, their documentation of S3.
 * Refresh: add what users name.
 */
export const callingLibraries: Readonly<Record<string, CallingLibrary>> = {
  // Sessions, clients and signers for other code.
  amazondax: imported,
  aws_assume_role_lib: imported,
  aws_bedrock_token_generator: imported,
  aws_msk_iam_sasl_signer: imported,
  aws_requests_auth: imported,
  boto: imported,
  boto3_assume: imported,
  boto3_refresh_session: imported,
  boto_session_manager: imported,
  cloudaux: imported,
  httpx_auth: { kind: "mentions", texts: ["AWS4Auth"] },
  hvac: { kind: "mentions", texts: ["iam_login"] },
  opensearchpy: { kind: "mentions", texts: ["AWSV4Signer"] },
  requests_auth_aws_sigv4: imported,
  requests_aws4auth: imported,
  // Data stores. Whether a URL is one of S3 may be decided elsewhere.
  aurora_data_api: imported,
  aws_advanced_python_wrapper: imported,
  awswrangler: imported,
  daft: imported,
  deltalake: imported,
  duckdb: imported,
  dynamo_pandas: imported,
  dynamodb_encryption_sdk: imported,
  dyntastic: imported,
  lancedb: imported,
  obstore: imported,
  polars: imported,
  pyarrow: imported,
  pyathena: imported,
  pydynamodb: imported,
  pyiceberg: imported,
  pynamodb: imported,
  redshift_connector: { kind: "mentions", texts: ["iam"] },
  redshift_data_api: imported,
  sqlalchemy_aurora_data_api: imported,
  // Files and queues.
  celery: imported,
  cloudpathlib: imported,
  flask_s3: imported,
  kombu: imported,
  s3fs: { kind: "installed" },
  s3path: imported,
  smart_open: imported,
  storages: imported,
  aws_sqs_consumer: imported,
  // Secrets, settings and keys.
  aws_encryption_sdk: imported,
  aws_secretsmanager_caching: imported,
  dynaconf: { kind: "variables", names: ["VAULT_AUTH_WITH_IAM_FOR_DYNACONF"] },
  pydantic_settings: {
    kind: "mentions",
    texts: ["AWSSecretsManagerSettingsSource", "AWSSystemsManagerSettingsSource"],
  },
  ssm_cache: imported,
  ssm_parameter_store: imported,
  // Models and agents.
  amazon_transcribe: imported,
  anthropic: { kind: "mentions", texts: ["AnthropicBedrock", "AnthropicAWS"] },
  bedrock_agentcore: imported,
  crewai: { kind: "mentions", texts: ["bedrock", "Bedrock"] },
  instructor: { kind: "mentions", texts: ["bedrock", "Bedrock"] },
  langchain_aws: imported,
  langchain_community: {
    kind: "mentions",
    texts: [
      "Bedrock",
      "S3FileLoader",
      "S3DirectoryLoader",
      "DynamoDBChatMessageHistory",
      "AthenaLoader",
      "GlueCatalogLoader",
      "AmazonTextract",
      "AmazonKendraRetriever",
      "Neptune",
      "Sagemaker",
      "LambdaWrapper",
      "awslambda",
    ],
  },
  langgraph_checkpoint_aws: imported,
  litellm: imported,
  "llama_index.embeddings.bedrock": imported,
  "llama_index.llms.bedrock": imported,
  "llama_index.llms.bedrock_converse": imported,
  openai: { kind: "mentions", texts: ["bedrock", "Bedrock"] },
  pydantic_ai: { kind: "mentions", texts: ["bedrock", "Bedrock"] },
  sagemaker: imported,
  strands: imported,
  textractcaller: imported,
  textractor: imported,
  // Frameworks of functions, devices, logs and traces.
  "amazon.opentelemetry.distro": imported,
  AWSIoTPythonSDK: { kind: "mentions", texts: ["useWebsocket"] },
  aws_durable_execution_sdk_python: imported,
  awsiot: { kind: "mentions", texts: ["websockets_with_default_aws_signing"] },
  chalice: { kind: "mentions", texts: ["websocket_api"] },
  crhelper: { kind: "mentions", texts: ["poll_create", "poll_update", "poll_delete"] },
  datadog_lambda: {
    kind: "variables",
    names: ["DD_API_KEY_SECRET_ARN", "DD_API_KEY_SSM_NAME", "DD_KMS_API_KEY"],
  },
  lambdawarmer: imported,
  watchtower: imported,
  zappa: imported,
};

/**
 * Modules of libraries that mention boto3 or signatures, and call nothing on their own: they trace the calls of others, or
 * run only in tests. Powertools calls AWS where policy/data/powertools.ts says so.
 *
 * Source and refresh: as above.
 */
export const quietLibraries: readonly string[] = [
  "aws_cdk",
  "aws_lambda_powertools",
  // Its calls go to the X-Ray daemon, which has the function's role: tracing is a setting of the function.
  "aws_xray_sdk",
  "catchpoint",
  "ddtrace",
  "dynamodb_json",
  "epsagon",
  // It sends with other keys than the function's.
  "lumigo_tracer",
  "moto",
  "newrelic",
  "opentelemetry.instrumentation.botocore",
  // It reads s3:// with s3fs.
  "pandas",
  "sentry_sdk",
];

/** The modules of the SDK, also those that Lambda's runtimes provide. */
export const sdkModules: readonly string[] = [
  "aioboto3",
  "aiobotocore",
  "boto3",
  "botocore",
  "s3transfer",
];

/**
 * Further modules that Lambda's Python runtimes provide: the SDK's dependencies, and the runtime itself.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-dependencies
 * https://github.com/aws/aws-lambda-python-runtime-interface-client (awslambdaric)
 */
export const runtimeModules: readonly string[] = [
  "awslambdaric",
  "dateutil",
  "jmespath",
  "simplejson",
  "six",
  "snapshot_restore_py",
  "urllib3",
];
