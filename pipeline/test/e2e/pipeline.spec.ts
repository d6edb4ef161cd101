import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogStreamCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Instance,
  ModifyNetworkInterfaceAttributeCommand,
  RebootInstancesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteTopicCommand,
  PublishCommand,
  SNSClient,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { scalarOf } from "../../../policy/field.ts";
import { StackClient, type StackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import { credentialsIn, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { policiesOf } from "../../rehearsal/authorizer/roles.ts";
import { jobs, repository, type TokenJob } from "../../rehearsal/github-token.ts";
import type { Pipeline } from "../../rehearsal/pipeline.ts";
import { manualChanges, reports } from "./manual-changes.ts";
import {
  driftCheck,
  type Login,
  type PipelineEnvironment,
  startPipelineEnvironment,
} from "./pipeline-environment.ts";

const withPack = "--policy-pack policy --policy-pack-config policy-config.json";

describe("the pipeline's roles", () => {
  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let pipeline: Pipeline;
  let preview: Login;
  let deploy: Login;
  let own: Login;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, pipeline, preview, deploy, own } = started);
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

  const feature = "refs/heads/feature";
  const others: readonly [string, "preview" | "deploy", TokenJob][] = [
    ["the drift workflow on another branch", "preview", { ...jobs.drift, ref: feature }],
    ["the workflow up", "preview", jobs.up],
    ["a pull request's preview", "deploy", jobs.preview],
    ["the drift workflow on main", "deploy", jobs.drift],
    ["another environment", "deploy", { ...jobs.up, environment: "staging" }],
    ["another branch, though with the environment", "deploy", { ...jobs.up, ref: feature }],
    ["a tag that is called main", "deploy", { ...jobs.up, ref: "refs/tags/main" }],
    ["another workflow on main with the environment", "deploy", { ...jobs.up, workflow: "x.yml" }],
    ["the preview with the environment", "deploy", { ...jobs.preview, environment: "production" }],
  ];
  for (const [what, role, job] of others) {
    it(`does not give the ${role} role to ${what}`, async () => {
      expect(await nameOfError(pipeline.session(role, job))).to.equal("AccessDenied");
    });
  }

  for (const [claim, value] of [
    ["ref", feature],
    ["job_workflow_ref", `acme/watchdog/.github/workflows/up.yml@${feature}`],
    ["job_workflow_ref", "evil/watchdog/.github/workflows/up.yml@refs/heads/main"],
    ["repository_id", "456790"],
    ["aud", "https://github.com/acme"],
  ] as const) {
    it(`does not give the deploy role for a token of up whose ${claim} is ${value}`, async () => {
      const asked = pipeline.session("deploy", jobs.up, { [claim]: value });

      expect(await nameOfError(asked)).to.be.oneOf([
        "AccessDenied",
        "InvalidIdentityTokenException",
      ]);
    });
  }

  for (const [role, job] of [
    ["preview", jobs.preview],
    ["deploy", jobs.up],
  ] as const) {
    for (const [what, changes] of [
      ["another repository", { name: "other", id: "1" }],
      ["another owner", { owner: "evil", ownerId: "9" }],
      ["a repository that was created again under the same name", { id: "456790" }],
    ] as const) {
      it(`does not give the ${role} role to ${what}`, async () => {
        const other = { ...job, repository: { ...repository, ...changes } };

        expect(await nameOfError(pipeline.session(role, other))).to.equal("AccessDenied");
      });
    }

    it(`does not give the ${role} role for a token that has expired`, async () => {
      const asked = pipeline.session(role, job, { exp: 1 });

      expect(await nameOfError(asked)).to.equal("ExpiredTokenException");
    });
  }

  it("gives the preview role to the drift check on main", async () => {
    const session = await pipeline.session("preview", jobs.drift);

    expect(session.AWS_ACCESS_KEY_ID).to.match(/^ASIA/);
  });

  it("permit a preview of everything, from the encrypted state in the bucket", async () => {
    const output = await run(`pulumi preview ${withPack}`, preview);

    expect(output).to.include("44 to create");
    expect(refused()).to.deep.equal([]);
  });

  it("refuse an `up` with the preview role before anything is created", async () => {
    const { code, error } = await attempt("pulumi up --yes --skip-preview", preview);

    expect(code).not.to.equal(0);
    expect(error).to.include("s3:PutObject");
    const allowed = started.decisions.filter(
      (it) => /:(Create|Put|Run)/.test(it.action) && it.isAllowed,
    );
    expect(allowed).to.deep.equal([]);
  });

  it("permit the whole `up`, and a second one that finds nothing to do", async () => {
    expect(await run(`pulumi up --yes ${withPack}`, deploy)).to.include("44 created");
    const again = await run("pulumi up --yes --skip-preview --expect-no-changes", deploy);

    expect(again).to.include("44 unchanged");
    expect(refused()).to.deep.equal([]);
  });

  it("permit another preview of the stack and of bootstrap, in which the pack finds nothing", async () => {
    const output = await run(`pulumi preview --expect-no-changes ${withPack}`, preview);
    const refreshed = await run(
      `pulumi up --yes --refresh --skip-preview --expect-no-changes ${withPack}`,
      deploy,
    );
    const ofBootstrap = await pipeline.bootstrap(
      "preview --refresh --expect-no-changes --policy-pack ../../policy --policy-pack-config policy-config.json",
    );

    expect(output).to.include("44 unchanged");
    expect(refreshed).to.include("44 unchanged");
    expect(ofBootstrap).to.match(/\d+ unchanged/);
    expect(refused()).to.deep.equal([]);
  });

  it("bound the function's role, which still reboots", async () => {
    const outputs: StackOutputs = JSON.parse(
      await run("pulumi stack output --json --show-secrets", deploy),
    );
    const client = new StackClient(environment, outputs);

    const { body } = await client.postAlert(environment.webhookToken);

    expect(JSON.parse(body)).to.include({ outcome: "rebooted", notified: true });
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
    it("find none in what a reboot leaves: items, messages, confirmed and masked things", async () => {
      expect(await run(driftCheck, preview)).to.include("44 unchanged");
      expect(refused()).to.deep.equal([]);
    });

    it("find a security group that somebody opened", async () => {
      const ec2 = new EC2Client(environment.aws);
      const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
      const { GroupId } = SecurityGroups.find((it) => it.GroupName?.includes("web-server")) ?? {};
      const ssh = {
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: "0.0.0.0/0" }],
      };
      const opened = { GroupId, IpPermissions: [ssh] };
      await ec2.send(new AuthorizeSecurityGroupIngressCommand(opened));

      const { code, output } = await attempt(driftCheck, preview);

      expect(code).not.to.equal(0);
      expect(output).to.match(/aws:ec2:SecurityGroup\s+web-server-security-group\s+update/);
      expect(output).to.include("~ 1 to update");
      await ec2.send(new RevokeSecurityGroupIngressCommand(opened));
    });

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
      ["reservedConcurrency 5"],
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

  describe("refuse with the deploy role", () => {
    const account = "arn:aws:iam::000000000000";
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const everything = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    const ownRole = "reboot-automation-dev-reboot-role";
    const boundary = `${account}:policy/reboot-automation-dev-boundary`;
    const code = { ZipFile: Buffer.from("x") };
    const functionName = "Pacerpro-Reboot-Automation";
    const otherInstance = "i-0123456789abcdef0";
    const table = (TableName: string) => ({
      TableName,
      BillingMode: "PAY_PER_REQUEST" as const,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
    });
    const ownInstance = {
      ImageId: "ami-1",
      InstanceType: "t3.small" as const,
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        {
          ResourceType: "instance" as const,
          Tags: [
            { Key: "Project", Value: "reboot-automation" },
            { Key: "Stack", Value: "dev" },
          ],
        },
      ],
    };

    // biome-ignore lint/suspicious/noExplicitAny: each client has its commands
    const attempts: readonly [string, new (target: any) => any, object, string][] = [
      [
        "another function",
        LambdaClient,
        new CreateFunctionCommand({
          FunctionName: "other",
          Role: `${account}:role/${ownRole}`,
          Code: code,
        }),
        "lambda:CreateFunction on arn:aws:lambda:us-east-1:000000000000:function:other",
      ],
      [
        "the code of another function",
        LambdaClient,
        new UpdateFunctionCodeCommand({ FunctionName: "other", ZipFile: code.ZipFile }),
        "lambda:UpdateFunctionCode on arn:aws:lambda:us-east-1:000000000000:function:other",
      ],
      [
        "another role for the function",
        LambdaClient,
        new UpdateFunctionConfigurationCommand({
          FunctionName: functionName,
          Role: `${account}:role/admin`,
        }),
        `iam:PassRole on ${account}:role/admin`,
      ],
      [
        "its role for the function",
        LambdaClient,
        new UpdateFunctionConfigurationCommand({
          FunctionName: functionName,
          Role: `${account}:role/reboot-automation-dev-deploy`,
        }),
        `iam:PassRole on ${account}:role/reboot-automation-dev-deploy`,
      ],
      [
        "another table",
        DynamoDBClient,
        new CreateTableCommand(table("orders")),
        "dynamodb:CreateTable on arn:aws:dynamodb:us-east-1:000000000000:table/orders",
      ],
      [
        "the table of another stack",
        DynamoDBClient,
        new DeleteTableCommand({ TableName: "reboot-automation-prod-reboot-table-1a2b3c4" }),
        "dynamodb:DeleteTable on arn:aws:dynamodb:us-east-1:000000000000:table/reboot-automation-prod-reboot-table-1a2b3c4",
      ],
      ...ofDevEu(),
      [
        "a user",
        IAMClient,
        new CreateUserCommand({ UserName: "mallory" }),
        `iam:CreateUser on ${account}:user/mallory`,
      ],
      [
        "a role without the boundary",
        IAMClient,
        new CreateRoleCommand({ RoleName: ownRole, AssumeRolePolicyDocument: trust }),
        `iam:CreateRole on ${account}:role/${ownRole}`,
      ],
      [
        "a role with another boundary",
        IAMClient,
        new CreateRoleCommand({
          RoleName: ownRole,
          AssumeRolePolicyDocument: trust,
          PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
        `iam:CreateRole on ${account}:role/${ownRole}`,
      ],
      [
        "another role, though bounded",
        IAMClient,
        new CreateRoleCommand({
          RoleName: "other",
          AssumeRolePolicyDocument: trust,
          PermissionsBoundary: boundary,
        }),
        `iam:CreateRole on ${account}:role/other`,
      ],
      [
        "more for itself",
        IAMClient,
        new PutRolePolicyCommand({
          RoleName: "reboot-automation-dev-deploy",
          PolicyName: "all",
          PolicyDocument: everything,
        }),
        `iam:PutRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
      ],
      [
        "a managed policy for itself",
        IAMClient,
        new AttachRolePolicyCommand({
          RoleName: "reboot-automation-dev-deploy",
          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
        `iam:AttachRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
      ],
      [
        "a managed policy for the function's role",
        IAMClient,
        new AttachRolePolicyCommand({
          RoleName: ownRole,
          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
        `iam:AttachRolePolicy on ${account}:role/${ownRole}`,
      ],
      [
        "another trust for the function's role",
        IAMClient,
        new UpdateAssumeRolePolicyCommand({ RoleName: ownRole, PolicyDocument: trust }),
        `iam:UpdateAssumeRolePolicy on ${account}:role/${ownRole}`,
      ],
      [
        "the function's role deleted, to create it with another trust",
        IAMClient,
        new DeleteRoleCommand({ RoleName: ownRole }),
        `iam:DeleteRole on ${account}:role/${ownRole}`,
      ],
      [
        "another trust for itself",
        IAMClient,
        new UpdateAssumeRolePolicyCommand({
          RoleName: "reboot-automation-dev-deploy",
          PolicyDocument: trust,
        }),
        `iam:UpdateAssumeRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
      ],
      [
        "other security groups for an instance",
        EC2Client,
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: "eni-0123456789abcdef0",
          Groups: ["sg-0123456789abcdef0"],
        }),
        "ec2:ModifyNetworkInterfaceAttribute on arn:aws:ec2:us-east-1:000000000000:network-interface/eni-0123456789abcdef0",
      ],
      [
        "tags for another instance",
        EC2Client,
        new CreateTagsCommand({ Resources: [otherInstance], Tags: [{ Key: "Name", Value: "x" }] }),
        `ec2:CreateTags on arn:aws:ec2:us-east-1:000000000000:instance/${otherInstance}`,
      ],
      [
        "the function's role without its boundary",
        IAMClient,
        new DeleteRolePermissionsBoundaryCommand({ RoleName: ownRole }),
        `iam:DeleteRolePermissionsBoundary on ${account}:role/${ownRole}`,
      ],
      [
        "a wider boundary for the function's role",
        IAMClient,
        new PutRolePermissionsBoundaryCommand({
          RoleName: ownRole,
          PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
        `iam:PutRolePermissionsBoundary on ${account}:role/${ownRole}`,
      ],
      [
        "more in the boundary itself",
        IAMClient,
        new CreatePolicyVersionCommand({
          PolicyArn: boundary,
          PolicyDocument: everything,
          SetAsDefault: true,
        }),
        `iam:CreatePolicyVersion on ${boundary}`,
      ],
      [
        "an instance without the stack's tags",
        EC2Client,
        new RunInstancesCommand({
          ImageId: "ami-1",
          InstanceType: "t2.micro",
          MinCount: 1,
          MaxCount: 1,
        }),
        "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:instance/*",
      ],
      [
        "an instance of another type",
        EC2Client,
        new RunInstancesCommand({ ...ownInstance, InstanceType: "p5.48xlarge" }),
        "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:instance/*",
      ],
      [
        "an instance with a network interface that is not in the stack's VPC",
        EC2Client,
        new RunInstancesCommand({
          ...ownInstance,
          NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: "eni-0123456789abcdef0" }],
        }),
        "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:network-interface/eni-0123456789abcdef0",
      ],
      [
        "the end of another instance",
        EC2Client,
        new TerminateInstancesCommand({ InstanceIds: [otherInstance] }),
        `ec2:TerminateInstances on arn:aws:ec2:us-east-1:000000000000:instance/${otherInstance}`,
      ],
      [
        "an e-mail to the topic's people",
        SNSClient,
        new PublishCommand({
          TopicArn: "arn:aws:sns:us-east-1:000000000000:reboot-automation-dev-notifications-1",
          Message: "x",
        }),
        "sns:Publish on arn:aws:sns:us-east-1:000000000000:reboot-automation-dev-notifications-1",
      ],
      [
        "the state of another project",
        S3Client,
        new GetObjectCommand({
          Bucket: "reboot-automation-dev-state-000000000000",
          Key: ".pulumi/stacks/payroll/prod.json",
        }),
        "s3:GetObject on arn:aws:s3:::reboot-automation-dev-state-000000000000/.pulumi/stacks/payroll/prod.json",
      ],
      [
        "the state of a stack whose name begins alike",
        S3Client,
        new PutObjectCommand({
          Bucket: "reboot-automation-dev-state-000000000000",
          Key: ".pulumi/stacks/reboot-automation/dev-eu.json",
          Body: "{}",
        }),
        "s3:PutObject on arn:aws:s3:::reboot-automation-dev-state-000000000000/.pulumi/stacks/reboot-automation/dev-eu.json",
      ],
      [
        "another bucket",
        S3Client,
        new PutObjectCommand({ Bucket: "other", Key: "x", Body: "x" }),
        "s3:PutObject on arn:aws:s3:::other/x",
      ],
    ];
    for (const [what, Client, command, refusal] of attempts) {
      it(what, async () => {
        const client = new Client({
          ...environment.aws,
          ...credentialsIn(deploy),
          forcePathStyle: true,
          maxAttempts: 1,
        });

        await nameOfError(client.send(command));

        expect(refused()).to.deep.equal([refusal]);
      });
    }
  });

  for (const [what, tags] of [
    ["the tag Project", [{ Key: "Project" }]],
    ["the tag stack, as its key is written elsewhere", [{ Key: "stack" }]],
    ["all tags", []],
  ] as const) {
    it(`refuse with the deploy role to remove ${what} from the stack's own instance`, async () => {
      const Filters = [{ Name: "tag:Stack", Values: ["dev"] }];
      const ec2 = new EC2Client({ ...environment.aws, ...credentialsIn(deploy) });
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
      const id = Reservations[0]?.Instances?.[0]?.InstanceId ?? "";

      await nameOfError(ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [...tags] })));

      const refusal = `ec2:DeleteTags on arn:aws:ec2:us-east-1:000000000000:instance/${id}`;
      expect(refused()).to.deep.equal([refusal]);
    });
  }

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

      const error = await messageOf(pipeline.bootstrap("up --yes --skip-preview"));

      expect(error).to.match(
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

async function messageOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

async function nameOfError(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => "no error",
    (error: Error) => error.name,
  );
}

/** Attempts on each kind of resource of the stack dev-eu, whose names begin as those of the stack dev. */
// biome-ignore lint/suspicious/noExplicitAny: each client has its commands
function ofDevEu(): readonly [string, new (target: any) => any, object, string][] {
  const prefix = "reboot-automation-dev-eu";
  const here = (service: string, resource: string) =>
    `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const topic = here("sns", `${prefix}-notifications-1a2b3c4`);
  const queue = `${prefix}-reboot-checks-1a2b3c4`;
  const table = `${prefix}-reboot-table-1a2b3c4`;
  const alarm = `${prefix}-alarms-errors-1a2b3c4`;
  const role = `${prefix}-reboot-role`;
  const ofRole = { RoleName: role, PolicyName: "x", PolicyDocument: "{}" };
  return [
    [
      "the topic of dev-eu",
      SNSClient,
      new DeleteTopicCommand({ TopicArn: topic }),
      `sns:DeleteTopic on ${topic}`,
    ],
    [
      "a subscription of dev-eu",
      SNSClient,
      new UnsubscribeCommand({ SubscriptionArn: `${topic}:1` }),
      `sns:Unsubscribe on ${topic}:1`,
    ],
    [
      "a queue of dev-eu",
      SQSClient,
      new CreateQueueCommand({ QueueName: queue }),
      `sqs:CreateQueue on ${here("sqs", queue)}`,
    ],
    [
      "the table of dev-eu",
      DynamoDBClient,
      new DeleteTableCommand({ TableName: table }),
      `dynamodb:DeleteTable on ${here("dynamodb", `table/${table}`)}`,
    ],
    [
      "an alarm of dev-eu",
      CloudWatchClient,
      new DeleteAlarmsCommand({ AlarmNames: [alarm] }),
      `cloudwatch:DeleteAlarms on ${here("cloudwatch", `alarm:${alarm}`)}`,
    ],
    [
      "the role of dev-eu",
      IAMClient,
      new PutRolePolicyCommand(ofRole),
      `iam:PutRolePolicy on arn:aws:iam::000000000000:role/${role}`,
    ],
  ];
}
