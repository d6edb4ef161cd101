// Runs one policy pack (`own`, `awsguard` or `empty`) on a generated stack with a number of resources, and
// prints the time and memory as JSON: a `StackRun`.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Policies, StackValidation } from "@pulumi/policy";
import { awsguardPack } from "./awsguard.ts";
import { external, generatedStack, plannedStack } from "./generated-stack.ts";
import { type Pack, policyServer, type Timed } from "./server.ts";

export type PackKind = "own" | "awsguard" | "empty";

export interface StackRun {
  readonly analyze: Timed;
  readonly analyzeStack: Timed;
  /** The most memory that the process had, with the requests of the whole stack in it. */
  readonly peakMb: number;
}

const packs: Record<PackKind, () => Pack> = {
  own: ownPack,
  awsguard: awsguardPack,
  empty: emptyPack,
};
const policyFolder = join(import.meta.dirname, "..");
const policyFile = join(policyFolder, "bin", "pack.js");

/** The compiled pack with a fixed clock and the other stacks' ARNs configured. */
function ownPack(): Pack {
  const require = createRequire(policyFile);
  const { createPack } = require("./pack.js");
  const { rules } = require("./rules/index.js");
  const now = () => new Date("2026-06-01T12:00:00Z");
  const options = { rules, folder: policyFolder, version: "0.0.0", environment: {}, now };
  const { policies }: { policies: Policies } = createPack(options);
  // The server keeps the configuration that the engine sends to itself, so it is set here.
  const getConfig = () => ({ external });
  for (const policy of policies as { validateStack?: StackValidation }[]) {
    const { validateStack } = policy;
    if (!validateStack) continue;
    policy.validateStack = (args, report) => validateStack({ ...args, getConfig } as never, report);
  }
  return { name: "least-privilege-iam", file: policyFile, policies };
}

/** The cost of the policy server itself: one rule for resources and one for stacks. */
function emptyPack(): Pack {
  const about = { description: "Everything passes.", enforcementLevel: "mandatory" } as const;
  const policies: Policies = [
    { ...about, name: "each", validateResource: () => {} },
    { ...about, name: "all", validateStack: () => {} },
  ];
  return { name: "empty", file: policyFile, policies };
}

const [kind, count] = process.argv.slice(2);
const server = policyServer(packs[kind as PackKind]());
// Created for each call, so only the requests that the engine would send are in memory.
const analyze = await server.analyze(() => generatedStack(Number(count)));
const analyzeStack = await server.analyzeStack(() => plannedStack(Number(count)));
const peakMb = process.resourceUsage().maxRSS / 1_024;
const run: StackRun = { analyze, analyzeStack, peakMb };
console.log(JSON.stringify(run));
process.exit(0);
