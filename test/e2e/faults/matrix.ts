import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultRule } from "../../../sandbox/aws/faults.ts";
import { stackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import { root, startTestEnvironment } from "../../../sandbox/test-environment.ts";
import { callsThatDiffer, faultsDocument } from "./document.ts";
import { groupTitle } from "./group/document.ts";
import { Recorder } from "./recorder.ts";
import { type Row, rows } from "./rows.ts";
import { type Armed, type Result, runRow } from "./run.ts";
import { createWorkers, type Worker } from "./workers.ts";

/** The committed results of all matrices, which `npm run faults` writes. */
export const faultsPage = join(root, "docs", "faults.md");

/** The committed results of a function with a single instance: the first part of the page. */
export function committedResults(): string {
  const [ofFunction = ""] = readFileSync(faultsPage, "utf8").split(`\n${groupTitle}\n`);
  return ofFunction;
}

/** A deployed stack with copies of its function, which run rows in parallel. */
export interface Matrix {
  /** Runs rows on `workerCount` workers, by default all. The results are in the order of the rows. */
  run(its: readonly Row[], workerCount?: number): Promise<Result[]>;
  stop(): Promise<void>;
}

/** A row without a fault that warms up a worker's function. */
const warmUp: Row = {
  call: { scenario: "alert", name: "none", action: "none" },
  kind: "denied",
  when: "before",
};

export async function startMatrix(workerCount: number): Promise<Matrix> {
  const environment = await startTestEnvironment();
  const { stack, up } = await environment.createEngine({
    policyPack: null,
    settings: { evidence: { value: "true" } },
  });
  await up();
  const outputs = stackOutputs(await stack.outputs());
  const recorder = await Recorder.of(environment.aws, outputs);
  const workers = await createWorkers(environment.aws, outputs, workerCount);
  const armed: Armed = new Map();
  environment.gateway.longestDelaySeconds = 0;
  environment.gateway.faults = faultRuleOf(armed);
  const { tableName } = outputs;
  const matrix: Matrix = {
    run(its, count = workerCount) {
      return runOnWorkers(its, workers.slice(0, count), (row, worker) =>
        runRow(row, worker, { environment, recorder, tableName, armed }),
      );
    },
    async stop() {
      recorder.stop();
      await environment.stop();
    },
  };
  await matrix.run(Array(workerCount).fill(warmUp));
  return matrix;
}

/** Lets each call go wrong that is the one of its worker's row. */
export function faultRuleOf(armed: Armed): FaultRule {
  return ({ functionName, action, body }) => {
    const row = armed.get(functionName);
    if (row?.call.action !== action || !body.includes(row.call.includes ?? "")) return undefined;
    return { kind: row.kind, when: row.when };
  };
}

/** Runs each row on the next worker that is free. The results are in the order of the rows. */
export async function runOnWorkers<R, T>(
  its: readonly R[],
  workers: readonly Worker[],
  run: (row: R, worker: Worker) => Promise<T>,
): Promise<T[]> {
  const queue = [...its.entries()];
  const results: T[] = [];
  await Promise.all(
    workers.map(async (worker) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [index, row] = next;
        results[index] = await run(row, worker);
      }
    }),
  );
  return results;
}

/**
 * Runs all rows. On a busy machine a check may take so long that its message is delivered again, which changes the
 * result. So rows that differ from the committed results run once more, on fewer workers.
 */
export async function runAllRows(matrix: Matrix): Promise<Result[]> {
  const results = await matrix.run(rows);
  const differing = callsThatDiffer(faultsDocument(results), committedResults());
  const again = rows.filter(({ call }) => differing.includes(call));
  const secondResults = await matrix.run(again, 4);
  return results.map((result) => secondResults.find(({ row }) => row === result.row) ?? result);
}
