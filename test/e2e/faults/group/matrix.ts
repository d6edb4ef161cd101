import { runInstances } from "../../../../sandbox/scenario/existing-instances.ts";
import { stackOutputs } from "../../../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment } from "../../../../sandbox/test-environment.ts";
import { faultRuleOf, runOnWorkers } from "../matrix.ts";
import { Recorder } from "../recorder.ts";
import type { Armed } from "../run.ts";
import { createWorkers } from "../workers.ts";
import type { GroupRow } from "./rows.ts";
import { type GroupResult, runGroupRow } from "./run.ts";

/** A deployed stack for three instances and a target group, with copies of its function that run rows. */
export interface GroupMatrix {
  /** Runs rows in parallel. The results are in the order of the rows. */
  run(its: readonly GroupRow[]): Promise<GroupResult[]>;
  stop(): Promise<void>;
}

const targetGroupArn =
  "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";

/** A row without a fault that warms up a worker's function. */
const warmUp: GroupRow = {
  call: { scenario: "alert", name: "none", action: "none" },
  kind: "denied",
  when: "before",
};

export async function startGroupMatrix(workerCount: number): Promise<GroupMatrix> {
  const environment = await startTestEnvironment();
  const { aws, gateway } = environment;
  const { stack, up } = await environment.createEngine({
    policyPack: null,
    settings: {
      instanceIds: { value: (await runInstances(aws, 3)).join() },
      targetGroupArn: { value: targetGroupArn },
    },
  });
  await up();
  const outputs = stackOutputs(await stack.outputs());
  const recorder = await Recorder.of(aws, outputs);
  const workers = await createWorkers(aws, outputs, workerCount);
  const targets = workers.flatMap(({ instanceIds }) =>
    instanceIds.map((id) => ({ id, state: "healthy" }) as const),
  );
  gateway.services.targetGroups.all.set(targetGroupArn, targets);
  const armed: Armed = new Map();
  gateway.longestDelaySeconds = 0;
  gateway.faults = faultRuleOf(armed);
  const { deadLetterQueueUrl } = outputs;
  const matrix: GroupMatrix = {
    run: (its) =>
      runOnWorkers(its, workers, (row, worker) =>
        runGroupRow(row, worker, { environment, recorder, deadLetterQueueUrl, armed }),
      ),
    async stop() {
      recorder.stop();
      await environment.stop();
    },
  };
  await matrix.run(Array(workerCount).fill(warmUp));
  return matrix;
}
