import { expect } from "chai";
import { account, allow, policy, role, topic, topicArn } from "./function-stack.ts";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const at = `us-east-1:${account}`;
const lambdaArn = (name: string) => `arn:aws:lambda:${at}:function:${name}`;
const charge: Resource = {
  type: "aws:lambda/function:Function",
  name: "charge",
  props: { name: "charge", arn: lambdaArn("charge") },
};
const orders: Resource = {
  type: "aws:dynamodb/table:Table",
  name: "orders",
  props: { name: "orders-1a2b", arn: `arn:aws:dynamodb:${at}:table/orders-1a2b` },
};
const invokeCharge = allow("Invoke", "lambda:InvokeFunction", lambdaArn("charge"));
const putOrder = allow("Put", "dynamodb:PutItem", `arn:aws:dynamodb:${at}:table/orders-1a2b`);

/** A state machine of the role with this definition. */
function machine(definition: unknown, props: Record<string, unknown> = {}): Resource {
  return {
    type: "aws:sfn/stateMachine:StateMachine",
    name: "workflow",
    props: { name: "workflow", roleArn: unknown, definition, ...props },
    dependsOn: { roleArn: [role] },
  };
}

/** A definition with these states. */
const states = (all: Record<string, unknown>) =>
  JSON.stringify({ StartAt: Object.keys(all)[0], States: all });
const task = (Resource: string, rest: object = {}) => ({ Type: "Task", Resource, ...rest });
const one = (Resource: string, rest: object = {}, props = {}) =>
  machine(states({ Work: task(Resource, rest) }), props);

const missing = (...resources: Resource[]) =>
  stackFindings("missing-grant", [role, charge, orders, topic("alerts"), ...resources]);
const unused = (...resources: Resource[]) =>
  stackFindings("unused-grant", [role, charge, orders, topic("alerts"), ...resources]);
/** What is missing of a role that allows nothing, without the reasons. */
const needed = async (...resources: Resource[]) =>
  (await missing(policy(), ...resources)).flatMap((it) =>
    (it.split(": ")[1] ?? "").split(/, | and /),
  );

const invokesAndPuts = machine(
  states({
    Charge: task("arn:aws:states:::lambda:invoke", {
      Parameters: { FunctionName: lambdaArn("charge"), "Payload.$": "$" },
      Next: "Keep",
    }),
    Keep: task("arn:aws:states:::dynamodb:putItem", {
      Parameters: { TableName: "orders-1a2b", Item: { id: { "S.$": "$.id" } } },
      End: true,
    }),
  }),
);

