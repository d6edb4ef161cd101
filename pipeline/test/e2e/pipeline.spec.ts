import { DeleteTagsCommand, DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { credentialsIn, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { jobs, repository, type TokenJob } from "../../rehearsal/github-token.ts";
import type { Pipeline } from "../../rehearsal/pipeline.ts";
import { deployAttempts } from "./deploy-attempts.ts";
import { openSsh } from "./open-ssh.ts";
import {
  driftCheck,
  type Login,
  nameOfError,
  type PipelineEnvironment,
  postAlert,
  startPipelineEnvironment,
  withPack,
} from "./pipeline-environment.ts";

describe("the pipeline's roles, from the first preview to a change of settings", () => {
  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let pipeline: Pipeline;
  let preview: Login;
  let deploy: Login;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, pipeline, preview, deploy } = started);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const attempt = (line: string, login: Login) => started.attempt(line, login);
  const refused = () => started.refused();
  beforeEach(refused);

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

  it("bound the function's role, which still reboots", async () => {
    const response = await postAlert(started);

    expect(response).to.include({ outcome: "rebooted", notified: true });
  });

  it("find no drift in what a reboot leaves: items, messages, confirmed and masked things", async () => {
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
    expect(refused()).to.deep.equal([]);
  });

  it("find a security group that somebody opened, and close it", async () => {
    await openSsh(environment.aws);

    const { code, output } = await attempt(driftCheck, preview);

    expect(code).not.to.equal(0);
    expect(output).to.match(/aws:ec2:SecurityGroup\s+web-server-security-group\s+update/);
    expect(output).to.include("~ 1 to update");
    await run("pulumi up --yes --refresh --skip-preview", deploy);
    expect(await run(driftCheck, preview)).to.include("44 unchanged");
  });

  it("permit a change of settings", async () => {
    const set = "pulumi config set httpCidr 203.0.113.0/24 && pulumi config set apiPath /api/v2";

    const output = await run(`${set} && pulumi up --yes --skip-preview`, deploy);

    expect(output).to.include("updated");
    expect(refused()).to.deep.equal([]);
  });

  describe("refuse with the deploy role", () => {
    for (const [what, Client, command, refusal] of deployAttempts) {
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
});
