// `node scripts/run.mjs [--packages-only] FILE [ARGUMENTS]`: sets up what is missing, then runs
// FILE with a Node.js that reads TypeScript. Built-ins only: it is the first thing that runs.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { takeLock } from "./lock.mjs";
import { ensureEmulator, ensureNode, ensurePackages, ensurePulumi, root } from "./tools.mjs";

const words = process.argv.slice(2);
const packagesOnly = words[0] === "--packages-only";
const [file, ...args] = packagesOnly ? words.slice(1) : words;

async function setUp() {
  const say = (line) => console.error(line);
  const release = takeLock(join(root, ".tools", "lock"), "The set-up runs");
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
    // The sources of policy/ are imported as they are here, but compiled to CommonJS for the engine.
    const quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";
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
    // What is sent to npm alone reaches this process alone, and only since `npm start` and the
    // tests begin with `exec` in package.json: npm signals the shell that it started, and a shell passes nothing on.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
  }
} catch (error) {
  console.error(`Set-up failed. ${error.message}`);
  process.exit(1);
}
