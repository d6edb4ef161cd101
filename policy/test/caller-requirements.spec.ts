import { expect } from "chai";
import { account, allow, environment, lambda, ownLog, policy, role } from "./function-stack.ts";
import { type Resource, stackFindings } from "./support.ts";

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;

/** Code that sends one command with this input. */
const sending = (client: string, command: string, input: string) => `
  import { ${command}, Client } from "@aws-sdk/client-${client}";
  export const handler = () => new Client({}).send(new ${command}(${input}));
`;

interface Case {
  readonly name: string;
  readonly code: string;
  readonly variables?: Record<string, string>;
  readonly resources?: readonly Resource[];
  readonly statements: readonly object[];
}

async function findingsOf({ code, variables = {}, resources = [], statements }: Case) {
  const { props, dependsOn } = environment(variables);
  const stack = [
    role,
    ...resources,
    lambda({ code, props, dependsOn }),
    policy(...statements, ownLog),
  ];
  return {
    unused: await stackFindings("unused-grant", stack),
    missing: await stackFindings("missing-grant", stack),
  };
}

const cluster = arn("rds", "cluster:orders");
const secret = arn("secretsmanager", "secret:orders-1a2b3c");
const dataApi = {
  code: sending(
    "rds-data",
    "ExecuteStatementCommand",
    "{ resourceArn: process.env.CLUSTER_ARN, secretArn: process.env.SECRET_ARN, sql: 'select 1' }",
  ),
  variables: { CLUSTER_ARN: cluster, SECRET_ARN: secret },
};
const instance = arn("ec2", "instance/i-0123456789abcdef0");
const command = {
  code: sending(
    "ssm",
    "SendCommandCommand",
    "{ InstanceIds: [process.env.INSTANCE_ID], DocumentName: 'AWS-RunShellScript' }",
  ),
  variables: { INSTANCE_ID: "i-0123456789abcdef0" },
};
const document = "arn:aws:ssm:us-east-1::document/AWS-RunShellScript";
const bucket = "arn:aws:s3:::incoming/*";
const profile = arn("bedrock", "inference-profile/us.anthropic.claude-sonnet-4");
const model = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4";

