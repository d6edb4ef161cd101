import {
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { scalarOf } from "../../../policy/field.ts";
import { credentialsIn, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { policiesOf } from "../../rehearsal/authorizer/roles.ts";
import { setOptionsInBootstrap, setOptionsInStack } from "./every-option.ts";
import { ofOptions, optionRoles } from "./manual-changes/options.ts";
import { reports } from "./manual-changes.ts";
import {
  driftCheck,
  type Login,
  nameOfError,
  type PipelineEnvironment,
  startPipelineEnvironment,
  withPack,
} from "./pipeline-environment.ts";

/** The roles of the options as IAM has them. */
const roleNames = optionRoles.map((it) => `reboot-automation-dev-${it}`);

describe("the pipeline's roles with every option, from `up` to `destroy`", function () {
  this.timeout(600_000);

  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let preview: Login;
  let deploy: Login;
  let grantedBefore: ReadonlySet<string>;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, preview, deploy } = started);
    grantedBefore = await granted();
    await setOptionsInBootstrap(started);
    await setOptionsInStack(started);
    await run(`pulumi up --yes ${withPack}`, deploy);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const attempt = (line: string, login: Login) => started.attempt(line, login);
  const refused = () => started.refused();

  /** Each action that the roles have by one of their statements. */
  async function granted(): Promise<ReadonlySet<string>> {
    const iam = new IAMClient(environment.aws);
    const found = new Set<string>();
    for (const role of ["reboot-automation-dev-preview", "reboot-automation-dev-deploy"]) {
      for (const { label, actions } of (await policiesOf(iam, role)).statements) {
        for (const action of actions) found.add(`${label}: ${scalarOf(action)}`);
      }
    }
    return found;
  }

  it("permit all of that", () => {
    expect(refused()).to.deep.equal([]);
  });

  it("find everything that a refresh can see changed, and put all of it back", async () => {
    const created = started.decisions.find(({ action }) => action === "pipes:CreatePipe");
    const changes = ofOptions(environment.aws, created?.resource.split("/").at(-1) ?? "");
    const read = async () => Promise.all(changes.map((it) => it.read()));
    const before = await read();
    for (const { change } of changes) await change();

    const { output } = await attempt(driftCheck, preview);
    await run(`pulumi up --yes --refresh --skip-preview ${withPack}`, deploy);

    const missed = changes.filter(({ resource }) => !reports(output, resource));
    expect(missed.map(({ title }) => title)).to.deep.equal([]);
    expect(refused()).to.deep.equal([]);
    expect(await read()).to.deep.equal(before);
    await run(driftCheck, preview);
  });

  it("permit to set the boundary of each role again after someone removed it", async () => {
    const iam = new IAMClient(environment.aws);
    const boundaries = () =>
      Promise.all(
        roleNames.map(
          async (RoleName) =>
            (await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary
              ?.PermissionsBoundaryArn,
        ),
      );
    for (const RoleName of roleNames) {
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    }

    await run("pulumi up --yes --refresh --skip-preview", deploy);

    expect(refused()).to.deep.equal([]);
    expect(await boundaries()).to.deep.equal(
      optionRoles.map(
        (it) => `arn:aws:iam::000000000000:policy/reboot-automation-dev-boundary-${it}`,
      ),
    );
  });

  for (const settings of [
    ["slackChannelId C07EZ1ABC24", "checkEveryMinutes 4"],
    ["teamsChannelId 19%3a1234567890abcdef1234567890abcdee%40thread.tacv2"],
    ["--secret pagerDutyRoutingKey R0123456789abcdefghijklmnopqrstv"],
  ]) {
    const names = settings.map((it) => it.replace(/^--secret /, "").split(" ")[0]);
    it(`permit a change of ${names.join(" and ")}`, async () => {
      const set = settings.map((it) => `pulumi config set ${it}`).join(" && ");

      const output = await run(`${set} && pulumi up --yes --skip-preview`, deploy);

      expect(output).to.match(/updated|replaced/);
      expect(refused()).to.deep.equal([]);
    });
  }

  for (const RoleName of roleNames) {
    it(`refuse another trust for ${RoleName}, and its end`, async () => {
      const iam = new IAMClient({ ...environment.aws, ...credentialsIn(deploy), maxAttempts: 1 });
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });

      await nameOfError(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })));
      await nameOfError(iam.send(new DeleteRoleCommand({ RoleName })));

      const arn = `arn:aws:iam::000000000000:role/${RoleName}`;
      expect(refused()).to.deep.equal([
        `iam:UpdateAssumeRolePolicy on ${arn}`,
        `iam:DeleteRole on ${arn}`,
      ]);
    });
  }

  it("permit to destroy everything but the roles", async () => {
    const destroy = "pulumi destroy --yes --skip-preview";
    const s3 = new S3Client({ ...environment.aws, forcePathStyle: true });
    const Bucket = "reboot-automation-dev-evidence-000000000000";
    await s3.send(new PutObjectCommand({ Bucket, Key: "incident/x/console.txt", Body: "text" }));
    const { code } = await attempt(`${destroy} --continue-on-error`, deploy);
    const refusals = refused();
    const all = [...roleNames, "reboot-automation-dev-reboot-role"];
    for (const RoleName of all) {
      await new IAMClient(environment.aws).send(new DeleteRoleCommand({ RoleName }));
    }
    await run(`${destroy} --refresh`, deploy);

    expect(code).not.to.equal(0);
    expect(refusals.sort()).to.deep.equal(
      all
        .map((it) => `iam:ListInstanceProfilesForRole on arn:aws:iam::000000000000:role/${it}`)
        .sort(),
    );
    expect(refused()).to.deep.equal([]);
  });

  it("have granted no action of an option that nothing used", async () => {
    const added = [...(await granted())].filter((it) => !grantedBefore.has(it));
    const allowed = started.decisions.filter((it) => it.isAllowed);
    const used = new Set(allowed.map(({ statement, action }) => `${statement}: ${action}`));

    expect(added.length).to.be.above(80);
    expect(added.filter((it) => !used.has(it))).to.deep.equal([]);
  });
});
