import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { requireTool } from "./commands.mjs";
import { onceFor } from "./once.mjs";
import { root, toolsFolder } from "./root.mjs";
import { run } from "./step.mjs";

/** Installs the AWS emulator in its Python environment, whose Python it returns. */
export function ensureEmulator(say) {
  const requirements = join(root, "sandbox", "aws", "requirements.txt");
  return ensureVenv(say, "venv", "AWS emulator from PyPI", requirements);
}

/**
 * Creates the Python environment `.tools/NAME` with the packages of a requirements file, again only if that
 * file has changed, and returns its Python. `what` is the name of the step. Throws what pip reports
 * if a package has another hash than the file, or none there.
 */
export async function ensureVenv(say, name, what, requirements) {
  const venv = join(toolsFolder, name);
  const python = join(venv, "bin", "python");
  await onceFor(join(venv, ".installed"), readFileSync(requirements), async () => {
    const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    requireTool("python3", ["-c", check], "Python 3.10 or newer with its venv module");
    rmSync(venv, { recursive: true, force: true });
    await run(say, "Python environment", "python3", ["-m", "venv", venv], { cwd: root });
    const args = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--require-hashes",
      // To build a package, pip would install build tools without a hash.
      "--only-binary=:all:",
      "--requirement",
      requirements,
    ];
    await run(say, `${what} (${relative(root, requirements)})`, python, args, { cwd: root });
  });
  return python;
}
