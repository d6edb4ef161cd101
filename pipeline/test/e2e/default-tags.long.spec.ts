import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient, ListTagsCommand, TagResourceCommand } from "@aws-sdk/client-lambda";
import {
  CreateTopicCommand,
  ListTopicsCommand,
  SNSClient,
  TagResourceCommand as TagTopic,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import { scalarOf } from "../../../policy/field.ts";
import { credentialsIn, root, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { policiesOf } from "../../rehearsal/authorizer/roles.ts";
import {
  driftCheck,
  type Login,
  type PipelineEnvironment,
  startPipelineEnvironment,
} from "./pipeline-environment.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:Pacerpro-Reboot-Automation";

describe("the pipeline's roles with default tags", function () {
  this.timeout(300_000);

  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let preview: Login;
  let deploy: Login;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, preview, deploy } = started);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const refused = () => started.refused();
  beforeEach(refused);

  const setOwner = (owner: string) =>
    `pulumi config set --path 'aws:defaultTags.tags.Owner' ${owner}`;
  const withPack = "--policy-pack ../../policy/bin/pack.js --policy-pack-config policy-config.json";

  it("refuse them without bootstrap's setting", async () => {
    const { code, output, error } = await started.attempt(
      `${setOwner("team")} && pulumi up --yes --skip-preview`,
      deploy,
    );

    expect(code).not.to.equal(0);
    expect(output + error).to.match(/not authorized to perform: \w+:Tag/);
    expect(refused().filter((it) => !/^\w+:Tag(Resource|Queue|Role) on /.test(it))).to.deep.equal(
      [],
    );
  });

  it("permit them with it, through `up`, a second one with the policy pack and the drift check", async () => {
    acceptTagsOfMappings(started.pipeline.checkout.folder);
    await started.pipeline.bootstrap("config set defaultTags true");
    await started.pipeline.bootstrap(`up --yes --skip-preview ${withPack}`);

    await run("pulumi up --yes --refresh --skip-preview", deploy);
    const ownPack = "--policy-pack policy/bin/pack.js --policy-pack-config policy-config.json";
    await run(`pulumi up --yes --skip-preview --expect-no-changes ${ownPack}`, deploy);
    await run(driftCheck, preview);

    expect(refused()).to.deep.equal([]);
    const { Tags } = await new LambdaClient(environment.aws).send(
      new ListTagsCommand({ Resource: functionArn }),
    );
    expect(Tags).to.deep.equal({ Owner: "team" });
  });

  it("find a tag that something else added, unless the settings ignore it", async () => {
    const sns = new SNSClient(environment.aws);
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    const ResourceArn = Topics[0]?.TopicArn;
    const Tags = [{ Key: "audit:seen", Value: "2026" }];
    await sns.send(new TagTopic({ ResourceArn, Tags }));

    const { code, output } = await started.attempt(driftCheck, preview);
    const ignore = "pulumi config set --path 'aws:ignoreTags.keyPrefixes[0]' audit:";
    await run(`${ignore} && pulumi up --yes --skip-preview`, deploy);
    await run(driftCheck, preview);

    expect(code).not.to.equal(0);
    expect(output).to.match(/aws:sns:Topic\s+notifications\s+update\s+\[diff: .*~tagsAll/);
    expect(refused()).to.deep.equal([]);
  });

  it("find a tag that something else added to the function, and remove it", async () => {
    const lambda = new LambdaClient(environment.aws);
    const tags = async () =>
      (await lambda.send(new ListTagsCommand({ Resource: functionArn }))).Tags;
    await lambda.send(new TagResourceCommand({ Resource: functionArn, Tags: { By: "somebody" } }));

    const { code, output } = await started.attempt(driftCheck, preview);
    await run("pulumi up --yes --refresh --skip-preview", deploy);

    expect(code).to.equal(7);
    expect(output).to.match(/aws:lambda:Function\s+reboot\s+update\s+\[diff: .*~tagsAll/);
    expect(refused()).to.deep.equal([]);
    expect(await tags()).to.deep.equal({ Owner: "team" });
  });

  it("permit a change of a default tag and of the instance's type at once, and to remove the tag", async () => {
    await started.pipeline.bootstrap("config set instanceType t3.small");
    await started.pipeline.bootstrap("up --yes --skip-preview");
    const setType = "pulumi config set instanceType t3.small";
    await run(`${setOwner("other")} && ${setType} && pulumi up --yes --skip-preview`, deploy);
    const { type, tags } = await webServer();
    expect({ type, owner: tags.Owner }).to.deep.equal({ type: "t3.small", owner: "other" });
    await run(driftCheck, preview);
    await run("pulumi config rm aws:defaultTags", deploy);
    await run("pulumi up --yes --skip-preview", deploy);
    await run(driftCheck, preview);

    expect(refused()).to.deep.equal([]);
    expect((await webServer()).tags).to.deep.equal({
      Name: "web-server",
      Project: "reboot-automation",
      Stack: "dev",
    });
  });

  describe("refuse", () => {
    const group = "arn:aws:ec2:us-east-1:000000000000";
    const keys = (...all: string[]) => all.map((Key) => ({ Key, Value: "x" }));

    /** The refusals of a call with the deploy role. */
    // biome-ignore lint/suspicious/noExplicitAny: each client has its commands
    async function attempt(Client: new (target: any) => any, command: object): Promise<string[]> {
      const client = new Client({ ...environment.aws, ...credentialsIn(deploy), maxAttempts: 1 });
      await client.send(command).catch(() => {});
      return refused();
    }

    it("another instance", async () => {
      const { Instances = [] } = await new EC2Client(environment.aws).send(
        new RunInstancesCommand({ ImageId: "ami-1", MinCount: 1, MaxCount: 1 }),
      );
      const id = Instances[0]?.InstanceId ?? "";

      for (const Tags of [keys("Owner"), keys("Project", "Stack")]) {
        const command = new CreateTagsCommand({ Resources: [id], Tags });
        expect(await attempt(EC2Client, command)).to.deep.equal([
          `ec2:CreateTags on ${group}:instance/${id}`,
        ]);
      }
    });

    it("to delete all tags of the stack's instance", async () => {
      const { id } = await webServer();

      expect(await attempt(EC2Client, new DeleteTagsCommand({ Resources: [id] }))).to.deep.equal([
        `ec2:DeleteTags on ${group}:instance/${id}`,
      ]);
    });

    for (const key of ["Project", "project", "STACK"]) {
      it(`the key ${key} on the stack's instance`, async () => {
        const { id } = await webServer();
        const input = { Resources: [id], Tags: keys("Owner", key) };

        expect(await attempt(EC2Client, new CreateTagsCommand(input))).to.deep.equal([
          `ec2:CreateTags on ${group}:instance/${id}`,
        ]);
        expect(await attempt(EC2Client, new DeleteTagsCommand(input))).to.deep.equal([
          `ec2:DeleteTags on ${group}:instance/${id}`,
        ]);
      });
    }

    it("an event source mapping of another region", async () => {
      const Resource = "arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:1";
      const elsewhere = new LambdaClient({
        ...environment.aws,
        ...credentialsIn(deploy),
        region: "eu-west-1",
      });

      const tag = new TagResourceCommand({ Resource, Tags: { Owner: "x" } });
      await elsewhere.send(tag).catch(() => {});

      expect(refused()).to.deep.equal([`lambda:TagResource on ${Resource}`]);
    });

    it("another function and another topic", async () => {
      const Resource = "arn:aws:lambda:us-east-1:000000000000:function:other";
      const tagFunction = new TagResourceCommand({ Resource, Tags: { Owner: "x" } });
      expect(await attempt(LambdaClient, tagFunction)).to.deep.equal([
        `lambda:TagResource on ${Resource}`,
      ]);

      const { TopicArn } = await new SNSClient(environment.aws).send(
        new CreateTopicCommand({ Name: "other" }),
      );
      const tagTopic = new TagTopic({ ResourceArn: TopicArn, Tags: keys("Owner") });
      expect(await attempt(SNSClient, tagTopic)).to.deep.equal([`sns:TagResource on ${TopicArn}`]);
    });
  });

  describe("in the end", () => {
    it("permit to destroy everything but the function's role", async () => {
      await started.attempt("pulumi destroy --yes --skip-preview --continue-on-error", deploy);

      expect(refused()).to.deep.equal([
        "iam:ListInstanceProfilesForRole on arn:aws:iam::000000000000:role/reboot-automation-dev-reboot-role",
      ]);
    });

    it("have no right to tag that nothing used", async () => {
      const { statements } = await policiesOf(
        new IAMClient(environment.aws),
        "reboot-automation-dev-deploy",
      );
      const sids = ["ReadTagsOfFunction", "TagByName", "TagTakingOfChecks", "TagNewVolume"];
      const granted = statements
        .filter(({ label }) => sids.includes(label))
        .flatMap(({ label, actions }) => actions.map((it) => `${label}: ${scalarOf(it)}`));
      const allowed = started.decisions.filter((it) => it.isAllowed);
      const used = new Set(allowed.map(({ statement, action }) => `${statement}: ${action}`));

      expect(granted).to.have.length(18);
      expect(granted.filter((it) => !used.has(it))).to.deep.equal([
        // Authorized when Lambda returns GetFunction, not as a call.
        "ReadTagsOfFunction: lambda:ListTags",
      ]);
    });
  });

  async function webServer() {
    const { Reservations = [] } = await new EC2Client(environment.aws).send(
      new DescribeInstancesCommand({}),
    );
    const all = Reservations.flatMap((it) => it.Instances ?? []);
    const found = all.find(
      ({ State, Tags = [] }) =>
        State?.Name === "running" && Tags.some(({ Value }) => Value === "web-server"),
    );
    const tags = (found?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);
    return {
      id: found?.InstanceId ?? "",
      type: found?.InstanceType,
      tags: Object.fromEntries(tags),
    };
  }
});

/** Adds the waiver that pipeline/README.md gives. */
function acceptTagsOfMappings(folder: string): void {
  const guide = readFileSync(join(root, "pipeline", "README.md"), "utf8");
  const [, waiver = ""] =
    /<!-- the waiver for default tags -->\n```json\n(.*?)```/s.exec(guide) ?? [];
  const file = join(folder, "pipeline", "bootstrap", "policy-waivers.json");
  const waivers = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify([...waivers, JSON.parse(waiver)]));
}