const passing: readonly Case[] = [
  {
    name: "RDS Data API: the secret of the database",
    ...dataApi,
    statements: [
      allow("Query", "rds-data:ExecuteStatement", cluster),
      allow("Login", "secretsmanager:GetSecretValue", secret),
    ],
  },
  {
    name: "SSM Run Command: the instance and the document",
    ...command,
    statements: [allow("Run", "ssm:SendCommand", [instance, document])],
  },
  {
    name: "Bedrock: an inference profile, and the models that it invokes",
    code: sending("bedrock-runtime", "ConverseCommand", "{ modelId: process.env.MODEL_ID }"),
    variables: { MODEL_ID: "us.anthropic.claude-sonnet-4" },
    statements: [
      allow("Ask", "bedrock:InvokeModel", [profile, model]),
      allow("Find", "bedrock:GetInferenceProfile", profile),
    ],
  },
  {
    name: "Athena: the data in S3, and the catalog in Glue",
    code: sending("athena", "StartQueryExecutionCommand", "{ WorkGroup: process.env.WORKGROUP }"),
    variables: { WORKGROUP: "reports" },
    statements: [
      allow("Query", "athena:StartQueryExecution", arn("athena", "workgroup/reports")),
      allow("Results", ["s3:GetObject", "s3:PutObject"], bucket),
      allow("Find", ["s3:GetBucketLocation", "s3:ListBucket"], "arn:aws:s3:::incoming"),
      allow("Tables", ["glue:GetTable", "glue:GetPartitions"], arn("glue", "table/sales/orders")),
    ],
  },
  {
    name: "Rekognition: the image in S3",
    code: sending("rekognition", "DetectLabelsCommand", "{ Image: { S3Object: event } }"),
    statements: [
      allow("Detect", "rekognition:DetectLabels", "*"),
      allow("Image", "s3:GetObject", bucket),
    ],
  },
  {
    name: "Textract: the document in S3",
    code: sending("textract", "DetectDocumentTextCommand", "{ Document: { S3Object: event } }"),
    statements: [
      allow("Read", "textract:DetectDocumentText", "*"),
      allow("Document", "s3:GetObject", bucket),
    ],
  },
  {
    name: "STS: tags of the session",
    code: sending("sts", "AssumeRoleCommand", "{ RoleArn: process.env.ROLE_ARN, Tags: tags }"),
    variables: { ROLE_ARN: `arn:aws:iam::${account}:role/reader` },
    statements: [
      allow("Assume", ["sts:AssumeRole", "sts:TagSession"], `arn:aws:iam::${account}:role/reader`),
    ],
  },
  {
    name: "EC2: tags of what is created",
    code: sending("ec2", "CreateSnapshotCommand", "{ VolumeId: process.env.VOLUME_ID }"),
    variables: { VOLUME_ID: "vol-0123456789abcdef0" },
    statements: [
      allow("Snapshot", "ec2:CreateSnapshot", [
        arn("ec2", "volume/vol-0123456789abcdef0"),
        "arn:aws:ec2:us-east-1::snapshot/*",
      ]),
      allow("Tag", "ec2:CreateTags", "arn:aws:ec2:us-east-1::snapshot/*"),
    ],
  },
  {
    name: "Timestream: the endpoint",
    code: sending("timestream-write", "WriteRecordsCommand", "{ TableName: process.env.TABLE }"),
    variables: { TABLE: "readings" },
    statements: [
      allow("Write", "timestream:WriteRecords", arn("timestream", "database/iot/table/readings")),
      allow("Find", "timestream:DescribeEndpoints", "*"),
    ],
  },
  {
    name: "SES: an address by the identity of its domain",
    code: sending("sesv2", "SendEmailCommand", "{ FromEmailAddress: process.env.FROM }"),
    variables: { FROM: "alerts@eu.example.com" },
    statements: [allow("Send", "ses:SendEmail", arn("ses", "identity/example.com"))],
  },
  {
    name: "SES: a configuration set beside the identity",
    code: sending("sesv2", "SendEmailCommand", "{ FromEmailAddress: process.env.FROM }"),
    variables: { FROM: "Alerts <alerts@example.com>" },
    statements: [
      allow("Send", "ses:SendEmail", [
        arn("ses", "identity/example.com"),
        arn("ses", "configuration-set/alerts"),
      ]),
    ],
  },
  {
    name: "SSM: a path with a slash at its end",
    code: sending("ssm", "GetParametersByPathCommand", "{ Path: process.env.PARAM_PATH }"),
    variables: { PARAM_PATH: "/app/prod/" },
    statements: [allow("Read", "ssm:GetParametersByPath", arn("ssm", "parameter/app/prod/*"))],
  },
  {
    name: "SSM: a path without one",
    code: sending("ssm", "GetParametersByPathCommand", "{ Path: process.env.PARAM_PATH }"),
    variables: { PARAM_PATH: "/app/prod" },
    statements: [allow("Read", "ssm:GetParametersByPath", arn("ssm", "parameter/app/prod"))],
  },
  {
    name: "KMS: an alias, where the ARN has an id",
    code: sending("kms", "EncryptCommand", "{ KeyId: process.env.KEY, Plaintext: text }"),
    variables: { KEY: "alias/orders" },
    statements: [
      allow("Encrypt", "kms:Encrypt", arn("kms", "key/1a2b3c4d-1234-5678-9abc-1a2b3c4d5e6f")),
    ],
  },
  {
    name: "AppConfig: a name, where the ARN has an id",
    code: sending("appconfig", "GetConfigurationCommand", "{ Application: process.env.APP }"),
    variables: { APP: "orders" },
    statements: [
      allow("Read", "appconfig:GetConfiguration", arn("appconfig", "application/abc1234")),
    ],
  },
  ...["CopyObjectCommand", "UploadPartCopyCommand"].map((operation) => ({
    name: `${operation}: reads from the source, and writes to the target`,
    code: sending(
      "s3",
      operation,
      "{ Bucket: process.env.TARGET, CopySource: `${process.env.SOURCE}/${key}`, Key: key }",
    ),
    variables: { SOURCE: "incoming", TARGET: "archive" },
    statements: [
      allow("Read", "s3:GetObject", bucket),
      allow("Write", "s3:PutObject", "arn:aws:s3:::archive/*"),
    ],
  })),
  {
    name: "CopyObject: a source that the event names",
    code: sending(
      "s3",
      "CopyObjectCommand",
      "{ Bucket: process.env.TARGET, CopySource: encodeURIComponent(source), Key: key }",
    ),
    variables: { TARGET: "archive" },
    statements: [
      allow("Read", "s3:GetObject", bucket),
      allow("Write", "s3:PutObject", "arn:aws:s3:::archive/*"),
    ],
  },
];

