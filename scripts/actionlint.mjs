import { dirname, join } from "node:path";
import { isThere } from "./commands.mjs";
import { folderContent, onceFor } from "./once.mjs";
import { root, toolsFolder } from "./root.mjs";
import { run } from "./step.mjs";

/**
 * Builds actionlint from the Go module that pipeline/actionlint/ pins, and returns the path of the program.
 * Returns `undefined` without Go, since no other check of the repository needs it.
 */
export async function ensureActionlint(say) {
  if (!isThere("go", ["version"])) return undefined;
  const module = join(root, "pipeline", "actionlint");
  const binary = join(toolsFolder, "actionlint", "actionlint");
  await onceFor(join(dirname(binary), ".built"), folderContent(module, []), () => {
    const args = ["build", "-C", module, "-mod=readonly", "-buildvcs=false", "-o", binary];
    const program = "github.com/rhysd/actionlint/cmd/actionlint";
    return run(say, "actionlint built with Go", "go", [...args, program], { cwd: root });
  });
  return binary;
}
