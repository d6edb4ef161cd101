import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";
const workflow = (name: string) => yaml.load(read(join(folder, `${name}.yml`))) as Workflow;
/** The one job of a workflow. */
const job = (name: string) => Object.values(workflow(name).jobs)[0] as Job;

const names = globSync("*.yml", { cwd: join(root, folder) }).map((it) => basename(it, ".yml"));
const action = ".github/actions/set-up/action.yml";
const { runs } = yaml.load(read(action)) as { runs: { steps: readonly Step[] } };
const files = [...names.map((name) => join(folder, `${name}.yml`)), action];

/** The version of an action, whose commit stands before it. */
const pin = /^\s*(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/;
const uses = files.flatMap((file) =>
  read(file)
    .split("\n")
    .filter((line) => /^\s*(- )?uses:/.test(line) && !line.includes("uses: ./"))
    .map((line) => ({ file, line })),
);

describe(".github/", () => {
  it("has the four workflows of the pipeline", () => {
    expect(names).to.have.members(["check", "preview", "up", "drift"]);
  });

  for (const { file, line } of uses) {
    it(`pins${line.replace(/@.*|- /g, "").replace("uses:", "")} in ${basename(file)} by commit, with its version`, () => {
      expect(line).to.match(pin);
    });
  }

  it("uses one version of each action", () => {
    const pins = uses.map(({ line }) => pin.exec(line)?.slice(1).join(" ") ?? "");
    const actions = pins.map((it) => it.split(" ")[0]);

    expect(new Set(pins).size).to.equal(new Set(actions).size);
  });

  for (const name of names) {
    describe(`${name}.yml`, () => {
      it("never runs a fork's code with this repository's credentials", () => {
        expect(workflow(name).on).not.to.have.any.keys("pull_request_target", "workflow_run");
      });

      it("permits nothing but what each job says for itself", () => {
        expect(workflow(name).permissions).to.deep.equal({});
      });

      it("has one job, which ends in time and does not leave the token in the checkout", () => {
        expect(Object.keys(workflow(name).jobs)).to.deep.equal([name]);
        expect(job(name)["timeout-minutes"]).to.be.within(1, 59);
        expect(job(name).steps[0]?.uses).to.match(/^actions\/checkout@/);
        expect(job(name).steps[0]?.with).to.deep.equal({ "persist-credentials": false });
      });
    });
  }

  it("puts no expression into a script, where its value would be code", () => {
    const scripts = [...names.flatMap((name) => job(name).steps), ...runs.steps]
      .map(({ run }) => run ?? "")
      .filter((run) => run !== "");

    expect(scripts).to.have.length(9);
    for (const script of scripts) expect(script).not.to.include("${{");
  });

  it("gives the jobs exactly these permissions", () => {
    const read = { contents: "read" };
    const role = { "id-token": "write" };
    const findings = { "security-events": "write", actions: "read" };

    expect(Object.fromEntries(names.map((name) => [name, job(name).permissions]))).to.deep.equal({
      check: read,
      preview: { ...read, ...role, ...findings, "pull-requests": "write" },
      up: { ...read, ...role, ...findings },
      drift: { ...read, ...role, issues: "write" },
    });
  });

  it("gives check no secret and no role", () => {
    expect(read(join(folder, "check.yml"))).not.to.match(/secrets\.|AWS_|PULUMI_/);
  });

  it("previews pull requests of this repository alone, once it is set up", () => {
    expect(workflow("preview").on).to.deep.equal({ pull_request: null });
    expect(job("preview").if).to.equal(
      "github.event.pull_request.head.repo.full_name == github.repository && vars.AWS_PREVIEW_ROLE != ''",
    );
  });

  it("deploys main alone, behind the environment, one at a time and never cut off", () => {
    const { on, concurrency } = workflow("up");

    expect(on.push).to.deep.equal({ branches: ["main"] });
    expect(concurrency).to.deep.equal({ group: "up", "cancel-in-progress": false });
    expect(job("up").if).to.equal("github.ref == 'refs/heads/main' && vars.AWS_DEPLOY_ROLE != ''");
    expect(job("up").environment).to.equal("production");
  });

  it("looks for drift each day, with the preview's role", () => {
    expect(workflow("drift").on.schedule).to.deep.equal([{ cron: "17 5 * * *" }]);
    expect(job("drift").if).to.equal(
      "github.ref == 'refs/heads/main' && vars.AWS_PREVIEW_ROLE != ''",
    );
    expect(read(join(folder, "drift.yml"))).not.to.include("DEPLOY");
  });

  it("previews and deploys with the policy pack and its configuration", () => {
    for (const name of ["preview", "up"]) {
      const [script] = job(name).steps.filter(({ run }) => run?.includes("pulumi "));

      expect(script?.run).to.include(
        "--policy-pack policy --policy-pack-config policy-config.json",
      );
    }
  });

  for (const [name, command, words] of [
    ["up", "pulumi up ", ["functionName", "instanceId", "your own login", "defaultTags"]],
    [
      "drift",
      "pulumi refresh ",
      ["ec2:DescribeInstanceAttribute", "the tag Project or Stack", "your own login"],
    ],
  ] as const) {
    it(`says in ${name}.yml what a refusal can mean, in one line with a title`, () => {
      const script = job(name).steps.find(({ run }) => run?.includes(command))?.run ?? "";
      const errors = [...script.matchAll(/echo "::error title=([^:"]+)::([^"]+)"\n\s*exit /g)];

      expect(errors).to.have.length(1);
      const [, title, text] = errors[0] ?? [];
      expect(title).to.match(/failed$/);
      for (const word of words) expect(text).to.include(word);
      expect(text).to.include("docs/pipeline.md");
    });
  }

  it("has Node.js and the Pulumi CLI from where everything else has their versions", () => {
    const setUps = [...job("check").steps, ...runs.steps].filter(({ uses: it }) =>
      it?.startsWith("actions/setup-node@"),
    );
    const version = runs.steps.find(({ run }) => run?.includes("@pulumi/pulumi"));

    expect(setUps.map(({ with: it }) => it?.["node-version-file"])).to.deep.equal([
      ".nvmrc",
      ".nvmrc",
    ]);
    expect(version?.run).to.include(`require("./package.json").devDependencies["@pulumi/pulumi"]`);
  });
});
