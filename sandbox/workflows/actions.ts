import { existsSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { TokenJob } from "../github-token.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Action } from "./run-job.ts";
import type { Job } from "./workflow.ts";

/** A file of findings that was given to "Code scanning", as its results' rules. */
export type Uploaded = readonly string[];

/**
 * What stands for the actions of others: each does the part that the workflows rely on, and refuses
 * what the real one would refuse. `run` is what a job's token says of its run.
 */
export function standIns(
  { checkout, variables, session }: Pipeline,
  { run, uploads }: { run: Pick<TokenJob, "workflow" | "ref">; uploads: Uploaded[] },
): Readonly<Record<string, Action>> {
  const { folder } = checkout;
  return {
    "actions/checkout": async () => {
      // Each job has a new machine. Aside is quicker than away: there are 40,000 files.
      const aside = mkdtempSync(join(dirname(folder), "aside-"));
      for (const it of ["node_modules", "policy/bin", "findings.sarif"]) {
        const path = join(folder, it);
        if (existsSync(path)) renameSync(path, join(aside, basename(it)));
      }
      return {};
    },
    "actions/setup-node": async ({ inputs }) => {
      const wanted = readFileSync(join(folder, inputs["node-version-file"] ?? ""), "utf8").trim();
      if (wanted.split(".")[0] !== process.version.slice(1).split(".")[0]) {
        throw new Error(`the sandbox runs Node.js ${process.version}; expected ${wanted}`);
      }
      return {};
    },
    "actions/cache": async ({ inputs }) => {
      if (!inputs.path || /-$/.test(inputs.key ?? "-")) throw new Error("path or key is empty");
      return {};
    },
    "pulumi/actions": async ({ inputs }) => {
      const { output } = await checkout.run("pulumi version");
      if (output.trim() !== `v${inputs["pulumi-version"]}`) {
        throw new Error(`the CLI is ${output.trim()}; expected ${inputs["pulumi-version"]}`);
      }
      return {};
    },
    "aws-actions/configure-aws-credentials": async ({ inputs, job }) => {
      demand(job, "id-token");
      if (!inputs["aws-region"]) throw new Error("aws-region is empty");
      const { AWS_PREVIEW_ROLE, AWS_DEPLOY_ROLE } = variables;
      const role = { [AWS_PREVIEW_ROLE ?? ""]: "preview", [AWS_DEPLOY_ROLE ?? ""]: "deploy" }[
        inputs["role-to-assume"] ?? ""
      ] as "preview" | "deploy" | undefined;
      if (!role) throw new Error(`there is no role ${inputs["role-to-assume"]}`);
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = await session(role, {
        ...run,
        ...(job.environment && { environment: job.environment }),
      });
      return {
        AWS_REGION: inputs["aws-region"],
        AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID ?? "",
        AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY ?? "",
        AWS_SESSION_TOKEN: AWS_SESSION_TOKEN ?? "",
      };
    },
    "github/codeql-action/upload-sarif": async ({ inputs, job }) => {
      demand(job, "security-events");
      const file = join(folder, inputs.sarif_file ?? "");
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

function demand({ permissions }: Job, scope: string): void {
  if (permissions[scope] !== "write")
    throw new Error(`the job lacks the permission ${scope}: write`);
}
