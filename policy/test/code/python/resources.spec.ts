import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../../sandbox/engine/program.ts";

const load = <T>(file: string) => loadProgram<T>(`policy/${file}`);
const { memberOfCollection, memberOfResource } = load<
  typeof import("../../../code/python/resources.ts")
>("code/python/resources.ts");
const { permissionsOfMethod, permissionsOfWaiter } = load<
  typeof import("../../../code/python/operations.ts")
>("code/python/operations.ts");
const { boto3Version, resourceTypes } =
  load<typeof import("../../../data/boto3.ts")>("data/boto3.ts");

const unknown = { kind: "unknown" };
const response = { result: undefined, loadMethod: undefined };

describe("memberOfResource", () => {
  for (const [service, type, name, member] of [
    ["dynamodb", "Table", "put_item", { kind: "action", method: "put_item", ...response }],
    ["dynamodb", "Table", "update_item", { kind: "action", method: "update_item", ...response }],
    ["dynamodb", "Table", "batch_writer", { kind: "batch-writer", method: "batch_write_item" }],
    ["dynamodb", "Table", "load", { kind: "action", method: "describe_table", ...response }],
    ["dynamodb", "Table", "reload", { kind: "action", method: "describe_table", ...response }],
    ["dynamodb", "Table", "name", { kind: "identifier" }],
    ["dynamodb", "Table", "table_name", { kind: "identifier" }],
    ["dynamodb", "Table", "item_count", { kind: "attribute", loadMethod: "describe_table" }],
    ["dynamodb", "Table", "wait_until_exists", { kind: "waiter", waiter: "table_exists" }],
    ["dynamodb", "Table", "meta", { kind: "meta" }],
    ["dynamodb", "Table", "get_available_subresources", { kind: "none" }],
    ["dynamodb", "Table", "upload_file", unknown],
    ["dynamodb", "Table", "constructor", unknown],
    [
      "dynamodb",
      "ServiceResource",
      "Table",
      { kind: "sub-resource", type: "Table", parameters: ["name"] },
    ],
    [
      "dynamodb",
      "ServiceResource",
      "batch_get_item",
      { kind: "action", method: "batch_get_item", ...response },
    ],
    [
      "dynamodb",
      "ServiceResource",
      "create_table",
      {
        kind: "action",
        method: "create_table",
        result: { type: "Table", isList: false, isLoaded: true },
        loadMethod: undefined,
      },
    ],
    [
      "dynamodb",
      "ServiceResource",
      "tables",
      {
        kind: "collection",
        collection: { method: "list_tables", type: "Table", isLoaded: false },
      },
    ],
    // boto3 adds these to what its models have.
    ["s3", "Bucket", "upload_file", { kind: "action", method: "upload_file", ...response }],
    ["s3", "Bucket", "copy", { kind: "action", method: "copy", ...response }],
    [
      "s3",
      "Object",
      "download_fileobj",
      { kind: "action", method: "download_fileobj", ...response },
    ],
    ["s3", "ObjectSummary", "size", { kind: "attribute", loadMethod: "head_object" }],
    ["s3", "Bucket", "load", { kind: "action", method: "list_buckets", ...response }],
    [
      "ec2",
      "ServiceResource",
      "create_tags",
      { kind: "action", method: "create_tags", ...response },
    ],
    ["ec2", "Instance", "delete_tags", { kind: "action", method: "delete_tags", ...response }],
    ["s3", "Bucket", "creation_date", { kind: "attribute", loadMethod: "list_buckets" }],
    ["s3", "Object", "content_length", { kind: "attribute", loadMethod: "head_object" }],
    ["s3", "Object", "put", { kind: "action", method: "put_object", ...response }],
    ["s3", "Object", "get", { kind: "action", method: "get_object", ...response }],
    ["s3", "Object", "wait_until_exists", { kind: "waiter", waiter: "object_exists" }],
    ["s3", "Bucket", "Object", { kind: "sub-resource", type: "Object", parameters: ["key"] }],
    ["s3", "Bucket", "Policy", { kind: "sub-resource", type: "BucketPolicy", parameters: [] }],
    [
      "s3",
      "ServiceResource",
      "Object",
      { kind: "sub-resource", type: "Object", parameters: ["bucket_name", "key"] },
    ],
    [
      "s3",
      "Bucket",
      "objects",
      {
        kind: "collection",
        collection: { method: "list_objects", type: "ObjectSummary", isLoaded: true },
      },
    ],
    ["ec2", "Instance", "reboot", { kind: "action", method: "reboot_instances", ...response }],
    ["ec2", "Instance", "state", { kind: "attribute", loadMethod: "describe_instances" }],
    [
      "ec2",
      "Instance",
      "vpc",
      {
        kind: "reference",
        result: { type: "Vpc", isList: false, isLoaded: false },
        loadMethod: "describe_instances",
      },
    ],
    [
      "ec2",
      "ServiceResource",
      "create_instances",
      {
        kind: "action",
        method: "run_instances",
        result: { type: "Instance", isList: true, isLoaded: true },
        loadMethod: undefined,
      },
    ],
    // Its input has the identifier of an association, which is an attribute.
    [
      "ec2",
      "NetworkInterface",
      "detach",
      {
        kind: "action",
        method: "detach_network_interface",
        result: undefined,
        loadMethod: "describe_network_interfaces",
      },
    ],
    [
      "ec2",
      "ServiceResource",
      "KeyPair",
      { kind: "sub-resource", type: "KeyPairInfo", parameters: ["name"] },
    ],
    [
      "sqs",
      "Queue",
      "receive_messages",
      {
        kind: "action",
        method: "receive_message",
        result: { type: "Message", isList: true, isLoaded: true },
        loadMethod: undefined,
      },
    ],
    ["sqs", "Message", "delete", { kind: "action", method: "delete_message", ...response }],
    ["sqs", "Message", "body", { kind: "attribute", loadMethod: undefined }],
    [
      "sqs",
      "ServiceResource",
      "get_queue_by_name",
      {
        kind: "action",
        method: "get_queue_url",
        result: { type: "Queue", isList: false, isLoaded: false },
        loadMethod: undefined,
      },
    ],
    ["sns", "Topic", "publish", { kind: "action", method: "publish", ...response }],
    ["iam", "Role", "attach_policy", { kind: "action", method: "attach_role_policy", ...response }],
    [
      "cloudwatch",
      "Alarm",
      "set_state",
      { kind: "action", method: "set_alarm_state", ...response },
    ],
    ["lambda", "ServiceResource", "meta", unknown],
    ["s3", "Buckets", "objects", unknown],
  ] as const) {
    it(`knows ${name} of ${type} of ${service}`, () => {
      expect(memberOfResource({ service, type, name })).to.deep.equal(member);
    });
  }
});

