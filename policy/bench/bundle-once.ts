// Reads the calls of a 10 MB bundle with the pack's code, with its cache in a given folder, and prints the time as
// JSON: a `BundleRun`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { loadProgram } from "../../sandbox/engine/program.ts";

export interface BundleRun {
  readonly ms: number;
  readonly bytes: number;
  readonly calls: number;
  /** The most memory that the process had. */
  readonly peakMb: number;
}

const policyFolder = join(import.meta.dirname, "..");
const { callsOf } = loadProgram<typeof import("../code/calls.ts")>("policy/code/calls.ts");
const { javascript } = loadProgram<typeof import("../code/javascript/javascript.ts")>(
  "policy/code/javascript/javascript.ts",
);
const { CodeBudget } = loadProgram<typeof import("../code/budget.ts")>("policy/code/budget.ts");
const { openReadingCache } = loadProgram<typeof import("../code/reading-cache.ts")>(
  "policy/code/reading-cache.ts",
);

/** The clients of the SDK that are installed here, each as a bundler wraps it, as often as it takes. */
function bundleOf(bytes: number): string {
  const clients = join(policyFolder, "..", "node_modules", "@aws-sdk");
  const modules = readdirSync(clients)
    .filter((it) => it.startsWith("client-"))
    .sort()
    .map((it) => readFileSync(join(clients, it, "dist-cjs", "index.js"), "utf8"))
    .map((text) => `(function(module, exports, require) {${text}\n})({}, {}, load);\n`);
  const all = modules.join("");
  return all.repeat(Math.ceil(bytes / all.length));
}

const [folder = ""] = process.argv.slice(2);
const cache = openReadingCache({ folder, versions: ["bench"] });
const text = bundleOf(10 * 1024 * 1024);
const startMs = performance.now();
const { calls, unresolved } = await callsOf(
  { language: javascript, files: [{ path: "index.js", text }], handler: undefined },
  new CodeBudget(),
  cache,
);
const ms = performance.now() - startMs;
if (unresolved.length > 0) throw new Error(`not all was read: ${unresolved.join("; ")}`);
const peakMb = process.resourceUsage().maxRSS / 1_024;
const run: BundleRun = { ms, bytes: text.length, calls: calls.length, peakMb };
console.log(JSON.stringify(run));
