import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The result of one step. */
export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  /** What was observed, or the error. */
  readonly evidence: readonly string[];
}

export interface Step {
  readonly name: string;
  /** Runs the step and returns what it observed; throws if that is not what the name says. */
  run(): Promise<readonly string[]>;
}

/**
 * Runs steps one after another, prints each with its time, and writes every result to
 * `resultFile`, a JSON list with one line per step. Stops at the first step that fails, and before the
 * next one when `isInterrupted` says so. Returns the results so far.
 */
export async function runSteps(
  steps: readonly Step[],
  { resultFile, isInterrupted }: { resultFile: string; isInterrupted: () => boolean },
): Promise<StepResult[]> {
  mkdirSync(dirname(resultFile), { recursive: true });
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    if (isInterrupted()) break;
    const label = `${String(index + 1).padStart(2)}/${steps.length} ${step.name}`;
    showRunning(label);
    const result = await runStep(step);
    results.push(result);
    const lines = results.map((it) => `  ${JSON.stringify(it)}`);
    writeFileSync(resultFile, `[\n${lines.join(",\n")}\n]\n`);
    showDone(label, result);
    if (!result.ok) break;
  }
  return results;
}

async function runStep({ name, run }: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const milliseconds = () => Math.round(performance.now() - startedAt);
  try {
    const evidence = await run();
    return { name, ok: true, milliseconds: milliseconds(), evidence };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, ok: false, milliseconds: milliseconds(), evidence: message.split("\n") };
  }
}

/** On a terminal the result replaces the line of the running step. */
function showRunning(label: string): void {
  if (process.stdout.isTTY) process.stdout.write(`… ${label}`);
}

function showDone(label: string, { ok, milliseconds, evidence }: StepResult): void {
  if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
  console.log(`${ok ? "✓" : "✗"} ${label} (${(milliseconds / 1000).toFixed(1)} s)`);
  for (const line of evidence) console.log(`        ${line}`);
}

/** Fails the step with this text unless it is true. */
export function expect(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Error(otherwise);
}
