// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type FakeGitHub, fullName } from "../../rehearsal/github.ts";
import { type Action, type EndedJob, runJob } from "../../rehearsal/run-job.ts";

export const actionFolder = join(import.meta.dirname, "..", "..", "action");
export const published = "OWNER/REPO/pipeline/action";

/** The event of a pull request of this repository, or of a fork's. */
export const pullRequest = (headRepository: string | null = fullName) => ({
  number: 7,
  head: {
    sha: "1a2b3c4d5e6f",
    repo: headRepository === null ? null : { full_name: headRepository },
  },
});

export interface Use {
  readonly github: FakeGitHub;
  /** `pull_request` of this repository if missing. */
  readonly event?: string;
  readonly pullRequest?: object;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Lines of shell that run as `pulumi`; the CLI is missing if null. */
  readonly pulumi?: string | null;
  /** Path → lines of shell: programs in `bin`, which is on PATH, and in `tools`, the runner's tool cache. */
  readonly programs?: Readonly<Record<string, string>>;
  /** File → text of the caller's checkout, beside the installed policy pack. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Why "Code scanning" refuses the findings. */
  readonly codeScanning?: string;
}

export interface Used extends EndedJob {
  /** The inputs of each upload to "Code scanning". */
  readonly uploads: readonly Readonly<Record<string, string>>[];
}

/** Uses the action, with `stack: dev`, in the job of a caller's workflow. */
export async function useAction({
  github,
  event = "pull_request",
  pulumi = "true",
  programs = {},
  files = {},
  environment = {},
  codeScanning,
  ...more
}: Use): Promise<Used> {
  const folder = mkdtempSync(join(tmpdir(), "action-"));
  const write = (name: string, content: string) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o755 });
  };
  const all = { ...programs, ...(pulumi !== null && { "bin/pulumi": pulumi }) };
  for (const [name, script] of Object.entries(all)) {
    write(name, `#!/usr/bin/env bash\n${script}\n`);
  }
  const installed = { "node_modules/.bin/least-privilege-iam": "", ...files };
  for (const [name, content] of Object.entries(installed)) write(`checkout/${name}`, content);
  const uploads: Readonly<Record<string, string>>[] = [];
  const actions: Record<string, Action> = {
    "actions/checkout": async ({ workspace }) => {
      cpSync(join(folder, "checkout"), workspace, { recursive: true });
      return {};
    },
    "github/codeql-action/upload-sarif": async ({ inputs }) => {
      if (codeScanning) throw new Error(codeScanning);
      uploads.push(inputs);
      return {};
    },
  };
  const { GITHUB_TOKEN: token, ...variables } = github.environment;
  const job = {
    needs: [],
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 20,
    permissions: {},
    outputs: { folder: "${{ steps.it.outputs.folder }}" },
    steps: [
      { uses: "actions/checkout@v7" },
      { id: "it", uses: `${published}@v1`, with: { stack: "dev", ...more.inputs } },
    ],
  };
  try {
    const ended = await runJob(job, {
      run: async (line, env) => {
        const child = spawn("bash", ["-c", line], {
          stdio: ["ignore", "pipe", "pipe"],
          env: {
            PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
            RUNNER_TOOL_CACHE: join(folder, "tools"),
            ...env,
          },
        });
        const code = new Promise<number>((resolve) => child.on("close", (it) => resolve(it ?? 1)));
        const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
        return { code: await code, output, error };
      },
      contexts: {
        github: {
          repository: fullName,
          event_name: event,
          event:
            event === "pull_request" ? { pull_request: more.pullRequest ?? pullRequest() } : {},
          sha: "fedcba987654",
          token,
        },
      },
      needs: "success",
      environment: { ...variables, ...environment },
      actions,
      composites: { [published]: actionFolder },
    });
    return { ...ended, uploads };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
