import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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
import type { Grant } from "../../infra/grants.ts";
import type { TouchedArns } from "../../infra/reboot-grants.ts";
import { executionCredentials } from "../../sandbox/aws/execution-role.ts";
import { loadProgram, loadProgramAnew } from "../../sandbox/engine/program.ts";
import { inLanes } from "../../sandbox/lanes.ts";
import { Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import {
  failureOf,
  root,
  startTestWorld,
  type TestWorld,
  waived,
  writeConfig,
} from "../../sandbox/test-world.ts";

const require = createRequire(import.meta.url);

/** A statement of the function's role: what it is about, and an action that nothing needs there. */
interface Row {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: string;
  readonly extra: string;
}

const rows: readonly Row[] = [
  {
    sid: "ClaimReboots",
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    on: " on aws:dynamodb/table:Table reboot-table",
    extra: "dynamodb:DeleteItem",
  },
  {
    sid: "LookAtInstances",
    actions: ["ec2:DescribeInstanceStatus"],
    on: "",
    extra: "ec2:DescribeInstances",
  },
  {
    sid: "RebootTheInstance",
    actions: ["ec2:RebootInstances"],
    on: " on aws:ec2/instance:Instance web-server",
    extra: "ec2:StopInstances",
  },
  {
    sid: "TellPeople",
    actions: ["sns:Publish"],
    on: " on aws:sns/topic:Topic notifications",
    extra: "sns:Subscribe",
  },
  {
    sid: "CheckLater",
    actions: ["sqs:SendMessage"],
    on: " on aws:sqs/queue:Queue reboot-checks",
    extra: "sqs:SetQueueAttributes",
  },
  {
    sid: "ReceiveChecks",
    actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    on: " on aws:sqs/queue:Queue reboot-checks",
    extra: "sqs:PurgeQueue",
  },
  {
    sid: "KeepFailedCalls",
    actions: ["sqs:SendMessage"],
    on: " on aws:sqs/queue:Queue reboot-dead-letters",
    // Needed on the other queue.
    extra: "sqs:ReceiveMessage",
  },
  {
    sid: "WriteOwnLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    on: " on aws:cloudwatch/logGroup:LogGroup reboot-log",
    extra: "logs:DeleteLogStream",
  },
];

/** Loads this program with other grants of the function. */
function programWith(change: (grants: Grant[]) => Grant[]) {
  return (program: string) => {
    const file = "infra/reboot-grants.ts";
    loadProgramAnew(file);
    const module = require(join(root, file));
    const { rebootGrants } = module;
    module.rebootGrants = (arns: TouchedArns) => change(rebootGrants(arns));
    return loadProgram(program);
  };
}

describe("least privilege of this program", () => {
  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  it("has a row for each statement of the function's role", () => {
    const { rebootGrants } =
      loadProgram<typeof import("../../infra/reboot-grants.ts")>("infra/reboot-grants.ts");
    const arns = Object.fromEntries(
      ["instance", "topic", "logGroup", "table", "checkQueue", "deadLetters"].map((it) => [it, it]),
    );

    const statements = rebootGrants(arns as unknown as TouchedArns);

    expect(statements.map(({ sid, actions }) => ({ sid, actions }))).to.deep.equal(
      rows.map(({ sid, actions }) => ({ sid, actions })),
    );
  });

  describe("in the first preview, when no ARN is known yet", () => {
    const without = new Map<string, readonly string[]>();
    const added = new Map<string, readonly string[]>();

    async function violationsWith(change: (grants: Grant[]) => Grant[]) {
      const engine = await world.createEngine({
        folder: join(world.folder, String(Math.random())),
        policyPackConfig: writeConfig(world, waived),
        load: programWith(change),
      });
      const { violations } = await engine.preview().catch((error) => error);
      return violations.map((it: string) => it.split(": ").slice(0, -1).join(": "));
    }

    before(() =>
      inLanes(2, rows, async ({ sid, extra }) => {
        without.set(sid, await violationsWith((grants) => grants.filter((it) => it.sid !== sid)));
        const more = (it: Grant) => ({ ...it, sid: "Added", actions: [extra] });
        added.set(
          sid,
          await violationsWith((grants) => [
            ...grants,
            ...grants.filter((it) => it.sid === sid).map(more),
          ]),
        );
      }),
    );

    it("prints for a widened grant what the README shows", async () => {
      const widened = programWith((grants) =>
        grants.map((it) =>
          it.sid === "RebootTheInstance"
            ? { ...it, actions: [...it.actions, "ec2:StopInstances"] }
            : it,
        ),
      );
      const engine = await world.createEngine({
        folder: join(world.folder, "widened"),
        load: widened,
      });

      const { violations } = await failureOf(engine.preview());

      const readme = readFileSync(join(root, "README.md"), "utf8");
      const [, shown = ""] = /```\nPolicies:\n(.*?)\n```/s.exec(readme) ?? [];
      const messages = shown.split("\n").filter((it) => it.startsWith("          "));
      expect(messages.map((it) => it.trim())).to.deep.equal([...violations].sort());
    });

    for (const { sid, actions, on, extra } of rows) {
      it(`misses exactly what ${sid} allows, when that is taken away`, () => {
        const found = [...(without.get(sid) ?? [])].sort();

        expect(found).to.deep.equal(actions.map((it) => `reboot-role: ${it}${on}`));
      });

      it(`says that nothing uses ${extra}${on || " on *"}, when that is added`, () => {
        expect(added.get(sid)).to.deep.equal([
          `reboot-role: statement Added: ${extra}${on || " on *"}`,
        ]);
      });
    }
  });

  describe("at run time, with the role of the function", () => {
    let role: FunctionRole;
    const written = () => join(world.folder, "written.lock.json");
    before(async () => {
      const grantsFile = { "grants-file": { file: written() } };
      const policyPackConfig = writeConfig(world, { ...waived, ...grantsFile });
      // Never written in a pipeline, where this test may run.
      const environment = { WRITE_GRANTS_FILE: "1", CI: "" };
      const engine = await world.createEngine({ policyPackConfig, environment });
      await engine.up();
      role = await functionRole(world, stackOutputs(await engine.stack.outputs()));
    });

    it("grants what the grants file says, to the letter", () => {
      const committed = readFileSync(join(root, "grants.lock.json"), "utf8");

      expect(readFileSync(written(), "utf8")).to.equal(committed);
    });

    it("is allowed every call that its statements are for", async () => {
      for (const { sid, actions } of rows) {
        for (const action of actions) {
          expect(await role.denialOf(sid, action), `${sid} ${action}`).to.equal(undefined);
        }
      }
    });

    for (const { sid, actions } of rows) {
      it(`is denied what the preview predicts when ${sid} is taken away, and nothing else`, async () => {
        await role.takeAway(sid);

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
  /** Leaves the role without one of its statements. */
  takeAway(sid: string): Promise<void>;
  /** AWS's error if the role may not make the call that a statement is for. */
  denialOf(sid: string, action: string): Promise<string | undefined>;
}

/** Acts as the deployed function does: with its credentials, on its resources. */
async function functionRole(world: TestWorld, stack: StackOutputs): Promise<FunctionRole> {
  // The emulator knows the credentials of a function that has run.
  await new Probe(world, stack).invoke({ dryRun: true });
  const iam = new IAMClient(world.aws);
  const { Configuration } = await new LambdaClient(world.aws).send(
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
  // The emulator asks for the log group's own ARN, where AWS asks for the stream's.
  for (const it of document.Statement) {
    if (it.Sid === "WriteOwnLog") it.Resource.push(it.Resource[0].replace(/:\*$/, ""));
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
    { ...world.aws, credentials: executionCredentials(world.aws.credentials, FunctionArn, Role) },
    { ...stack, checksUrl: QUEUE_URL },
  );
  return {
    takeAway: async (sid) => {
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
      // A call that fails otherwise was allowed, but for one that IAM has not even looked at.
      if (/token|credential|signature/i.test(`${error}`)) throw error;
      return isDenied ? String(error) : undefined;
    },
  };
}

/** By statement and action, the call that the function or Lambda makes. */
function callsAs(
  aws: TestWorld["aws"],
  stack: StackOutputs & { checksUrl: string },
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
  const QueueUrl = stack.checksUrl;
  return {
    ClaimReboots: {
      "dynamodb:GetItem": () => dynamodb.send(new GetItemCommand(item)),
      "dynamodb:PutItem": () =>
        dynamodb.send(new PutItemCommand({ TableName: stack.tableName, Item: item.Key })),
      "dynamodb:UpdateItem": () => dynamodb.send(new UpdateItemCommand(item)),
    },
    LookAtInstances: {
      "ec2:DescribeInstanceStatus": () =>
        ec2.send(new DescribeInstanceStatusCommand({ InstanceIds })),
    },
    RebootTheInstance: {
      "ec2:RebootInstances": () => ec2.send(new RebootInstancesCommand({ InstanceIds })),
    },
    TellPeople: {
      "sns:Publish": () =>
        sns.send(new PublishCommand({ TopicArn: stack.topicArn, Message: "test" })),
    },
    CheckLater: { "sqs:SendMessage": send(QueueUrl) },
    ReceiveChecks: {
      "sqs:DeleteMessage": () =>
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "none" })),
      "sqs:GetQueueAttributes": () => sqs.send(new GetQueueAttributesCommand({ QueueUrl })),
      "sqs:ReceiveMessage": () => sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    },
    KeepFailedCalls: { "sqs:SendMessage": send(stack.deadLettersUrl) },
    WriteOwnLog: {
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
