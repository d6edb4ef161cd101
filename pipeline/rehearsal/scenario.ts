import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { type Environment, startEnvironment } from "../../sandbox/environment.ts";
import type { Step } from "../../sandbox/scenario/steps.ts";
import { createAuthorizer } from "./authorizer/authorizer.ts";
import type { Change } from "./origin.ts";
import { createPipeline, type Pipeline } from "./pipeline.ts";
import { openRepository, type Repository } from "./repository.ts";
import type { EndedRun } from "./run-workflow.ts";

/** The life of a repository with the pipeline, as steps; each throws unless it sees what its name says. */
export interface WorkflowScenario {
  /** The workflow that needs no cloud. */
  readonly check: Step;
  readonly steps: readonly Step[];
  readonly setUp: Step;
  stop(): Promise<void>;
}

const key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";
const pullRequest = { name: "pull_request", number: 7 } as const;

const previewJobs = ["install", "base", "preview", "verdict", "report", "findings"] as const;
const upJobs = ["environment", "install", "up", "findings"] as const;
const driftJobs = ["install", "compare", "issue"] as const;

const widerRole: Replacement = [
  "infra/reboot-grants.ts",
  `["ec2:RebootInstances"]`,
  `["ec2:RebootInstances", "ec2:StopInstances"]`,
];

const waiver = {
  rule: "encrypted-volume",
  type: "aws:ec2/instance:Instance",
  name: "web-server",
  finding: "rootBlockDevice.encrypted",
  reason: "The disk has nothing but the demonstration.",
  owner: "platform team",
  expires: "2099-12-31",
};

/** A policy pack that finds nothing, with the name of this repository's and the rules of its configuration. */
function emptyPack(rules: readonly string[]): string {
  return `
const { PolicyPack } = require("@pulumi/policy");
const rule = (name) => ({ name, description: name, configSchema: { properties: {} }, enforcementLevel: "mandatory", validateResource() {} });
new PolicyPack("least-privilege-iam", { policies: ${JSON.stringify(rules)}.map(rule) });
`.replaceAll("\n", " ");
}

/** The beginning of a program that writes and prints all that a runner could follow, and a wider grants file. */
const attack = `
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
const names = Object.keys(process.env).filter((it) => /^(GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)|ACTIONS_.*)$/.test(it));
console.log("variables of the runner: " + (names.join() || "none"));
const folder = process.env.RUNNER_TEMP + "/_runner_file_commands/";
for (const name of readdirSync(folder)) appendFileSync(folder + name, "outcome=success\\nfiles=policy\\n");
console.log("::set-output name=outcome::success");
console.log("##[set-output name=outcome]success");
console.log("::error::printed by the program");
console.error("::error::printed by the program");
const grants = readFileSync("grants.lock.json", "utf8");
writeFileSync("grants.lock.json", grants.replaceAll('"ec2:RebootInstances"', '"ec2:StopInstances": ["*"], "ec2:RebootInstances"'));
process.on("exit", () => writeFileSync("grants.lock.json", grants));
`;

