import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { createPipeline, type Pipeline } from "../pipeline.ts";
import type { Step } from "../steps.ts";
import { startWorld, type World } from "../world.ts";
import { openRepository, type Repository } from "./repository.ts";
import type { EndedJob } from "./run-job.ts";

/** The life of a repository with the pipeline, as steps; each throws unless it sees what its name says. */
export interface WorkflowStory {
  /** The workflow that needs no cloud. */
  readonly check: Step;
  readonly steps: readonly Step[];
  readonly setUp: Step;
  stop(): Promise<void>;
}

const key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";
const pullRequest = { name: "pull_request", number: 7 } as const;

export function tellWorkflows(tools: {
  pulumi: string;
  python: string;
  folder: string;
}): WorkflowStory {
  const state: Partial<{ world: World; pipeline: Pipeline; repository: Repository }> = {};
  const running = () => state as Required<typeof state>;

  const setUp: Step = {
    name: "docs/pipeline.md is followed: roles, state, stack, variables",
    async run() {
      const { pulumi, folder } = tools;
      state.world = await startWorld(tools);
      state.pipeline = await createPipeline(state.world, { folder, pulumi, isBare: true });
      state.repository = await openRepository(state.pipeline);
      return Object.entries(state.pipeline.variables).map(([name, value]) => `${name}: ${value}`);
    },
  };

  const check: Step = {
    name: "check: a pull request's code is formatted, typed, tested, its workflows are linted",
    async run() {
      const job = await running().repository.run("check", pullRequest);
      return shown(expectConclusion(job, "success"));
    },
  };

  const steps: Step[] = [
    {
      name: "preview: a pull request gets a comment that tells of 44 resources",
      async run() {
        const { repository } = running();
        const job = await repository.run("preview", pullRequest);
        expectConclusion(job, "success");
        expectEqual(headlines(repository), ["### Preview of `dev`: 44 to create"]);
        return [...shown(job), ...headlines(repository)];
      },
    },
    {
      name: "preview: nothing runs for a pull request of a fork",
      async run() {
        const event = { ...pullRequest, isOfFork: true } as const;
        return shown(expectConclusion(await running().repository.run("preview", event), "skipped"));
      },
    },
    {
      name: "up: a merge to main makes the stack",
      async run() {
        const job = await running().repository.run("up", { name: "push" });
        expectMatch(outputOf(expectConclusion(job, "success"), "Deploy"), /\+ 44 created/);
        return shown(job);
      },
    },
    {
      name: "drift: there is none, so there is no issue",
      async run() {
        const { repository } = running();
        const job = await repository.run("drift", { name: "schedule" });
        expectConclusion(job, "success");
        expectEqual(repository.github.issues, []);
        return shown(job);
      },
    },
    {
      name: "preview: a push that lets the role do more fails, the same comment says why, findings go up",
      async run() {
        const { repository, pipeline } = running();
        const job = await withChanges(
          pipeline.checkout.folder,
          [
            [
              "infra/reboot-grants.ts",
              `["ec2:RebootInstances"]`,
              `["ec2:RebootInstances", "ec2:StopInstances"]`,
            ],
            [
              "infra/web-server/web-server.ts",
              "encrypted: true",
              `encrypted: true, kmsKeyId: "${key}"`,
            ],
          ],
          () => repository.run("preview", pullRequest),
        );
        expectConclusion(job, "failure");
        expectEqual(outcome(job, "Fail if the preview failed"), "failure");
        const [comment, ...others] = repository.github.comments;
        expectEqual(others, []);
        expectMatch(comment?.body, /2 mandatory findings: `pulumi up` would stop there/);
        expectMatch(comment?.body, /\| replace \| `web-server` \| `aws:ec2:Instance` \|/);
        const rules = [...new Set(repository.uploads.at(-1))].sort();
        expectEqual(rules, ["grants-file", "public-function-url", "unused-grant"]);
        writeFileSync(join(tools.folder, "comment.md"), comment?.body ?? "");
        return [...shown(job), ...headlines(repository), `findings: ${rules.join(", ")}`];
      },
    },
    {
      name: "drift: somebody opened the security group, and an issue says so, once",
      async run() {
        const { repository, world } = running();
        await openSecurityGroup(world);
        const job = await repository.run("drift", { name: "schedule" });
        expectConclusion(await repository.run("drift", { name: "schedule" }), "success");
        expectConclusion(job, "success");
        const { issues } = repository.github;
        expectEqual(
          issues.map(({ title, state }) => `${state}: ${title}`),
          ["open: Drift: the stack dev is not as it was deployed"],
        );
        expectMatch(issues[0]?.body, /web-server-security-group/);
        return [...shown(job), ...issues.map(({ title }) => title)];
      },
    },
    {
      name: "up with refresh puts it back, and the next look for drift closes the issue",
      async run() {
        const { repository } = running();
        const event = { name: "workflow_dispatch", inputs: { refresh: true } } as const;
        const up = expectConclusion(await repository.run("up", event), "success");
        const drift = await repository.run("drift", { name: "schedule" });
        expectConclusion(drift, "success");
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
      await state.world?.stop();
    },
  };
}

/** File, text in it, and what stands there instead. */
type Change = readonly [string, string, string];

/** Runs something while files of a folder are changed. */
async function withChanges<T>(
  folder: string,
  changes: readonly Change[],
  run: () => Promise<T>,
): Promise<T> {
  const before = changes.map(([name, from, to]) => {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
    return { file, text };
  });
  try {
    return await run();
  } finally {
    for (const { file, text } of before) writeFileSync(file, text);
  }
}

async function openSecurityGroup({ aws }: World): Promise<void> {
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

function shown({ conclusion, steps }: EndedJob): string[] {
  if (steps.length === 0) return [conclusion];
  return steps.map(({ name, outcome: it }) => `${it === "success" ? "" : `${it}: `}${name}`);
}

function outcome({ steps }: EndedJob, name: string): string | undefined {
  return steps.find((it) => it.name === name)?.outcome;
}

function outputOf({ steps }: EndedJob, name: string): string | undefined {
  return steps.find((it) => it.name === name)?.output;
}

function expectConclusion(job: EndedJob, conclusion: EndedJob["conclusion"]): EndedJob {
  if (job.conclusion === conclusion) return job;
  const steps = job.steps.map((it) => `${it.outcome}: ${it.name}\n${it.output}`);
  throw new Error(
    `the job ended with ${job.conclusion}; expected ${conclusion}\n${steps.join("\n")}`,
  );
}

function expectEqual(got: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`got ${a}; expected ${b}`);
}

function expectMatch(got: string | null | undefined, expected: RegExp): void {
  if (!expected.test(got ?? "")) throw new Error(`got ${got}; expected ${expected}`);
}
