import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../comparison/table.ts";
import { addTo } from "../groups.ts";
import { awsguard, ensureAwsguard } from "./awsguard.ts";
import { median, ratio } from "./figures.ts";
import {
  external,
  findingsPerBadService,
  type GeneratedResource,
  generatedStack,
  plannedStack,
  resourcesPerFinding,
  urnOf,
} from "./generated-stack.ts";
import { type PackCommand, packInFolder, startPackProcess, type Timed } from "./pack-process.ts";

interface StackRun {
  readonly analyze: Timed;
  readonly analyzeStack: Timed;
  readonly peakMb: number | undefined;
}

const policyFolder = join(import.meta.dirname, "..");
const ownPack: PackCommand = {
  command: join(policyFolder, "bin", "pack.js"),
  args: ["127.0.0.1:1"],
  folder: tmpdir(),
};

const rounds = 5;
const counts = [100, 1_000, 10_000] as const;
const base = 1_000;

/**
 * Generated stacks in a pack's own process: how its time and memory grow with the stack. The
 * goals for 10,000 resources are at most 1.2 times the time per resource of 1,000, and 500 MB.
 * Throws unless this pack finds exactly what is wrong in them.
 */
export async function benchPolicyStacks(): Promise<string> {
  const { packs, missing } = await packsToRun();
  const runs = new Map<string, StackRun[]>();
  for (let round = 0; round < rounds; round++) {
    for (const count of counts) {
      for (const { name, command } of packs) {
        const run = await stackOnce(command, count);
        if (command === ownPack) assertFindings(run, count);
        addTo(runs, keyOf(name, count), run);
      }
    }
  }
  const figures = (name: string, count: number) =>
    figuresOf(runs.get(keyOf(name, count)) ?? [], count);
  return [
    "## Policy packs and large stacks",
    "",
    `Medians of ${rounds} runs, each in a fresh process, with the engine's calls: Analyze once for each resource, then ` +
      "AnalyzeStack for all. This pack is its executable. Milliseconds per " +
      `resource; ratios against the same pack with ${base} resources. The goals for 10000 are ` +
      "1.2× and 500 MB.",
    "",
    table(
      ["pack", "resources", "Analyze", "AnalyzeStack", "both", `against ${base}`, "peak MB"],
      packs.flatMap(({ name }) =>
        counts.map((count) => {
          const { analyze, analyzeStack, both, peakMb } = figures(name, count);
          return [
            name,
            String(count),
            analyze.toFixed(3),
            analyzeStack.toFixed(3),
            both.toFixed(3),
            ratio(both, figures(name, base).both),
            peakMb?.toFixed(0) ?? "–",
          ];
        }),
      ),
    ),
    ...(missing ? ["", missing] : []),
  ].join("\n");
}

interface NamedPack {
  readonly name: string;
  readonly command: PackCommand;
}

/** Without npm's registry AWSGuard is left out, and the report says why. */
async function packsToRun(): Promise<{ packs: readonly NamedPack[]; missing?: string }> {
  const emptyPack = join(policyFolder, "..", "bench", "empty-pack");
  const own: readonly NamedPack[] = [
    { name: "this pack", command: ownPack },
    { name: "an empty pack", command: packInFolder(emptyPack) },
  ];
  try {
    const command = packInFolder(await ensureAwsguard());
    return { packs: [...own, { name: awsguard, command }] };
  } catch (error) {
    const [line = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return { packs: own, missing: `${awsguard} could not be installed: ${line}` };
  }
}

async function stackOnce(command: PackCommand, count: number): Promise<StackRun> {
  const pack = await startPackProcess(command);
  try {
    await pack.configure(command === ownPack ? { "foreign-arn": { external } } : {});
    const analyze = await pack.analyze(generatedStack(count).map(withUrn));
    const analyzeStack = await pack.analyzeStack(plannedStack(count).map(withUrn));
    return { analyze, analyzeStack, peakMb: pack.peakMb() };
  } finally {
    await pack.stop();
  }
}

function withUrn(resource: GeneratedResource) {
  return { ...resource, urn: urnOf(resource) };
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
    peakMb: runs[0]?.peakMb === undefined ? undefined : middle((it) => it.peakMb ?? 0),
  };
}

function keyOf(name: string, count: number): string {
  return `${name} ${count}`;
}
