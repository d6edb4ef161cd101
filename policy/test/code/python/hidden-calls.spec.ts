import { expect } from "chai";
import type { Call } from "../../../code/calls.ts";
import { callsOfPythonTexts } from "./support.ts";

/** What a handler's body needs, may use and names, and the gaps. `app.py` imports boto3 and os. */
async function found(lines: readonly string[], others: Readonly<Record<string, string>> = {}) {
  const { calls, unresolved } = await callsOfPythonTexts({
    "app.py": ["import boto3, os", ...lines, ""].join("\n"),
    ...others,
  });
  return [...calls.map(shown), ...unresolved];
}

function shown({ name, needs, variables, arns, names }: Call): string {
  const method = name.replace(/ of .*/s, "");
  const of = [...variables, ...arns, ...names].join(" ");
  return `${needs.length > 0 ? "requires" : "may call"} ${method}${of && ` on ${of}`}`;
}

describe("calls in Python that are easily missed", () => {
  for (const [title, lines, expected] of [
    [
      "clients in a list that is empty at first",
      [
        "def handler(event, context):",
        "    regions = []",
        '    for name in ["eu-west-1", "us-east-1"]:',
        '        regions.append({"ec2": boto3.client("ec2", region_name=name)})',
        "    for it in regions:",
        "        it['ec2'].stop_instances(InstanceIds=event['ids'])",
      ],
      ["may call stop_instances", "its code passes a client of boto3 to regions.append (app.py:5)"],
    ],
    [
      "a client that a constructor passes on with **kwargs",
      [
        "class Base:",
        "    def __init__(self, s3=None): self.s3 = s3",
        '    def save(self): self.s3.put_object(Bucket="b", Key="k")',
        "class Sub(Base):",
        "    def __init__(self, *args, **kwargs): super().__init__(*args, **kwargs)",
        'def handler(event, context): Sub(s3=boto3.client("s3")).save()',
      ],
      ["may call put_object on b"],
    ],
    [
      "a client that a function of the standard library gives",
      [
        "import random",
        "def handler(event, context):",
        '    clients = [boto3.client("sqs")]',
        '    random.choice(clients).send_message(QueueUrl="q", MessageBody="b")',
      ],
      ["may call send_message on q"],
    ],
    [
      "a client after an import of every name of a library",
      [
        "from typing import *",
        "from clients import *",
        'def handler(event, context): s3.put_object(Bucket="b", Key="k")',
      ],
      ["requires put_object on b"],
    ],
    [
      "a method that getattr gives and that is passed on",
      [
        "def handler(event, context):",
        '    context.pool.submit(getattr(boto3.client("s3"), "put_object"), Bucket="b", Key="k")',
      ],
      ["requires put_object"],
    ],
    [
      "code after a comment that ends with a carriage return alone",
      ['# x\rdef handler(event, context): boto3.client("sqs").purge_queue(QueueUrl="q")'],
      ["requires purge_queue on q"],
    ],
    [
      "a name in full-width letters",
      ['def handler(event, context): boto3.ｃlient("sqs").purge_queue(QueueUrl="q")'],
      ["requires purge_queue on q"],
    ],
  ] as const) {
    it(`include ${title}`, async () => {
      const clients = { "clients.py": 'import boto3\ns3 = boto3.client("s3")\n' };

      expect(await found(lines, clients)).to.deep.equal(expected);
    });
  }

  for (const [title, lines, gap] of [
    [
      "a client in a dictionary that a library gets",
      [
        "from aiosomething import Storage",
        'def handler(event, context): Storage(options={"client": boto3.client("s3")}).save()',
      ],
      "its code passes a client of boto3 to aiosomething.Storage (app.py:3)",
    ],
    [
      "a loader of modules by another name",
      [
        "from importlib import import_module as load",
        'def handler(event, context): load(event["module"]).run()',
      ],
      "its code loads a module by a computed name (app.py:3)",
    ],
    [
      "a program that a function runs which only a computed name reaches",
      [
        "import subprocess",
        "class Sync:",
        '    def on_sync(self): subprocess.run(["aws", "s3", "sync", "a", "b"])',
        '    def run(self, event): getattr(self, "on_" + event["type"])()',
        "def handler(event, context): Sync().run(event)",
      ],
      "its code runs another program, which can call AWS (app.py:4)",
    ],
  ] as const) {
    it(`are possible with ${title}, which is a gap`, async () => {
      expect(await found(lines)).to.include(gap);
    });
  }

  it("are possible in a file with another encoding, which is a gap", async () => {
    const { unresolved } = await callsOfPythonTexts({
      "app.py": "# coding: utf-7\ndef handler(event, context): pass\n",
    });

    expect(unresolved).to.deep.equal([
      "its code has a file with the encoding utf-7 (app.py), which is not read",
    ]);
  });
});

describe("calls in Python whose resource or role is not certain", () => {
  for (const [title, lines, expected] of [
    [
      "the argument that only a script passes",
      [
        "def handler(event, context): notify(event['topic'])",
        'def notify(topic): boto3.client("sns").publish(TopicArn=topic, Message="x")',
        'if __name__ == "__main__":',
        '    handler({"topic": "arn:aws:sns:eu-west-1:111122223333:development"}, None)',
      ],
      ["requires publish"],
    ],
    [
      "a key of a dictionary that is assigned later",
      [
        "def handler(event, context):",
        '    params = {"Bucket": "first", "Key": "k"}',
        '    params["Bucket"] = event["bucket"]',
        '    boto3.client("s3").put_object(**params)',
      ],
      ["requires put_object"],
    ],
    [
      "a key that an unknown dictionary may replace",
      [
        "def handler(event, context):",
        '    boto3.client("s3").put_object(**{"Bucket": "first", **event})',
      ],
      ["requires put_object"],
    ],
    [
      "the default of a parameter that a framework passes",
      [
        "from framework import app",
        '@app.get("/users")',
        'def users(table: str = "users"):',
        '    return boto3.client("dynamodb").scan(TableName=table)',
        "def handler(event, context): return app(event)",
      ],
      ["requires scan", "its code imports framework (app.py:2), which is not in its package"],
    ],
    [
      "the operation of several services",
      [
        "def handler(event, context):",
        '    for client in (boto3.client("lambda"), boto3.client("logs")):',
        '        client.tag_resource(Resource=event["arn"])',
      ],
      ["may call tag_resource", "may call tag_resource"],
    ],
    [
      "a key that is only set sometimes",
      [
        "def handler(event, context):",
        '    s3 = boto3.client("s3", aws_access_key_id=os.getenv("S3_KEY"))',
        '    s3.put_object(Bucket="b", Key="k")',
      ],
      ["may call put_object on b"],
    ],
    [
      "the keys of another role by position",
      [
        "def handler(event, context):",
        '    keys = boto3.client("sts").assume_role(RoleArn="r", RoleSessionName="s")["Credentials"]',
        '    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"])',
        '    session.client("s3").put_object(Bucket="b", Key="k")',
      ],
      ["requires assume_role on r s"],
    ],
  ] as const) {
    it(`include ${title}`, async () => {
      expect(await found(lines)).to.deep.equal(expected);
    });
  }
});
