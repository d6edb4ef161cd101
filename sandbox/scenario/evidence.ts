import type { RecordedCall } from "../aws/gateway.ts";
import type { EngineRun } from "../engine/engine.ts";
import { expect } from "./steps.ts";

/** That the scenario has advanced the clock. */
export function passed(minutes: number): string {
  return `${minutes} minutes pass on the sandbox's clock`;
}

/** Fails the step unless these are `count` calls; returns them. */
export function expectReboots(calls: RecordedCall[], count: number): RecordedCall[] {
  const observed = calls.map(describe).join("; ") || "none";
  expect(
    calls.length === count,
    `expected ${count} calls of RebootInstances, observed ${observed}`,
  );
  return calls;
}

/** Fails the step unless the function's response has these fields. */
export function expectOutcome(text: string | undefined, expected: Record<string, unknown>): void {
  const outcome = JSON.parse(text ?? "{}");
  for (const [key, value] of Object.entries(expected)) {
    expect(outcome[key] === value, `${key} is ${outcome[key]} in ${text}; expected ${value}`);
  }
}

/** A call of EC2 with its instance, its caller and what EC2 responded. */
export function describe(call: RecordedCall | undefined): string {
  if (!call) return "no call";
  const { action, instanceIds, caller, status, error, isDryRun } = call;
  const outcome = error ? `${status} ${error}` : String(status);
  return `${action} ${instanceIds.join()}${isDryRun ? " (dry run)" : ""} by role ${caller}: ${outcome}`;
}

/** For example `40 create`. */
export function summary({ changes }: EngineRun): string {
  return Object.entries(changes)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}
