import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenJob } from "./github-token.ts";
import type { Origin } from "./origin.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Action } from "./run-job.ts";
import type { Job } from "./workflow.ts";

/** A file of findings that was given to "Code scanning", as its results' rules. */
export type Uploaded = readonly string[];

/** The run that the actions are part of. */
export interface Run {
  readonly origin: Origin;
  /** The commit of the event. */
  readonly commit: string;
  /** What a job's token says of the run. */
  readonly token: Pick<TokenJob, "workflow" | "ref">;
  readonly uploads: Uploaded[];
}

/**
 * Stand-ins for third-party actions: each does the part that the workflows rely on, and refuses
 * what the real one would refuse.
 */
export function standIns(
  { variables, session }: Pipeline,
  { origin, commit, token, uploads }: Run,
): Readonly<Record<string, Action>> {
  return {
    "actions/checkout": async ({ inputs, job, workspace }) => {
      demand(job, "contents", "read");
      refuseOthers(inputs, ["persist-credentials", "fetch-depth", "ref"]);
      if (readdirSync(workspace).length > 0) throw new Error("the checkout's folder is not empty");
      origin.checkOut(workspace, {
        // An empty one is as none.
        commit: inputs.ref || commit,
        depth: Number(inputs["fetch-depth"] ?? 1),
      });
      return {};
    },
    "actions/setup-node": async ({ inputs, place }) => {
      refuseOthers(inputs, ["node-version-file", "package-manager-cache", "cache"]);
      const wanted = readFileSync(place(inputs["node-version-file"] ?? ""), "utf8").trim();
      if (wanted.split(".")[0] !== process.version.slice(1).split(".")[0]) {
        throw new Error(`the sandbox runs Node.js ${process.version}; expected ${wanted}`);
      }
      return {};
    },
    "aws-actions/configure-aws-credentials": async ({ inputs, job }) => {
      demand(job, "id-token", "write");
      refuseOthers(inputs, ["role-to-assume", "aws-region"]);
      if (!inputs["aws-region"]) throw new Error("aws-region is empty");
      const { AWS_PREVIEW_ROLE, AWS_DEPLOY_ROLE } = variables;
      const role = { [AWS_PREVIEW_ROLE ?? ""]: "preview", [AWS_DEPLOY_ROLE ?? ""]: "deploy" }[
        inputs["role-to-assume"] ?? ""
      ] as "preview" | "deploy" | undefined;
      if (!role) throw new Error(`there is no role ${inputs["role-to-assume"]}`);
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = await session(role, {
        ...token,
        ...(job.environment && { environment: job.environment }),
      });
      return {
        AWS_REGION: inputs["aws-region"],
        AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID ?? "",
        AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY ?? "",
        AWS_SESSION_TOKEN: AWS_SESSION_TOKEN ?? "",
      };
    },
    "github/codeql-action/upload-sarif": async ({ inputs, job, workspace, place }) => {
      demand(job, "security-events", "write");
      demand(job, "actions", "read");
      refuseOthers(inputs, ["sarif_file", "category"]);
      // It reports the commit that is checked out, so another one than the event's gets the findings.
      const head = readFileSync(join(workspace, ".git", "HEAD"), "utf8").trim();
      if (head !== commit) throw new Error(`the checkout has ${head}; expected ${commit}`);
      const file = place(inputs.sarif_file ?? "");
      if (!existsSync(file)) throw new Error(`there is no file ${inputs.sarif_file}`);
      const { version, runs } = JSON.parse(readFileSync(file, "utf8")) as {
        version: string;
        runs: { results: { ruleId: string }[] }[];
      };
      if (version !== "2.1.0") throw new Error(`SARIF ${version}; expected 2.1.0`);
      uploads.push(runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId)));
      return {};
    },
  };
}

/** What is not listed under a job's `permissions` is none. */
function demand({ permissions }: Job, scope: string, level: "read" | "write"): void {
  const given = permissions[scope];
  if (given === "write" || given === level) return;
  throw new Error(`the job lacks the permission ${scope}: ${level}`);
}

/** An ignored input would let a run prove less than it seems to. */
export function refuseOthers(
  inputs: Readonly<Record<string, string>>,
  known: readonly string[],
): void {
  const others = Object.keys(inputs).filter((it) => !known.includes(it));
  if (others.length > 0) throw new Error(`the input ${others.join(", ")} is not supported here`);
}
