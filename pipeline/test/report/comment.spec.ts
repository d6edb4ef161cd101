import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bot, type FakeGitHub, startFakeGitHub } from "../../rehearsal/github.ts";
import { before, changed, logOf, policy, state } from "./logs.ts";
import { runScript } from "./support.ts";

/** Fits in a line, and sends a recursive parser deep. */
const deep = `{"resourcePreEvent":{"metadata":${'{"old":'.repeat(200_000)}1${"}".repeat(200_000)}}}\n`;

describe("pipeline/report/comment.ts", () => {
  let folder: string;
  let github: FakeGitHub;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "comment-"));
    writeFileSync(join(folder, "events.json"), changed);
    writeFileSync(join(folder, "preview-errors.txt"), "");
    github = await startFakeGitHub(2);
  });
  afterEach(async () => {
    await github.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (
    environment: Record<string, string> = {},
    folders = [folder, join(folder, "none")],
  ) =>
    runScript("comment.ts", folders, {
      ...github.environment,
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      STACK: "dev",
      PREVIEW_RESULT: "success",
      VERDICT_RESULT: "success",
      PULL_REQUEST: "7",
      HEAD_SHA: "1a2b3c4d5e6f",
      ...environment,
    });
  const marker = "<!-- reboot-automation preview of dev -->";

  it("writes a comment where the pull request has none", async () => {
    const { code, output } = await run();

    expect({ code, output }).to.deep.equal({ code: 0, output: "Wrote https://github.test/it" });
    expect(github.changes).to.deep.equal(["POST issues/7/comments"]);
    const [{ issue, body } = { issue: 0, body: "" }] = github.comments;
    expect(issue).to.equal(7);
    expect(body.split("\n").slice(0, 3)).to.deep.equal([
      marker,
      "",
      "### Preview of `dev`: 1 to replace ⚠, 1 to delete ⚠, 1 to create, 1 to update",
    ]);
    expect(body).to.match(
      /<sub>Commit `1a2b3c4`, \[whole output\]\(https:\/\/github\.test\/acme\/watchdog\/actions\/runs\/77\)<\/sub>$/,
    );
  });

  it("edits its own comment the next time, on whatever page it is", async () => {
    const others = [1, 2, 3].map((id) => ({ id, issue: 7, user: { login: "ada" }, body: "Fine." }));
    github.comments.push(...others);
    await run();

    const { code, output } = await run({ HEAD_SHA: "fedcba9876" });

    expect({ code, output }).to.deep.equal({ code: 0, output: "Edited https://github.test/it" });
    expect(github.changes).to.deep.equal(["POST issues/7/comments", "PATCH issues/comments/1003"]);
    expect(github.comments.slice(0, 3)).to.deep.equal(others);
    expect(github.comments).to.have.length(4);
    expect(github.comments[3]?.body).to.include("<sub>Commit `fedcba9`");
  });

  for (const [what, comment] of [
    [
      "another stack",
      { issue: 7, user: bot, body: "<!-- reboot-automation preview of live -->\n" },
    ],
    ["somebody who wrote the marker", { issue: 7, user: { login: "eve" }, body: `${marker}\n` }],
    ["another pull request", { issue: 8, user: bot, body: `${marker}\n` }],
    ["a workflow that quotes the marker", { issue: 7, user: bot, body: `See ${marker}\n` }],
  ] as const) {
    it(`leaves the comment of ${what} alone`, async () => {
      github.comments.push({ id: 5, ...comment });

      await run();

      expect(github.changes).to.deep.equal(["POST issues/7/comments"]);
      expect(github.comments[0]).to.deep.equal({ id: 5, ...comment });
    });
  }

  it("has what the verdict's artifact says", async () => {
    const verdict = join(folder, "verdict");
    mkdirSync(verdict);
    writeFileSync(
      join(verdict, "events.json"),
      logOf([policy("mandatory", "grants-file", "It changed.")], {}, "failed"),
    );

    await run({ VERDICT_RESULT: "failure", VERDICT_FILES: "policy policy-waivers.json" }, [
      folder,
      verdict,
    ]);

    expect(github.comments[0]?.body).to.include(
      "**1 mandatory finding of the base branch's policy pack:**",
    );
    expect(github.comments[0]?.body).to.include("changes `policy`, `policy-waivers.json`.");
  });

  it("adds the comment's text to the job's summary", async () => {
    writeFileSync(join(folder, "summary"), "Before.\n");
    await run();

    const summary = readFileSync(join(folder, "summary"), "utf8");
    expect(summary).to.equal(`Before.\n${github.comments[0]?.body}\n`);
  });

  it("says nothing of a verdict if there was only one preview", async () => {
    await run({ VERDICT_RESULT: "" }, [folder]);

    expect(github.comments[0]?.body).to.include("\nThe preview **passed**.\n");
  });

  it("only writes the summary if there is no pull request", async () => {
    const { code, output } = await run({ PULL_REQUEST: "" });

    expect({ code, output }).to.deep.equal({ code: 0, output: "" });
    expect(github.changes).to.deep.equal([]);
    expect(readFileSync(join(folder, "summary"), "utf8")).to.include("### Preview of `dev`");
  });

  for (const [what, write] of [
    ["is missing", (file: string) => rmSync(file)],
    ["has 500 MB in a line", (file: string) => truncateSync(file, 500_000_000)],
    ["is nested 19 million deep", (file: string) => writeFileSync(file, "[".repeat(19_000_000))],
    ["has a value that is nested deep", (file: string) => writeFileSync(file, deep)],
    ["is not JSON", (file: string) => writeFileSync(file, "\u0000".repeat(1_000_000))],
  ] as const) {
    it(`writes in little memory that the result could not be read where the log ${what}`, async () => {
      write(join(folder, "events.json"));

      const { code } = await run({ NODE_OPTIONS: "--max-old-space-size=256" });

      expect(code).to.equal(0);
      const [{ body } = { body: "" }] = github.comments;
      expect(body).to.include("### ❌ Preview of `dev` could not be read\n");
      expect(body).to.include("**⚠ The preview's result could not be read: ");
      expect(body).not.to.include("no changes");
    });
  }

  it("writes in little memory what fits of a large log", async () => {
    const inputs = { list: Array.from({ length: 40_000 }, (_, it) => ({ [`k${it}`]: [it] })) };
    const one = (name: string) => ({
      op: "update",
      type: "a:b:C",
      name,
      old: state({ ...inputs, name }),
      new: state(inputs),
    });
    const events = Array.from({ length: 9 }, (_, it) => before(one(`it-${it}`)));
    writeFileSync(join(folder, "events.json"), logOf(events, { update: 9 }));

    const { code } = await run({ NODE_OPTIONS: "--max-old-space-size=512" });

    expect(code).to.equal(0);
    expect(github.comments[0]?.body).to.include("### Preview of `dev`: 9 to update\n");
  });

  it("reports an error of GitHub with what the job needs, without the token", async () => {
    github.refusal = { status: 403, message: "Resource not accessible by integration" };

    const { code, output, error } = await run();

    expect({ code, output }).to.deep.equal({ code: 1, output: "" });
    expect(error).to.equal(
      `::error::The comment was not written: POST ${github.environment.GITHUB_API_URL}/repos/acme/watchdog/issues/7/comments: GitHub responded 403 {"message":"Resource not accessible by integration"}. The job needs \`pull-requests: write\` under \`permissions\` in .github/workflows/.`,
    );
  });

  it("reports that GitHub cannot be reached", async () => {
    const { error } = await run({ GITHUB_API_URL: "http://127.0.0.1:1" });

    expect(error).to.match(
      /^::error::The comment was not written: GET http:\/\/127\.0\.0\.1:1\/repos\/acme\/watchdog\/issues\/7\/comments\?per_page=100: GitHub cannot be reached: /,
    );
  });

  for (const [name, value, problem] of [
    [
      "STACK",
      "",
      "the variable STACK is missing or empty; the step of the workflow sets it (.github/workflows/)",
    ],
    [
      "PREVIEW_RESULT",
      "0",
      'the variable PREVIEW_RESULT must be one of success, failure, cancelled, skipped: got "0"',
    ],
    [
      "VERDICT_RESULT",
      "::add-mask::x",
      'the variable VERDICT_RESULT must be one of success, failure, cancelled, skipped: got ": :add-mask: :x"',
    ],
    ["PULL_REQUEST", "7/../8", 'the variable PULL_REQUEST must be a whole number: got "7/../8"'],
  ] as const) {
    it(`names ${name} where it is ${JSON.stringify(value)}`, async () => {
      const { code, error } = await run({ [name]: value });

      expect({ code, error }).to.deep.equal({
        code: 1,
        error: `::error::The comment was not written: ${problem}`,
      });
      expect(github.changes).to.deep.equal([]);
    });
  }
});
