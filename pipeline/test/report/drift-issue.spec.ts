import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bot, type FakeGitHub, type Issue, startFakeGitHub } from "../../rehearsal/github.ts";
import { drifted } from "./logs.ts";
import { runScript } from "./support.ts";

describe("pipeline/report/drift-issue.ts", () => {
  let folder: string;
  let github: FakeGitHub;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "drift-"));
    writeFileSync(join(folder, "events.json"), drifted);
    github = await startFakeGitHub(2);
  });
  afterEach(async () => {
    await github.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (REFRESH_CODE: string, environment: Record<string, string> = {}) =>
    runScript("drift-issue.ts", [folder], {
      ...github.environment,
      STACK: "dev",
      REFRESH_CODE,
      ...environment,
    });
  const marker = "<!-- reboot-automation drift of dev -->";
  const issue = (number: number, more: Partial<Issue> = {}): Issue => ({
    number,
    user: { login: "ada" },
    state: "open",
    title: "Something else",
    body: null,
    ...more,
  });

  it("does nothing where there is no drift and no issue", async () => {
    expect(await run("0")).to.deep.equal({ code: 0, output: "", error: "" });
    expect(github.changes).to.deep.equal([]);
  });

  it("opens an issue for drift", async () => {
    const { code, output } = await run("7");

    expect({ code, output }).to.deep.equal({ code: 0, output: "Opened https://github.test/it" });
    expect(github.changes).to.deep.equal(["POST issues"]);
    expect(github.issues[0]?.title).to.equal("Drift: the stack dev is not as it was deployed");
    expect(github.issues[0]?.body?.split("\n")[0]).to.equal(marker);
  });

  it("edits the issue while the drift lasts, on whatever page it is", async () => {
    github.issues.push(issue(1), issue(2), issue(3));
    await run("7");

    const { output } = await run("7", { GITHUB_RUN_ID: "78" });

    expect(output).to.equal("Edited https://github.test/it");
    expect(github.changes).to.deep.equal(["POST issues", "PATCH issues/103"]);
    expect(github.issues[3]?.body).to.include("/actions/runs/78)");
  });

  it("closes it with a comment when the drift is gone", async () => {
    await run("7");

    const { code, output } = await run("0");

    expect({ code, output }).to.deep.equal({ code: 0, output: "Closed https://github.test/it" });
    expect(github.changes.slice(1)).to.deep.equal(["POST issues/100/comments", "PATCH issues/100"]);
    expect(github.issues[0]?.state).to.equal("closed");
    expect(github.comments[0]?.body).to.match(/^The drift is gone: in \[this run\]/);
  });

  it("opens a new issue for new drift", async () => {
    await run("7");
    await run("0");

    await run("7");

    expect(github.issues.map(({ number, state }) => [number, state])).to.deep.equal([
      [100, "closed"],
      [101, "open"],
    ]);
  });

  for (const [what, other] of [
    ["another stack", { user: bot, body: "<!-- reboot-automation drift of live -->\n" }],
    ["somebody who wrote the marker", { user: { login: "eve" }, body: `${marker}\n` }],
  ] as const) {
    it(`leaves the issue of ${what} alone`, async () => {
      github.issues.push(issue(1, other));

      await run("7");
      await run("0");

      expect(github.issues[0]).to.deep.equal(issue(1, other));
    });
  }

  for (const [what, write] of [
    ["is missing", (file: string) => rmSync(file)],
    ["is cut off", (file: string) => writeFileSync(file, drifted.slice(0, -30))],
    ["has 1 GB", (file: string) => truncateSync(file, 1_000_000_000)],
  ] as const) {
    it(`opens an issue for drift of which the log ${what}`, async () => {
      write(join(folder, "events.json"));

      const { code } = await run("7");

      expect(code).to.equal(0);
      expect(github.issues[0]?.body).to.include("**⚠ What differs could not be read: ");
    });
  }

  it("treats any other code as a failure, and says nothing about drift", async () => {
    const { code, error } = await run("255");

    expect({ code, error }).to.deep.equal({
      code: 1,
      error:
        "::error::The issue about drift was not kept: REFRESH_CODE is 255, so nothing is known about drift; expected 0 or 7",
    });
    expect(github.changes).to.deep.equal([]);
  });

  it("reports an error of GitHub with what the job needs", async () => {
    github.refusal = { status: 410, message: "Issues are disabled for this repo" };

    const { code, error } = await run("7");

    expect(code).to.equal(1);
    expect(error).to.match(
      /POST \S+\/repos\/acme\/watchdog\/issues: GitHub responded 410 \{"message":"Issues are disabled for this repo"\}\. The job needs `issues: write` under/,
    );
  });
});
