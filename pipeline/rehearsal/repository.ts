import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standIns, type Uploaded } from "./actions.ts";
import { artifactActions } from "./artifacts.ts";
import { type FakeGitHub, fullName, startFakeGitHub } from "./github.ts";
import { type Change, createOrigin, type PullRequest } from "./origin.ts";
import type { Pipeline } from "./pipeline.ts";
import { type EndedRun, runWorkflow } from "./run-workflow.ts";
import { readWorkflow } from "./workflow.ts";

/** What happened in the repository that workflows run for. */
export type RepositoryEvent =
  | {
      readonly name: "pull_request";
      readonly number: number;
      /** What the pull request's one commit changes. */
      readonly change?: Change;
      readonly isOfFork?: true;
    }
  | { readonly name: "push" }
  | { readonly name: "schedule" }
  | { readonly name: "workflow_dispatch"; readonly inputs: Readonly<Record<string, unknown>> };

/** A repository on a local GitHub whose pipeline is set up. */
export interface Repository {
  readonly github: FakeGitHub;
  /** What "Code scanning" got, in order. */
  readonly uploads: readonly Uploaded[];
  /** The text of a file on `main`. */
  read(file: string): string;
  pushToMain(change: Change): void;
  /** Runs the jobs of `.github/workflows/NAME.yml` for an event. */
  run(workflow: string, event: RepositoryEvent): Promise<EndedRun>;
  stop(): Promise<void>;
}

/** The environment as the guide has it created. */
const protectedEnvironment = {
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  branch_policies: [{ name: "main", type: "branch" as const }],
};

/** Only the steps that are given them have them: the sandbox's machine has them for everything. */
const hidden = { SUMOLOGIC_ACCESSID: "", SUMOLOGIC_ACCESSKEY: "" };

export async function openRepository(pipeline: Pipeline): Promise<Repository> {
  const github = await startFakeGitHub();
  github.environments.production = protectedEnvironment;
  const { GITHUB_TOKEN: _, ...environment } = github.environment;
  const { checkout, secrets, variables } = pipeline;
  const origin = createOrigin(checkout.folder);
  const uploads: Uploaded[] = [];
  return {
    github,
    uploads,
    read: (file) => origin.read("main", file),
    pushToMain: (change) => origin.pushToMain(change),
    async run(name, event) {
      const pullRequest =
        event.name === "pull_request"
          ? origin.openPullRequest(event.number, event.change ?? {})
          : undefined;
      const ref =
        event.name === "pull_request" ? `refs/pull/${event.number}/merge` : "refs/heads/main";
      const commit = pullRequest?.merge ?? origin.commitOf("main");
      const folder = mkdtempSync(join(tmpdir(), "run-"));
      // GitHub reads the workflow from the event's commit.
      origin.checkOut(folder, { commit, depth: 1 });
      const workflow = readWorkflow(folder, name);
      if (!(event.name in workflow.on)) {
        throw new Error(`${name}.yml does not run for ${event.name}`);
      }
      const actions = {
        ...standIns(pipeline, {
          origin,
          commit,
          token: { workflow: `${name}.yml`, ref },
          uploads,
        }),
        ...artifactActions(join(folder, "artifacts")),
      };
      try {
        return await runWorkflow(workflow, (_id, job) => ({
          run: (line, more) => checkout.run(line, { ...hidden, ...more }),
          contexts: {
            github: {
              repository: fullName,
              event_name: event.name,
              event: pullRequest ? eventOf(event, pullRequest) : {},
              ref,
              sha: commit,
              token: github.tokenFor(job.permissions),
            },
            vars: variables,
            // GitHub gives none to forks.
            secrets: event.name === "pull_request" && event.isOfFork ? {} : secrets,
            inputs: event.name === "workflow_dispatch" ? event.inputs : {},
          },
          ...(job.environment &&
            !github.mayDeploy(job.environment, ref) && {
              refusal: `${ref} is not allowed to deploy to ${job.environment}`,
            }),
          environment: {
            ...environment,
            CI: "true",
            GITHUB_ACTIONS: "true",
            GITHUB_EVENT_NAME: event.name,
            GITHUB_REF: ref,
            GITHUB_REF_NAME: ref.replace(/^refs\/(heads|pull)\//, ""),
            GITHUB_SHA: commit,
            // As after an earlier run: only the sandbox's own machine keeps what npm downloaded.
            npm_config_prefer_offline: "true",
            ...(job.permissions["id-token"] === "write" && {
              ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.test/",
              ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
            }),
          },
          actions,
        }));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    stop: () => github.stop(),
  };
}

function eventOf(
  event: RepositoryEvent,
  { base, head }: PullRequest,
): Readonly<Record<string, unknown>> {
  if (event.name !== "pull_request") return {};
  const full_name = event.isOfFork ? "stranger/watchdog" : fullName;
  return {
    pull_request: {
      number: event.number,
      head: { sha: head, repo: { full_name } },
      base: { sha: base, ref: "main" },
    },
  };
}
