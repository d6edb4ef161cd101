import { randomUUID } from "node:crypto";
import { type FakeGitHub, startFakeGitHub } from "../github.ts";
import type { Pipeline } from "../pipeline.ts";
import { localAccess } from "../sumo-logic/server.ts";
import { standIns, type Uploaded } from "./actions.ts";
import { type EndedJob, runJob } from "./run-job.ts";
import { readJob } from "./workflow.ts";

/** What happened in the repository that workflows answer to. */
export type RepositoryEvent =
  | { readonly name: "pull_request"; readonly number: number; readonly isOfFork?: true }
  | { readonly name: "push" }
  | { readonly name: "schedule" }
  | { readonly name: "workflow_dispatch"; readonly inputs: Readonly<Record<string, unknown>> };

/** A repository on a local GitHub whose pipeline is set up. */
export interface Repository {
  readonly github: FakeGitHub;
  /** What "Code scanning" got, in order. */
  readonly uploads: readonly Uploaded[];
  /** Runs the job of `.github/workflows/NAME.yml` for an event. */
  run(workflow: string, event: RepositoryEvent): Promise<EndedJob>;
  stop(): Promise<void>;
}

const fullName = "acme/watchdog";

export async function openRepository(pipeline: Pipeline): Promise<Repository> {
  const github = await startFakeGitHub();
  const { GITHUB_TOKEN: token = "", ...environment } = github.environment;
  const { folder } = pipeline.checkout;
  const uploads: Uploaded[] = [];
  const secrets = {
    SUMOLOGIC_ACCESSID: localAccess.accessId,
    SUMOLOGIC_ACCESSKEY: localAccess.accessKey,
  };
  return {
    github,
    uploads,
    run(workflow, event) {
      const isPullRequest = event.name === "pull_request";
      const ref = isPullRequest ? `refs/pull/${event.number}/merge` : "refs/heads/main";
      const ofEvent = isPullRequest ? pullRequest(event) : {};
      return runJob(readJob(folder, workflow), {
        checkout: pipeline.checkout,
        contexts: {
          github: {
            repository: fullName,
            workspace: folder,
            event_name: event.name,
            event: ofEvent,
            ref,
            token,
          },
          vars: pipeline.variables,
          // GitHub gives none to forks.
          secrets: isPullRequest && event.isOfFork ? {} : secrets,
          inputs: event.name === "workflow_dispatch" ? event.inputs : {},
          runner: { os: "Linux" },
        },
        environment: {
          ...environment,
          CI: "true",
          // As after actions/setup-node with `cache: npm`.
          npm_config_prefer_offline: "true",
          GITHUB_WORKSPACE: folder,
          // Only the steps that are given them have them.
          SUMOLOGIC_ACCESSID: "",
          SUMOLOGIC_ACCESSKEY: "",
        },
        actions: standIns(pipeline, {
          run: { workflow: `${workflow}.yml`, ref },
          uploads,
        }),
      });
    },
    stop: () => github.stop(),
  };
}

function pullRequest({ number, isOfFork }: { number: number; isOfFork?: true }) {
  const full_name = isOfFork ? "stranger/watchdog" : fullName;
  const sha = randomUUID().replaceAll("-", "").padEnd(40, "0");
  return { pull_request: { number, head: { sha, repo: { full_name } } } };
}
