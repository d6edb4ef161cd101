import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { table } from "../comparison/table.ts";
import { awsguard, ensureAwsguard } from "./awsguard.ts";
import { median, ratio } from "./figures.ts";
import { findingsPerBadService, resourcesPerFinding } from "./generated-stack.ts";
import type { PackKind, StackRun } from "./stack-once.ts";

const rounds = 5;
const counts = [100, 1_000, 10_000] as const;
const base = 1_000;

/**
 * Generated stacks in the policy server: how a pack's time and memory grow with the stack. The
 * goals for 10,000 resources are at most 1.2 times the time per resource of 1,000, and 500 MB.
 * Throws unless this pack finds exactly what is wrong in them.
 */
export async function benchPolicyStacks(): Promise<string> {
  const { packs, missing } = await packsToRun();
  const runs = new Map<string, StackRun[]>();
  for (let round = 0; round < rounds; round++) {
    for (const count of counts) {
      for (const [kind] of packs) {
        const run = await stackOnce(kind, count);
        if (kind === "own") assertFindings(run, count);
        runs.set(keyOf(kind, count), [...(runs.get(keyOf(kind, count)) ?? []), run]);
      }
    }
  }
  const figures = (kind: PackKind, count: number) =>
    figuresOf(runs.get(keyOf(kind, count)) ?? [], count);
  return [
    "## Policy packs and large stacks",
    "",
    `Medians of ${rounds} runs of the policy server's functions on the same requests, each in a ` +
      "fresh process: Analyze once for each resource, then AnalyzeStack for all. Milliseconds per " +
      `resource; ratios against the same pack with ${base} resources. The goals for 10000 are ` +
      "1.2× and 500 MB.",
    "",
    table(
      ["pack", "resources", "Analyze", "AnalyzeStack", "both", `against ${base}`, "peak MB"],
      packs.flatMap(([kind, name]) =>
        counts.map((count) => {
          const { analyze, analyzeStack, both, peakMb } = figures(kind, count);
          return [
            name,
            String(count),
            analyze.toFixed(3),
            analyzeStack.toFixed(3),
            both.toFixed(3),
            ratio(both, figures(kind, base).both),
            peakMb.toFixed(0),
          ];
        }),
      ),
    ),
    ...(missing ? ["", missing] : []),
  ].join("\n");
}

type NamedPack = readonly [kind: PackKind, name: string];

/** Without npm's registry AWSGuard is left out, and the report says why. */
async function packsToRun(): Promise<{ packs: readonly NamedPack[]; missing?: string }> {
  const own: readonly NamedPack[] = [
    ["own", "this pack"],
    ["empty", "an empty pack"],
  ];
  try {
    await ensureAwsguard();
    return { packs: [...own, ["awsguard", awsguard]] };
  } catch (error) {
    const [line = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return { packs: own, missing: `${awsguard} could not be installed: ${line}` };
  }
}

async function stackOnce(kind: PackKind, count: number): Promise<StackRun> {
  const script = join(import.meta.dirname, "stack-once.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind, String(count)]);
  return JSON.parse(stdout.trim().split("\n").pop() ?? "");
}

/** A pack that checks nothing would be fast. */
function assertFindings({ analyze, analyzeStack }: StackRun, count: number): void {
  const found = analyze.findings + analyzeStack.findings;
  const expected = (count / resourcesPerFinding) * findingsPerBadService;
  if (found !== expected)
    throw new Error(`${found} findings among ${count} resources; expected ${expected}`);
}

function figuresOf(runs: readonly StackRun[], count: number) {
  const middle = (figure: (run: StackRun) => number) => median(runs.map(figure));
  return {
    analyze: middle((it) => it.analyze.ms) / count,
    analyzeStack: middle((it) => it.analyzeStack.ms) / count,
    both: middle((it) => it.analyze.ms + it.analyzeStack.ms) / count,
    peakMb: middle((it) => it.peakMb),
  };
}

function keyOf(kind: PackKind, count: number): string {
  return `${kind} ${count}`;
}
