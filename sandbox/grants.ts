// `npm run grants`: writes grants.lock.json from a deployment of this program to the sandbox,
// where every ARN is known.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startEnvironment } from "./environment.ts";
import { createPrivateFolder } from "./private-folder.ts";

async function main(): Promise<void> {
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python)
    throw new Error("start it with `npm run grants`, which sets up its tools");
  const sandbox = join(import.meta.dirname, "..", ".sandbox");
  createPrivateFolder(sandbox);
  const folder = mkdtempSync(join(sandbox, "grants-"));
  const environment = await startEnvironment({ pulumi, python, folder });
  try {
    const engine = await environment.createEngine({ environment: { WRITE_GRANTS_FILE: "1" } });
    await engine.up();
    await engine.destroy();
  } finally {
    await environment.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log("Wrote grants.lock.json. Have its difference reviewed.");
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
