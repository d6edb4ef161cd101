// `npm run grants`: writes grants.lock.json and grants.options.lock.json from deployments of this program to the
// sandbox, where every ARN is known.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { startEnvironment } from "./environment.ts";
import { createPrivateFolder } from "./private-folder.ts";
import { allOptions, externalArns } from "./scenario/all-options.ts";

const root = join(import.meta.dirname, "..");

async function main(): Promise<void> {
  const { SANDBOX_PULUMI: pulumi = "", SANDBOX_PYTHON: python = "" } = process.env;
  if (!pulumi || !python) {
    throw new Error("start it with `npm run grants`, which sets up its tools");
  }
  const sandbox = join(root, ".sandbox");
  createPrivateFolder(sandbox);
  const folder = mkdtempSync(join(sandbox, "grants-"));
  try {
    await writeGrants("grants.lock.json", {});
    await writeGrants("grants.options.lock.json", allOptions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(
    "Wrote grants.lock.json and grants.options.lock.json. Have their differences reviewed.",
  );

  /** Writes what a stack with these settings grants. */
  async function writeGrants(file: string, settings: ConfigMap): Promise<void> {
    const environment = await startEnvironment({ pulumi, python, folder: join(folder, file) });
    try {
      const policyPackConfig = join(folder, "policy-config.json");
      const config = JSON.parse(readFileSync(join(root, "policy-config.json"), "utf8"));
      Object.assign(config, { "grants-file": { file }, "foreign-arn": { external: externalArns } });
      writeFileSync(policyPackConfig, JSON.stringify(config));
      const variables = { WRITE_GRANTS_FILE: "1" };
      const engine = await environment.createEngine({
        settings,
        policyPackConfig,
        environment: variables,
      });
      await engine.up();
      await engine.destroy();
    } finally {
      await environment.stop();
    }
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