describe("the role of a state machine", () => {
  it("passes with what its definition calls", async () => {
    const all = [invokesAndPuts, policy(invokeCharge, putOrder)];
    expect(await missing(...all)).to.deep.equal([]);
    expect(await unused(...all)).to.deep.equal([]);
  });

  it("lacks what a state calls", async () => {
    expect(await missing(invokesAndPuts, policy(invokeCharge))).to.deep.equal([
      'role: dynamodb:PutItem on aws:dynamodb/table:Table orders: the state Keep of workflow calls dynamodb:putItem, and the role does not allow it. Allow it. Instead: {"Effect":"Allow","Action":["dynamodb:PutItem"],"Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/orders-1a2b"]}',
    ]);
    expect(await needed(invokesAndPuts)).to.deep.equal([
      "dynamodb:PutItem on aws:dynamodb/table:Table orders",
      "lambda:InvokeFunction on aws:lambda/function:Function charge",
    ]);
  });

  it("has more than what the states call", async () => {
    const del = allow("Delete", "dynamodb:DeleteItem", orders.props.arn);
    expect(await unused(invokesAndPuts, policy(invokeCharge, putOrder, del))).to.deep.equal([
      "role: statement Delete: dynamodb:DeleteItem on aws:dynamodb/table:Table orders: neither the definition of workflow nor its configuration uses it. Remove it.",
    ]);
    const elsewhere = allow("Refund", "lambda:InvokeFunction", lambdaArn("refund"));
    expect(await unused(invokesAndPuts, policy(invokeCharge, putOrder, elsewhere))).to.deep.equal([
      "role: statement Refund: lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:refund: workflow calls it only on aws:lambda/function:Function charge. Remove it.",
    ]);
  });

  it("is compared before any ARN is known, if the definition has names", async () => {
    const table = { ...orders, props: { name: "orders-1a2b" } };
    const put = one("arn:aws:states:::dynamodb:putItem", {
      Parameters: { TableName: "orders-1a2b" },
    });
    const given = (...sources: Resource[]): Resource => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "policy",
      props: { role: unknown, policy: documentOf(putOrder) },
      dependsOn: { role: [role], policy: sources },
    });
    const stack = (of: Resource) => [role, table, put, of];
    expect(await stackFindings("missing-grant", stack(given(table)))).to.deep.equal([]);
    expect(await stackFindings("unused-grant", stack(given(table)))).to.deep.equal([]);
    expect(await stackFindings("missing-grant", stack(policy()))).to.deep.equal([
      "role: dynamodb:PutItem on aws:dynamodb/table:Table orders: the state Work of workflow calls dynamodb:putItem, and the role does not allow it. Allow it.",
    ]);
  });

  describe("by the form of the integration", () => {
    const alerts = topicArn("alerts");
    const queueUrl = `https://sqs.us-east-1.amazonaws.com/${account}/jobs`;
    const jobs: Resource = {
      type: "aws:sqs/queue:Queue",
      name: "jobs",
      props: { name: "jobs", url: queueUrl, arn: `arn:aws:sqs:${at}:jobs` },
    };
    const rule =
      /arn:\*:events:\*:\*:rule\/StepFunctionsGetEventsFor(ECSTask|StepFunctionsExecution)Rule$/;
    const cases: [name: string, machine: Resource, needs: string[]][] = [
      [
        "a function's ARN",
        one(lambdaArn("charge")),
        ["lambda:InvokeFunction on aws:lambda/function:Function charge"],
      ],
      [
        "a function's ARN with an alias",
        one(`${lambdaArn("charge")}:live`),
        ["lambda:InvokeFunction on aws:lambda/function:Function charge"],
      ],
      [
        "lambda:invoke with a token, by name and version",
        one("arn:aws:states:::lambda:invoke.waitForTaskToken", {
          Parameters: { FunctionName: "charge:7", Payload: { "token.$": "$$.Task.Token" } },
        }),
        ["lambda:InvokeFunction on aws:lambda/function:Function charge"],
      ],
      ["an activity", one(`arn:aws:states:${at}:activity:pack`), []],
      [
        "sns:publish",
        one("arn:aws:states:::sns:publish", { Arguments: { TopicArn: alerts, Message: "hi" } }),
        ["sns:Publish on aws:sns/topic:Topic alerts"],
      ],
      [
        "sqs:sendMessage in China",
        one("arn:aws-cn:states:::sqs:sendMessage", { Parameters: { QueueUrl: queueUrl } }),
        ["sqs:SendMessage on aws:sqs/queue:Queue jobs"],
      ],
      [
        "events:putEvents on the default bus",
        one("arn:aws:states:::events:putEvents", { Parameters: { Entries: [{ Source: "a" }] } }),
        ["events:PutEvents"],
      ],
      [
        "states:startExecution",
        one("arn:aws:states:::states:startExecution", {
          Parameters: { StateMachineArn: `arn:aws:states:${at}:stateMachine:workflow` },
        }),
        ["states:StartExecution on aws:sfn/stateMachine:StateMachine workflow"],
      ],
      [
        "states:startExecution.sync:2",
        one("arn:aws:states:::states:startExecution.sync:2", {
          Parameters: { StateMachineArn: `arn:aws:states:${at}:stateMachine:workflow` },
        }),
        [
          "events:DescribeRule on (rule)",
          "events:PutRule on (rule)",
          "events:PutTargets on (rule)",
          "states:DescribeExecution on aws:sfn/stateMachine:StateMachine workflow",
          "states:StartExecution on aws:sfn/stateMachine:StateMachine workflow",
        ],
      ],
      [
        "ecs:runTask.sync",
        one("arn:aws:states:::ecs:runTask.sync", {
          Parameters: {
            Cluster: "main",
            TaskDefinition: `arn:aws:ecs:${at}:task-definition/report:3`,
          },
        }),
        [
          "ecs:DescribeTasks",
          `ecs:RunTask on arn:aws:ecs:${at}:task-definition/report:3`,
          "events:DescribeRule on (rule)",
          "events:PutRule on (rule)",
          "events:PutTargets on (rule)",
        ],
      ],
      [
        "glue:startJobRun.sync, which polls",
        one("arn:aws:states:::glue:startJobRun.sync", { Parameters: { "JobName.$": "$.job" } }),
        ["glue:GetJobRun", "glue:StartJobRun"],
      ],
      [
        "http:invoke",
        one("arn:aws:states:::http:invoke", {
          Parameters: {
            ApiEndpoint: "https://example.com",
            Authentication: { ConnectionArn: `arn:aws:events:${at}:connection/api/1` },
          },
        }),
        [
          `events:RetrieveConnectionCredentials on arn:aws:events:${at}:connection/api/1`,
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "states:InvokeHTTPEndpoint",
        ],
      ],
      [
        "apigateway:invoke that is not signed",
        one("arn:aws:states:::apigateway:invoke", { Parameters: { ApiEndpoint: "a.com" } }),
        [],
      ],
      [
        "apigateway:invoke that is signed",
        one("arn:aws:states:::apigateway:invoke", { Parameters: { AuthType: "IAM_ROLE" } }),
        ["execute-api:Invoke"],
      ],
      [
        "batch:submitJob, of which IAM checks the definition and the queue",
        one("arn:aws:states:::batch:submitJob", {
          Parameters: {
            JobDefinition: `arn:aws:batch:${at}:job-definition/scan`,
            JobQueue: `arn:aws:batch:${at}:job-queue/night`,
          },
        }),
        [
          `batch:SubmitJob on arn:aws:batch:${at}:job-definition/scan`,
          `batch:SubmitJob on arn:aws:batch:${at}:job-queue/night`,
        ],
      ],
      [
        "elasticmapreduce:addStep",
        one("arn:aws:states:::elasticmapreduce:addStep", { Parameters: { ClusterId: "j-1" } }),
        ["elasticmapreduce:AddJobFlowSteps"],
      ],
      [
        "an action of the SDK",
        one("arn:aws:states:::aws-sdk:dynamodb:query", {
          Parameters: { TableName: "orders-1a2b" },
        }),
        ["dynamodb:Query on aws:dynamodb/table:Table orders"],
      ],
      [
        "an action of the SDK for several tables",
        one("arn:aws:states:::aws-sdk:dynamodb:batchGetItem", {
          Parameters: {
            RequestItems: { "orders-1a2b": {}, "arn:aws:dynamodb:eu-west-1:1:table/b": {} },
          },
        }),
        [
          "dynamodb:BatchGetItem on arn:aws:dynamodb:eu-west-1:1:table/b",
          "dynamodb:BatchGetItem on aws:dynamodb/table:Table orders",
        ],
      ],
      [
        "a service of the SDK with another prefix in IAM",
        one("arn:aws:states:::aws-sdk:cloudwatchlogs:createLogGroup"),
        ["logs:CreateLogGroup"],
      ],
      [
        "an action of the SDK with another name in IAM",
        one("arn:aws:states:::aws-sdk:s3:listObjectsV2", { Parameters: { "Bucket.$": "$.b" } }),
        ["s3:ListBucket"],
      ],
      [
        "an action as the SDK for Java spells it",
        one("arn:aws:states:::aws-sdk:rds:createDbSnapshot", { Parameters: {} }),
        ["rds:CreateDBSnapshot"],
      ],
      [
        "an action of the SDK that reads a secret",
        one("arn:aws:states:::aws-sdk:rdsdata:executeStatement", {
          Parameters: { ResourceArn: `arn:aws:rds:${at}:cluster:main`, "Sql.$": "$.sql" },
        }),
        ["rds-data:ExecuteStatement", "secretsmanager:GetSecretValue"],
      ],
      [
        "an action of the SDK that copies",
        one("arn:aws:states:::aws-sdk:s3:copyObject", {
          Parameters: { Bucket: "copies", CopySource: "originals/a", Key: "a" },
        }),
        ["s3:GetObject", "s3:PutObject on (redacted)"],
      ],
      [
        "a transaction, of which each table is needed",
        one("arn:aws:states:::aws-sdk:dynamodb:transactGetItems", {
          Parameters: { TransactItems: [{ Get: { TableName: "orders-1a2b" } }] },
        }),
        ["dynamodb:GetItem on aws:dynamodb/table:Table orders"],
      ],
      [
        "a call with another role",
        one("arn:aws:states:::aws-sdk:dynamodb:query", {
          Parameters: { TableName: "orders-1a2b" },
          Credentials: { RoleArn: "arn:aws:iam::444455556666:role/reader" },
        }),
        ["sts:AssumeRole on arn:aws:iam::444455556666:role/reader"],
      ],
    ];
    for (const [name, definition, needs] of cases) {
      it(name, async () => {
        const found = await needed(jobs, definition);
        expect(
          found.map((it) => it.replace(rule, "(rule)").replace(/ #\w+/, "")).sort(),
        ).to.deep.equal(needs.sort());
      });
    }
  });

  describe("with a resource that an expression names", () => {
    const invoke = "arn:aws:states:::lambda:invoke";
    const forms: [name: string, rest: object][] = [
      ["JSONPath", { Parameters: { "FunctionName.$": "$.function" } }],
      ["JSONata", { QueryLanguage: "JSONata", Arguments: { FunctionName: "{% $f %}" } }],
      ["JSONata for all arguments", { Arguments: "{% $states.input %}" }],
      ["the state's input", {}],
      ["parameters without it", { Parameters: { Payload: {} } }],
    ];
    for (const [name, rest] of forms) {
      it(`accepts any resource of the type: ${name}`, async () => {
        const elsewhere = allow("Any", "lambda:InvokeFunction", lambdaArn("anything"));
        const both = [one(invoke, rest), policy(invokeCharge, elsewhere)];
        expect(await unused(...both)).to.deep.equal([]);
        expect(await missing(...both)).to.deep.equal([]);
        expect(await needed(one(invoke, rest))).to.deep.equal(["lambda:InvokeFunction"]);
      });
    }

    it("demands the literals beside it", async () => {
      const entries = [{ EventBusName: "orders-bus" }, { "EventBusName.$": "$.bus" }];
      const put = one("arn:aws:states:::events:putEvents", { Parameters: { Entries: entries } });
      const bus = (name: string) =>
        allow(name, "events:PutEvents", `arn:aws:events:${at}:event-bus/${name}`);
      expect(await missing(put, policy(bus("other")))).to.have.length(1);
      expect(await missing(put, policy(bus("orders-bus")))).to.deep.equal([]);
      expect(await unused(put, policy(bus("orders-bus"), bus("other")))).to.deep.equal([]);
    });

    it("accepts the default bus for an entry without one", async () => {
      const entries = [{ EventBusName: "orders-bus" }, { Source: "a" }];
      const put = one("arn:aws:states:::events:putEvents", { Parameters: { Entries: entries } });
      const buses = ["orders-bus", "default"].map(
        (name) => `arn:aws:events:${at}:event-bus/${name}`,
      );
      expect(await unused(put, policy(allow("Put", "events:PutEvents", buses)))).to.deep.equal([]);
    });

    it("accepts any resource of a service whose parameters are not known, with an expression", async () => {
      const start = (rest: object) =>
        one("arn:aws:states:::aws-sdk:ssm:startAutomationExecution", { Parameters: rest });
      expect(await needed(start({ "DocumentName.$": "$.d" }))).to.deep.equal([
        "ssm:StartAutomationExecution",
      ]);
    });
  });

  it("invokes an alias with a permission on all versions of its function", async () => {
    const live: Resource = {
      type: "aws:lambda/alias:Alias",
      name: "live",
      props: { name: "live", functionName: "charge", arn: `${lambdaArn("charge")}:live` },
      dependsOn: { functionName: [charge] },
    };
    const invokes = one(`${lambdaArn("charge")}:live`);
    for (const arn of [`${lambdaArn("charge")}:*`, `${lambdaArn("charge")}:live`]) {
      const all = [live, invokes, policy(allow("Invoke", "lambda:InvokeFunction", arn))];
      expect(await missing(...all)).to.deep.equal([]);
      expect(await unused(...all)).to.deep.equal([]);
    }
  });

  it("starts an alias of a state machine with a permission on the state machine", async () => {
    const pay = `arn:aws:states:${at}:stateMachine:pay`;
    const nested: Resource = {
      type: "aws:sfn/stateMachine:StateMachine",
      name: "pay",
      props: { name: "pay", arn: pay, roleArn: "arn:aws:iam::1:role/pay", definition: "{}" },
    };
    const live: Resource = {
      type: "aws:sfn/alias:Alias",
      name: "live",
      props: { name: "live", arn: `${pay}:live` },
    };
    const starts = one("arn:aws:states:::states:startExecution", {
      Parameters: { StateMachineArn: `${pay}:live` },
    });
    const all = [nested, live, starts, policy(allow("Start", "states:StartExecution", pay))];
    expect(await missing(...all)).to.deep.equal([]);
    expect(await unused(...all)).to.deep.equal([]);
  });

  describe("in states inside of others", () => {
    const put = task("arn:aws:states:::dynamodb:putItem", {
      Parameters: { TableName: "orders-1a2b" },
    });
    const invoke = task(lambdaArn("charge"));
    const inner = (state: object) => ({ StartAt: "It", States: { It: state } });

    it("reads branches, iterators and item processors", async () => {
      const map = { Type: "Map", Iterator: inner(put) };
      const parallel = { Type: "Parallel", Branches: [inner(invoke), inner(map)] };
      const both = machine(
        states({ All: { Type: "Map", ItemProcessor: inner(parallel) }, Wait: { Type: "Wait" } }),
      );
      expect(await needed(both)).to.deep.equal([
        "dynamodb:PutItem on aws:dynamodb/table:Table orders",
        "lambda:InvokeFunction on aws:lambda/function:Function charge",
      ]);
    });

    it("lets a distributed Map state start executions of its state machine, and use S3", async () => {
      const data: Resource = {
        type: "aws:s3/bucket:Bucket",
        name: "data",
        props: { bucket: "data", arn: "arn:aws:s3:::data" },
      };
      const distributed = machine(
        states({
          All: {
            Type: "Map",
            ItemReader: {
              Resource: "arn:aws:states:::s3:getObject",
              ReaderConfig: { InputType: "CSV" },
              Parameters: { Bucket: "data", Key: "in.csv" },
            },
            ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...inner(invoke) },
            ResultWriter: {
              Resource: "arn:aws:states:::s3:putObject",
              Parameters: { Bucket: "data", Prefix: "out" },
            },
          },
        }),
      );
      expect(await needed(data, distributed)).to.deep.equal([
        "lambda:InvokeFunction on aws:lambda/function:Function charge",
        "s3:GetObject on aws:s3/bucket:Bucket data",
        "s3:PutObject on aws:s3/bucket:Bucket data",
        "states:StartExecution on aws:sfn/stateMachine:StateMachine workflow",
      ]);
      const all = policy(
        invokeCharge,
        allow("Data", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*"),
        allow("Start", "states:StartExecution", `arn:aws:states:${at}:stateMachine:workflow`),
        allow(
          "Follow",
          ["states:DescribeExecution", "states:StopExecution"],
          `arn:aws:states:${at}:execution:workflow:*`,
        ),
      );
      expect(await missing(data, distributed, all)).to.deep.equal([]);
      expect(await unused(data, distributed, all)).to.deep.equal([]);
    });

    it("reports states that are too deep", async () => {
      let state: object = put;
      for (let level = 0; level < 40; level++) state = { Type: "Map", ItemProcessor: inner(state) };
      expect(await missing(machine(states({ Deep: state })), policy())).to.deep.equal([
        "advisory: workflow: definition: it is not fully compared with the role: its state It is 32 levels deep (definitionDepth), and what it runs is not read. Review the role manually; only the calls that were read are checked.",
      ]);
    });
  });

  describe("by the configuration", () => {
    const pass = states({ Done: { Type: "Succeed" } });

    it("delivers logs", async () => {
      const logging = (level: string) => machine(pass, { loggingConfiguration: { level } });
      expect(await needed(logging("OFF"))).to.deep.equal([]);
      expect(await needed(logging("ERROR"))).to.deep.equal([
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]);
    });

    it("demands nothing by a setting that is not known yet, and accepts what it needs", async () => {
      const later = machine(pass, {
        loggingConfiguration: { level: unknown },
        tracingConfiguration: { enabled: unknown },
      });
      const all = policy(allow("Logs", ["logs:CreateLogDelivery", "xray:PutTraceSegments"], "*"));
      expect(await needed(later)).to.deep.equal([]);
      expect(await unused(later, all)).to.deep.equal([]);
    });

    it("traces", async () => {
      const tracing = (enabled: boolean) => machine(pass, { tracingConfiguration: { enabled } });
      expect(await needed(tracing(false))).to.deep.equal([]);
      expect(await needed(tracing(true))).to.deep.equal([
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]);
    });
  });

  describe("whose definition is not read", () => {
    const extra = policy(allow("Delete", "dynamodb:DeleteItem", orders.props.arn));
    const cases: [definition: unknown, why: string][] = [
      ["{", "its definition is not JSON. Review the role manually"],
      ["[]", "its definition is not an object with States. Review the role manually"],
      [7, "its definition is not a string. Review the role manually"],
      [
        " ".repeat(1024 * 1024 + 1),
        "its definition is longer than 1048576 characters (definitionCharacters). Review the role manually",
      ],
      [
        unknown,
        "its definition is not known before deployment. The deployment and later previews compare it",
      ],
    ];
    for (const [definition, why] of cases) {
      it(`says only that: ${why}`, async () => {
        expect(await missing(machine(definition), extra)).to.deep.equal([
          `advisory: workflow: definition: it is not compared with the role: ${why}.`,
        ]);
        expect(await unused(machine(definition), extra)).to.deep.equal([]);
      });
    }

    it("fails a strict preview, but not if it is only unknown before deployment", async () => {
      const strict = (definition: unknown) =>
        stackFindings("unused-grant", [role, extra, machine(definition)], { strict: true });
      expect(await strict(unknown)).to.deep.equal([]);
      expect(await strict("{")).to.deep.equal([
        "workflow: definition: it cannot be compared with the role: its definition is not JSON. Deploy a definition that can be read, or do not set unused-grant.strict.",
      ]);
    });

    it("reports parts of it", async () => {
      const parts = machine(
        states({
          A: { Type: "Task" },
          "B \n::set-output": task("arn:aws:states:::new:doIt.sync"),
          C: task("arn:aws:states:::aws-sdk:s3:frobnicate"),
          D: { Type: "Map" },
          E: task("http://example.com"),
          F: 7,
          constructor: { Type: "__proto__" },
        }),
      );
      const [finding, ...others] = await missing(parts, extra);
      expect(others).to.deep.equal([]);
      expect(finding?.replaceAll(/\(redacted #\w+\)/g, "(redacted)")).to.equal(
        "advisory: workflow: definition: it is not fully compared with the role: its state A has no Resource; its state D runs something without States; its state F is not an object; its state constructor has an unknown Type; its state (redacted) waits for new:doIt, whose permissions are unknown; 2 more parts of its definition are not read. Review the role manually; only the calls that were read are checked.",
      );
      expect(await unused(parts, extra)).to.deep.equal([]);
    });

    it("names an action that does not exist, and a Resource in no known form", async () => {
      const parts = machine(
        states({
          C: task("arn:aws:states:::aws-sdk:s3:frobnicate"),
          E: task("http://example.com"),
        }),
      );
      const [finding] = await missing(parts, extra);
      expect(finding?.replaceAll(/\(redacted #\w+\)/g, "(redacted)")).to.equal(
        "advisory: workflow: definition: it is not fully compared with the role: its state C calls aws-sdk:s3:frobnicate, for which the Service Authorization Reference has no action; its state E has the unknown Resource (redacted). Review the role manually; only the calls that were read are checked.",
      );
    });
  });

  describe("that others have, too", () => {
    it("only advises what is unused if a resource that is not compared has it", async () => {
      const rule: Resource = {
        type: "aws:cloudwatch/eventTarget:EventTarget",
        name: "nightly",
        props: { roleArn: unknown },
        dependsOn: { roleArn: [role] },
      };
      const del = allow("Delete", "dynamodb:DeleteItem", orders.props.arn);
      const all = [invokesAndPuts, rule, policy(invokeCharge, putOrder, del)];
      expect(await unused(...all)).to.deep.equal([
        "advisory: role: statement Delete: dynamodb:DeleteItem on aws:dynamodb/table:Table orders: neither the definition of workflow nor its configuration uses it (aws:cloudwatch/eventTarget:EventTarget nightly also has the role). Remove it.",
      ]);
    });

    it("counts what two state machines call", async () => {
      const other = { ...one(lambdaArn("refund")), name: "other" };
      const refund = allow("Refund", "lambda:InvokeFunction", lambdaArn("refund"));
      const all = [invokesAndPuts, other, policy(invokeCharge, putOrder, refund)];
      expect(await unused(...all)).to.deep.equal([]);
      expect(await missing(...all)).to.deep.equal([]);
    });
  });
});
