import { LimitError, readLimits } from "./read-limits.ts";

/**
 * The comparisons left in this run. The engine starts a process for each run of a pack, and
 * every rule compares in the innermost of its loops, so the count is the process's.
 */
let left: number = readLimits.comparisons;

/** Begins a run. */
export function startComparisons(limit: number = readLimits.comparisons): void {
  left = limit;
}

/** Counts characters that are compared; throws a LimitError when the run's limit is reached. */
export function countCompared(characters: number): void {
  left -= characters;
  if (left < 0) {
    throw new LimitError(
      `comparing the stack's policies takes more than ${readLimits.comparisons} steps (comparisons in the pack's read-limits.ts)`,
    );
  }
}