describe("memberOfCollection", () => {
  for (const [service, type, name, member] of [
    ["s3", "ObjectSummary", "all", { kind: "collection" }],
    ["s3", "ObjectSummary", "filter", { kind: "collection" }],
    ["s3", "ObjectSummary", "limit", { kind: "collection" }],
    ["s3", "ObjectSummary", "page_size", { kind: "collection" }],
    ["s3", "ObjectSummary", "pages", { kind: "pages" }],
    ["s3", "ObjectSummary", "delete", { kind: "batch-action", method: "delete_objects" }],
    ["ec2", "Instance", "stop", { kind: "batch-action", method: "stop_instances" }],
    ["ec2", "Instance", "create_tags", { kind: "batch-action", method: "create_tags" }],
    ["s3", "Bucket", "delete", unknown],
    ["s3", "Buckets", "delete", unknown],
  ] as const) {
    it(`knows ${name} of a collection of ${type} of ${service}`, () => {
      expect(memberOfCollection({ service, type, name })).to.deep.equal(member);
    });
  }
});

describe("policy/data/boto3.ts", () => {
  it("is of the version in policy/comparison/requirements.txt (npm run boto3)", () => {
    const path = join(import.meta.dirname, "..", "..", "..", "comparison", "requirements.txt");
    expect(readFileSync(path, "utf8")).to.include(`\nboto3==${boto3Version} `);
  });

  it("has only types, methods and waiters that are known", async () => {
    const missing: string[] = [];

    for (const [service, types] of Object.entries(resourceTypes)) {
      for (const [type, names] of Object.entries(types)) {
        const results = [
          ...Object.values(names.actions ?? {}).flatMap(({ result }) => result ?? []),
          ...Object.values(names.subResources ?? {}),
          ...Object.values(names.references ?? {}),
          ...Object.values(names.collections ?? {}),
        ];
        const methods = [
          ...(names.load === undefined ? [] : [names.load]),
          ...Object.values(names.actions ?? {}).map(({ method }) => method),
          ...Object.values(names.collections ?? {}).map(({ method }) => method),
          ...Object.values(names.batchWriters ?? {}),
          ...Object.values(names.batchActions ?? {}),
        ];
        for (const it of results) if (!types[it.type]) missing.push(`${service} ${it.type}`);
        for (const method of methods) {
          const { kind } = await permissionsOfMethod({ service, method });
          if (kind !== "known") missing.push(`${service} ${type} ${method}`);
        }
        for (const waiter of Object.values(names.waiters ?? {})) {
          const { kind } = await permissionsOfWaiter({ service, waiter });
          if (kind !== "known") missing.push(`${service} ${type} ${waiter}`);
        }
      }
    }

    expect(missing).to.deep.equal([]);
  });
});
