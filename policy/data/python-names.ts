/**
 * Names in Python code and packages that the reader knows.
 *
 * Source: the page at each table; else https://docs.aws.amazon.com/boto3/latest/reference/ and
 * https://docs.python.org/3/library/.
 * Refresh: manually, when boto3, Python or a library gets another such name.
 */

/** Functions and classes that give a session, in whose methods clients are created. */
export const sessionFunctions: readonly string[] = [
  "aioboto3.Session",
  "aioboto3.session.Session",
  "aiobotocore.session.AioSession",
  "aiobotocore.session.get_session",
  "boto3.Session",
  "boto3._get_default_session",
  "boto3.session.Session",
  "botocore.session.Session",
  "botocore.session.get_session",
];

/** The modules of the SDK that people import with `from … import …`. */
export const sdkSubmodules: readonly string[] = [
  "boto3.dynamodb",
  "boto3.dynamodb.conditions",
  "boto3.dynamodb.types",
  "boto3.s3",
  "boto3.s3.transfer",
  "boto3.session",
  "botocore.auth",
  "botocore.awsrequest",
  "botocore.client",
  "botocore.config",
  "botocore.credentials",
  "botocore.exceptions",
  "botocore.session",
  "botocore.signers",
];

/** Parameters that people give by position, by the method. */
export const positionalParameters: Readonly<Record<string, readonly string[]>> = {
  copy: ["CopySource", "Bucket", "Key"],
  download_file: ["Bucket", "Key", "Filename"],
  download_fileobj: ["Bucket", "Key", "Fileobj"],
  generate_presigned_post: ["Bucket", "Key"],
  upload_file: ["Filename", "Bucket", "Key"],
  upload_fileobj: ["Fileobj", "Bucket", "Key"],
};

/** Decorators that change a function or a class, and never keep it to call it later. */
export const plainDecorators: readonly string[] = [
  "abstractmethod",
  "asynccontextmanager",
  "cache",
  "cached_property",
  "capture_method",
  "classmethod",
  "contextmanager",
  "dataclass",
  "final",
  "lru_cache",
  "overload",
  "override",
  "property",
  "runtime_checkable",
  "staticmethod",
  "total_ordering",
  "wraps",
];

/** Functions that start another program, e.g. the AWS CLI, with the function's credentials in its environment. */
export const programStarters: readonly string[] = [
  ...["create_subprocess_exec", "create_subprocess_shell"].flatMap((it) => [
    `asyncio.${it}`,
    `asyncio.subprocess.${it}`,
  ]),
  ...["execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe"].map(
    (it) => `os.${it}`,
  ),
  ...["popen", "posix_spawn", "posix_spawnp", "system"].map((it) => `os.${it}`),
  ...["spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"].map(
    (it) => `os.${it}`,
  ),
  ...["Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput", "run"].map(
    (it) => `subprocess.${it}`,
  ),
];

/** Libraries with several MB of tests, which nothing in Lambda runs. */
export const librariesWithTests: readonly string[] = [
  "networkx",
  "numpy",
  "pandas",
  "pyarrow",
  "scipy",
  "skimage",
  "sklearn",
  "statsmodels",
  "sympy",
];

/**
 * Handlers of libraries that call the handler in an environment variable.
 *
 * Source: https://docs.datadoghq.com/serverless/guide/handler_wrapper/,
 * https://github.com/newrelic/newrelic-lambda-layers/blob/master/python/newrelic_lambda_wrapper.py and
 * https://docs.sentry.io/organization/integrations/cloud-monitoring/aws-lambda/how-it-works/.
 * Refresh: add the handlers of other libraries that users name.
 */
export const wrappingHandlers: Readonly<Record<string, string>> = {
  "datadog_lambda.handler.handler": "DD_LAMBDA_HANDLER",
  "newrelic_lambda_wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
  "sentry_sdk.integrations.init_serverless_sdk.sentry_lambda_handler": "SENTRY_INITIAL_HANDLER",
};

/**
 * Frameworks that import the program's modules by names in its settings.
 *
 * Source: https://docs.djangoproject.com/en/stable/topics/settings/,
 * https://docs.celeryq.dev/en/stable/userguide/configuration.html#imports,
 * https://connexion.readthedocs.io/en/latest/routing.html and
 * https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/hooks.html.
 * Refresh: add frameworks that users name.
 */
export const loadingFrameworks: readonly string[] = ["celery", "connexion", "django", "pyramid"];
