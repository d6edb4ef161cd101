import { expect } from "chai";
import { allow, lambda, ownLog, policy, role } from "./function-stack.ts";
import { codeOf, type Resource, stackFindings, unknown } from "./support.ts";

const bucket = (name: string): Resource => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props: { bucket: `${name}-1a2b`, arn: `arn:aws:s3:::${name}-1a2b` },
});
const config = bucket("config");
const uploads = bucket("uploads");
const instance: Resource = { type: "aws:ec2/instance:Instance", name: "web", props: {} };
const volume: Resource = { type: "aws:ebs/volume:Volume", name: "data", props: {} };

/** The mandatory findings about what the code uses of what its role allows. */
async function mandatory(
  code: string,
  variable: string,
  sources: readonly Resource[],
  others: readonly Resource[],
  ...statements: object[]
): Promise<string[]> {
  const worker = lambda({
    props: {
      runtime: "python3.14",
      handler: "app.handler",
      code: codeOf({ "app.py": `import os\nimport boto3\n${code}` }),
      environment: { variables: { [variable]: unknown } },
    },
    dependsOn: { environment: sources },
  });
  const stack = [role, ...sources, ...others, worker, policy(...statements, ownLog)];
  const found = [
    ...(await stackFindings("missing-grant", stack)),
    ...(await stackFindings("unused-grant", stack)),
  ];
  return found.filter((it) => !it.startsWith("advisory: "));
}

describe("the resources of a Python function's calls", () => {
  const read = allow("Read", "s3:GetObject", [
    "arn:aws:s3:::config-1a2b/*",
    "arn:aws:s3:::uploads-1a2b/*",
  ]);
  const reading = `
s3 = boto3.client("s3")


def read(bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)
`;

  it("are certain if every call of a function passes a variable", async () => {
    const code = `${reading}
def handler(event, context):
    read(os.environ["CONFIG_BUCKET"], "one")
    read(os.environ["CONFIG_BUCKET"], "two")
`;

    expect(await mandatory(code, "CONFIG_BUCKET", [config], [uploads], read)).to.deep.equal([
      'role: statement Read: s3:GetObject on aws:s3/bucket:Bucket uploads: worker calls it only on aws:s3/bucket:Bucket config. Remove it. Instead: {"Sid":"Read","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::config-1a2b/*"]}',
    ]);
  });

  for (const [what, code] of [
    [
      "another call passes the event's",
      `${reading}
def handler(event, context):
    read(os.environ["CONFIG_BUCKET"], "config.json")
    read(event["bucket"], event["key"])
`,
    ],
    [
      "a call by keyword passes the event's instead of the default",
      `
s3 = boto3.client("s3")


def read(key, bucket=os.environ["CONFIG_BUCKET"]):
    return s3.get_object(Bucket=bucket, Key=key)


def handler(event, context):
    read("config.json")
    read(event["key"], bucket=event["bucket"])
`,
    ],
    [
      "map calls the function, too",
      `${reading}
def handler(event, context):
    read(os.environ["CONFIG_BUCKET"], "config.json")
    list(map(read, event["buckets"], event["keys"]))
`,
    ],
    [
      "a list has the event's besides",
      `
s3 = boto3.client("s3")


def handler(event, context):
    for bucket in [os.environ["CONFIG_BUCKET"], event["bucket"]]:
        s3.get_object(Bucket=bucket, Key="config.json")
`,
    ],
    [
      "an attribute gets the event's later",
      `
s3 = boto3.client("s3")


class Reader:
    bucket = os.environ["CONFIG_BUCKET"]

    def read(self, key):
        return s3.get_object(Bucket=self.bucket, Key=key)


def handler(event, context):
    reader = Reader()
    reader.read("config.json")
    reader.bucket = event["bucket"]
    reader.read(event["key"])
`,
    ],
  ] as const) {
    it(`are not certain if ${what}`, async () => {
      expect(await mandatory(code, "CONFIG_BUCKET", [config], [uploads], read)).to.deep.equal([]);
    });
  }

  it("are not the resource from which a collection comes", async () => {
    const code = `
def handler(event, context):
    data = boto3.resource("ec2").Volume(os.environ["VOLUME_ID"])
    for snapshot in data.snapshots.all():
        snapshot.delete()
`;
    const own = [
      allow("List", "ec2:DescribeSnapshots", "*"),
      allow("Delete", "ec2:DeleteSnapshot", "arn:aws:ec2:*::snapshot/*"),
    ];

    expect(await mandatory(code, "VOLUME_ID", [volume], [], ...own)).to.deep.equal([]);
  });

  it("are not the resource whose attribute names them", async () => {
    const code = `
def handler(event, context):
    web = boto3.resource("ec2").Instance(os.environ["INSTANCE_ID"])
    for data in web.volumes.all():
        data.create_snapshot(Description="nightly")
`;
    const own = [
      allow("List", "ec2:DescribeVolumes", "*"),
      allow("Create", "ec2:CreateSnapshot", [
        "arn:aws:ec2:*:*:volume/*",
        "arn:aws:ec2:*::snapshot/*",
      ]),
    ];

    expect(await mandatory(code, "INSTANCE_ID", [instance], [volume], ...own)).to.deep.equal([]);
  });

  it("are the queue of a message", async () => {
    const jobs = (name: string): Resource => ({
      type: "aws:sqs/queue:Queue",
      name,
      props: { name: `${name}-1a2b`, arn: `arn:aws:sqs:us-east-1:111122223333:${name}-1a2b` },
    });
    const code = `
def handler(event, context):
    for message in boto3.resource("sqs").Queue(os.environ["QUEUE_URL"]).receive_messages():
        message.delete()
`;
    const arns = ["dead", "jobs"].map((it) => `arn:aws:sqs:us-east-1:111122223333:${it}-1a2b`);
    const wide = allow("Drain", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], arns);

    expect(await mandatory(code, "QUEUE_URL", [jobs("dead")], [jobs("jobs")], wide)).to.deep.equal([
      'role: statement Drain: sqs:DeleteMessage on aws:sqs/queue:Queue jobs and sqs:ReceiveMessage on aws:sqs/queue:Queue jobs: worker calls it only on aws:sqs/queue:Queue dead. Remove it. Instead: {"Sid":"Drain","Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage"],"Resource":["arn:aws:sqs:us-east-1:111122223333:dead-1a2b"]}',
    ]);
  });
});
