import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeInstanceStatusCommand,
  EC2Client,
  RebootInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { UsedArns } from "../../infra/reboot-grants.ts";
import { executionCredentials } from "../../sandbox/aws/execution-role.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import {
  failureOf,
  root,
  startTestEnvironment,
  type TestEnvironment,
  waived,
  writeConfig,
} from "../../sandbox/test-environment.ts";
import { programWith, rows } from "./least-privilege.ts";

describe("least privilege of this program", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  it("has a row for each statement of the function's role", () => {
    const { rebootGrants } =
      loadProgram<typeof import("../../infra/reboot-grants.ts")>("infra/reboot-grants.ts");
    const arns = Object.fromEntries(
      ["topic", "logGroup", "table", "checkQueue", "deadLetterQueue"].map((it) => [it, it]),
    );

    const statements = rebootGrants({ ...arns, instances: ["instance"] } as unknown as UsedArns);

    expect(statements.map(({ sid, actions }) => ({ sid, actions }))).to.deep.equal(
      rows.map(({ sid, actions }) => ({ sid, actions })),
    );
  });

  describe("in the first preview, before any ARN is known", () => {
    it("prints the finding in policy/README.md for a widened grant", async () => {
      const widened = programWith((grants) =>
        grants.map((it) =>
          it.sid === "RebootTheInstance"
            ? { ...it, actions: [...it.actions, "ec2:StopInstances"] }
            : it,
        ),
      );
      const engine = await environment.createEngine({
        folder: join(environment.folder, "widened"),
        load: widened,
      });

      const { violations } = await failureOf(engine.preview());

      const readme = readFileSync(join(root, "policy", "README.md"), "utf8");
      const [, shown = ""] = /```\nPolicies:\n(.*?)\n```/s.exec(readme) ?? [];
      const messages = shown.split("\n").filter((it) => it.startsWith("          "));
      expect(messages.map((it) => it.trim())).to.deep.equal([...violations].sort());
    });
  });

  describe("at run time, with the role of the function", () => {
    let role: FunctionRole;
    const written = () => join(environment.folder, "written.lock.json");
    before(async () => {
      const grantsFile = { "grants-file": { file: written() } };
      const policyPackConfig = writeConfig(environment, { ...waived, ...grantsFile });
      // The pack never writes it in a pipeline, where this test may run.
      const variables = { WRITE_GRANTS_FILE: "1", CI: "" };
      const engine = await environment.createEngine({
        policyPackConfig,
        environment: variables,
      });
      await engine.up();
      role = await functionRole(environment, stackOutputs(await engine.stack.outputs()));
    });

    it("grants exactly what the grants file lists", () => {
      const committed = readFileSync(join(root, "grants.lock.json"), "utf8");

      expect(readFileSync(written(), "utf8")).to.equal(committed);
    });

    it("is allowed every call of its statements", async () => {
      for (const { sid, actions } of rows) {
        for (const action of actions) {
          expect(await role.denialOf(sid, action), `${sid} ${action}`).to.equal(undefined);
        }
      }
    });

    for (const { sid, actions } of rows) {
      it(`is denied exactly what the preview predicts when ${sid} is removed`, async () => {
        await role.removeStatement(sid);

        for (const row of rows) {
          for (const action of row.actions) {
            const denial = await role.denialOf(row.sid, action);
            expect(denial !== undefined, `${row.sid} ${action}: ${denial}`).to.equal(
              row.sid === sid,
            );
          }
        }
        expect(actions).not.to.deep.equal([]);
      });
    }
  });
});

interface FunctionRole {
  /** Removes one of the role's statements. */
  removeStatement(sid: string): Promise<void>;
  /** AWS's error if the role is denied the statement's call. */
  denialOf(sid: string, action: string): Promise<string | undefined>;
}

