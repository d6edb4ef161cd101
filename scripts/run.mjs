// `node scripts/run.mjs [--packages-only] FILE [ARGUMENTS]`: installs what is missing, then runs FILE with a
// Node.js that reads TypeScript. This and what it imports use Node.js's built-in modules and the syntax of Node.js 18
// only: nothing is installed when it starts.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { acquireLock } from "./lock.mjs";
import { ensureNode } from "./node.mjs";
import { ensurePackages, quiet } from "./packages.mjs";
import { ensurePulumi } from "./pulumi.mjs";
import { ensureEmulator } from "./python.mjs";
import { root, toolsFolder } from "./root.mjs";

const words = process.argv.slice(2);
const packagesOnly = words[0] === "--packages-only";
const [file, ...args] = packagesOnly ? words.slice(1) : words;

async function setUp() {
  const say = (line) => console.error(line);
  const release = acquireLock(join(toolsFolder, "lock"), "The set-up runs");
  try {
    const node = await ensureNode(say);
    await ensurePackages(say, node);
    if (packagesOnly) return { node };
    return { node, pulumi: await ensurePulumi(say), python: await ensureEmulator(say) };
  } finally {
    release();
  }
}

try {
  const { node, pulumi, python } = await setUp();
  if (file) {
    const child = spawn(node, [quiet, join(root, file), ...args], {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        PATH: `${dirname(node)}:${process.env.PATH}`,
        ...(pulumi && { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python }),
      },
    });
    // The child decides when both end. A terminal sends Ctrl-C to the child too, which then gets it twice.
    // A signal that is sent to npm reaches this process only because scripts in package.json start with `exec`:
    // npm signals the shell that it started, and a shell does not forward it.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
  }
} catch (error) {
  console.error(`Set-up failed. ${error.message}`);
  process.exit(1);
}
