import { expect } from "chai";
import { type FakeEnvironment, type FakeGitHub, startFakeGitHub } from "../../rehearsal/github.ts";
import { runScript } from "./support.ts";

const branch = (name: string) => ({ name, type: "branch" }) as const;
const custom = { protected_branches: false, custom_branch_policies: true };
const remedy =
  '; expected deployments from the branch main alone. Protect it as pipeline/README.md says under "Set it up", or under Settings → Environments → production → Deployment branches and tags → Selected branches and tags.';

describe("pipeline/report/check-environment.ts", () => {
  let github: FakeGitHub;
  beforeEach(async () => {
    github = await startFakeGitHub();
  });
  afterEach(() => github.stop());

  const run = (environment?: FakeEnvironment, permissions?: Record<string, string>) => {
    if (environment) github.environments.production = environment;
    return runScript("check-environment.ts", ["production"], {
      ...github.environment,
      GITHUB_REF_NAME: "main",
      ...(permissions && { GITHUB_TOKEN: github.tokenFor(permissions) }),
    });
  };

  it("passes if main alone may deploy, with the permission actions: read", async () => {
    const environment = { deployment_branch_policy: custom, branch_policies: [branch("main")] };

    expect(await run(environment, { actions: "read" })).to.deep.equal({
      code: 0,
      output: "Only main may deploy to the environment production.",
      error: "",
    });
  });

  const protectedOnly = { protected_branches: true, custom_branch_policies: false };
  for (const [what, environment, problem] of [
    ["there is none", undefined, "there is no environment production"],
    [
      "any branch may deploy",
      { deployment_branch_policy: null, branch_policies: [] },
      "any branch may deploy to the environment production",
    ],
    [
      "every protected branch may deploy",
      { deployment_branch_policy: protectedOnly, branch_policies: [] },
      "every protected branch may deploy to the environment production, and any branch while none is protected",
    ],
    [
      "no branch may deploy",
      { deployment_branch_policy: custom, branch_policies: [] },
      "0 branches may deploy to the environment production",
    ],
    [
      "another branch may deploy, too",
      {
        deployment_branch_policy: custom,
        branch_policies: [branch("main"), branch("release/*")],
      },
      "the branch release/* may deploy to the environment production, too",
    ],
    [
      "a pattern may deploy that main matches",
      { deployment_branch_policy: custom, branch_policies: [branch("m*")] },
      "the branch m* may deploy to the environment production, too",
    ],
    [
      "a tag of that name may deploy",
      {
        deployment_branch_policy: custom,
        branch_policies: [{ name: "main", type: "tag" as const }],
      },
      "the tag main may deploy to the environment production, too",
    ],
  ] as const) {
    it(`fails and says how to protect the environment if ${what}`, async () => {
      const { code, error } = await run(
        environment && { ...environment, branch_policies: [...environment.branch_policies] },
      );

      expect({ code, error }).to.deep.equal({
        code: 1,
        error: `::error::The environment is not protected: ${problem}${remedy}`,
      });
    });
  }

  it("names the permission that the job lacks", async () => {
    const { code, error } = await run(undefined, { contents: "read" });

    expect(code).to.equal(1);
    expect(error).to.include("GitHub responded 403");
    expect(error).to.include("The job needs `actions: read`");
  });
});
