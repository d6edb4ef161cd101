// Reads the calls of a function whose zip file has common libraries with the pack's code, with its cache in a given
// folder, and prints the time as JSON: a `BundleRun`.
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { asset } from "@pulumi/pulumi";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { BundleRun } from "./bundle-once.ts";

const { callsOf } = loadProgram<typeof import("../code/calls.ts")>("policy/code/calls.ts");
const { codeOf, readPackage } =
  loadProgram<typeof import("../code/package.ts")>("policy/code/package.ts");
const { CodeBudget } = loadProgram<typeof import("../code/budget.ts")>("policy/code/budget.ts");
const { openReadingCache } = loadProgram<typeof import("../code/reading-cache.ts")>(
  "policy/code/reading-cache.ts",
);

const [folder = "", zip = ""] = process.argv.slice(2);
const cache = openReadingCache({ folder, versions: ["bench"] });
const props = { runtime: "python3.14", handler: "app.handler", code: new asset.FileArchive(zip) };
const budget = new CodeBudget();
const startMs = performance.now();
const found = await readPackage(props, codeOf(props), { folder: dirname(zip), budget });
if (found.kind === "unreadable") throw new Error(found.why);
const { calls, unresolved } = await callsOf(found.code, budget, cache);
const ms = performance.now() - startMs;
const gaps = [...found.unread, ...unresolved];
if (gaps.length > 0) throw new Error(`not all was read: ${gaps.join("; ")}`);
const peakMb = process.resourceUsage().maxRSS / 1_024;
const run: BundleRun = { ms, bytes: statSync(zip).size, calls: calls.length, peakMb };
console.log(JSON.stringify(run));
