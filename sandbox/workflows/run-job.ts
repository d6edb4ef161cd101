import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkout } from "../checkout.ts";
import { type Context, holds, interpolate, interpolateAll } from "./expression.ts";
import { type Job, readCompositeAction, type WorkflowStep } from "./workflow.ts";

/** What a job finds on the machine that runs it. */
export interface Machine {
  readonly checkout: Checkout;
  /** `github`, `vars`, `secrets`, `inputs` and `runner`, as expressions name them. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Variables that GitHub sets for every step. */
  readonly environment: Readonly<Record<string, string>>;
  /** What stands for the actions of others, by name without version. */
  readonly actions: Readonly<Record<string, Action>>;
}

/** Does what an action of somebody else would, and returns the variables that it sets for later steps. */
export type Action = (call: {
  readonly inputs: Readonly<Record<string, string>>;
  readonly job: Job;
}) => Promise<Readonly<Record<string, string>>>;

export interface EndedStep {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly output: string;
}

/** The steps that ran, or were passed over; none where the job's own condition does not hold. */
export interface EndedJob {
  readonly conclusion: "success" | "failure" | "skipped";
  readonly steps: readonly EndedStep[];
}

/**
 * Runs a job's steps one after another as GitHub does: conditions and expressions are evaluated,
 * scripts run in bash in the checkout, composite actions of the repository are followed. Throws
 * for an action that nothing stands for.
 */
export async function runJob(job: Job, machine: Machine): Promise<EndedJob> {
  const run = new JobRun(job, machine);
  if (!holds(job.if, run.context())) return { conclusion: "skipped", steps: [] };
  try {
    await run.all(job.steps);
  } finally {
    rmSync(run.folder, { recursive: true, force: true });
  }
  return { conclusion: run.hasFailed ? "failure" : "success", steps: run.ended };
}

class JobRun {
  readonly folder = mkdtempSync(join(tmpdir(), "job-"));
  readonly ended: EndedStep[] = [];
  hasFailed = false;
  private readonly job: Job;
  private readonly machine: Machine;
  private readonly outputs: Record<string, { outputs: Record<string, string> }> = {};
  private readonly environment: Record<string, string> = {};

  constructor(job: Job, machine: Machine) {
    this.job = job;
    this.machine = machine;
  }

  context(): Context {
    const { contexts, checkout } = this.machine;
    const values = { ...contexts, steps: this.outputs };
    return { values, hasFailed: this.hasFailed, folder: checkout.folder };
  }

  async all(steps: readonly WorkflowStep[]): Promise<void> {
    for (const step of steps) {
      if (step.uses?.startsWith("./") && holds(step.if, this.context())) {
        await this.all(readCompositeAction(this.machine.checkout.folder, step.uses));
      } else {
        await this.one(step);
      }
    }
  }

  private async one(step: WorkflowStep): Promise<void> {
    const name = step.name ?? step.uses?.replace(/@.*/, "") ?? step.run?.split("\n")[0] ?? "";
    if (!holds(step.if, this.context())) {
      this.ended.push({ name, outcome: "skipped", output: "" });
      return;
    }
    const { code, output } = step.uses ? await this.act(step.uses, step) : await this.script(step);
    if (code !== 0 && !step["continue-on-error"]) this.hasFailed = true;
    this.ended.push({ name, outcome: code === 0 ? "success" : "failure", output });
  }

  private async act(uses: string, step: WorkflowStep): Promise<{ code: number; output: string }> {
    const action = this.machine.actions[uses.replace(/@.*/, "")];
    if (!action) throw new Error(`nothing stands for the action ${uses} here`);
    const inputs = interpolateAll(step.with, this.context());
    try {
      Object.assign(this.environment, await action({ inputs, job: this.job }));
      return { code: 0, output: "" };
    } catch (error) {
      return { code: 1, output: String(error) };
    }
  }

  /** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
  private async script(step: WorkflowStep): Promise<{ code: number; output: string }> {
    const number = this.ended.length;
    const file = join(this.folder, `${number}.sh`);
    const outputFile = join(this.folder, `${number}.output`);
    writeFileSync(file, interpolate(step.run ?? "", this.context()));
    writeFileSync(outputFile, "");
    const bash = { none: "bash -e", bash: "bash --noprofile --norc -eo pipefail" }[
      step.shell ?? "none"
    ];
    if (!bash) throw new Error(`the shell ${step.shell} is not known here`);
    const ended = await this.machine.checkout.run(`${bash} ${file}`, {
      ...this.machine.environment,
      ...interpolateAll(this.job.env, this.context()),
      ...this.environment,
      ...interpolateAll(step.env, this.context()),
      GITHUB_OUTPUT: outputFile,
    });
    if (step.id) this.outputs[step.id] = { outputs: outputsIn(readFileSync(outputFile, "utf8")) };
    return { code: ended.code, output: ended.output + ended.error };
  }
}

/** `name=value` on a line each. */
function outputsIn(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`not an output: ${line}`);
      return [name, value];
    }),
  );
}
