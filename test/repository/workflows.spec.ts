// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub expressions, which look like it
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean | string;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
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
const job = (name: string, id: string) => workflow(name).jobs[id] as Job;

const names = globSync("*.yml", { cwd: join(root, folder) }).map((it) => basename(it, ".yml"));
const jobs = names.flatMap((name) =>
  Object.entries(workflow(name).jobs).map(([id, it]) => ({ place: `${name}.yml, ${id}`, ...it })),
);

/** The folders of this repository's composite actions, as a workflow names them. */
const actions = [...globSync(".github/actions/*", { cwd: root }), "pipeline/action"].map(
  (it) => `./${it}`,
);
const stepsOf = (action: string) =>
  (yaml.load(read(join(action, "action.yml"))) as { runs: { steps: readonly Step[] } }).runs.steps;
/** A job's steps, with this repository's actions expanded. */
const allSteps = ({ steps }: Pick<Job, "steps">): Step[] =>
  steps.flatMap((step) => (step.uses?.startsWith("./") ? [...stepsOf(step.uses)] : [step]));
const files = [
  ...names.map((name) => join(folder, `${name}.yml`)),
  ...actions.map((it) => join(it, "action.yml")),
];

/** Whether a job runs Pulumi, and so the program. */
const pulumi = /\bpulumi\b|\/preview\.sh/;
const runsPulumi = (it: Job) => allSteps(it).some(({ run = "" }) => pulumi.test(run));
const canWrite = ({ permissions = {} }: Job) =>
  Object.keys(permissions).filter((it) => permissions[it] === "write");

