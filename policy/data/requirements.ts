/**
 * What Lambda does with a function's role because of the function's configuration.
 *
 * Source: AWS's Lambda guide; each entry has its page.
 * Refresh: compare each entry with its page. test/stack/requirements.spec.ts checks that every action exists.
 */

/** Actions that a configuration requires of a role. */
export interface Requirement {
  /** The end of a sentence that begins with the resource. */
  readonly why: string;
  readonly required: readonly string[];
  /** Used in some cases only. */
  readonly optional?: readonly string[];
  /** The resource that AWS's page has in the policy, where AWS creates it. `*` for partition, region and account. */
  readonly resource?: string;
  /** AWS's page. */
  readonly url: string;
}

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";

export const writesLog: Requirement = {
  why: "writes its log",
  required: ["logs:CreateLogStream", "logs:PutLogEvents"],
  optional: ["logs:CreateLogGroup"],
  url: `${guide}/monitoring-cloudwatchlogs.html`,
};

export const isTraced: Requirement = {
  why: "is traced",
  required: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  optional: [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
  ],
  url: `${guide}/services-xray.html`,
};

export const isInVpc: Requirement = {
  why: "is in a VPC",
  required: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ],
  optional: ["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:GetSecurityGroupsForVpc"],
  resource: "arn:*:ec2:*:*:*/*",
  url: `${guide}/configuration-vpc.html`,
};

export const mountsFiles: Requirement = {
  why: "mounts a file system",
  required: ["elasticfilesystem:ClientMount"],
  optional: ["elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"],
  url: `${guide}/configuration-filesystem.html`,
};

export const decryptsVariables: Requirement = {
  why: "has its environment encrypted with a key",
  required: ["kms:Decrypt"],
  url: `${guide}/configuration-envvars-encryption.html`,
};

export const readsSecret: Requirement = {
  why: "logs in to its source",
  required: ["secretsmanager:GetSecretValue"],
  url: `${guide}/with-msk-permissions.html`,
};

/** Where calls and records go that failed or are done, by the service of the destination's ARN. */
export const destinations: Readonly<Record<string, Requirement>> = {
  sqs: keeps("sqs:SendMessage"),
  sns: keeps("sns:Publish"),
  lambda: keeps("lambda:InvokeFunction"),
  events: keeps("events:PutEvents"),
  s3: keeps("s3:PutObject", "s3:ListBucket"),
};

function keeps(...required: string[]): Requirement {
  return {
    why: "sends invocation records there",
    required,
    url: `${guide}/invocation-async-retain-records.html`,
  };
}

const inNetwork = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];

/** A consumer of a Kinesis stream with dedicated throughput. */
export const subscribes: Requirement = {
  why: "subscribes to the stream",
  required: ["kinesis:SubscribeToShard"],
  optional: ["kinesis:DescribeStreamConsumer"],
  url: `${guide}/services-kinesis-create.html`,
};

/** What an event source mapping reads, by the service of the source's ARN. */
export const eventSources: Readonly<Record<string, Requirement>> = {
  sqs: {
    why: "receives messages",
    required: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    optional: ["sqs:ChangeMessageVisibility"],
    url: `${guide}/services-sqs-configure.html`,
  },
  dynamodb: {
    why: "reads the table's stream",
    required: [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
    ],
    url: `${guide}/services-dynamodb-eventsourcemapping.html`,
  },
  kinesis: {
    why: "reads the stream",
    required: [
      "kinesis:DescribeStream",
      "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
    ],
    optional: ["kinesis:ListStreams", "kinesis:SubscribeToShard"],
    url: `${guide}/services-kinesis-create.html`,
  },
  kafka: {
    why: "reads the cluster",
    required: ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
    optional: inNetwork,
    url: `${guide}/with-msk-permissions.html`,
  },
  mq: {
    why: "reads the broker",
    required: ["mq:DescribeBroker"],
    optional: inNetwork,
    url: `${guide}/with-mq.html`,
  },
  rds: {
    why: "reads the cluster's changes",
    required: [],
    optional: [
      ...inNetwork,
      "rds:DescribeDBClusterParameters",
      "rds:DescribeDBClusters",
      "rds:DescribeDBSubnetGroups",
    ],
    url: `${guide}/with-documentdb.html`,
  },
};
