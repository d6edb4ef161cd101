import { expect } from "chai";
import { callsOfPythonTexts } from "./support.ts";

/** Each call on a line: what the code requires as `requires …`, and what it may call as `may call …`. */
async function shown(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const { calls, unresolved } = await callsOfPythonTexts(texts);
  const lines = calls.map(({ name, needs, where }) => {
    const verb = needs.length > 0 ? "requires" : "may call";
    return `${verb} ${name} (${where})`;
  });
  return [...lines, ...unresolved].sort();
}

describe("callsOf for Python, by values", () => {
  it("follows names that modules import from each other", async () => {
    const found = await shown({
      "app.py": "from one import client\ndef handler(event, context):\n    client.list_topics()\n",
      "one.py": 'import boto3\nfrom two import client\nclient = boto3.client("sns")\n',
      "two.py": "from one import client, missing\n",
    });

    expect(found).to.deep.equal(['requires list_topics of boto3.client("sns") (app.py:3)']);
  });

  it("reads a call beside a list with 200,000 elements", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        `numbers = [${"1,".repeat(200_000)}]`,
        "def handler(event, context):",
        '    boto3.client("sns").list_topics()',
      ].join("\n"),
    });

    expect(found).to.deep.equal(['requires list_topics of boto3.client("sns") (app.py:4)']);
  });

  it("follows a dictionary and a list that are extended by themselves", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "def handler(event, context):",
        '    options = {"service_name": "sns"}',
        '    options = {**options, "region_name": event["region"]}',
        '    clients = [boto3.client("sqs")]',
        "    clients = [*clients, boto3.client(**options)]",
        "    for client in clients:",
        "        client.add_permission()",
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'may call add_permission of boto3.client("sns") (app.py:8)',
      'may call add_permission of boto3.client("sqs") (app.py:8)',
    ]);
  });

  it("follows a method that classes below the one of `self` override", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "class Store:",
        "    def client(self):",
        "        raise NotImplementedError",
        "    def save(self):",
        "        self.client().put_object()",
        "class Bucket(Store):",
        "    def client(self):",
        '        return boto3.client("s3")',
        "def handler(event, context):",
        "    Bucket().save()",
      ].join("\n"),
    });

    expect(found).to.deep.equal(['requires put_object of boto3.client("s3") (app.py:6)']);
  });

  it("requires nothing of a class that no code mentions, or of a function by a computed name", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "class Users:",
        "    def save(self):",
        '        boto3.client("s3").put_object()',
        "class Orders:",
        "    def save(self):",
        '        boto3.client("sns").publish()',
        "def clean():",
        '    boto3.client("sqs").purge_queue()',
        "def handler(event, context):",
        "    Users().save()",
        '    globals()[event["task"]]()',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'may call publish of boto3.client("sns") (app.py:7)',
      'may call purge_queue of boto3.client("sqs") (app.py:9)',
      'requires put_object of boto3.client("s3") (app.py:4)',
    ]);
  });

  it("requires what a class does that a decorator keeps", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "from tasks import task, run",
        "@task",
        "class Notice:",
        "    def run(self):",
        '        boto3.client("sns").publish()',
        "def handler(event, context):",
        "    run(event)",
      ].join("\n"),
      "tasks.py": [
        "tasks = []",
        "def task(it):",
        "    tasks.append(it)",
        "    return it",
        "def run(event):",
        "    for it in tasks:",
        "        it().run()",
      ].join("\n"),
    });

    expect(found).to.deep.equal(['requires publish of boto3.client("sns") (app.py:6)']);
  });

  it("says that another program is run, which inherits the credentials", async () => {
    const found = await shown({
      "app.py": [
        "import subprocess",
        "def handler(event, context):",
        '    subprocess.check_call(["/opt/awscli/aws", "s3", "sync", "a", "b"])',
      ].join("\n"),
    });

    expect(found).to.deep.equal(["its code runs another program, which can call AWS (app.py:3)"]);
  });

  it("requires nothing of a client that is of another role in some case", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "def client(service, role):",
        "    if not role:",
        "        return boto3.client(service)",
        '    keys = boto3.client("sts").assume_role(RoleArn=role)["Credentials"]',
        '    return boto3.client(service, aws_access_key_id=keys["AccessKeyId"])',
        "def handler(event, context):",
        '    client("config", event["role"]).put_evaluations()',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'may call put_evaluations of boto3.client("config") (app.py:8)',
      'requires assume_role of boto3.client("sts") (app.py:5)',
    ]);
  });

  it("accepts a missing module after a failed import", async () => {
    const found = await shown({
      "app.py": [
        "try:",
        "    from urllib.parse import urlparse",
        "except ImportError:",
        "    from urlparse import urlparse",
        "def handler(event, context):",
        "    urlparse(event)",
      ].join("\n"),
    });

    expect(found).to.deep.equal([]);
  });

  it("follows at most 24 values of an expression, and may call what else there is", async () => {
    const services = Array.from({ length: 30 }, (_, index) => `service${index}`);
    const clients = [...services, "sns"].map((it) => `"${it}": boto3.client("${it}")`);
    const found = await shown({
      "app.py": [
        "import boto3",
        `clients = {${clients.join(", ")}}`,
        "def handler(event, context):",
        '    clients[event["service"]].list_topics()',
      ].join("\n"),
    });

    expect(found).to.include('may call list_topics of boto3.client("sns") (app.py:4)');
  });

  it("finds each operation that a function passes to a paginator", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "def pages(client, operation):",
        "    return client.get_paginator(operation).paginate()",
        "def handler(event, context):",
        '    pages(boto3.client("iam"), "list_users")',
        '    pages(boto3.client("dynamodb"), "list_tables")',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'requires get_paginator("list_tables") of boto3.client("dynamodb") (app.py:3)',
      'requires get_paginator("list_users") of boto3.client("iam") (app.py:3)',
    ]);
  });

  it("treats what paginators, waiters and sessions of unknown values name as possible calls", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        'clients = {"s3": boto3.client("s3")}',
        "def handler(event, context):",
        '    client = context.clients["s3"]',
        '    client.get_waiter("object_exists").wait(Bucket="reports")',
        '    client.get_paginator("list_objects_v2").paginate(Bucket="reports")',
        "    context.session.client('kms').encrypt()",
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'may call encrypt of boto3.client("kms") (app.py:7)',
      'may call get_waiter("object_exists") of boto3.client("s3") (app.py:5)',
      'may call list_objects_v2 of boto3.client("s3") (app.py:6)',
    ]);
  });

  it("follows clients in what the standard library creates", async () => {
    const found = await shown({
      "app.py": [
        "import boto3, contextvars, enum, queue, threading",
        "from boto3.s3.transfer import S3Transfer",
        "local = threading.local()",
        'local.client = boto3.client("sns")',
        "waiting = queue.Queue()",
        'waiting.put(boto3.client("sqs"))',
        "class Service(enum.Enum):",
        '    KEYS = "kms"',
        "def handler(event, context):",
        "    local.client.publish()",
        "    waiting.get().send_message()",
        "    boto3.client(Service.KEYS.value).encrypt()",
        '    S3Transfer(boto3.client("s3")).upload_file("a", "b", "c")',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'may call send_message of boto3.client("sqs") (app.py:11)',
      'requires encrypt of boto3.client("kms") (app.py:12)',
      'requires publish of boto3.client("sns") (app.py:10)',
      'requires upload_file of boto3.client("s3") (app.py:13)',
    ]);
  });

  it("may call methods of a name that no file declares", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        'globals()["topics"] = boto3.client("sns")',
        "def handler(event, context):",
        "    topics.publish()",
      ].join("\n"),
    });

    expect(found).to.deep.equal(['may call publish of boto3.client("sns") (app.py:4)']);
  });

  it("says that a library gets a client, also one of the SDK", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "from botocore.waiter import WaiterModel, create_waiter_with_client",
        "def handler(event, context):",
        '    client = boto3.client("rds")',
        '    create_waiter_with_client("Ready", WaiterModel(event), client).wait()',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      "its code passes a client of boto3 to botocore.waiter.create_waiter_with_client (app.py:5)",
    ]);
  });

  it("creates the client of a class that others inherit from for each of their services", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "class Service:",
        "    name = None",
        "    def __init__(self):",
        "        self.client = boto3.client(self.name)",
        "class Topics(Service):",
        '    name = "sns"',
        "    def send(self):",
        "        self.client.publish()",
        "class Queues(Service):",
        '    name = "sqs"',
        "    def send(self):",
        "        self.client.send_message()",
        "def handler(event, context):",
        "    Topics().send()",
        "    Queues().send()",
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'requires publish of boto3.client("sns") (app.py:9)',
      'requires send_message of boto3.client("sqs") (app.py:13)',
    ]);
  });

  it("reads the credentials in the arguments of a partial function", async () => {
    const found = await shown({
      "app.py": [
        "import boto3",
        "from functools import partial",
        "def handler(event, context):",
        '    keys = boto3.client("sts").assume_role(RoleArn="r")["Credentials"]',
        '    other = partial(boto3.client, aws_access_key_id=keys["AccessKeyId"])',
        '    plain = partial(boto3.client, region_name="eu-west-1")',
        '    other("sqs").send_message()',
        '    plain("sns").publish()',
      ].join("\n"),
    });

    expect(found).to.deep.equal([
      'requires assume_role of boto3.client("sts") (app.py:4)',
      'requires publish of boto3.client("sns") (app.py:8)',
    ]);
  });
});
