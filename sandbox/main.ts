import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock } from "../scripts/lock.mjs";
import { createPrivateFolder } from "./private-folder.ts";
import { createFleetScenario } from "./scenario/fleet.ts";
import { createScenario } from "./scenario/scenario.ts";
import type { Scenario } from "./scenario/stack-steps.ts";
import { runSteps } from "./scenario/steps.ts";

const folder = join(import.meta.dirname, "..", ".sandbox");
const runFolder = join(folder, "run");
const resultFile = join(folder, "result.json");

const options = ["--all", "--fleet", "--keep"];

/** How long the engine may take to end after a terminal's Ctrl-C has reached it. */
const engineEndsMs = 10_000;

/**
 * Resolves at the first Ctrl-C or SIGTERM. The engine gets Ctrl-C from the terminal itself, and a second
 * one would make it leave its operations unfinished: this process aborts it only if it goes on.
 */
function watchInterrupts(scenario: Scenario) {
  let isInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    const note = (signal: NodeJS.Signals) => {
      isInterrupted = true;
      const abort = () => scenario.state.engine?.abort();
      if (signal === "SIGTERM") abort();
      else setTimeout(abort, engineEndsMs).unref();
      resolve();
    };
    process.on("SIGINT", note);
    process.on("SIGTERM", note);
  });
  return { interrupted, isInterrupted: () => isInterrupted };
}

function howToUse({ state }: Scenario): string {
  const { environment, stack } = state;
  const tokenFile = join(runFolder, "webhook-token");
  const { instanceId, instanceIds = [], functionName } = stack ?? {};
  // In a group the payload says which instance is meant.
  const target = instanceIds.length > 1 ? { instanceId } : {};
  const invoke = (payload: object) => {
    const options = `--cli-binary-format raw-in-base64-out --payload '${JSON.stringify(payload)}'`;
    const given = Object.keys(payload).length > 0 ? `${options} ` : "";
    return `  aws lambda invoke --function-name ${functionName} ${given}out.json`;
  };
  writeFileSync(tokenFile, environment?.webhookToken ?? "", { mode: 0o600 });
  return [
    "",
    "Everything keeps running until Ctrl-C. To use the aws CLI in another terminal:",
    `  export AWS_ENDPOINT_URL=${environment?.aws.endpoint}`,
    `  export AWS_REGION=${environment?.aws.region} AWS_DEFAULT_REGION=${environment?.aws.region}`,
    `  export AWS_ACCESS_KEY_ID=${environment?.variables.AWS_ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY=${environment?.variables.AWS_SECRET_ACCESS_KEY}`,
    // A session token of a real account would be sent with these keys.
    "  unset AWS_SESSION_TOKEN",
    invoke(target),
    invoke({ ...target, dryRun: true }),
    "Version 1 of the CLI (pip install awscli) does not have --cli-binary-format: omit it there.",
    `Function URL: ${environment?.aws.endpoint}/ with the header Host: ${new URL(stack?.functionUrl ?? "").host}`,
    `Webhook token: in ${tokenFile}`,
    `Sumo Logic: API ${environment?.sumoLogic.apiUrl}, logs ${stack?.logSourceUrl}`,
    `  access id ${environment?.variables.SUMOLOGIC_ACCESSID}, access key ${environment?.variables.SUMOLOGIC_ACCESSKEY}`,
    "Only this run accepts these keys.",
  ].join("\n");
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const keep = words.includes("--keep");
  const withTargets = words.includes("--all");
  const isFleet = words.includes("--fleet");
  const unknown = words.filter((word) => !options.includes(word));
  if (unknown.length > 0)
    throw new Error(`unknown option ${unknown.join(" ")}; expected any of ${options.join(", ")}`);
  if (withTargets && isFleet)
    throw new Error("--fleet and --all are two scenarios: got both; expected one of them");
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python) throw new Error("start it with `npm start`, which sets up its tools");

  createPrivateFolder(folder);
  const release = acquireLock(join(folder, "lock"), "The sandbox runs");
  rmSync(runFolder, { recursive: true, force: true });
  rmSync(resultFile, { force: true });
  const tools = { pulumi, python, folder: runFolder };
  const scenario = isFleet ? createFleetScenario(tools) : createScenario({ ...tools, withTargets });
  const { interrupted, isInterrupted } = watchInterrupts(scenario);
  try {
    const steps = keep ? scenario.main : [...scenario.main, ...scenario.end];
    const results = await runSteps(steps, { resultFile, isInterrupted });
    const failed = results.find(({ ok }) => !ok);
    if (isInterrupted()) {
      console.log("Interrupted: everything that was started has ended.");
      return 130;
    }
    if (failed) {
      console.log(`\nFailed: ${failed.name}. Logs are in ${runFolder}.`);
      return 1;
    }
    if (keep) {
      console.log(howToUse(scenario));
      await interrupted;
      const [end] = await runSteps(scenario.end, {
        resultFile: join(folder, "end.json"),
        isInterrupted: () => false,
      });
      return end?.ok ? 0 : 1;
    }
    console.log(`\n${results.length} of ${steps.length} steps passed. Results: ${resultFile}`);
    return 0;
  } finally {
    await scenario.stop();
    release();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
