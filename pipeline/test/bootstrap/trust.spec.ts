import { expect } from "chai";
import { runBootstrap, settings as valid } from "./run-bootstrap.ts";

const settings = { ...valid, branch: "release/1" };
const issuer = "token.actions.githubusercontent.com";

/** The conditions of each role's trust policy. */
async function conditions(changes: Readonly<Record<string, string>> = {}) {
  const registered = await runBootstrap({ ...settings, ...changes });
  const roles = registered.filter(({ type }) => type === "aws:iam/role:Role");
  return Object.fromEntries(
    roles.map(({ name, inputs }) => {
      const [statement, ...others] = JSON.parse(inputs.assumeRolePolicy).Statement;
      expect(others).to.deep.equal([]);
      return [name, statement.Condition];
    }),
  );
}

describe("the trust of the pipeline's roles", () => {
  it("names repository, branch, workflow and environment exactly", async () => {
    expect(await conditions()).to.deep.equal({
      preview: {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: [
            "repo:acme@123456/watchdog@456789:pull_request",
            "repo:acme@123456/watchdog@456789:ref:refs/heads/release/1",
          ],
          [`${issuer}:repository_id`]: "456789",
        },
      },
      deploy: {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: "repo:acme@123456/watchdog@456789:environment:production",
          [`${issuer}:ref`]: "refs/heads/release/1",
          [`${issuer}:job_workflow_ref`]:
            "acme/watchdog/.github/workflows/up.yml@refs/heads/release/1",
          [`${issuer}:repository_id`]: "456789",
        },
      },
    });
  });

  it("names the id of an older repository, too, whose subjects have none", async () => {
    const { deploy } = await conditions({
      subjectPrefix: "repo:acme/watch.dog",
      repositoryId: "7",
      branch: "main",
    });

    expect(deploy.StringEquals).to.include({
      [`${issuer}:sub`]: "repo:acme/watch.dog:environment:production",
      [`${issuer}:job_workflow_ref`]: "acme/watch.dog/.github/workflows/up.yml@refs/heads/main",
      [`${issuer}:repository_id`]: "7",
    });
  });
});
