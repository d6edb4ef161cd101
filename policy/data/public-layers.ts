/**
 * Public layers whose libraries call AWS only if the function's code uses them to: Powertools for AWS Lambda.
 *
 * Source: https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/ (accounts, names), the
 * dependencies of aws-lambda-powertools[all] on https://pypi.org/project/aws-lambda-powertools/ (modules), and
 * https://docs.aws.amazon.com/powertools/typescript/latest/getting-started/lambda-layers/.
 * Refresh: manually, when Powertools gets a new major version or a new account.
 */
export interface PublicLayer {
  readonly arn: RegExp;
  /** The modules of Python in it. */
  readonly modules: readonly string[];
}

export const publicLayers: readonly PublicLayer[] = [
  {
    arn: /^arn:aws(-cn|-us-gov)?:lambda:[a-z0-9-]+:(017000801446|165087284144|165093116878|498634801083):layer:AWSLambdaPowertoolsPythonV3-python\d+-(x86_64|arm64):\d+$/,
    modules: [
      "annotated_types",
      "aws_encryption_sdk",
      "aws_lambda_powertools",
      "aws_xray_sdk",
      "cryptography",
      "fastjsonschema",
      "jmespath",
      "jsonpath_ng",
      "jwt",
      "pydantic",
      "pydantic_core",
      "pydantic_settings",
      "typing_extensions",
      "typing_inspection",
      "urllib3",
      "wrapt",
    ],
  },
  {
    arn: /^arn:aws:lambda:[a-z0-9-]+:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:\d+$/,
    modules: [],
  },
];
