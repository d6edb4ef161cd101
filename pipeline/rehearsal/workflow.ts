import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

type Expressions = Readonly<Record<string, string | number | boolean>>;

/** A step of a job or a composite action, as the file has it: expressions are not evaluated yet. */
export interface WorkflowStep {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly env?: Expressions;
  readonly uses?: string;
  readonly with?: Expressions;
  readonly run?: string;
  readonly shell?: string;
  readonly "continue-on-error"?: boolean | string;
}

export interface Job {
  readonly needs: readonly string[];
  readonly if?: string;
  readonly "runs-on": string;
  readonly environment?: string;
  readonly "timeout-minutes": number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Expressions;
  readonly env?: Expressions;
  readonly steps: readonly WorkflowStep[];
}

export interface Workflow {
  /** Event → its filters. */
  readonly on: Readonly<Record<string, { readonly branches?: readonly string[] } | null>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface CompositeAction {
  /** Name → default. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Expressions;
  readonly steps: readonly WorkflowStep[];
}

const workflowKeys = ["name", "on", "permissions", "concurrency", "jobs"];
const jobKeys = [
  "needs",
  "if",
  "runs-on",
  "environment",
  "timeout-minutes",
  "permissions",
  "outputs",
  "env",
  "steps",
];
const stepKeys = ["name", "id", "if", "env", "uses", "with", "run", "shell", "continue-on-error"];

/** `.github/workflows/NAME.yml` of a checkout. Throws for a key that is not supported here. */
export function readWorkflow(folder: string, name: string): Workflow {
  const file = join(".github", "workflows", `${name}.yml`);
  const workflow = read(folder, file) as Workflow & { permissions?: object };
  refuseUnknown(file, workflow, workflowKeys);
  if (Object.keys(workflow.permissions ?? { all: "" }).length > 0) {
    throw new Error(`${file} must have \`permissions: {}\`: each job lists its own`);
  }
  const jobs = Object.entries(workflow.jobs).map(([id, job]): [string, Job] => {
    refuseUnknown(file, job, jobKeys);
    return [id, { ...job, needs: [job.needs ?? []].flat(), steps: checked(file, job.steps) }];
  });
  return { on: workflow.on, jobs: Object.fromEntries(jobs) };
}

/** The composite action in a folder. */
export function readCompositeAction(folder: string): CompositeAction {
  const file = "action.yml";
  const {
    inputs = {},
    outputs = {},
    runs,
  } = read(folder, file) as {
    inputs?: Record<string, { default?: string }>;
    outputs?: Record<string, { value: string }>;
    runs: { using: string; steps: WorkflowStep[] };
  };
  if (runs.using !== "composite") throw new Error(`${file} must be a composite action`);
  const defaults = Object.entries(inputs).map(([name, it]) => [name, it.default ?? ""]);
  const values = Object.entries(outputs).map(([name, it]) => [name, it.value]);
  return {
    inputs: Object.fromEntries(defaults),
    outputs: Object.fromEntries(values),
    steps: checked(file, runs.steps),
  };
}

function read(folder: string, file: string): unknown {
  return yaml.load(readFileSync(join(folder, file), "utf8"));
}

function checked(file: string, steps: readonly WorkflowStep[]): readonly WorkflowStep[] {
  for (const step of steps) refuseUnknown(file, step, stepKeys);
  return steps;
}

/** An ignored key would let a run prove less than it seems to. */
function refuseUnknown(file: string, it: object, known: readonly string[]): void {
  const unknown = Object.keys(it).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new Error(`${file} has ${unknown.join(", ")}; supported here are ${known.join(", ")}`);
}
