// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell, which looks like it
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type FakeGitHub, startFakeGitHub } from "../../rehearsal/github.ts";
import { before as event, found, logOf, policy, same, state } from "../report/logs.ts";
import { pullRequest, type Use, type Used, useAction } from "./use-action.ts";

describe("the action in a caller's job", () => {
  let folder: string;
  let github: FakeGitHub;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "action-spec-"));
    github = await startFakeGitHub();
  });
  afterEach(async () => {
    await github.stop();
    rmSync(folder, { recursive: true });
  });

  const use = (more: Omit<Use, "github"> = {}) => useAction({ github, ...more });
  /** A `pulumi` that writes an event log and findings, and exits with this code. */
  const previews = (log: string, code = 0) => {
    writeFileSync(join(folder, "log"), log);
    return `cp '${join(folder, "log")}' "\${@: -1}"; echo '{}' >"$SARIF_FILE"; exit ${code}`;
  };
  const outcomes = ({ steps }: Used) =>
    steps.slice(1).map(({ name, outcome }) => `${name}: ${outcome}`);
  const outputOf = ({ steps }: Used, step: string) =>
    steps.find(({ name }) => name === step)?.output ?? "";
  const errorsOf = ({ steps }: Used) => steps.flatMap(({ errors }) => errors);
  const summaryOf = ({ steps }: Used) => steps.map(({ summary }) => summary).join("");

  it("previews with the installed pack, comments, uploads the findings and writes the summary", async () => {
    const used = await use({ pulumi: previews(same) });

    expect(outcomes(used)).to.deep.equal([
      "Check: success",
      "Preview: success",
      "Report: success",
      "Findings: success",
    ]);
    expect(used.conclusion).to.equal("success");
    const body = [
      "<!-- reboot-automation preview of dev -->",
      "",
      "### Preview of `dev`: no changes",
      "",
      "The preview **passed**.",
      "",
      "<sub>Commit `1a2b3c4`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>",
    ].join("\n");
    expect(github.comments.map(({ issue, body }) => ({ issue, body }))).to.deep.equal([
      { issue: 7, body },
    ]);
    expect(summaryOf(used)).to.equal(`${body}\n`);
    expect(used.uploads).to.deep.equal([
      {
        sarif_file: `${used.outputs.folder}/findings.sarif`,
        category: "least-privilege-iam: dev",
      },
    ]);
  });

  it("edits its comment for the next push", async () => {
    await use({ pulumi: previews(found, 255) });
    await use({ pulumi: previews(same) });

    expect(github.changes).to.deep.equal(["POST issues/7/comments", "PATCH issues/comments/1000"]);
    expect(github.comments[0]?.body).to.include("### Preview of `dev`: no changes");
  });

  it("fails if a finding is mandatory, after it has reported and uploaded everything", async () => {
    const used = await use({ pulumi: previews(found, 255) });

    expect(outcomes(used)).to.deep.equal([
      "Check: success",
      "Preview: failure",
      "Report: success",
      "Findings: success",
    ]);
    expect(used.conclusion).to.equal("failure");
    expect(github.comments[0]?.body).to.include("### ❌ Preview of `dev`: 1 to create");
    expect(github.comments[0]?.body).to.include(
      "**2 mandatory findings: `pulumi up` would stop there.**",
    );
    expect(summaryOf(used)).to.equal(`${github.comments[0]?.body}\n`);
  });

  it("reports a program that does not start, and uploads nothing", async () => {
    const used = await use({ pulumi: "echo 'error: no Pulumi.yaml' >&2; exit 255" });

    expect(outcomes(used).at(-1)).to.equal("Findings: skipped");
    expect(used.conclusion).to.equal("failure");
    expect(github.comments[0]?.body).to.include("### ❌ Preview of `dev` failed");
    expect(github.comments[0]?.body).to.include("error: no Pulumi.yaml");
  });

  describe("with text that attacks", () => {
    const attack = "$(touch ../pwned)`touch ../pwned`;touch ../pwned";

    it("passes each input as one word to pulumi, and none to a shell", async () => {
      const words = join(folder, "words");
      const used = await use({
        pulumi: `printf '%s\\n' "$PWD" "$@" >'${words}'; ls -A .. >>'${words}'; ls >>'${words}'`,
        inputs: {
          stack: attack,
          "work-dir": `in $(touch pwned)/\`id\` 'x' "y"`,
          "policy-pack": "*$(touch pwned)",
          "policy-pack-config": attack,
          args: `--diff\n\n  --config=a b${attack}  \n`,
        },
        files: { "in $(touch pwned)/`id` 'x' \"y\"/*$(touch pwned)": "" },
      });

      const [place, ...got] =
        used.conclusion === "success" ? read(words) : [outputOf(used, "Check")];
      expect(place).to.match(/\/workspace\/in \$\(touch pwned\)\/`id` 'x' "y"$/);
      const log = got.splice(got.indexOf("--event-log") + 1, 1);
      expect(log[0]).to.match(/events\.json$/);
      expect(got).to.deep.equal([
        "preview",
        "--policy-pack",
        `${place}/*$(touch pwned)`,
        "--policy-pack-config",
        attack,
        "--diff",
        `--config=a b${attack}`,
        "--stack",
        attack,
        "--non-interactive",
        "--color",
        "never",
        "--suppress-progress",
        "--event-log",
        // Nothing else is in the folder, or beside it.
        "`id` 'x' \"y\"",
        "*$(touch pwned)",
      ]);
    });

    it("shows a folder's name in the comment only as code, and lets it end no marker", async () => {
      const used = await use({
        pulumi: previews(same),
        inputs: { "work-dir": "--><img src=x>@acme" },
        files: { "--><img src=x>@acme/node_modules/.bin/least-privilege-iam": "" },
      });

      expect(used.conclusion, outputOf(used, "Check")).to.equal("success");
      expect(github.comments[0]?.body.split("\n").slice(0, 3)).to.deep.equal([
        "<!-- reboot-automation preview of dev in --%3E%3Cimg src=x%3E@acme -->",
        "",
        "### Preview of `dev in --><img src=x>@acme`: no changes",
      ]);
    });

    const name = "$(id) `id` @acme/admins </details>\n::set-output name=node::/bin/false\n<img>";
    const attacking = logOf(
      [
        event({ op: "create", type: "aws:iam/role:Role", name, new: state({ [name]: name }) }),
        policy("mandatory", "unused-grant", `${name}\n${name}\n\`\`\`\n@acme/admins`, name),
        policy("advisory", name, name, name),
      ],
      { create: 1 },
      "failed",
    );

    it("shows what the program named as code", async () => {
      await use({ pulumi: previews(attacking, 255) });

      const lines = github.comments[0]?.body.split("\n") ?? [];
      const escaped =
        "$(id) \\u{60}id\\u{60} @acme/admins </details>\\u{a}::set-output name=node::/bin/false\\u{a}<img>";
      expect(lines.filter((it) => it.startsWith("- **"))).to.deep.equal([
        `- **unused-grant** \`aws:iam:Role ${escaped}\`: \`$(id\`) \`\\u{60}id\\u{60}\` \`@acme/admins\` \`</details>\``,
        `- **\`$(id\`) \`\\u{60}id\\u{60}\` \`@acme/admins\` \`</details>\` \`::set-output\` \`name=node::/bin/false\` \`<img>\`** \`aws:iam:Role ${escaped}\`: \`$(id\`) \`\\u{60}id\\u{60}\` \`@acme/admins\` \`</details>\``,
      ]);
      expect(lines).to.include(`| create | \`${escaped}\` | \`aws:iam:Role\` |  |`);
      expect(lines.filter((it) => it.includes("</details>") && !it.includes("`"))).to.have.length(
        3,
      );
    });

    it("follows no command that the program prints or writes", async () => {
      const used = await use({
        pulumi: [
          "echo '::set-output name=node::/bin/false'; echo '##[error]no' >&2",
          "echo '::stop-commands::x'; echo '::x::'; echo '::error::no'",
          // The files of this step, which a program can find.
          'for it in "$RUNNER_TEMP"/_runner_file_commands/*; do echo outcome=success >>"$it"; done',
          previews(found, 255),
        ].join("\n"),
      });

      expect(used.conclusion).to.equal("failure");
      expect(errorsOf(used)).to.deep.equal([]);
      expect(outputOf(used, "Preview")).to.include("::set-output name=node::/bin/false\n");
      expect(outputOf(used, "Report")).to.equal("Wrote https://github.test/it\n");
    });

    it("writes what fits of a very long preview", async () => {
      const inputs = { text: `${name}\n`.repeat(200) };
      const many = Array.from({ length: 400 }, (_, it) => ({
        type: "a:b:C",
        name: `${it} ${name}`,
      }));
      const log = logOf(
        [
          ...many.map((it) => event({ op: "create", ...it, new: state(inputs) })),
          ...many.map((it) => policy("mandatory", "unused-grant", name.repeat(50), it.name)),
        ],
        { create: 400 },
        "failed",
      );

      const used = await use({ pulumi: `yes | head -c 2000000; ${previews(log, 255)}` });

      const body = github.comments[0]?.body ?? "";
      expect(body.length).to.be.within(20_000, 65_536);
      expect(body).to.include("### ❌ Preview of `dev`: 400 to create");
      expect(Buffer.byteLength(summaryOf(used))).to.be.below(1_048_576);
    });
  });

  describe("for a fork", () => {
    const credentials = {
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session",
      AWS_PROFILE: "admin",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      AWS_ROLE_ARN: "arn",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_CONFIG_PASSPHRASE: "secret",
      GITHUB_TOKEN: "ghs_1",
      GH_TOKEN: "ghs_2",
    };

    for (const [what, head] of [
      ["that exists", "stranger/watchdog"],
      ["that was deleted", null],
    ] as const) {
      it(`${what} previews without credentials, comment or upload, and says so in the summary`, async () => {
        const used = await use({
          pullRequest: pullRequest(head),
          pulumi: `env >'${join(folder, "env")}'; ${previews(same)}`,
          environment: { ...credentials, AWS_REGION: "eu-west-1" },
        });

        expect(outcomes(used)).to.deep.equal([
          "Check: success",
          "Preview: success",
          "Report: success",
          "Findings: skipped",
        ]);
        expect(github.changes).to.deep.equal([]);
        const seen = read(join(folder, "env")).filter((it) => /^(AWS|PULUMI|GH)_|TOKEN/.test(it));
        expect(seen.sort()).to.deep.equal([
          "AWS_EC2_METADATA_DISABLED=true",
          "AWS_REGION=eu-west-1",
          "PULUMI_CONFIG_PASSPHRASE=",
          "PULUMI_DEBUG_COMMANDS=true",
        ]);
        expect(summaryOf(used)).to.include(
          "The preview **passed**. It had no credentials, because the pull request comes from a fork. A fork gets no comment and no upload of findings either. To preview the change with credentials, review it and push it to a branch of this repository.",
        );
      });
    }
  });

  for (const name of ["push", "merge_group", "workflow_dispatch", "schedule"]) {
    it(`previews for ${name} without a comment`, async () => {
      const used = await use({ event: name, pulumi: previews(same) });

      expect(used.conclusion).to.equal("success");
      expect(github.changes).to.deep.equal([]);
      expect(used.uploads).to.have.length(1);
      expect(summaryOf(used)).to.include("The preview **passed**.\n");
      expect(summaryOf(used)).to.include("<sub>Commit `fedcba9`");
    });
  }

  for (const name of [
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "pull_request_review",
    "pull_request_review_comment",
    "discussion_comment",
    "repository_dispatch",
    "check_suite",
    "deployment_status",
    "an event of tomorrow",
  ]) {
    it(`refuses ${name} before anything of the caller runs`, async () => {
      const used = await use({ event: name, pulumi: `touch '${join(folder, "ran")}'` });

      expect(outcomes(used)).to.deep.equal([
        "Check: failure",
        "Preview: skipped",
        "Report: skipped",
        "Findings: skipped",
      ]);
      expect(used.conclusion).to.equal("failure");
      expect(errorsOf(used)).to.deep.equal([
        `least-privilege-iam: A preview runs the program, so it must not run for the event ${name}: other people's code could get this repository's secrets. Expected pull_request, push, merge_group, workflow_dispatch or schedule.`,
      ]);
      expect(github.changes).to.deep.equal([]);
    });
  }

  it("neither comments nor uploads if both inputs are false", async () => {
    const used = await use({
      pulumi: previews(found, 255),
      inputs: { comment: "false", sarif: "false" },
    });

    expect(outcomes(used).at(-1)).to.equal("Findings: skipped");
    expect(github.changes).to.deep.equal([]);
    expect(summaryOf(used)).to.include("2 mandatory findings");
  });

  it("passes if code scanning is off", async () => {
    const used = await use({
      pulumi: previews(same),
      codeScanning: "Code Security is not enabled",
    });

    expect(outcomes(used).at(-1)).to.equal("Findings: failure");
    expect(used.conclusion).to.equal("success");
  });

  it("fails with what is missing if it may not comment, and has written the summary", async () => {
    github.refusal = { status: 403, message: "Resource not accessible by integration" };
    const used = await use({ pulumi: previews(same) });

    expect(used.conclusion).to.equal("failure");
    expect(errorsOf(used).join()).to.include("The job needs `pull-requests: write`");
    expect(summaryOf(used)).to.include("### Preview of `dev`: no changes");
    expect(used.uploads).to.have.length(1);
  });

  describe("where the program's Node.js is too old to run the report", () => {
    const old = { "bin/node": '[ "$1" = -e ] && exit 1; echo v20.19.0' };
    const cached = `exec '${process.execPath}' "$@"`;

    it("reports with one of the runner's tool cache, and leaves the program its own", async () => {
      const used = await use({
        programs: {
          ...old,
          "tools/node/20.19.0/x64/bin/node": "exit 1",
          "tools/node/24.18.0/x64/bin/node": cached,
        },
        pulumi: `node --version; ${previews(same)}`,
      });

      expect(used.conclusion).to.equal("success");
      expect(outputOf(used, "Preview")).to.match(/^v20\.19\.0$/m);
      expect(github.comments).to.have.length(1);
    });

    it("says what to add if the runner has none", async () => {
      const used = await use({ programs: old });

      expect(errorsOf(used)).to.deep.equal([
        "least-privilege-iam: The report needs Node.js 22.18 or newer, and neither PATH nor the runner's tool cache has it. Add actions/setup-node before this action.",
      ]);
    });
  });

  for (const [what, more, error] of [
    [
      "an input that is neither true nor false",
      { inputs: { comment: "yes\n::set-output name=node::x" } },
      "The input comment must be true or false: got yes???set-output name=node??x.",
    ],
    [
      "a stack that is missing",
      { inputs: { stack: "" } },
      "The input stack must be one line that is not empty: got .",
    ],
    [
      "a folder that would write another output",
      { inputs: { "work-dir": "a\nnode=/bin/false" } },
      "The input work-dir must be one line that is not empty: got a?node=/bin/false.",
    ],
    [
      "a folder that does not exist",
      { inputs: { "work-dir": "infra" } },
      "There is no folder infra. Check out the repository before this action, or set work-dir.",
    ],
    [
      "a machine without Pulumi",
      { pulumi: null },
      "There is no pulumi on PATH. Install the Pulumi CLI before this action: https://www.pulumi.com/docs/install/",
    ],
    [
      "a runner that is not Linux",
      { environment: { RUNNER_OS: "Windows" } },
      "The action needs a Linux runner; this one has Windows.",
    ],
    [
      "a policy pack that is not installed",
      { inputs: { "policy-pack": "node_modules/.bin/other" } },
      "There is no policy pack node_modules/.bin/other in .. Install it before this action, for example with npm ci, or set policy-pack.",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const used = await use(more);

      expect(outcomes(used).slice(0, 2)).to.deep.equal(["Check: failure", "Preview: skipped"]);
      expect(errorsOf(used)).to.deep.equal([`least-privilege-iam: ${error}`]);
    });
  }
});

function read(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}
