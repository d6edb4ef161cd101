import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as {
  load(text: string): { jobs: Record<string, object>; config: Record<string, object> };
};
const bootstrap = yaml.load(read("pipeline/bootstrap/Pulumi.yaml"));
const jobsOf = (name: string) => Object.keys(yaml.load(read(`.github/workflows/${name}.yml`)).jobs);

const { rules } = JSON.parse(read(".github/rulesets/main.json")) as {
  rules: { type: string; parameters?: Record<string, unknown> }[];
};
const parametersOf = (type: string) => rules.find((it) => it.type === type)?.parameters;

describe(".github/rulesets/main.json", () => {
  it("requires the two existing checks, from GitHub Actions and up to date", () => {
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

describe("the guide in pipeline/README.md", () => {
  const guide = read("pipeline/README.md");

  it("protects main and the environment before roles, variables and secrets exist", () => {
    const steps = [
      "repos/OWNER/NAME/codeowners/errors",
      "repos/OWNER/NAME/rulesets --input .github/rulesets/main.json",
      "gh api -X PUT repos/OWNER/NAME/environments/production \\\n     -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'",
      "gh api -X POST repos/OWNER/NAME/environments/production/deployment-branch-policies -f name=main",
      "pulumi -C pipeline/bootstrap up ",
      "gh variable set ",
      "gh secret set SUMOLOGIC_ACCESSKEY --env production",
    ];
    const places = steps.map((it) => guide.indexOf(it));

    expect(places).not.to.include(-1);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });

  it("refers to its steps by the right numbers", () => {
    const [, ...steps] = (/## Set it up\n([\s\S]*?)\n## /.exec(guide)?.[1] ?? "").split(/^\d\. /m);
    const named = [...guide.matchAll(/Set `(\w+)` again as in step (\d)/g)];

    expect(named).to.have.length(1);
    for (const [, setting, step] of named) {
      expect(steps[Number(step) - 1]).to.include(
        `pulumi -C pipeline/bootstrap config set ${setting} `,
      );
    }
  });

  const options = [
    "slack",
    "teams",
    "pager",
    "eventBusArn",
    "dashboard",
    "evidence",
    "targetGroup",
  ];

  it("sets each bootstrap setting except default tags and options before bootstrap's first up", () => {
    const before = guide.slice(guide.indexOf("## Set it up"), guide.indexOf("bootstrap up "));
    const settings = Object.keys(bootstrap.config).filter((it) => !it.includes(":"));
    const required = settings.filter((it) => !options.includes(it));

    expect(required.filter((it) => !new RegExp(`\\b${it}\\b`).test(before))).to.deep.equal([
      "defaultTags",
    ]);
    expect(settings).to.include.members(options);
  });

  it("has a row for each option of bootstrap", () => {
    const [, table = ""] = /## Options\n([\s\S]*?)\nTo add an option/.exec(guide) ?? [];

    expect(options.filter((it) => !table.includes(`| \`${it}`))).to.deep.equal([]);
  });

  it("enables what GitHub disables in a fork, and replaces the owner on every line of CODEOWNERS", () => {
    expect(guide).to.include("gh api -X PATCH repos/OWNER/NAME -F has_issues=true");
    expect(guide).to.include("Enable the workflows on the Actions page, *drift*");
    // GNU's and BSD's sed both accept it.
    expect(guide).to.include("sed -i.old 's|@OWNER$|@YOUR-TEAM|' .github/CODEOWNERS");
  });

  it("says which jobs use a cache", () => {
    const cached = ["check", "preview", "up", "drift"].filter((it) =>
      /^\s+cache:/m.test(read(`.github/workflows/${it}.yml`)),
    );

    expect(cached).to.deep.equal(["check"]);
    expect(guide).to.include("Only *check* uses a cache");
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
