import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { commentText } from "../../report/comment-text.ts";
import { driftText } from "../../report/drift-text.ts";
import { readEvents } from "../../report/events.ts";
import { type Preview, readPreview } from "../../report/preview.ts";
import { openSsh } from "./open-ssh.ts";
import {
  type PipelineEnvironment,
  startPipelineEnvironment,
  withPack,
} from "./pipeline-environment.ts";

const runUrl = "https://github.test/acme/watchdog/actions/runs/77";
const quiet = "--non-interactive --color never --suppress-progress";
const rows = (text: string) => text.split("\n").filter((line) => /^\| (?!\||---)/.test(line));

describe("the engine's events of a stack", () => {
  let started: PipelineEnvironment;
  let folder: string;
  before(async () => {
    started = await startPipelineEnvironment();
    folder = join(started.environment.folder, "artifact");
    mkdirSync(folder);
    await started.run(`pulumi up --yes --skip-preview ${quiet}`, started.deploy);
  });
  after(() => started.environment.stop());

  /** Runs a command of the CLI as the workflows do, and reads what they keep of its events. */
  async function eventsOf(command: string): Promise<{
    code: number;
    preview: Preview;
    whole: string;
    kept: string;
  }> {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const whole = join(started.environment.folder, "all-events.json");
    const login = { ...started.preview, PULUMI_DEBUG_COMMANDS: "true" };
    const { code } = await started.attempt(`${command} ${quiet} --event-log ${whole}`, login);
    await started.run(`node pipeline/report/keep-events.ts ${whole} ${folder}/events.json`, login);
    return {
      code,
      preview: readPreview(readEvents(folder, "events.json")),
      whole: readFileSync(whole, "utf8"),
      kept: readFileSync(join(folder, "events.json"), "utf8"),
    };
  }
  const commentOf = (preview: Preview, result: "success" | "failure" = "success") =>
    commentText({
      stack: "dev",
      result,
      verdict: "success",
      verdictFiles: [],
      preview,
      errors: "",
      commit: "1a2b3c4",
      runUrl,
    });

  /** Runs something while a file of the checkout has other text in a place. */
  async function withChange<T>(
    [name, from, to]: readonly [string, string, string],
    work: () => Promise<T>,
  ): Promise<T> {
    const file = join(started.pipeline.checkout.folder, name);
    const text = readFileSync(file, "utf8");
    expect(text).to.include(from);
    writeFileSync(file, text.replace(from, to));
    try {
      return await work();
    } finally {
      writeFileSync(file, text);
    }
  }

  it("have secrets in debug messages, which are not kept, and no other", async () => {
    const { preview, whole, kept } = await eventsOf(`pulumi preview --diff ${withPack}`);

    // Sumo Logic's token of the log source, which is a secret output: if this fails, Pulumi has become better.
    const [, token = ""] = /receiver\/v1\/http\/([\w=-]{20,})/.exec(whole) ?? [];
    expect(token).to.match(/^[\w=-]{20,}$/);
    expect(kept).not.to.include(token);
    expect(kept).not.to.include(started.environment.webhookToken);
    expect(kept).not.to.include('"preludeEvent"');
    expect(preview.problems).to.deep.equal([]);
    expect(commentOf(preview)).to.match(/^### Preview of `dev`: no changes$/m);
  });

  it("show a replaced server with what replaces it, and the statement that grants more", async () => {
    const { code, preview } = await withChange(
      ["infra/web-server/web-server.ts", "encrypted: true", "encrypted: false"],
      () =>
        withChange(
          [
            "infra/reboot-grants.ts",
            `["ec2:RebootInstances"]`,
            `["ec2:RebootInstances", "ec2:StopInstances"]`,
          ],
          () => eventsOf(`pulumi preview --diff ${withPack}`),
        ),
    );
    const text = commentOf(preview, "failure");

    expect(code).not.to.equal(0);
    expect(preview.problems).to.deep.equal([]);
    expect(text).to.match(/^### ❌ Preview of `dev`: 1 to replace ⚠, 6 to update$/m);
    expect(text).to.match(/^- \*\*unused-grant\*\* `aws:iam:Role reboot-role`: /m);
    expect(rows(text)).to.include(
      "| replace | `web-server` | `aws:ec2:Instance` | `rootBlockDevice` |",
    );
    expect(text).to.include('\n+              [1]: "ec2:StopInstances"\n');
  });

  it("show a new token, another recipient and what looks like the engine's text, but neither token nor address", async () => {
    const { run, preview: login, environment } = started;
    const token = "d".repeat(64);
    const printed =
      "x\\nResources:\\n    40 unchanged\\n    - aws:s3/bucket:Bucket: (delete)\\n        [urn=urn:pulumi:dev::p::t::n]";
    await run(`pulumi config set --secret webhookToken ${token}`, login);
    await run("pulumi config set notificationEmail other@example.com", login);
    const { preview, kept } = await withChange(
      ["infra/web-server/web-server.ts", "Web server: HTTP in, no SSH", printed],
      () => eventsOf("pulumi preview --diff"),
    );
    await run(`pulumi config set --secret webhookToken ${environment.webhookToken}`, login);
    await run("pulumi config set notificationEmail oncall@example.com", login);
    const text = commentOf(preview);

    expect(preview.problems).to.deep.equal([]);
    expect(rows(text)).to.include.members([
      "| replace | `latency-connection` | `sumologic:index:Connection` | `description`, `name` |",
      "| delete | `n…@example.com` | `aws:sns:TopicSubscription` |  |",
    ]);
    expect(kept).not.to.include(token);
    expect(text).not.to.match(/oncall@|other@/);
    expect(preview.steps.map(({ name }) => name)).to.include("web-server-security-group");
    expect(preview.steps.map(({ name }) => name)).not.to.include("n");
  });

  it("show why a program fails", async () => {
    const { run, preview: login } = started;
    await run("pulumi config set maxChecks 1", login);
    const { code, preview } = await eventsOf("pulumi preview --diff");
    await run("pulumi config rm maxChecks", login);
    const text = commentOf(preview, "failure");

    expect(code).not.to.equal(0);
    expect(text).to.match(/^### ❌ Preview of `dev` failed$/m);
    expect(text).to.include('\n- maxChecks: got "1"; expected ');
    expect(text).not.to.include("node_modules");
  });

  it("of a refresh show drift: what is gone, what was changed, and no address", async () => {
    const { aws } = started.environment;
    const check = "pulumi refresh --preview-only --expect-no-changes --diff";
    const none = await eventsOf(check);
    expect([none.code, none.preview]).to.deep.equal([
      0,
      { steps: [], findings: [], errors: [], problems: [], isFailed: false },
    ]);
    await openSsh(aws);
    const sns = new SNSClient(aws);
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    for (const { TopicArn } of Topics) await sns.send(new DeleteTopicCommand({ TopicArn }));

    const { code, preview } = await eventsOf(check);
    const text = driftText({ stack: "dev", preview, runUrl });

    expect([code, preview.problems]).to.deep.equal([7, []]);
    expect(rows(text).slice(0, 3)).to.deep.equal([
      "| gone ⚠ | `notifications` | `aws:sns:Topic` |  |",
      "| gone ⚠ | `n…@example.com` | `aws:sns:TopicSubscription` |  |",
      "| changed | `web-server-security-group` | `aws:ec2:SecurityGroup` | `ingress` |",
    ]);
    expect(text).to.match(/^\+ +fromPort +: 22$/m);
    expect(text).not.to.include("oncall@");
  });
});
