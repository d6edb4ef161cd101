import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Ended } from "../../sandbox/engine/checkout.ts";
import { type CommandFiles, commandsIn } from "./commands.ts";
import {
  type Context,
  holds,
  interpolate,
  interpolateAll,
  isTrue,
  type Status,
} from "./expression.ts";
import { type Job, readCompositeAction, type WorkflowStep } from "./workflow.ts";

/** What a job finds on the machine that runs it. */
export interface Machine {
  /** Runs a line of shell with these variables beside those of the machine. */
  run(line: string, environment: Readonly<Record<string, string>>): Promise<Ended>;
  /** `github`, `vars`, `secrets`, `inputs` and `needs`, as expressions name them. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Whether each job that this one needs succeeded, and each that those need. */
  readonly needs: Status;
  /** Why GitHub does not start the job, once its condition holds. */
  readonly refusal?: string;
  /** Variables that GitHub sets for every step. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stand-ins for third-party actions, by name without version. */
  readonly actions: Readonly<Record<string, Action>>;
  /** The folders of composite actions of other repositories, by name without version. */
  readonly composites?: Readonly<Record<string, string>>;
}

/** Does what an action of somebody else would, and returns the variables that it sets for later steps. */
export type Action = (call: {
  readonly inputs: Readonly<Record<string, string>>;
  readonly job: Job;
  /** The job's folder for the checkout. */
  readonly workspace: string;
  /** A path as the action reads it, made absolute. */
  place(path: string): string;
}) => Promise<Readonly<Record<string, string>>>;

export interface EndedStep {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  /** What it printed, standard output and standard error as they came. */
  readonly output: string;
  /** Its annotations of level `error`. */
  readonly errors: readonly string[];
  /** What it added to the job's summary. */
  readonly summary: string;
}