/** Acts like the deployed function: with its credentials, on its resources. */
async function functionRole(
  environment: TestEnvironment,
  stack: StackOutputs,
): Promise<FunctionRole> {
  // The emulator knows the credentials of a function that has run.
  await new StackClient(environment, stack).invoke({ dryRun: true });
  const iam = new IAMClient(environment.aws);
  const { Configuration } = await new LambdaClient(environment.aws).send(
    new GetFunctionCommand({ FunctionName: stack.functionName }),
  );
  const { FunctionArn = "", Role = "", Environment } = Configuration ?? {};
  const { QUEUE_URL = "" } = Environment?.Variables ?? {};
  const RoleName = Role.split("/").at(-1);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const [PolicyName] = PolicyNames;
  const { PolicyDocument = "" } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName }),
  );
  const document = JSON.parse(decodeURIComponent(PolicyDocument));
  // The emulator requires the log group's ARN where AWS requires the stream's.
  for (const it of document.Statement) {
    if (it.Sid === "WriteLogs") it.Resource.push(it.Resource[0].replace(/:\*$/, ""));
  }
  const put = (statements: object[]) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName,
        PolicyDocument: JSON.stringify({ ...document, Statement: statements }),
      }),
    );
  await put(document.Statement);
  const calls = callsAs(
    {
      ...environment.aws,
      credentials: executionCredentials(environment.aws.credentials, FunctionArn, Role),
    },
    { ...stack, checkQueueUrl: QUEUE_URL },
  );
  return {
    removeStatement: async (sid) => {
      await put(document.Statement.filter((it: { Sid: string }) => it.Sid !== sid));
    },
    async denialOf(sid, action) {
      const call = calls[sid]?.[action];
      if (!call) throw new Error(`no call for ${action} of ${sid}`);
      const error = await call().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      const isDenied = /not authorized|Unauthorized|AccessDenied|AuthorizationError/.test(
        `${error}`,
      );
      // A call with any other error was allowed, unless IAM did not evaluate it.
      if (/token|credential|signature/i.test(`${error}`)) throw error;
      return isDenied ? String(error) : undefined;
    },
  };
}

/** By statement and action, the call that the function or Lambda makes. */
function callsAs(
  aws: TestEnvironment["aws"],
  stack: StackOutputs & { checkQueueUrl: string },
): Readonly<Record<string, Record<string, () => Promise<unknown>>>> {
  const dynamodb = new DynamoDBClient(aws);
  const ec2 = new EC2Client(aws);
  const sns = new SNSClient(aws);
  const sqs = new SQSClient(aws);
  const logs = new CloudWatchLogsClient(aws);
  const item = { TableName: stack.tableName, Key: { id: { S: "test" } } };
  const stream = { logGroupName: stack.logGroupName, logStreamName: "test" };
  const InstanceIds = [stack.instanceId];
  const send = (QueueUrl: string) => () =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "test", DelaySeconds: 900 }));
  const QueueUrl = stack.checkQueueUrl;
  return {
    ClaimReboots: {
      "dynamodb:GetItem": () => dynamodb.send(new GetItemCommand(item)),
      "dynamodb:PutItem": () =>
        dynamodb.send(new PutItemCommand({ TableName: stack.tableName, Item: item.Key })),
      "dynamodb:UpdateItem": () => dynamodb.send(new UpdateItemCommand(item)),
    },
    DescribeInstances: {
      "ec2:DescribeInstanceStatus": () =>
        ec2.send(new DescribeInstanceStatusCommand({ InstanceIds })),
    },
    RebootTheInstance: {
      "ec2:RebootInstances": () => ec2.send(new RebootInstancesCommand({ InstanceIds })),
    },
    PublishNotifications: {
      "sns:Publish": () =>
        sns.send(new PublishCommand({ TopicArn: stack.topicArn, Message: "test" })),
    },
    ScheduleChecks: { "sqs:SendMessage": send(QueueUrl) },
    ReceiveChecks: {
      "sqs:DeleteMessage": () =>
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "none" })),
      "sqs:GetQueueAttributes": () => sqs.send(new GetQueueAttributesCommand({ QueueUrl })),
      "sqs:ReceiveMessage": () => sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    },
    KeepFailedInvocations: { "sqs:SendMessage": send(stack.deadLetterQueueUrl) },
    WriteLogs: {
      "logs:CreateLogStream": () => logs.send(new CreateLogStreamCommand(stream)),
      "logs:PutLogEvents": () =>
        logs.send(
          new PutLogEventsCommand({
            ...stream,
            logEvents: [{ timestamp: Date.now(), message: "test" }],
          }),
        ),
    },
  };
}
