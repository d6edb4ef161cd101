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
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  IAMClient,
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
import { ListQueuesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { createPipeline, type Pipeline, subjectPrefix } from "../../sandbox/pipeline.ts";
import {
  functionName,
  type ManualChange,
  manualChanges,
  reports,
  roleName,
} from "./manual-changes.ts";
import { startTestWorld, type TestWorld } from "./support.ts";

const withPack = "--policy-pack policy --policy-pack-config policy-config.json";
const check = "pulumi refresh --preview-only --expect-no-changes --non-interactive";
const repair = `pulumi up --yes --refresh --skip-preview ${withPack}`;

describe("manual changes of a deployed stack", function () {
  this.timeout(600_000);

  let world: TestWorld;
  let pipeline: Pipeline;
  let preview: Record<string, string>;
  let deploy: Record<string, string>;
  let changes: readonly ManualChange[];
  before(async () => {
    world = await startTestWorld();
    const pulumi = process.env.SANDBOX_PULUMI ?? "";
    pipeline = await createPipeline(world, { folder: world.folder, pulumi });
    preview = await pipeline.session("preview", `${subjectPrefix}:pull_request`);
    deploy = await pipeline.session("deploy", `${subjectPrefix}:environment:production`);
    changes = manualChanges(world.aws);
    await run(`pulumi up --yes --skip-preview ${withPack}`, deploy);
  });
  after(() => world.stop());

  async function run(line: string, session: Record<string, string>): Promise<string> {
    const { code, output, error } = await pipeline.checkout.run(line, session);
    expect(code, `${line}\n${output}${error}`).to.equal(0);
    return output;
  }

  /** What was refused since the last time that this was called. */
  let seen = 0;
  function refused(): string[] {
    const news = world.gateway.judged.slice(seen);
    seen = world.gateway.judged.length;
    return news.filter((it) => !it.isAllowed).map((it) => `${it.action} on ${it.resource}`);
  }
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

      const { code, output } = await pipeline.checkout.run(check, preview);
      await run(repair, deploy);

      expect(code).to.equal(7);
      expect(reports(output, resource), output).to.equal(true);
      expect(refused()).to.deep.equal([]);
      expect(await read()).to.deep.equal(before);
      expect(await run(check, preview)).to.include("43 unchanged");
    });
  }

  it("the role's boundary: the drift check reports it, and up with refresh puts it back", async () => {
    const iam = new IAMClient(world.aws);
    const get = new GetRoleCommand({ RoleName: roleName });
    const boundary = (await iam.send(get)).Role?.PermissionsBoundary;
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: roleName }));

    const { code, output } = await pipeline.checkout.run(check, preview);
    await run(repair, deploy);

    expect(code).to.equal(7);
    expect(reports(output, ["aws:iam:Role", "reboot-role"]), output).to.equal(true);
    expect(refused()).to.deep.equal([]);
    expect((await iam.send(get)).Role?.PermissionsBoundary).to.deep.equal(boundary);
  });

  it("the URL deleted: one up with refresh creates it again, though permissions are left", async () => {
    const lambda = new LambdaClient(world.aws);
    const FunctionName = functionName;
    await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));

    await run(repair, deploy);

    expect(refused()).to.deep.equal([]);
    const { AuthType } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    expect(AuthType).to.equal("NONE");
    expect(await run(check, preview)).to.include("43 unchanged");
  });

  it("that no refresh can see are reported nowhere", async () => {
    const lambda = new LambdaClient(world.aws);
    const FunctionName = functionName;
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    const ZipFile = zipSync({ "__index.js": strToU8("exports.handler = async () => {};") });
    const Resource = Configuration?.FunctionArn;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await lambda.send(new TagResourceCommand({ Resource, Tags: { Owner: "somebody" } }));
    const StatementId = "FunctionURLAllowPublicAccess";
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    const dynamodb = new DynamoDBClient(world.aws);
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    for (const TableName of TableNames) {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      const change = { TableName, PointInTimeRecoverySpecification };
      await dynamodb.send(new UpdateContinuousBackupsCommand(change));
    }
    const sqs = new SQSClient(world.aws);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:*", Resource: "*" }],
    });
    for (const QueueUrl of QueueUrls) {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    }

    expect(await run(check, preview)).to.include("43 unchanged");
    expect(await run(repair, deploy)).to.include("43 unchanged");
  });

  for (const key of ["Project", "Stack"]) {
    it(`the instance's tag ${key}: both roles are locked out until somebody else puts it back`, async () => {
      const ec2 = new EC2Client(world.aws);
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      const id = Reservations[0]?.Instances?.[0]?.InstanceId ?? "";
      const Value = { Project: "reboot-automation", Stack: "dev" }[key];
      await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: key }] }));

      const look = await pipeline.checkout.run(check, preview);
      const put = await pipeline.checkout.run(repair, deploy);
      const refusals = refused();
      await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value }] }));

      expect([0, 7]).not.to.include(look.code);
      expect(put.code).not.to.equal(0);
      expect([...new Set(refusals)]).to.deep.equal([
        `ec2:DescribeInstanceAttribute on arn:aws:ec2:us-east-1:000000000000:instance/${id}`,
      ]);
      expect(await run(check, preview)).to.include("43 unchanged");
    });
  }
});
