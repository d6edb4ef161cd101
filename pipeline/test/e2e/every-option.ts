import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allTargets } from "../../../sandbox/scenario/all-options.ts";
import { type PipelineEnvironment, withPack } from "./pipeline-environment.ts";

/** The pack's options for bootstrap, whose commands run in its folder. */
export const withPackOfBootstrap =
  "--policy-pack ../../policy/bin/pack.js --policy-pack-config policy-config.json";

/** Sets every option in bootstrap, and runs its `up` with the pack. Returns the output. */
export async function setOptionsInBootstrap({ pipeline }: PipelineEnvironment): Promise<string> {
  for (const option of ["slack", "teams", "pager", "dashboard", "evidence"]) {
    await pipeline.bootstrap(`config set ${option} true`);
  }
  await pipeline.bootstrap(`config set eventBusArn ${allTargets.eventBusArn}`);
  listBus(join(pipeline.checkout.folder, "pipeline", "bootstrap"));
  return pipeline.bootstrap(`up --yes ${withPackOfBootstrap}`);
}

/** Sets every option in the stack, and writes the grants file, as the pipeline's guide says. */
export async function setOptionsInStack(started: PipelineEnvironment): Promise<void> {
  const { pipeline, preview, run } = started;
  listBus(pipeline.checkout.folder);
  const settings = { ...allTargets, dashboard: "true", evidence: "true" };
  for (const [key, value] of Object.entries(settings)) {
    const secret = key === "pagerDutyRoutingKey" ? "--secret " : "";
    await run(`pulumi config set ${secret}${key} ${value}`, preview);
  }
  await run(`WRITE_GRANTS_FILE=1 pulumi preview ${withPack}`, preview);
}

/** Lists the bus in the pack's configuration in a folder. */
function listBus(folder: string): void {
  const file = join(folder, "policy-config.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  const { external = [], ...rule } = configuration["foreign-arn"] ?? {};
  configuration["foreign-arn"] = { ...rule, external: [...external, allTargets.eventBusArn] };
  writeFileSync(file, JSON.stringify(configuration));
}
