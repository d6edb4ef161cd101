import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What one step of the story showed. */
export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  /** What was seen, or the error. */
  readonly evidence: readonly string[];
}

export interface Step {
  readonly name: string;
  /** Does the step and returns what it saw; throws if that is not what the name says. */
  run(): Promise<readonly string[]>;
}

/**
 * Runs steps one after another, showing each with its time, and writes every result to
 * `resultFile`, a JSON list of a line a step. Stops at the first step that fails, and before the
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

/** On a terminal the running step stands on the line that its result then takes. */
function showRunning(label: string): void {
  if (process.stdout.isTTY) process.stdout.write(`… ${label}`);
}

function showDone(label: string, { ok, milliseconds, evidence }: StepResult): void {
  if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
  console.log(`${ok ? "✓" : "✗"} ${label} (${(milliseconds / 1000).toFixed(1)} s)`);
  for (const line of evidence) console.log(`        ${line}`);
}
