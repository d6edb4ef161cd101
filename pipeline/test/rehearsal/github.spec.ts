import { request } from "node:http";
import { expect } from "chai";
import { bot, type FakeGitHub, startFakeGitHub } from "../../rehearsal/github.ts";

/** The status of a request for the open issues; unlike `fetch` it may set the `Host` header. */
function statusOfList(port: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = "/repos/acme/watchdog/issues";
    request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("startFakeGitHub", () => {
  let github: FakeGitHub;
  beforeEach(async () => {
    github = await startFakeGitHub();
    github.issues.push({ number: 100, user: bot, state: "open", title: "Drift", body: "" });
    github.comments.push({ id: 1_000, issue: 7, user: bot, body: "" });
    github.environments.production = { deployment_branch_policy: null, branch_policies: [] };
  });
  afterEach(() => github.stop());

  const statusOf = async (call: string, permissions: Record<string, string>) => {
    const [method = "", path = ""] = call.split(" ");
    const { status } = await fetch(
      `${github.environment.GITHUB_API_URL}/repos/acme/watchdog/${path}`,
      {
        method,
        headers: { authorization: `Bearer ${github.tokenFor(permissions)}` },
        ...(method !== "GET" && { body: "{}" }),
      },
    );
    return status;
  };

  for (const [call, scope] of [
    ["POST issues/7/comments", "pull-requests"],
    ["PATCH issues/comments/1000", "pull-requests"],
    ["POST issues/100/comments", "issues"],
    ["POST issues", "issues"],
    ["PATCH issues/100", "issues"],
  ] as const) {
    it(`lets a job's token ${call} only with ${scope}: write`, async () => {
      const others = { contents: "write", actions: "write", [scope]: "read" };

      expect(await statusOf(call, others)).to.equal(403);
      expect(await statusOf(call, { [scope]: "write" })).to.equal(200);
    });
  }

  for (const [call, scope] of [
    ["GET issues/7/comments", "pull-requests"],
    ["GET issues", "issues"],
    ["GET environments/production", "actions"],
    ["GET environments/production/deployment-branch-policies", "actions"],
  ] as const) {
    it(`lets a job's token ${call} with ${scope}: read`, async () => {
      expect(await statusOf(call, { contents: "write" })).to.equal(403);
      expect(await statusOf(call, { [scope]: "read" })).to.equal(200);
      expect(await statusOf(call, { [scope]: "write" })).to.equal(200);
    });
  }

  it("lets only the branches that an environment names deploy to it", () => {
    github.environments.production = {
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      branch_policies: [{ name: "main", type: "branch" }],
    };

    expect(github.mayDeploy("production", "refs/heads/main")).to.equal(true);
    expect(github.mayDeploy("production", "refs/heads/feature")).to.equal(false);
    expect(github.mayDeploy("production", "refs/tags/main")).to.equal(false);
  });

  it("creates an environment without protection when a job first names it", () => {
    expect(github.mayDeploy("staging", "refs/heads/feature")).to.equal(true);
    expect(github.environments.staging).to.deep.equal({
      deployment_branch_policy: null,
      branch_policies: [],
    });
  });

  it("refuses web pages and requests without its token", async () => {
    const { port } = new URL(github.environment.GITHUB_API_URL ?? "");
    const authorization = `Bearer ${github.environment.GITHUB_TOKEN}`;
    const list = (more: Record<string, string>) => statusOfList(port, { authorization, ...more });

    expect(await list({})).to.equal(200);
    expect(await list({ authorization: "Bearer the-token" })).to.equal(401);
    expect(await list({ origin: "https://evil.example" })).to.equal(403);
    expect(await list({ "sec-fetch-site": "cross-site" })).to.equal(403);
    expect(await list({ host: "evil.example" })).to.equal(403);
  });
});
