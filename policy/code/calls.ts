import { LimitError } from "../read-limits.ts";
import type { CodeBudget } from "./budget.ts";
import type { PackageCode } from "./language.ts";
import { keyOf, type ReadingCache } from "./reading-cache.ts";
import { UnpackError } from "./source-file.ts";

/** What a call's input contains about the resources that the call uses. */
export interface Input {
  /** Environment variables, e.g. TOPIC_ARN; sorted. */
  readonly variables: readonly string[];
  /** Literal ARNs, sorted. */
  readonly arns: readonly string[];
  /** Literal strings that may name a resource, sorted. */
  readonly names: readonly string[];
  /** The same of the source, if the input names one: what is copied, and not written. */
  readonly copied?: Input;
}

/** A call of AWS that a function's code makes. */
export interface Call extends Input {
  /** As in the code, e.g. `RebootInstancesCommand of @aws-sdk/client-ec2`. */
  readonly name: string;
  /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
  readonly needs: readonly (readonly string[])[];
  /** Actions that the call needs in some cases: they explain a grant and are not required. */
  readonly mayUse: readonly string[];
  /** File and line, e.g. `index.js:12`. */
  readonly where: string;
}

export interface Calls {
  readonly calls: readonly Call[];
  /** Why the code may make further calls, as sentences without a full stop: `its code …`. */
  readonly unresolved: readonly string[];
  /** Why a call may have been missed though all code is read, as such sentences. */
  readonly caveats: readonly string[];
}

const found = new Map<string, Promise<Calls>>();

/**
 * Finds the calls of AWS in a package's code. Several rules ask for the same code, so results are kept, and between
 * previews in the cache, if there is one. If a limit is exceeded, no calls are returned.
 */
export function callsOf(
  code: PackageCode,
  budget: CodeBudget,
  cache?: ReadingCache,
): Promise<Calls> {
  const key = keyOf(code);
  const calls = found.get(key) ?? readOrGet(code, budget, cache);
  found.set(key, calls);
  return calls;
}

async function readOrGet(
  code: PackageCode,
  budget: CodeBudget,
  cache: ReadingCache | undefined,
): Promise<Calls> {
  const before = cache?.get(code, budget.limits);
  if (before) return before;
  const { calls, isWithin } = await readWithin(code, budget);
  // What exceeds a limit of the run depends on the other functions.
  if (isWithin) cache?.set(code, budget.limits, calls);
  return calls;
}

async function readWithin(
  code: PackageCode,
  budget: CodeBudget,
): Promise<{ readonly calls: Calls; readonly isWithin: boolean }> {
  try {
    return { calls: await code.language.findCalls(code, budget), isWithin: true };
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    const calls = { calls: [], unresolved: [`its code ${why}`], caveats: [] };
    return { calls, isWithin: false };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof LimitError || error instanceof UnpackError) return error.message;
  // The call stack overflowed, which no count prevents.
  return error instanceof RangeError ? "is nested too deeply to be read" : undefined;
}
