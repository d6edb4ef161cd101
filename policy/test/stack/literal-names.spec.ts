import { output, runtime } from "@pulumi/pulumi";
import { expect } from "chai";
import { account, allow, environment, lambda, ownLog, policy, role } from "../function-stack.ts";
import { type Resource, stackFindings, unknown } from "../support.ts";

const table = (name: string): Resource => ({
  type: "aws:dynamodb/table:Table",
  name,
  props: { name: `${name}-1a2b` },
});
const tableArn = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/${name}-1a2b`;
const orders = table("orders");
const other = table("other");
const grants = (name: string) => policy(allow("Read", "dynamodb:GetItem", tableArn(name)), ownLog);

/** What both rules find of a function with this code, whose role may read one of the two tables. */
async function found(code: string, granted: string, ...more: Resource[]): Promise<string[]> {
  const stack = [role, orders, other, lambda({ code }), grants(granted), ...more];
  return [
    ...(await stackFindings("missing-grant", stack)),
    ...(await stackFindings("unused-grant", stack)),
  ].map((it) => it.split(": the code")[0]?.split(". Remove it")[0] ?? "");
}

const getting = (input: string, before = "") => `
  const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
  ${before}
  exports.handler = (event) => new DynamoDBClient({}).send(new GetItemCommand(${input}));`;

/** The code of a CallbackFunction. */
async function serialized(handler: () => unknown): Promise<string> {
  return (await runtime.serializeFunction(handler)).text;
}

const onOther = [
  "role: dynamodb:GetItem on aws:dynamodb/table:Table orders",
  "role: statement Read: dynamodb:GetItem on aws:dynamodb/table:Table other: worker calls it only on aws:dynamodb/table:Table orders",
];

describe("a literal name in a call", () => {
  for (const [what, code] of [
    ["a string", getting('{ TableName: "orders-1a2b" }')],
    ["a constant", getting("{ TableName }", 'const TableName = "orders-1a2b";')],
    [
      "a member",
      getting("{ TableName: settings.table }", 'const settings = { table: "orders-1a2b" };'),
    ],
    ["a template", getting("{ TableName: `orders-1a2b` }")],
    ["an ARN", getting(`{ TableName: "${tableArn("orders")}" }`)],
    [
      "a member that is assigned",
      getting(
        "{ TableName: settings.table }",
        'const settings = {}; settings.table = "orders-1a2b";',
      ),
    ],
  ] as const) {
    it(`is the resource of that name: ${what}`, async () => {
      expect(await found(code, "orders")).to.deep.equal([]);
      expect(await found(code, "other")).to.deep.equal(onOther);
    });
  }

  it("is a captured value in a function that Pulumi serialized", async () => {
    const names = { table: output("orders-1a2b"), nested: { table: "orders-1a2b" } };
    const plain = "orders-1a2b";
    const codes = await Promise.all(
      [
        async () => {
          const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
          const TableName = names.table.get();
          await new DynamoDBClient({}).send(new GetItemCommand({ TableName, Key: {} }));
        },
        async () => {
          const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
          const TableName = names.nested.table;
          await new DynamoDBClient({}).send(new GetItemCommand({ TableName, Key: {} }));
        },
        async () => {
          const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
          await new DynamoDBClient({}).send(new GetItemCommand({ TableName: plain, Key: {} }));
        },
      ].map(serialized),
    );

    for (const code of codes) {
      expect(await found(code, "orders")).to.deep.equal([]);
      expect(await found(code, "other")).to.deep.equal(onOther);
    }
  });

  for (const [what, code] of [
    ["names nothing of the stack", getting('{ TableName: "elsewhere" }')],
    [
      "is one of two",
      getting("{ TableName: name }", 'let name = "orders-1a2b"; if (flag) name = "other-1a2b";'),
    ],
    ["is another member's", getting('{ TableName: event.table, Select: "orders-1a2b" }')],
    ["is a resource of another type", getting('{ TableName: event.table, IndexName: "alerts" }')],
  ] as const) {
    it(`does not count if it ${what}`, async () => {
      const topic: Resource = {
        type: "aws:sns/topic:Topic",
        name: "alerts",
        props: { name: "alerts" },
      };

      expect(await found(code, "orders", topic)).to.deep.equal([]);
      expect(await found(code, "other", topic)).to.deep.equal([]);
    });
  }
});

describe("a literal ARN in a policy", () => {
  const code = `
    import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
    export const handler = () => new RDSDataClient({}).send(
      new ExecuteStatementCommand({ resourceArn: process.env.CLUSTER_ARN, sql: "SELECT 1" }));`;
  const cluster: Resource = {
    type: "aws:rds/cluster:Cluster",
    name: "database",
    props: { clusterIdentifier: "documents", arn: unknown, id: unknown },
  };
  const worker = lambda({ code, ...environment({ CLUSTER_ARN: unknown }, cluster) });
  const statement = (name: string) => [
    allow("Query", "rds-data:ExecuteStatement", `arn:aws:rds:us-east-1:${account}:cluster:${name}`),
    allow("Secret", "secretsmanager:GetSecretValue", "*"),
    ownLog,
  ];

  it("is the resource that has the name, whatever the property is called", async () => {
    const stack = [role, cluster, worker, policy(...statement("documents"))];

    expect(await stackFindings("missing-grant", stack)).to.deep.equal([]);
    expect(await stackFindings("unused-grant", stack)).to.deep.equal([]);
  });

  it("is not the resource with another name", async () => {
    const stack = [role, cluster, worker, policy(...statement("other"))];

    expect(await stackFindings("missing-grant", stack)).to.have.length(1);
    expect(await stackFindings("unused-grant", stack)).to.have.length(1);
  });
});
