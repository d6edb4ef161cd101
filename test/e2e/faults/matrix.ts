import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import { root, startTestEnvironment } from "../../../sandbox/test-environment.ts";
import { callsThatDiffer, faultsDocument } from "./document.ts";
import { Recorder } from "./recorder.ts";
import { type Row, rows } from "./rows.ts";
import { type Armed, type Result, runRow } from "./run.ts";
import { createWorkers } from "./workers.ts";

/** The committed results of all rows, which `npm run faults` writes. */
export const faultsPage = join(root, "docs", "faults.md");

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
  environment.gateway.faults = ({ functionName, action, body }) => {
    const row = armed.get(functionName);
    if (row?.call.action !== action || !body.includes(row.call.includes ?? "")) return undefined;
    return { kind: row.kind, when: row.when };
  };
  const { tableName } = outputs;
  const matrix: Matrix = {
    async run(its, count = workerCount) {
      const queue = [...its.entries()];
      const results: Result[] = [];
      await Promise.all(
        workers.slice(0, count).map(async (worker) => {
          for (let next = queue.shift(); next; next = queue.shift()) {
            const [index, row] = next;
            results[index] = await runRow(row, worker, { environment, recorder, tableName, armed });
          }
        }),
      );
      return results;
    },
    async stop() {
      recorder.stop();
      await environment.stop();
    },
  };
  await matrix.run(Array(workerCount).fill(warmUp));
  return matrix;
}

/**
 * Runs all rows. On a busy machine a check may take so long that its message is delivered again, which changes the
 * result. So rows that differ from the committed results run once more, on fewer workers.
 */
export async function runAllRows(matrix: Matrix): Promise<Result[]> {
  const results = await matrix.run(rows);
  const differing = callsThatDiffer(faultsDocument(results), readFileSync(faultsPage, "utf8"));
  const again = rows.filter(({ call }) => differing.includes(call));
  const secondResults = await matrix.run(again, 4);
  return results.map((result) => secondResults.find(({ row }) => row === result.row) ?? result);
}
