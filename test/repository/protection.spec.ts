import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as {
  load(text: string): { jobs: Record<string, object> };
};
const jobsOf = (name: string) => Object.keys(yaml.load(read(`.github/workflows/${name}.yml`)).jobs);

const { rules } = JSON.parse(read(".github/rulesets/main.json")) as {
  rules: { type: string; parameters?: Record<string, unknown> }[];
};
const parametersOf = (type: string) => rules.find((it) => it.type === type)?.parameters;

describe(".github/rulesets/main.json", () => {
  it("requires the two checks that exist, from GitHub Actions and up to date", () => {
    expect(parametersOf("required_status_checks")).to.deep.equal({
      strict_required_status_checks_policy: true,
      required_status_checks: [
        { context: "check", integration_id: 15368 },
        { context: "report", integration_id: 15368 },
      ],
    });
    expect(jobsOf("check")).to.include("check");
    expect(jobsOf("preview")).to.include("report");
  });

  it("requires the code owners' approval of the last push", () => {
    expect(parametersOf("pull_request")).to.include({
      required_approving_review_count: 1,
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: true,
      require_last_push_approval: true,
    });
  });
});

describe("the guide in docs/pipeline.md", () => {
  const guide = read("docs/pipeline.md");

  it("protects main and the environment before roles, variables and secrets exist", () => {
    const steps = [
      "repos/OWNER/NAME/codeowners/errors",
      "repos/OWNER/NAME/rulesets --input .github/rulesets/main.json",
      "gh api -X PUT repos/OWNER/NAME/environments/production \\\n     -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'",
      "gh api -X POST repos/OWNER/NAME/environments/production/deployment-branch-policies -f name=main",
      "pulumi -C bootstrap up ",
      "gh variable set ",
      "gh secret set SUMOLOGIC_ACCESSKEY --env production",
    ];
    const places = steps.map((it) => guide.indexOf(it));

    expect(places).not.to.include(-1);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });

  it("names each job of the workflows that get credentials", () => {
    const table = /\| job \|[\s\S]*?\n\n/.exec(guide)?.[0] ?? "";

    for (const name of ["preview", "up", "drift"]) {
      for (const job of jobsOf(name)) {
        expect(table).to.match(new RegExp(`^\\| [^|]*\\b${job}\\b[^|]* \\|`, "m"));
      }
    }
  });
});
