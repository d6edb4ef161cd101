import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import type { Checkout } from "../../../sandbox/engine/checkout.ts";
import {
  createUserCheckout,
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../../sandbox/test-environment.ts";
import { standIns, type Uploaded } from "../../rehearsal/actions.ts";
import { type FakeGitHub, fullName, startFakeGitHub } from "../../rehearsal/github.ts";
import { type Change, createOrigin, type Origin } from "../../rehearsal/origin.ts";
import type { Pipeline } from "../../rehearsal/pipeline.ts";
import { type EndedRun, runWorkflow } from "../../rehearsal/run-workflow.ts";
import { readWorkflow } from "../../rehearsal/workflow.ts";

const guide = readFileSync(join(root, "pipeline", "action", "README.md"), "utf8");
const [, workflow = ""] = /<!-- the workflow -->\n```yaml\n(.*?)```/s.exec(guide) ?? [];

const name = "worker $(touch pwned) `id` @acme/admins </details>";
/** A program with a role that may do everything, and that prints what a runner could follow. */
const dangerous = `
const aws = require("@pulumi/aws");
console.log("::error::printed by the program");
console.log("::set-output name=pull-request::8");
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
const role = new aws.iam.Role(${JSON.stringify(name)}, { name: "worker", assumeRolePolicy });
const all = { Effect: "Allow", Action: "s3:*", Resource: "*" };
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [all] });
new aws.iam.RolePolicy("all", { name: "all", role: role.name, policy });
`;
const harmless = `
const aws = require("@pulumi/aws");
new aws.sns.Topic("orders", { name: "orders" });
`;

describe("the guide's workflow in the repository of another program", () => {
  let environment: TestEnvironment;
  /** What GitHub downloads of this repository for the action: no packages are installed. */
  let download: Checkout;
  let origin: Origin;
  let github: FakeGitHub;
  const uploads: Uploaded[] = [];

  before(async () => {
    environment = await startTestEnvironment();
    github = await startFakeGitHub();
    download = createUserCheckout(environment, {
      folder: join(environment.folder, "actions"),
      isBare: true,
    });
    const folder = join(environment.folder, "caller");
    const files = {
      ".github/workflows/preview.yml": workflow,
      ".gitignore": "node_modules\n",
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n",
      "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
      "package.json": '{ "name": "shop", "private": true }\n',
      "index.js": harmless,
      // In place of the registry: this repository's packages, and the pack as an installation links it.
      "../bin/npm": [
        "#!/bin/sh",
        '[ "$*" = ci ] || exit 1',
        "mkdir -p node_modules/.bin",
        `ln -s '${join(root, "node_modules")}'/* node_modules/`,
        `ln -s '${join(root, "policy", "bin", "pack.js")}' node_modules/.bin/least-privilege-iam`,
        "",
      ].join("\n"),
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text, { mode: 0o755 });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const { code, error } = await download.run(`cd '${folder}' && pulumi stack init dev`);
    expect(code, error).to.equal(0);
    origin = createOrigin(folder);
  });
  after(async () => {
    await github.stop();
    await environment.stop();
  });

  async function run(event: "pull_request" | "push", change: Change): Promise<EndedRun> {
    const { folder, variables } = environment;
    const number = 3;
    if (event === "push") origin.pushToMain(change);
    const opened = event === "push" ? undefined : origin.openPullRequest(number, change);
    const commit = opened?.merge ?? origin.commitOf("main");
    const ref = opened ? `refs/pull/${number}/merge` : "refs/heads/main";
    const role = "arn:aws:iam::123456789012:role/preview";
    const pipeline = {
      variables: { AWS_PREVIEW_ROLE: role },
      session: async () => variables,
    } as unknown as Pipeline;
    const { GITHUB_TOKEN: _, ...runner } = github.environment;
    const head = { sha: opened?.head, repo: { full_name: fullName } };
    return runWorkflow(readWorkflow(join(folder, "caller"), "preview"), (_id, job) => ({
      run: (line, more) =>
        download.run(line, {
          ...more,
          PATH: [
            join(folder, "bin"),
            dirname(process.env.SANDBOX_PULUMI ?? ""),
            process.env.PATH,
          ].join(":"),
        }),
      contexts: {
        github: {
          repository: fullName,
          event_name: event,
          event: opened ? { pull_request: { number, head } } : {},
          ref,
          sha: commit,
          token: github.tokenFor(job.permissions),
        },
        vars: {
          AWS_PREVIEW_ROLE: role,
          AWS_REGION: "us-east-1",
          PULUMI_BACKEND_URL: `file://${join(folder, "user-state")}`,
        },
      },
      environment: { ...runner, CI: "true", GITHUB_ACTIONS: "true" },
      actions: standIns(pipeline, {
        origin,
        commit,
        token: { workflow: "preview.yml", ref },
        uploads,
      }),
      composites: {
        "OWNER/REPO/pipeline/action": join(download.folder, "pipeline", "action"),
      },
    }));
  }

  const outputOf = ({ preview }: EndedRun) =>
    preview?.steps.map(({ name, outcome, output }) => `${outcome}: ${name}\n${output}`).join("\n");

  it("fails for a role that may do everything, and says so in the comment, the summary and code scanning", async () => {
    const ended = await run("pull_request", { "index.js": dangerous });

    const { conclusion, steps = [] } = ended.preview ?? {};
    expect(
      steps.map(({ name, outcome }) => `${name}: ${outcome}`).slice(-4),
      outputOf(ended),
    ).to.deep.equal(["Check: success", "Preview: failure", "Report: success", "Findings: success"]);
    expect(conclusion).to.equal("failure");
    expect(steps.flatMap(({ errors }) => errors)).to.deep.equal([]);
    expect(github.comments.map(({ issue }) => issue)).to.deep.equal([3]);
    const [{ body } = { body: "" }] = github.comments;
    expect(body.split("\n").slice(0, 5)).to.deep.equal([
      "<!-- reboot-automation preview of dev -->",
      "",
      "### ❌ Preview of `dev`: 3 to create",
      "",
      "The preview **failed**.",
    ]);
    expect(body).to.match(/^- \*\*star-action\*\* `aws:iam:RolePolicy all`: /m);
    expect(body).to.include(
      "| create | `worker $(touch pwned) \\u{60}id\\u{60} @acme/admins </details>` | `aws:iam:Role` |  |",
    );
    expect(steps.at(-2)?.summary).to.equal(`${body}\n`);
    expect(uploads.at(-1)).to.include("star-action");
  });

  it("passes once the pull request has removed it, and edits the comment", async () => {
    const ended = await run("pull_request", { "index.js": harmless, "README.md": "# Shop\n" });

    expect(ended.preview?.conclusion, outputOf(ended)).to.equal("success");
    expect(github.changes).to.deep.equal(["POST issues/3/comments", "PATCH issues/comments/1000"]);
    expect(github.comments[0]?.body).to.include("### Preview of `dev`: 2 to create");
    expect(uploads.at(-1)).to.deep.equal([]);
  });

  it("compares with the findings of a push to main, which gets no comment", async () => {
    const ended = await run("push", { "index.js": dangerous });

    expect(ended.preview?.conclusion, outputOf(ended)).to.equal("failure");
    expect(github.changes).to.have.length(2);
    expect(uploads.at(-1)).to.include("star-action");
  });
});