/** The steps that ran, or were skipped; none if the job's own condition does not hold. */
export interface EndedJob {
  readonly conclusion: Status;
  readonly steps: readonly EndedStep[];
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs a job's steps one after another as GitHub does, in an empty folder: conditions and expressions
 * are evaluated, scripts run in bash, composite actions are followed, and what a step
 * asks of the runner takes effect for the later ones. Throws for an action without a stand-in.
 */
export async function runJob(job: Job, machine: Machine): Promise<EndedJob> {
  const run = new JobRun(job, machine);
  try {
    const context = { ...run.context(run.scope), status: machine.needs };
    if (!holds(job.if, context)) return { conclusion: "skipped", steps: [], outputs: {} };
    const { refusal } = machine;
    if (refusal) return refused(refusal);
    await run.all(job.steps, run.scope);
    const outputs = interpolateAll(job.outputs, run.context(run.scope));
    return { conclusion: run.scope.status, steps: run.ended, outputs };
  } finally {
    // Beside the next job: with installed packages there are 40,000 files.
    void rm(run.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function refused(why: string): EndedJob {
  const step = {
    name: "Start",
    outcome: "failure",
    output: why,
    errors: [why],
    summary: "",
  } as const;
  return { conclusion: "failure", steps: [step], outputs: {} };
}

/** What the steps of the job, or of one use of a composite action, share. */
interface Scope {
  readonly steps: Record<string, StepContext>;
  status: Status;
  readonly action?: {
    readonly folder: string;
    readonly inputs: Readonly<Record<string, string>>;
    /** Variables of the step that uses it. */
    readonly environment: Readonly<Record<string, string>>;
  };
}

interface StepContext {
  readonly outputs: Readonly<Record<string, string>>;
  /** Before `continue-on-error`, and after it. */
  readonly outcome: EndedStep["outcome"];
  readonly conclusion: EndedStep["outcome"];
}

interface Ran {
  readonly isSuccess: boolean;
  readonly output: string;
  readonly errors?: readonly string[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly summary?: string;
}

/** The name of an action, of `OWNER/REPO/FOLDER@VERSION`. */
function withoutVersion(uses: string): string {
  return uses.replace(/@.*/, "");
}

class JobRun {
  readonly folder = mkdtempSync(join(tmpdir(), "job-"));
  readonly scope: Scope = { steps: {}, status: "success" };
  readonly ended: EndedStep[] = [];
  private readonly workspace = join(this.folder, "workspace");
  private readonly temp = join(this.folder, "temp");
  private readonly job: Job;
  private readonly machine: Machine;
  private readonly environment: Record<string, string> = {};
  private readonly paths: string[] = [];

  constructor(job: Job, machine: Machine) {
    this.job = job;
    this.machine = machine;
    for (const it of [this.workspace, this.temp]) mkdirSync(it);
  }

  context({ steps, status, action }: Scope): Context {
    const { contexts } = this.machine;
    const { folder: action_path } = action ?? {};
    const github = { ...(contexts.github as object), workspace: this.workspace, action_path };
    const runner = { os: "Linux", temp: this.temp };
    const inputs = action && { inputs: action.inputs };
    return {
      values: { ...contexts, github, runner, steps, ...inputs },
      status,
      folder: this.workspace,
    };
  }

  async all(steps: readonly WorkflowStep[], scope: Scope): Promise<void> {
    for (const step of steps) {
      const folder = this.compositeFolder(step);
      if (folder && holds(step.if, this.context(scope))) await this.composite(folder, step, scope);
      else await this.one(step, scope);
    }
  }

  private compositeFolder({ uses = "" }: WorkflowStep): string | undefined {
    if (uses.startsWith("./")) return join(this.workspace, uses);
    return this.machine.composites?.[withoutVersion(uses)];
  }

  /**
   * Inside, `success()` and `failure()` go by the steps of the action alone:
   * https://github.com/actions/runner/blob/main/src/Runner.Worker/Expressions/SuccessFunction.cs
   */
  private async composite(folder: string, step: WorkflowStep, scope: Scope): Promise<void> {
    const context = this.context(scope);
    const action = readCompositeAction(folder);
    const inner: Scope = {
      steps: {},
      status: "success",
      action: {
        folder,
        inputs: { ...action.inputs, ...interpolateAll(step.with, context) },
        environment: { ...scope.action?.environment, ...interpolateAll(step.env, context) },
      },
    };
    await this.all(action.steps, inner);
    const outputs = interpolateAll(action.outputs, this.context(inner));
    this.settle(step, scope, inner.status === "success" ? "success" : "failure", outputs);
  }

  private async one(step: WorkflowStep, scope: Scope): Promise<void> {
    const what = step.uses ? withoutVersion(step.uses) : step.run?.split("\n")[0];
    const name = step.name ?? what ?? "";
    if (!holds(step.if, this.context(scope))) {
      this.ended.push({ name, outcome: "skipped", output: "", errors: [], summary: "" });
      this.settle(step, scope, "skipped");
      return;
    }
    const ran = await (step.uses ? this.act(step.uses, step, scope) : this.script(step, scope));
    const { isSuccess, output, outputs, errors = [], summary = "" } = ran;
    const outcome = isSuccess ? "success" : "failure";
    this.ended.push({ name, outcome, output, errors, summary });
    this.settle(step, scope, outcome, outputs);
  }

  /** What the later steps see of one that has ended. */
  private settle(
    step: WorkflowStep,
    scope: Scope,
    outcome: EndedStep["outcome"],
    outputs: Readonly<Record<string, string>> = {},
  ): void {
    const mayFail = isTrue(interpolate(step["continue-on-error"] ?? false, this.context(scope)));
    const conclusion = outcome === "failure" && mayFail ? "success" : outcome;
    if (conclusion === "failure") scope.status = "failure";
    if (step.id) scope.steps[step.id] = { outputs, outcome, conclusion };
  }

  private async act(uses: string, step: WorkflowStep, scope: Scope): Promise<Ran> {
    const action = this.machine.actions[withoutVersion(uses)];
    if (!action) throw new Error(`the action ${uses} has no stand-in`);
    const { job, workspace } = this;
    const inputs = interpolateAll(step.with, this.context(scope));
    const place = (path: string) => resolve(workspace, path);
    try {
      Object.assign(this.environment, await action({ inputs, job, workspace, place }));
      return { isSuccess: true, output: "" };
    } catch (error) {
      return { isSuccess: false, output: String(error) };
    }
  }

  /** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
  private async script(step: WorkflowStep, scope: Scope): Promise<Ran> {
    const context = this.context(scope);
    const file = join(this.temp, `${this.ended.length}.sh`);
    writeFileSync(file, interpolate(step.run ?? "", context));
    const bash = { none: "bash -e", bash: "bash --noprofile --norc -eo pipefail" }[
      step.shell ?? "none"
    ];
    if (!bash) throw new Error(`the shell ${step.shell} is not supported here`);
    const files = this.commandFiles();
    const path = [...this.paths, "$PATH"].join(":");
    const { code, output } = await this.machine.run(
      `cd '${this.workspace}' && export PATH="${path}" && exec ${bash} '${file}' 2>&1`,
      {
        RUNNER_OS: "Linux",
        ...interpolateAll(this.job.env, context),
        ...this.environment,
        ...scope.action?.environment,
        ...interpolateAll(step.env, context),
        ...this.machine.environment,
        GITHUB_WORKSPACE: this.workspace,
        ...(scope.action && { GITHUB_ACTION_PATH: scope.action.folder }),
        RUNNER_TEMP: this.temp,
        ...files,
      },
    );
    const commands = commandsIn(output, contentOf(files));
    Object.assign(this.environment, commands.variables);
    this.paths.unshift(...[...commands.paths].reverse());
    const { outputs, errors, refusals } = commands;
    return {
      isSuccess: code === 0 && refusals.length === 0,
      output: [output, ...refusals].join("\n"),
      errors: [...errors, ...refusals],
      outputs,
      summary: readFileSync(files.GITHUB_STEP_SUMMARY ?? "", "utf8"),
    };
  }

  /** A new file for each kind of command, empty. */
  private commandFiles(): Record<string, string> {
    const names = ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"];
    const folder = join(this.temp, "_runner_file_commands");
    mkdirSync(folder, { recursive: true });
    return Object.fromEntries(
      names.map((name) => {
        const file = join(folder, `${name.toLowerCase()}_${this.ended.length}`);
        writeFileSync(file, "");
        return [`GITHUB_${name}`, file];
      }),
    );
  }
}

function contentOf(files: Readonly<Record<string, string>>): CommandFiles {
  const read = (name: string) => readFileSync(files[name] ?? "", "utf8");
  return {
    GITHUB_OUTPUT: read("GITHUB_OUTPUT"),
    GITHUB_ENV: read("GITHUB_ENV"),
    GITHUB_PATH: read("GITHUB_PATH"),
  };
}
