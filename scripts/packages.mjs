import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installPinned } from "./npm.mjs";
import { folderContent, onceFor } from "./once.mjs";
import { root } from "./root.mjs";
import { run } from "./step.mjs";

/** Installs the npm packages of package-lock.json and builds the policy pack, each again only if it has changed. */
export async function ensurePackages(say, node) {
  await installPackages(say, node);
  await buildPolicyPack(say, node);
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

async function buildPolicyPack(say, node) {
  const policy = join(root, "policy");
  const bin = join(policy, "bin");
  const notBuilt = [...generated, "test", "bench", "comparison"];
  const sources = readFileSync(join(root, "package-lock.json")) + folderContent(policy, notBuilt);
  await onceFor(join(bin, ".built"), sources, () =>
    run(say, "policy pack built", node, [quiet, join(policy, "build", "main.ts")], { cwd: root }),
  );
}

/** policy/package.json has no "type", since Pulumi loads the pack as CommonJS. Its sources are modules. */
export const quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";

const generated = ["bin", "node_modules"];
