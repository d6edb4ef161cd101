import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DynamoDBClient,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import {
  ListSubscriptionsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import type { TestEnvironment } from "../../../sandbox/test-environment.ts";
import { functionName, type ManualChange, roleName } from "./manual-changes/manual-change.ts";
import { manualChanges, reports } from "./manual-changes.ts";
import {
  driftCheck,
  type Login,
  type PipelineEnvironment,
  startPipelineEnvironment,
} from "./pipeline-environment.ts";

const up = "pulumi up --yes --skip-preview";
const withPack = "--policy-pack policy/bin/pack.js --policy-pack-config policy-config.json";
const repair = `${up} --refresh ${withPack}`;

describe("manual changes of a deployed stack", function () {
  this.timeout(600_000);

  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let preview: Login;
  let deploy: Login;
  let changes: readonly ManualChange[];
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, preview, deploy } = started);
    changes = manualChanges(environment.aws);
    await run(`${up} ${withPack}`, deploy);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const attempt = (line: string, login: Login) => started.attempt(line, login);
  const refused = () => started.refused();
  beforeEach(refused);

  // The titles alone: the clients need the sandbox, which is not there yet.
  const nowhere = {
    endpoint: "http://127.0.0.1:9",
    region: "us-east-1",
    credentials: { accessKeyId: "", secretAccessKey: "" },
  };
  for (const [index, { title }] of manualChanges(nowhere).entries()) {
    it(`${title}: the drift check reports it, and up with refresh puts it back`, async () => {
      const { change, read, resource } = changes[index] as ManualChange;
      const before = await read();
      await change();
      expect(await read()).not.to.deep.equal(before);

      const { code, output } = await attempt(driftCheck, preview);
      await run(repair, deploy);

      expect(code).to.equal(7);
      expect(reports(output, resource), output).to.equal(true);
      expect(refused()).to.deep.equal([]);
      expect(await read()).to.deep.equal(before);
      expect(await run(driftCheck, preview)).to.include("44 unchanged");
    });
  }

  it("the role's boundary: the drift check reports it, and up with refresh puts it back", async () => {
    const iam = new IAMClient(environment.aws);
    const get = new GetRoleCommand({ RoleName: roleName });
    const boundary = (await iam.send(get)).Role?.PermissionsBoundary;
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: roleName }));

    const { code, output } = await attempt(driftCheck, preview);
    await run(repair, deploy);

    expect(code).to.equal(7);
    expect(reports(output, ["aws:iam:Role", "reboot-role"]), output).to.equal(true);
    expect(refused()).to.deep.equal([]);
    expect((await iam.send(get)).Role?.PermissionsBoundary).to.deep.equal(boundary);
  });

  it("a confirmed subscription ended by its link: the drift check reports it, and up with refresh subscribes again", async () => {
    const sns = new SNSClient(environment.aws);
    const addresses = async () =>
      ((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).map(
        ({ Endpoint }) => Endpoint,
      );
    const before = await addresses();
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    const { SubscriptionArn } = Subscriptions[0] ?? {};
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));

    const { code, output } = await attempt(driftCheck, preview);
    await run(repair, deploy);

    expect(code).to.equal(7);
    expect(reports(output, ["aws:sns:TopicSubscription", "notifications-"]), output).to.equal(true);
    expect(refused()).to.deep.equal([]);
    expect(await addresses()).to.deep.equal(before);
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  it("the URL deleted: one up with refresh creates it again, though permissions are left", async () => {
    const lambda = new LambdaClient(environment.aws);
    const FunctionName = functionName;
    await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));

    await run(repair, deploy);

    expect(refused()).to.deep.equal([]);
    const { AuthType } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    expect(AuthType).to.equal("NONE");
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  it("that no refresh can see are reported nowhere", async () => {
    const lambda = new LambdaClient(environment.aws);
    const FunctionName = functionName;
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    const ZipFile = zipSync({ "__index.js": strToU8("exports.handler = async () => {};") });
    const Resource = Configuration?.FunctionArn;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await lambda.send(new TagResourceCommand({ Resource, Tags: { Owner: "somebody" } }));
    const StatementId = "FunctionURLAllowPublicAccess";
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    const dynamodb = new DynamoDBClient(environment.aws);
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    for (const TableName of TableNames) {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      const change = { TableName, PointInTimeRecoverySpecification };
      await dynamodb.send(new UpdateContinuousBackupsCommand(change));
    }
    const Statement = [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }];
    const everybody = JSON.stringify({ Version: "2012-10-17", Statement });
    const QueueUrl = await queueUrl("reboot-checks");
    await new SQSClient(environment.aws).send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: everybody } }),
    );
    const { topicArn } = JSON.parse(await run("pulumi stack output --json", deploy));
    await new SNSClient(environment.aws).send(
      new SetTopicAttributesCommand({
        TopicArn: topicArn,
        AttributeName: "Policy",
        AttributeValue: everybody,
      }),
    );

    expect(await run(driftCheck, preview)).to.include("44 unchanged");
    expect(await run(repair, deploy)).to.include("44 unchanged");
  });

  it("a tag on a queue: the drift check reports it, and the deploy role may not remove it", async () => {
    const sqs = new SQSClient(environment.aws);
    const QueueUrl = await queueUrl("reboot-checks");
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { By: "somebody" } }));

    const checked = await attempt(driftCheck, preview);
    const repaired = await attempt(repair, deploy);
    const refusals = refused();
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["By"] }));
    await run(repair, deploy);

    expect(checked.code).to.equal(7);
    expect(reports(checked.output, ["aws:sqs:Queue", "reboot-checks"])).to.equal(true);
    expect(repaired.code).not.to.equal(0);
    expect(refusals).to.deep.equal([
      `sqs:UntagQueue on arn:aws:sqs:us-east-1:000000000000:${QueueUrl.split("/").at(-1)}`,
    ]);
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  it("an update that AWS refused: up alone records it as done, and up with refresh repeats it", async () => {
    const sqs = new SQSClient(environment.aws);
    const iam = new IAMClient(environment.aws);
    const QueueUrl = await queueUrl("reboot-checks");
    const timeout = async () => {
      const AttributeNames = ["VisibilityTimeout" as const];
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
      return (await sqs.send(command)).Attributes?.VisibilityTimeout;
    };
    const before = await timeout();
    const Attributes = { VisibilityTimeout: "60" };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    const denial = { RoleName: "reboot-automation-dev-deploy", PolicyName: "refuse" };
    const Statement = [{ Effect: "Deny", Action: "sqs:SetQueueAttributes", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new PutRolePolicyCommand({ ...denial, PolicyDocument }));

    const first = await attempt(repair, deploy);
    await iam.send(new DeleteRolePolicyCommand(denial));
    expect(first.code).not.to.equal(0);
    expect(refused()).to.have.length(1);

    await run(up, deploy);
    expect(await timeout()).to.equal("60");
    expect(await run(`${up} --expect-no-changes`, deploy)).to.include("44 unchanged");
    expect((await attempt(driftCheck, preview)).code).to.equal(7);

    await run(repair, deploy);
    expect(await timeout()).to.equal(before);
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  it("a policy added before the role had exclusive policies: up alone removes it", async () => {
    const iam = new IAMClient(environment.aws);
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn }));
    const Statement = [{ Effect: "Deny", Action: "*", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    const added = { RoleName: roleName, PolicyName: "added", PolicyDocument };
    await iam.send(new PutRolePolicyCommand(added));
    const state = JSON.parse(await run("pulumi stack export", deploy));
    const file = join(environment.folder, "state.json");
    writeFileSync(file, JSON.stringify(without(state, /Exclusive::/)));
    await run(`pulumi stack import --file ${file}`, deploy);

    const output = await run(`${up} ${withPack}`, deploy);

    expect(output).to.include("2 created");
    expect(refused()).to.deep.equal([]);
    const attached = new ListAttachedRolePoliciesCommand({ RoleName: roleName });
    expect((await iam.send(attached)).AttachedPolicies).to.deep.equal([]);
    const inline = new ListRolePoliciesCommand({ RoleName: roleName });
    const { PolicyNames = [] } = await iam.send(inline);
    expect(PolicyNames.map((it) => it.includes("reboot-role-policy"))).to.deep.equal([true]);
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  for (const key of ["Project", "Stack"]) {
    it(`the instance's tag ${key}: both roles are locked out until somebody else puts it back`, async () => {
      const ec2 = new EC2Client(environment.aws);
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      const id = Reservations[0]?.Instances?.[0]?.InstanceId ?? "";
      const Value = { Project: "reboot-automation", Stack: "dev" }[key];
      await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: key }] }));

      const drift = await attempt(driftCheck, preview);
      const put = await attempt(repair, deploy);
      const refusals = refused();
      await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value }] }));

      expect([0, 7]).not.to.include(drift.code);
      expect(put.code).not.to.equal(0);
      expect([...new Set(refusals)]).to.deep.equal([
        `ec2:DescribeInstanceAttribute on arn:aws:ec2:us-east-1:000000000000:instance/${id}`,
      ]);
      expect(await run(driftCheck, preview)).to.include("44 unchanged");
    });
  }

  describe("in the end", () => {
    it("a policy added to the role: destroy stops at it, and destroy with refresh removes it", async () => {
      const iam = new IAMClient(environment.aws);
      const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
      await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn }));
      const destroy = "pulumi destroy --yes --skip-preview";

      const { code, output, error } = await attempt(destroy, started.own);
      await run(`${destroy} --refresh`, started.own);

      expect(code).not.to.equal(0);
      expect(output + error).to.include("must detach all policies first");
      expect(refused()).to.deep.equal([]);
    });
  });

  /** The address of the queue that has this in its name. */
  async function queueUrl(name: string): Promise<string> {
    const { QueueUrls = [] } = await new SQSClient(environment.aws).send(new ListQueuesCommand({}));
    return QueueUrls.find((it) => it.includes(name)) ?? "";
  }
});

/** A stack's state without the resources that have such a URN, and what depends on them without that. */
function without(value: unknown, urn: RegExp): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((it) => !urn.test(typeof it === "string" ? it : (it?.urn ?? "")))
      .map((it) => without(it, urn));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, without(it, urn)]));
}