/** The version of an action, which follows its commit. */
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
    it(`pins${line.replace(/@.*|- /g, "").replace("uses:", "")} in ${file.replace(".github/", "")} by commit, with its version`, () => {
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

      it("grants no permission except those of each job", () => {
        expect(workflow(name).permissions).to.deep.equal({});
      });
    });
  }

  for (const { place, ...it_ } of jobs) {
    describe(`the job ${place}`, () => {
      it("has a timeout and does not leave the token in the checkout", () => {
        const [checkout] = it_.steps;

        expect(it_["timeout-minutes"]).to.be.within(1, 59);
        expect(checkout?.uses).to.match(/^actions\/checkout@/);
        expect(checkout?.with).to.include({ "persist-credentials": false });
      });

      it("has no write permission if it runs the program, except for the ID token", () => {
        if (!runsPulumi(it_)) return;
        expect(["id-token"]).to.include.members(canWrite(it_));
      });

      it("installs and builds nothing if it has a write permission or a secret", () => {
        const scripts = allSteps(it_).map(({ run = "" }) => run);
        if (canWrite(it_).length === 0 && !JSON.stringify(it_).includes("secrets.")) return;
        for (const script of scripts) {
          expect(script).not.to.match(/\bnpm\b|\bnpx\b|\btsc\b|pulumi install/);
        }
      });

      it("restores no cache if it has a write permission, or installs what such a job runs", () => {
        if (place === "check.yml, check") return;
        for (const step of allSteps(it_)) {
          expect(step.uses ?? "").not.to.match(/^actions\/cache/);
          if (!step.uses?.startsWith("actions/setup-node@")) continue;
          expect(step.with).to.deep.equal({
            "node-version-file": ".nvmrc",
            // Otherwise a field in package.json is enough to enable a cache.
            "package-manager-cache": false,
          });
        }
      });
    });
  }

  it("uses no expression in a script, where its value would be code", () => {
    const scripts = [...jobs.flatMap(allSteps), ...actions.flatMap(stepsOf)]
      .map(({ run }) => run ?? "")
      .filter((run) => run !== "");

    expect(scripts).to.have.length.above(15);
    for (const script of scripts) expect(script).not.to.include("${{");
  });

  it("grants the jobs exactly these permissions", () => {
    const read = { contents: "read" };
    const role = { ...read, "id-token": "write" };
    const findings = { ...read, "security-events": "write", actions: "read" };

    expect(Object.fromEntries(jobs.map((it) => [it.place, it.permissions]))).to.deep.equal({
      "check.yml, check": read,
      "preview.yml, install": read,
      "preview.yml, base": read,
      "preview.yml, preview": role,
      "preview.yml, verdict": role,
      "preview.yml, report": { ...read, "pull-requests": "write" },
      "preview.yml, findings": findings,
      "up.yml, environment": { ...read, actions: "read" },
      "up.yml, install": read,
      "up.yml, up": role,
      "up.yml, findings": findings,
      "drift.yml, install": read,
      "drift.yml, compare": role,
      "drift.yml, issue": { ...read, issues: "write" },
    });
  });

  const setUp = (uses?: string) => uses === "./.github/actions/set-up";

  it("runs Pulumi in four jobs, and only through the script that isolates it from the runner", () => {
    const running = jobs.filter(runsPulumi);

    expect(running.map(({ place }) => place)).to.have.members([
      "preview.yml, preview",
      "preview.yml, verdict",
      "up.yml, up",
      "drift.yml, compare",
    ]);
    const scripts = running
      .flatMap((it) => allSteps({ steps: it.steps.filter(({ uses }) => !setUp(uses)) }))
      .filter(({ run = "" }) => pulumi.test(run) && !run.startsWith('echo "::error'));
    expect(scripts).to.have.length(4);
    for (const { run } of scripts) {
      expect(run).to.match(
        /^(code=0\n)?bash (\.github\/pulumi\.sh (preview|up|refresh) |"\$GITHUB_ACTION_PATH\/preview\.sh"$)/,
      );
    }
    expect(read("pipeline/action/preview.sh").trim().split("\n").at(-1)).to.equal(
      'exec bash "$GITHUB_ACTION_PATH/../../.github/pulumi.sh" preview "${words[@]}"',
    );
  });

  it("gives check neither a secret nor a role", () => {
    expect(read(join(folder, "check.yml"))).not.to.match(/secrets\.|AWS_|PULUMI_/);
  });

  const ownPullRequest =
    "github.event.pull_request.head.repo.full_name == github.repository && vars.AWS_PREVIEW_ROLE != ''";

  it("previews only this repository's pull requests into main, once the pipeline is set up", () => {
    expect(workflow("preview").on).to.deep.equal({ pull_request: { branches: ["main"] } });
    expect(job("preview", "install").if).to.equal(ownPullRequest);
    expect(job("preview", "base").if).to.equal(ownPullRequest);
    expect(job("preview", "preview").needs).to.equal("install");
    expect(job("preview", "verdict").needs).to.deep.equal(["install", "base"]);
  });

  it("decides a preview job's result by its single step", () => {
    const { outputs, steps } = job("preview", "preview");
    const after = steps.slice(steps.findIndex(({ uses }) => uses === "./pipeline/action"));

    expect(outputs).to.equal(undefined);
    expect(after[0]).not.to.have.any.keys("continue-on-error");
    expect(after[0]?.with).to.include({ comment: false, sarif: false });
    expect(after.slice(1).map(({ uses = "" }) => uses.replace(/@.*/, ""))).to.deep.equal([
      "actions/upload-artifact",
    ]);
  });

  it("uses the base branch's pack, configuration and packages for the verdict", () => {
    const { steps, outputs } = job("preview", "verdict");
    const verdict = steps.find(({ id }) => id === "verdict");

    expect(verdict?.run).to.equal(
      'bash .github/pulumi.sh preview --policy-pack "$BASE/policy/bin/pack.js" --policy-pack-config "$BASE/policy-config.json"',
    );
    expect(verdict?.env).to.include({ POLICY_FOLDER: "${{ runner.temp }}/base" });
    expect(outputs).to.deep.equal({ outcome: "${{ steps.verdict.outcome }}" });
    expect(verdict?.["continue-on-error"]).to.equal("${{ needs.base.outputs.changed != '' }}");
    const install = job("preview", "base").steps.at(-1);
    expect(install?.with).to.deep.equal({
      artifact: "base",
      files:
        "node_modules policy grants.lock.json grants.options.lock.json policy-waivers.json policy-config.json",
    });
  });

  it("reports with the base branch's code, also after failures, and fails unless both previews succeeded", () => {
    const { if: condition, needs, steps } = job("preview", "report");

    expect(condition).to.equal(`always() && ${ownPullRequest}`);
    expect(needs).to.deep.equal(["base", "preview", "verdict"]);
    expect(steps[0]?.with?.ref).to.equal("${{ github.event.pull_request.base.sha }}");
    expect(steps.some(({ uses }) => uses?.startsWith("./"))).to.equal(false);
    expect(steps.at(-1)?.if).to.equal("always()");
    expect(steps.at(-1)?.run).to.include(
      '[ "$PREVIEW_RESULT" = success ] && [ "$VERDICT_RESULT" = success ]',
    );
  });

  it("deploys only main, in the environment, one at a time and without interruption", () => {
    const { on, concurrency } = workflow("up");

    expect(on.push).to.deep.equal({ branches: ["main"] });
    expect(concurrency).to.deep.equal({ group: "up", "cancel-in-progress": false });
    expect(job("up", "environment").if).to.equal(
      "github.ref == 'refs/heads/main' && vars.AWS_DEPLOY_ROLE != ''",
    );
    expect(job("up", "install").needs).to.equal("environment");
    expect(job("up", "up").needs).to.equal("install");
    expect(job("up", "up").environment).to.equal("production");
  });

  it("checks the environment before any job can get credentials", () => {
    const { environment, steps } = job("up", "environment");

    expect(environment).to.equal(undefined);
    expect(steps.at(-1)?.run).to.equal("node pipeline/report/check-environment.ts production");
  });

  it("checks for drift daily, with the preview role", () => {
    expect(workflow("drift").on.schedule).to.deep.equal([{ cron: "17 5 * * *" }]);
    expect(job("drift", "install").if).to.equal(
      "github.ref == 'refs/heads/main' && vars.AWS_PREVIEW_ROLE != ''",
    );
    expect(read(join(folder, "drift.yml"))).not.to.include("DEPLOY");
  });

  it("previews and deploys with the policy pack and its configuration", () => {
    const action = job("preview", "preview").steps.find(({ id }) => id === "preview");
    const script = job("up", "up").steps.find(({ run }) => run?.includes("pulumi.sh"));

    expect(action?.with).to.include({
      "policy-pack": "policy/bin/pack.js",
      "policy-pack-config": "policy-config.json",
    });
    expect(script?.run).to.include(
      "--policy-pack policy/bin/pack.js --policy-pack-config policy-config.json",
    );
  });

  for (const [name, id, step, words] of [
    ["up", "up", "deploy", ["functionName", "instanceId", "your own login", "defaultTags"]],
    [
      "drift",
      "compare",
      "code",
      ["ec2:DescribeInstanceAttribute", "the tag Project or Stack", "your own login"],
    ],
  ] as const) {
    it(`explains a refusal in ${name}.yml, in one line with a title`, () => {
      const said = job(name, id).steps.find(({ run }) => run?.startsWith('echo "::error title='));
      const [, title, text] =
        /^echo "::error title=([^:"]+)::([^"]+)"$/.exec(said?.run?.trim() ?? "") ?? [];

      expect(said?.if).to.equal(`failure() && steps.${step}.outcome == 'failure'`);
      expect(title).to.match(/failed$/);
      for (const word of words) expect(text).to.include(word);
      expect(text).to.include("pipeline/README.md");
    });
  }

  it("uses the repository's versions of Node.js and the Pulumi CLI", () => {
    const setUps = jobs
      .flatMap(allSteps)
      .filter(({ uses: it }) => it?.startsWith("actions/setup-node@"));
    const cli = stepsOf("./.github/actions/set-up").at(-1);

    expect(new Set(setUps.map(({ with: it }) => it?.["node-version-file"]))).to.deep.equal(
      new Set([".nvmrc"]),
    );
    expect(cli?.run).to.equal('node scripts/pulumi-cli.mjs >>"$GITHUB_PATH"');
  });
});
