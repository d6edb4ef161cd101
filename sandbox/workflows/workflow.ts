import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

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
  readonly "continue-on-error"?: boolean;
}

export interface Job {
  readonly if?: string;
  readonly "runs-on": string;
  readonly environment?: string;
  readonly "timeout-minutes": number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Expressions;
  readonly steps: readonly WorkflowStep[];
}

type Expressions = Readonly<Record<string, string | number | boolean>>;

const stepKeys = ["name", "id", "if", "env", "uses", "with", "run", "shell", "continue-on-error"];
const jobKeys = ["if", "runs-on", "environment", "timeout-minutes", "permissions", "env", "steps"];

/** The one job of `.github/workflows/NAME.yml`. Throws where it has what is not known here. */
export function readJob(folder: string, name: string): Job {
  const file = join(".github", "workflows", `${name}.yml`);
  const { jobs } = read(folder, file) as { jobs: Record<string, Job> };
  const [job, ...others] = Object.values(jobs);
  if (!job || others.length > 0) throw new Error(`${file} must have one job`);
  refuseUnknown(file, job, jobKeys);
  return { ...job, steps: checked(file, job.steps) };
}

/** The steps of the composite action in a folder such as `./.github/actions/set-up`. */
export function readCompositeAction(folder: string, path: string): readonly WorkflowStep[] {
  const file = join(path, "action.yml");
  const { runs } = read(folder, file) as { runs: { using: string; steps: WorkflowStep[] } };
  if (runs.using !== "composite") throw new Error(`${file} must be a composite action`);
  return checked(file, runs.steps);
}

function read(folder: string, file: string): unknown {
  return yaml.load(readFileSync(join(folder, file), "utf8"));
}

function checked(file: string, steps: readonly WorkflowStep[]): readonly WorkflowStep[] {
  for (const step of steps) refuseUnknown(file, step, stepKeys);
  return steps;
}

/** What is not known here would else be passed over, and the run would prove less than it seems to. */
function refuseUnknown(file: string, it: object, known: readonly string[]): void {
  const unknown = Object.keys(it).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new Error(`${file} has ${unknown.join(", ")}; known here are ${known.join(", ")}`);
}
