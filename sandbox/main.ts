import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "../scripts/lock.mjs";
import { createPrivateFolder } from "./private-folder.ts";
import { type Story, tellStory } from "./scenario/scenario.ts";
import { runSteps } from "./scenario/steps.ts";

const folder = join(import.meta.dirname, "..", ".sandbox");
const runFolder = join(folder, "run");
const resultFile = join(folder, "result.json");

/** The engine needs no longer to end by itself, once a terminal's Ctrl-C has reached it. */
const engineEndsMs = 10_000;

/**
 * Resolves at the first Ctrl-C or SIGTERM. The engine gets Ctrl-C from the terminal itself, and a second
 * one would make it leave its operations unfinished: this process aborts it only if it goes on.
 */
function watchInterrupts(story: Story) {
  let isInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    const note = (signal: NodeJS.Signals) => {
      isInterrupted = true;
      const abort = () => story.state.engine?.abort();
      if (signal === "SIGTERM") abort();
      else setTimeout(abort, engineEndsMs).unref();
      resolve();
    };
    process.on("SIGINT", note);
    process.on("SIGTERM", note);
  });
  return { interrupted, isInterrupted: () => isInterrupted };
}

function howToUse({ state }: Story): string {
  const { world, stack } = state;
  const tokenFile = join(runFolder, "webhook-token");
  writeFileSync(tokenFile, world?.webhookToken ?? "", { mode: 0o600 });
  return [
    "",
    "Everything keeps running until Ctrl-C. For the aws CLI in another terminal:",
    `  export AWS_ENDPOINT_URL=${world?.aws.endpoint}`,
    `  export AWS_REGION=${world?.aws.region} AWS_DEFAULT_REGION=${world?.aws.region}`,
    `  export AWS_ACCESS_KEY_ID=${world?.environment.AWS_ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY=${world?.environment.AWS_SECRET_ACCESS_KEY}`,
    // A session token of a real account would be sent with these keys, and is not theirs.
    "  unset AWS_SESSION_TOKEN",
    `  aws lambda invoke --function-name ${stack?.functionName} out.json`,
    `  aws lambda invoke --function-name ${stack?.functionName} --cli-binary-format raw-in-base64-out --payload '{"dryRun":true}' out.json`,
    "Version 1 of the CLI (pip install awscli) does not have --cli-binary-format: leave it out there.",
    `Function URL: ${world?.aws.endpoint}/ with the header Host: ${new URL(stack?.functionUrl ?? "").host}`,
    `Webhook token: in ${tokenFile}`,
    `Sumo Logic: API ${world?.sumoLogic.apiUrl}, logs ${stack?.logSourceUrl}`,
    `  access id ${world?.environment.SUMOLOGIC_ACCESSID}, access key ${world?.environment.SUMOLOGIC_ACCESSKEY}`,
    "Only this run accepts these keys.",
  ].join("\n");
}

async function main(): Promise<number> {
  const keep = process.argv.includes("--keep");
  const unknown = process.argv.slice(2).filter((word) => word !== "--keep");
  if (unknown.length > 0) throw new Error(`unknown option ${unknown.join(" ")}; known is --keep`);
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python) throw new Error("start it with `npm start`, which sets up its tools");

  createPrivateFolder(folder);
  const release = takeLock(join(folder, "lock"), "The sandbox runs");
  rmSync(runFolder, { recursive: true, force: true });
  rmSync(resultFile, { force: true });
  const story = tellStory({ pulumi, python, folder: runFolder });
  const { interrupted, isInterrupted } = watchInterrupts(story);
  try {
    const steps = keep ? story.main : [...story.main, ...story.end];
    const results = await runSteps(steps, { resultFile, isInterrupted });
    const failed = results.find(({ ok }) => !ok);
    if (isInterrupted()) {
      console.log("Interrupted: everything that was started is ended.");
      return 130;
    }
    if (failed) {
      console.log(`\nFailed: ${failed.name}. Logs are in ${runFolder}.`);
      return 1;
    }
    if (keep) {
      console.log(howToUse(story));
      await interrupted;
      const [end] = await runSteps(story.end, {
        resultFile: join(folder, "end.json"),
        isInterrupted: () => false,
      });
      return end?.ok ? 0 : 1;
    }
    console.log(`\nAll ${results.length} steps did what they say. Results: ${resultFile}`);
    return 0;
  } finally {
    await story.stop();
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