export function createWorkflowScenario(tools: {
  pulumi: string;
  python: string;
  folder: string;
}): WorkflowScenario {
  const state: Partial<{ environment: Environment; pipeline: Pipeline; repository: Repository }> =
    {};
  const running = () => state as Required<typeof state>;

  const setUp: Step = {
    name: "pipeline/README.md is followed: roles, state, stack, variables",
    async run() {
      const { pulumi, folder } = tools;
      state.environment = await startEnvironment({ ...tools, createAuthorizer });
      state.pipeline = await createPipeline(state.environment, { folder, pulumi, isBare: true });
      state.repository = await openRepository(state.pipeline);
      return Object.entries(state.pipeline.variables).map(([name, value]) => `${name}: ${value}`);
    },
  };

  const check: Step = {
    name: "check: a pull request's code is formatted, typed, tested, its workflows are linted",
    async run() {
      const run = await running().repository.run("check", pullRequest);
      return shown(expectResults(run, { check: "success" }));
    },
  };

  const steps: Step[] = [
    {
      name: "preview: a pull request gets a comment about 44 resources",
      async run() {
        const { repository } = running();
        const run = await repository.run("preview", pullRequest);
        expectResults(run, all(previewJobs, "success"));
        expectEqual(headlines(repository), ["### Preview of `dev`: 44 to create"]);
        return [...shown(run), ...headlines(repository)];
      },
    },
    {
      name: "preview: nothing runs for a pull request of a fork",
      async run() {
        const event = { ...pullRequest, isOfFork: true } as const;
        const run = await running().repository.run("preview", event);
        return shown(expectResults(run, all(previewJobs, "skipped")));
      },
    },
    {
      name: "up: nothing is deployed while any branch may deploy to the environment",
      async run() {
        const { repository } = running();
        const { environments } = repository.github;
        const { production } = environments;
        environments.production = { deployment_branch_policy: null, branch_policies: [] };
        const run = await repository.run("up", { name: "push" });
        if (production) environments.production = production;
        expectResults(run, { ...all(upJobs, "skipped"), environment: "failure" });
        const errors = errorsOf(run, "environment");
        expectMatch(errors.join(), /any branch may deploy .*pipeline\/README\.md/);
        return [...shown(run), ...errors];
      },
    },
    {
      name: "up: a merge to main creates the stack",
      async run() {
        const run = await running().repository.run("up", { name: "push" });
        expectResults(run, all(upJobs, "success"));
        expectMatch(outputOf(run, "up", "Deploy"), /\+ 44 created/);
        return shown(run);
      },
    },
    {
      name: "drift: there is none, so there is no issue",
      async run() {
        const { repository } = running();
        const run = await repository.run("drift", { name: "schedule" });
        expectResults(run, all(driftJobs, "success"));
        expectEqual(repository.github.issues, []);
        return shown(run);
      },
    },
    {
      name: "preview: a push that lets the role do more fails, the same comment says why, findings go up",
      async run() {
        const { repository } = running();
        const run = await repository.run("preview", {
          ...pullRequest,
          change: changed(repository, [
            widerRole,
            [
              "infra/web-server/web-server.ts",
              "encrypted: true",
              `encrypted: true, kmsKeyId: "${key}"`,
            ],
          ]),
        });
        expectResults(run, {
          ...all(previewJobs, "failure"),
          install: "success",
          base: "success",
          findings: "success",
        });
        const [comment, ...others] = repository.github.comments.filter(
          (it) => it.issue === pullRequest.number,
        );
        expectEqual(others, []);
        expectMatch(comment?.body, /2 mandatory findings: `pulumi up` would stop there/);
        expectMatch(comment?.body, /\| replace \| `web-server` \| `aws:ec2:Instance` \|/);
        const rules = [...new Set(repository.uploads.at(-1))].sort();
        expectEqual(rules, ["grants-file", "public-function-url", "unused-grant"]);
        writeFileSync(join(tools.folder, "comment.md"), comment?.body ?? "");
        return [...shown(run), ...headlines(repository), `findings: ${rules.join(", ")}`];
      },
    },
    {
      name: "preview: a program that attacks the pipeline, and an installation that replaces the policy pack, do not get it past the verdict",
      async run() {
        const { repository } = running();
        const { scripts, ...manifest } = JSON.parse(repository.read("package.json"));
        const rules = Object.keys(JSON.parse(repository.read("policy-config.json")));
        // The file stays executable.
        scripts.postbuild = `(echo '#!/usr/bin/env node'; echo '${emptyPack(rules)}') >policy/bin/pack.js`;
        const run = await repository.run("preview", {
          name: "pull_request",
          number: 8,
          change: {
            ...changed(repository, [widerRole]),
            "package.json": JSON.stringify({ scripts, ...manifest }),
            "index.ts": `${attack}${repository.read("index.ts")}`,
          },
        });
        expectResults(run, {
          ...all(previewJobs, "success"),
          verdict: "failure",
          report: "failure",
        });
        expectMatch(outputOf(run, "verdict", "Verdict"), /grants-file/);
        for (const [job, step] of [
          ["preview", "Preview"],
          ["verdict", "Verdict"],
        ] as const) {
          expectMatch(outputOf(run, job, step), /variables of the runner: none$/m);
          expectEqual(errorsOf(run, job), []);
        }
        return shown(run);
      },
    },
    {
      name: "preview: a new waiver passes, and the verdict without it is for the code owners",
      async run() {
        const { repository } = running();
        const waivers = JSON.parse(repository.read("policy-waivers.json"));
        const run = await repository.run("preview", {
          name: "pull_request",
          number: 9,
          change: {
            ...changed(repository, [
              ["infra/web-server/web-server.ts", "encrypted: true", "encrypted: false"],
            ]),
            "policy-waivers.json": JSON.stringify([...waivers, waiver]),
          },
        });
        expectResults(run, all(previewJobs, "success"));
        expectEqual(run.base?.outputs, { changed: "policy-waivers.json" });
        expectEqual(run.verdict?.outputs, { outcome: "failure" });
        expectMatch(outputOf(run, "verdict", "Verdict"), /encrypted-volume/);
        expectMatch(
          repository.github.comments.at(-1)?.body,
          /left to the code owners, since the pull request changes `policy-waivers\.json`/,
        );
        return shown(run);
      },
    },
    {
      name: "drift: somebody opened the security group, and an issue says so, once",
      async run() {
        const { repository, environment } = running();
        await openSecurityGroup(environment);
        const run = await repository.run("drift", { name: "schedule" });
        const again = await repository.run("drift", { name: "schedule" });
        for (const it of [run, again]) expectResults(it, all(driftJobs, "success"));
        const { issues } = repository.github;
        expectEqual(
          issues.map(({ title, state }) => `${state}: ${title}`),
          ["open: Drift: the stack dev is not as it was deployed"],
        );
        expectMatch(issues[0]?.body, /web-server-security-group/);
        return [...shown(run), ...issues.map(({ title }) => title)];
      },
    },
    {
      name: "up with refresh puts it back, and the next drift check closes the issue",
      async run() {
        const { repository } = running();
        const event = { name: "workflow_dispatch", inputs: { refresh: true } } as const;
        const up = expectResults(await repository.run("up", event), all(upJobs, "success"));
        const drift = await repository.run("drift", { name: "schedule" });
        expectResults(drift, all(driftJobs, "success"));
        expectEqual(
          repository.github.issues.map(({ state: it }) => it),
          ["closed"],
        );
        return [...shown(up), ...shown(drift)];
      },
    },
  ];

  return {
    setUp,
    check,
    steps,
    async stop() {
      await state.repository?.stop();
      await state.environment?.stop();
    },
  };
}

