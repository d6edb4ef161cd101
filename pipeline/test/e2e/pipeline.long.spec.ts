import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogStreamCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Instance,
  RebootInstancesCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { scalarOf } from "../../../policy/field.ts";
import type { StackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import { failureOf, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { policiesOf } from "../../rehearsal/authorizer/roles.ts";
import { repository } from "../../rehearsal/github-token.ts";
import type { Pipeline } from "../../rehearsal/pipeline.ts";
import { manualChanges, reports } from "./manual-changes.ts";
import {
  driftCheck,
  type Login,
  nameOfError,
  type PipelineEnvironment,
  postAlert,
  startPipelineEnvironment,
  withPack,
} from "./pipeline-environment.ts";

describe("the pipeline's roles, from the second preview to `destroy`", () => {
  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let pipeline: Pipeline;
  let preview: Login;
  let deploy: Login;
  let own: Login;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, pipeline, preview, deploy, own } = started);
    // What pipeline.spec.ts tests: its calls count as uses of what the roles are granted.
    await run(`pulumi preview ${withPack}`, preview);
    await run(`pulumi up --yes ${withPack}`, deploy);
    await postAlert(started);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const attempt = (line: string, login: Login) => started.attempt(line, login);
  const refused = () => started.refused();
  beforeEach(refused);

  /** The instances that are not terminated. */
  async function instances(): Promise<Instance[]> {
    const { Reservations = [] } = await new EC2Client(environment.aws).send(
      new DescribeInstancesCommand({}),
    );
    const all = Reservations.flatMap((it) => it.Instances ?? []);
    return all.filter((it) => it.State?.Name !== "terminated");
  }

  it("permit another preview of the stack and of bootstrap, in which the pack finds nothing", async () => {
    const output = await run(`pulumi preview --expect-no-changes ${withPack}`, preview);
    const refreshed = await run(
      `pulumi up --yes --refresh --skip-preview --expect-no-changes ${withPack}`,
      deploy,
    );
    const ofBootstrap = await pipeline.bootstrap(
      "preview --refresh --expect-no-changes --policy-pack ../../policy/bin/pack.js --policy-pack-config policy-config.json",
    );

    expect(output).to.include("44 unchanged");
    expect(refreshed).to.include("44 unchanged");
    expect(ofBootstrap).to.match(/\d+ unchanged/);
    expect(refused()).to.deep.equal([]);
  });

  describe("if somebody else changes whom the function's role trusts", () => {
    const RoleName = "reboot-automation-dev-reboot-role";
    const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`;
    let outputs: StackOutputs;
    let session: Pick<typeof environment.aws, "credentials">;
    before(async () => {
      outputs = JSON.parse(await run("pulumi stack output --json --show-secrets", own));
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::000000000000:root" },
          },
        ],
      });
      const change = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument });
      await new IAMClient(environment.aws).send(change);
      const { Credentials } = await new STSClient(environment.aws).send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: "mallory" }),
      );
      const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
      session = {
        credentials: {
          accessKeyId: AccessKeyId,
          secretAccessKey: SecretAccessKey,
          sessionToken: SessionToken,
        },
      };
    });

    // biome-ignore lint/suspicious/noExplicitAny: each client has its commands
    const attempts: readonly [string, new (target: any) => any, () => object][] = [
      [
        "ec2:RebootInstances",
        EC2Client,
        () => new RebootInstancesCommand({ InstanceIds: [outputs.instanceId] }),
      ],
      [
        "sns:Publish",
        SNSClient,
        () => new PublishCommand({ TopicArn: outputs.topicArn, Message: "x" }),
      ],
      [
        "dynamodb:PutItem",
        DynamoDBClient,
        () => new PutItemCommand({ TableName: outputs.tableName, Item: { id: { S: "x" } } }),
      ],
      [
        "dynamodb:GetItem",
        DynamoDBClient,
        () => new GetItemCommand({ TableName: outputs.tableName, Key: { id: { S: "x" } } }),
      ],
      [
        "logs:CreateLogStream",
        CloudWatchLogsClient,
        () =>
          new CreateLogStreamCommand({
            logGroupName: outputs.logGroupName,
            logStreamName: "x",
          }),
      ],
    ];
    for (const [action, Client, command] of attempts) {
      it(`refuse ${action} to its sessions outside the function`, async () => {
        const client = new Client({ ...environment.aws, ...session, maxAttempts: 1 });

        await nameOfError(client.send(command()));

        expect(refused().map((it) => it.split(" ")[0])).to.deep.equal([action]);
      });
    }

    it("find it, refuse to put it back with the deploy role, and permit it with your own login", async () => {
      const { output } = await attempt(driftCheck, preview);
      const { code } = await attempt("pulumi up --yes --refresh --skip-preview", deploy);
      const refusals = refused();
      await run("pulumi up --yes --refresh --skip-preview", own);

      expect(output).to.match(/aws:iam:Role\s+reboot-role\s+update/);
      expect(code).not.to.equal(0);
      expect(refusals).to.deep.equal([`iam:UpdateAssumeRolePolicy on ${RoleArn}`]);
      expect(await run(driftCheck, preview)).to.include("44 unchanged");
    });
  });

  describe("during the drift check", () => {
    it("find everything that a refresh can see changed, and put all of it back", async () => {
      const changes = manualChanges(environment.aws);
      const read = async () => Promise.all(changes.map((it) => it.read()));
      const before = await read();
      for (const { change } of changes) await change();

      const { output } = await attempt(driftCheck, preview);
      await run(`pulumi up --yes --refresh --skip-preview ${withPack}`, deploy);

      const missed = changes.filter(({ resource }) => !reports(output, resource));
      expect(missed.map(({ title }) => title)).to.deep.equal([]);
      expect(refused()).to.deep.equal([]);
      expect(await read()).to.deep.equal(before);
      expect(await run(driftCheck, preview)).to.include("44 unchanged");
      expect(await run(`pulumi preview ${withPack}`, preview)).to.include("44 unchanged");
    });
  });

  describe("when settings change", () => {
    /** Settings that a pull request can change alone; see the tests below for the others. */
    const changes: readonly (readonly string[])[] = [
      ["httpCidr 203.0.113.0/24", "apiPath /api/v2", "silentMinutes 30", "logRetentionDays 60"],
      ["slowResponseSeconds 4", "cooldownMinutes 60", "maxRebootsPerDay 2"],
      ["webServer false", "maxSlowResponses 6", "windowMinutes 15", "checkEveryMinutes 4"],
      ["logSourceCategory web/other", "maxChecks 9", "notificationEmail other@example.com"],
      ["reservedConcurrency 5", "quietHours 'Sat 02:00-04:00 Europe/Berlin'"],
      [`--secret webhookTokenPrevious ${"b".repeat(64)}`],
    ];
    for (const settings of changes) {
      const names = settings.map((it) => it.replace(/^--secret /, "").split(" ")[0]);
      it(`permit a change of ${names.join(", ")}`, async () => {
        const set = settings.map((it) => `pulumi config set ${it}`).join(" && ");

        const output = await run(`${set} && pulumi up --yes --skip-preview`, deploy);

        expect(output).to.match(/updated|created|replaced/);
        expect(refused()).to.deep.equal([]);
      });
    }

    it("refuse another type of the instance that bootstrap does not have, before it is stopped", async () => {
      const [before] = await instances();

      const set = "pulumi config set instanceType t3.small";
      const { code } = await attempt(`${set} && pulumi up --yes --skip-preview`, deploy);

      expect(code).not.to.equal(0);
      expect(refused()).to.deep.equal([
        `ec2:StopInstances on arn:aws:ec2:us-east-1:000000000000:instance/${before?.InstanceId}`,
      ]);
      const [after] = await instances();
      expect(after).to.include({ InstanceId: before?.InstanceId, InstanceType: "t2.micro" });
      expect(after?.State?.Name).to.equal("running");
      const back = "pulumi config set instanceType t2.micro";
      await run(`${back} && pulumi up --yes --refresh --skip-preview`, deploy);
    });

    it("permit a change of the instance's type in place, once bootstrap has it", async () => {
      const [before] = await instances();
      await pipeline.bootstrap("config set instanceType t3.small");
      await pipeline.bootstrap("up --yes --skip-preview");
      const set = "pulumi config set instanceType t3.small";

      const seen = await run(`${set} && pulumi preview`, preview);
      const output = await run("pulumi up --yes --skip-preview", deploy);

      expect(seen).to.match(/Instance\s+web-server\s+update\s+\[diff: ~instanceType\]/);
      expect(output).to.match(/Instance\s+web-server\s+updated/);
      expect(refused()).to.deep.equal([]);
      const [after] = await instances();
      expect(after).to.include({ InstanceId: before?.InstanceId, InstanceType: "t3.small" });
      expect(after?.State?.Name).to.equal("running");
      const again = await run(driftCheck, preview);
      expect(again).to.include("unchanged");
    });

    it("permit a change of subnetId, and of a CIDR block that was there before", async () => {
      const { Subnets = [] } = await new EC2Client(environment.aws).send(
        new DescribeSubnetsCommand({}),
      );
      const set =
        `pulumi config set subnetId ${Subnets[0]?.SubnetId} && ` +
        "pulumi config set httpCidr 198.51.100.0/24";

      const output = await run(`${set} && pulumi up --yes --skip-preview`, deploy);

      expect(output).to.match(/Instance\s+web-server replaced/);
      expect(refused()).to.deep.equal([]);
    });

    it("permit new code of the function", async () => {
      const file = join(pipeline.checkout.folder, "handler", "notifications", "message.ts");
      const code = readFileSync(file, "utf8");
      const changed = code.replace("NOT recovered", "Not recovered");
      expect(changed, `${file} has no "NOT recovered" to change`).not.to.equal(code);
      writeFileSync(file, changed);

      const output = await run("pulumi up --yes --skip-preview", deploy);

      expect(output).to.include("~ 1 updated");
      expect(refused()).to.deep.equal([]);
    });

    it("permit to set the boundary again after someone removed it, but not to remove it", async () => {
      const RoleName = "reboot-automation-dev-reboot-role";
      const take = new DeleteRolePermissionsBoundaryCommand({ RoleName });
      await new IAMClient(environment.aws).send(take);
      await run("pulumi up --yes --refresh --skip-preview", deploy);
      expect(refused()).to.deep.equal([]);

      const settings = join(pipeline.checkout.folder, "Pulumi.dev.yaml");
      const kept = readFileSync(settings);
      await run("pulumi config rm permissionsBoundary", deploy);
      const { code } = await attempt("pulumi up --yes --skip-preview", deploy);
      writeFileSync(settings, kept);

      expect(code).not.to.equal(0);
      expect(refused()).to.deep.equal([
        `iam:DeleteRolePermissionsBoundary on arn:aws:iam::000000000000:role/${RoleName}`,
      ]);
    });
  });

  describe("in the end", () => {
    /** Each action that the roles have by one of their statements. */
    const granted = new Set<string>();
    async function collectGranted() {
      const iam = new IAMClient(environment.aws);
      for (const role of ["reboot-automation-dev-preview", "reboot-automation-dev-deploy"]) {
        for (const { label, actions } of (await policiesOf(iam, role)).statements) {
          for (const action of actions) granted.add(`${label}: ${scalarOf(action)}`);
        }
      }
    }

    it("permit to destroy everything but the function's role", async () => {
      const RoleName = "reboot-automation-dev-reboot-role";
      const destroy = "pulumi destroy --yes --skip-preview";
      const { code } = await attempt(`${destroy} --continue-on-error`, deploy);
      const refusals = refused();
      await new IAMClient(environment.aws).send(new DeleteRoleCommand({ RoleName }));
      await run(`${destroy} --refresh`, deploy);

      expect(code).not.to.equal(0);
      expect(refusals).to.deep.equal([
        `iam:ListInstanceProfilesForRole on arn:aws:iam::000000000000:role/${RoleName}`,
      ]);
      expect(refused()).to.deep.equal([]);
    });

    it("permit all of that, and to reboot, for an instance that exists", async () => {
      const { Instances = [] } = await new EC2Client(environment.aws).send(
        new RunInstancesCommand({ ImageId: "ami-1", MinCount: 1, MaxCount: 1 }),
      );
      const set = `config set instanceId ${Instances[0]?.InstanceId}`;
      await collectGranted();
      await pipeline.bootstrap(set);
      await pipeline.bootstrap("up --yes --skip-preview");

      for (const key of ["httpCidr", "subnetId"]) await run(`pulumi config rm ${key}`, deploy);
      await run(`pulumi ${set}`, deploy);
      await run("pulumi up --yes --skip-preview", deploy);

      expect(refused()).to.deep.equal([]);
    });

    it("cannot be created for a project and a stack whose names join alike", async () => {
      const { owner, ownerId, name, id } = repository;
      await pipeline.bootstrap("stack init joined");
      for (const setting of [
        `subjectPrefix repo:${owner}@${ownerId}/${name}@${id}`,
        `repositoryId ${id}`,
        "project reboot",
        "stack automation-dev",
        "functionName Other",
        "oidcProviderArn arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com",
      ]) {
        await pipeline.bootstrap(`config set ${setting}`);
      }

      const { message } = await failureOf(pipeline.bootstrap("up --yes --skip-preview"));

      expect(message).to.match(
        /(Role with name|policy called) reboot-automation-dev-\w+ already exists/,
      );
      await pipeline.bootstrap("stack select dev");
      await pipeline.bootstrap("preview --refresh --expect-no-changes");
    });

    it("have granted no action that nothing used", async () => {
      await collectGranted();
      const allowed = started.decisions.filter((it) => it.isAllowed);
      const used = new Set(allowed.map(({ statement, action }) => `${statement}: ${action}`));

      expect(granted.size).to.be.above(80);
      expect([...granted].filter((it) => !used.has(it))).to.deep.equal([]);
    });
  });
});
