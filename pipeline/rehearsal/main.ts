// `npm run workflows`: runs each step of the pipeline's workflows, with the sandbox in place of AWS and Sumo Logic.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createPrivateFolder } from "../../sandbox/private-folder.ts";
import { runSteps } from "../../sandbox/scenario/steps.ts";
import { createWorkflowScenario } from "./scenario.ts";

const folder = join(import.meta.dirname, "..", "..", ".sandbox", "workflows");
const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
if (!pulumi || !python)
  throw new Error("start it with `npm run workflows`, which sets up its tools");

let isInterrupted = false;
process.on("SIGINT", () => {
  isInterrupted = true;
});
createPrivateFolder(dirname(folder));
rmSync(folder, { recursive: true, force: true });
const scenario = createWorkflowScenario({ pulumi, python, folder });
const steps = [scenario.setUp, scenario.check, ...scenario.steps];
const resultFile = join(folder, "result.json");
const results = await runSteps(steps, { resultFile, isInterrupted: () => isInterrupted });
await scenario.stop();
const passed = results.filter(({ ok }) => ok).length;
console.log(`\n${passed} of ${steps.length} steps passed. Results: ${resultFile}`);
process.exit(passed === steps.length ? 0 : 1);