/** File, text in it, and what replaces it. */
type Replacement = readonly [string, string, string];

/** The changed files of `main`. */
function changed(repository: Repository, replacements: readonly Replacement[]): Change {
  return Object.fromEntries(
    replacements.map(([file, from, to]) => {
      const text = repository.read(file);
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      return [file, text.replace(from, to)];
    }),
  );
}

async function openSecurityGroup({ aws }: Environment): Promise<void> {
  const ec2 = new EC2Client(aws);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const { GroupId } = SecurityGroups.find((it) => it.GroupName?.includes("web-server")) ?? {};
  const IpRanges = [{ CidrIp: "0.0.0.0/0" }];
  const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
}

/** The first visible line of each comment. */
function headlines({ github }: Repository): string[] {
  return github.comments.map(({ body }) => body.split("\n").find((it) => it.startsWith("#")) ?? "");
}

function all<Id extends string, Result>(jobs: readonly Id[], result: Result): Record<Id, Result> {
  return Object.fromEntries(jobs.map((it) => [it, result])) as Record<Id, Result>;
}

/** A line for each job. */
function shown(run: EndedRun): string[] {
  return Object.entries(run).map(([id, { conclusion, steps }]) =>
    [
      `${id}: ${conclusion}`,
      steps
        .map((it) => `${it.outcome === "success" ? "" : `${it.outcome}: `}${it.name}`)
        .join(", "),
    ]
      .filter((it) => it !== "")
      .join(": "),
  );
}

function outputOf(run: EndedRun, job: string, step: string): string | undefined {
  return run[job]?.steps.find((it) => it.name === step)?.output;
}

function errorsOf(run: EndedRun, job: string): string[] {
  return (run[job]?.steps ?? []).flatMap(({ errors }) => errors);
}

function expectResults(run: EndedRun, expected: Readonly<Record<string, string>>): EndedRun {
  const results = Object.entries(run).map(([id, { conclusion }]) => [id, conclusion] as const);
  const wrong = results.filter(([id, result]) => result !== expected[id]);
  if (wrong.length === 0 && results.length === Object.keys(expected).length) return run;
  const steps = Object.entries(run).flatMap(([id, job]) =>
    job.steps.map((it) => `${id}: ${it.outcome}: ${it.name}\n${it.output}`),
  );
  const shownResults = (it: object) => JSON.stringify(it);
  throw new Error(
    `the jobs ended with ${shownResults(Object.fromEntries(results))}; expected ${shownResults(expected)}\n${steps.join("\n")}`,
  );
}

function expectEqual(got: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`got ${a}; expected ${b}`);
}

function expectMatch(got: string | null | undefined, expected: RegExp): void {
  if (!expected.test(got ?? "")) throw new Error(`got ${got}; expected ${expected}`);
}
