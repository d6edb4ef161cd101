import { readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installPinned } from "./npm.mjs";
import { folderContent, onceFor } from "./once.mjs";
import { root } from "./root.mjs";
import { run } from "./step.mjs";

/** Installs the npm packages of package-lock.json and compiles the policy pack, each again only if it has changed. */
export async function ensurePackages(say, node) {
  await installPackages(say, node);
  await compilePolicyPack(say, node);
}

async function installPackages(say, node) {
  await onceFor(
    join(root, "node_modules", ".bin", ".installed"),
    readFileSync(join(root, "package-lock.json")) + folderContent(join(root, "sdks"), generated),
    async () => {
      const env = { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
      await installPinned(say, "npm packages (package-lock.json)", root, env);
      // The one install script that runs: docs/decisions/0033-downloads-are-checked-against-the-repository.md.
      const args = ["rebuild", "--ignore-scripts=false", "@pulumi/sumologic"];
      await run(say, "Sumo Logic SDK compiled", "npm", args, { cwd: root, env });
    },
  );
}

async function compilePolicyPack(say, node) {
  const policy = join(root, "policy");
  const bin = join(policy, "bin");
  const notCompiled = [...generated, "test", "bench", "comparison"];
  await onceFor(join(bin, ".built"), folderContent(policy, notCompiled), () => {
    // The compiled file of a rule that was renamed must not stay.
    rmSync(bin, { recursive: true, force: true });
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    return run(say, "policy pack compiled", node, [tsc, "-p", policy], { cwd: root });
  });
}

const generated = ["bin", "node_modules"];