describe("what AWS asks of the caller besides the action of a call", () => {
  for (const it_ of passing) {
    it(`is used, and nothing is missing. ${it_.name}`, async () => {
      expect(await findingsOf(it_)).to.deep.equal({ unused: [], missing: [] });
    });
  }

  it("is demanded with its source: the secret of the database", async () => {
    const { missing } = await findingsOf({
      name: "",
      ...dataApi,
      statements: [allow("Query", "rds-data:ExecuteStatement", cluster)],
    });

    expect(missing).to.deep.equal([
      `role: secretsmanager:GetSecretValue on ${secret}: the code of worker calls ExecuteStatementCommand of @aws-sdk/client-rds-data (index.mjs:3), which reads the secret of the database (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html), and the role does not allow it. Allow it.`,
    ]);
  });

  it("is demanded with its source: the document of a command", async () => {
    const { missing } = await findingsOf({
      name: "",
      ...command,
      statements: [allow("Run", "ssm:SendCommand", instance)],
    });

    expect(missing).to.deep.equal([
      "role: ssm:SendCommand on a document: the code of worker calls SendCommandCommand of @aws-sdk/client-ssm (index.mjs:3), which also needs a document (https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html), and the role does not allow it. Allow it.",
    ]);
  });

  it("is demanded with its source: the endpoint of Timestream", async () => {
    const { missing } = await findingsOf({
      name: "",
      code: sending("timestream-write", "WriteRecordsCommand", "{ TableName: process.env.TABLE }"),
      variables: { TABLE: "readings" },
      statements: [
        allow("Write", "timestream:WriteRecords", arn("timestream", "database/iot/table/readings")),
      ],
    });

    expect(missing).to.have.length(1);
    expect(missing[0]).to.match(
      /^role: timestream:DescribeEndpoints: .* asks for the endpoint first/,
    );
  });

  for (const [name, statements, unused] of [
    [
      "another instance",
      [
        allow("Run", "ssm:SendCommand", [
          instance,
          arn("ec2", "instance/i-0fedcba9876543210"),
          document,
        ]),
      ],
      /ssm:SendCommand on arn:aws:ec2:us-east-1:111122223333:instance\/i-0fedcba9876543210/,
    ],
    [
      "an action that no call needs",
      [allow("Run", ["ssm:SendCommand", "ssm:GetCommandInvocation"], [instance, document])],
      /ssm:GetCommandInvocation/,
    ],
  ] as const) {
    it(`does not excuse ${name}`, async () => {
      const found = await findingsOf({ name, ...command, statements });

      expect(found.unused[0]).to.match(unused);
    });
  }

  it("does not excuse another bucket to read from", async () => {
    const { missing, unused } = await findingsOf({
      name: "",
      code: sending(
        "s3",
        "CopyObjectCommand",
        "{ Bucket: process.env.TARGET, CopySource: process.env.SOURCE + '/' + key }",
      ),
      variables: { SOURCE: "incoming", TARGET: "archive" },
      statements: [allow("Both", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::archive/*")],
    });

    expect(missing).to.have.length(1);
    expect(missing[0]).to.match(/^role: s3:GetObject on .*: the code of worker calls CopyObject/);
    expect(unused).to.have.length(1);
    expect(unused[0]).to.match(/s3:GetObject on arn:aws:s3:::archive\/\*/);
  });

  it("does not treat the identity of one domain as that of another", async () => {
    const { missing } = await findingsOf({
      name: "",
      code: sending("sesv2", "SendEmailCommand", "{ FromEmailAddress: process.env.FROM }"),
      variables: { FROM: "alerts@badexample.com" },
      statements: [allow("Send", "ses:SendEmail", arn("ses", "identity/example.com"))],
    });

    expect(missing).to.have.length(1);
  });
});

describe("the statement that missing-grant gives", () => {
  const named = (type: string, name: string, props: Record<string, unknown>): Resource => ({
    type,
    name,
    props,
  });

  it("names the log group of a function, not the function", async () => {
    const worker = lambda({ code: "export const handler = () => 1;" });
    const known = { ...worker, props: { ...worker.props, arn: arn("lambda", "function:worker") } };

    const all = await stackFindings("missing-grant", [role, known, policy()]);

    expect(all.join()).to.include(
      `"Action":["logs:CreateLogStream"],"Resource":["${arn("logs", "log-group:/aws/lambda/worker:*")}"]`,
    );
  });

  it("names a log group of the stack with what is in it", async () => {
    const worker = lambda({ code: "export const handler = () => 1;" });
    const group = named("aws:cloudwatch/logGroup:LogGroup", "log", {
      name: "/aws/lambda/worker",
      arn: arn("logs", "log-group:/aws/lambda/worker"),
    });

    const all = await stackFindings("missing-grant", [role, group, worker, policy()]);

    expect(all.join()).to.include(`"Resource":["${group.props.arn}:*"]`);
  });

  for (const [operation, resource] of [
    ["GetObjectCommand", "arn:aws:s3:::incoming/*"],
    ["ListObjectsV2Command", "arn:aws:s3:::incoming"],
  ] as const) {
    it(`names ${resource} for ${operation}`, async () => {
      const incoming = named("aws:s3/bucket:Bucket", "incoming", {
        bucket: "incoming",
        arn: "arn:aws:s3:::incoming",
      });
      const code = sending("s3", operation, "{ Bucket: process.env.BUCKET }");
      const reader = lambda({ code, ...environment({ BUCKET: "incoming" }, incoming) });

      const [finding] = await stackFindings("missing-grant", [
        role,
        incoming,
        reader,
        policy(ownLog),
      ]);

      expect(finding).to.match(/^role: s3:/);
      expect(finding).to.include(`"Resource":["${resource}"]`);
    });
  }
});
