import type { Status } from "./expression.ts";
import { type EndedJob, type Machine, runJob } from "./run-job.ts";
import type { Job, Workflow } from "./workflow.ts";

/** Jobs by id. */
export type EndedRun = Readonly<Record<string, EndedJob>>;

/**
 * Runs the jobs of a workflow, each after those that it needs. `machineOf` gives each job its machine,
 * but for what the other jobs left.
 */
export async function runWorkflow(
  { jobs }: Workflow,
  machineOf: (id: string, job: Job) => Omit<Machine, "needs">,
): Promise<EndedRun> {
  const ended: Record<string, EndedJob> = {};
  for (const id of inOrder(jobs)) {
    const job = jobs[id] as Job;
    const needs = Object.fromEntries(
      job.needs.map((it) => [
        it,
        { result: ended[it]?.conclusion, outputs: ended[it]?.outputs ?? {} },
      ]),
    );
    const machine = machineOf(id, job);
    ended[id] = await runJob(job, {
      ...machine,
      contexts: { ...machine.contexts, needs },
      needs: statusOf(allNeeds(id, jobs).map((it) => ended[it] as EndedJob)),
    });
  }
  return ended;
}

/** What `success()` and `failure()` of a job go by. */
function statusOf(needs: readonly EndedJob[]): Status {
  const statuses = needs.map(({ conclusion }) => conclusion);
  if (statuses.includes("failure")) return "failure";
  return statuses.includes("skipped") ? "skipped" : "success";
}

/** The jobs that a job needs, and those that they need. */
function allNeeds(id: string, jobs: Workflow["jobs"]): string[] {
  const direct = jobs[id]?.needs ?? [];
  return [...new Set(direct.flatMap((it) => [it, ...allNeeds(it, jobs)]))];
}

function inOrder(jobs: Workflow["jobs"]): string[] {
  const order = new Set<string>();
  const add = (id: string, above: readonly string[]) => {
    if (!jobs[id]) throw new Error(`there is no job ${id}, which ${above.at(-1)} needs`);
    if (above.includes(id)) throw new Error(`the job ${id} needs itself`);
    for (const it of jobs[id].needs) add(it, [...above, id]);
    order.add(id);
  };
  for (const id of Object.keys(jobs)) add(id, []);
  return [...order];
}
