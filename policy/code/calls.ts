import { LimitError } from "../read-limits.ts";
import type { CodeBudget } from "./budget.ts";
import { ownersIn } from "./bundles.ts";
import { collectCalls } from "./call-collector.ts";
import { Evaluator } from "./evaluator.ts";
import { exportsOf } from "./exports.ts";
import type { Input } from "./inputs.ts";
import { caveatOf, limitationsOf, loadsByName, mentionsAws } from "./limitations.ts";
import { Modules, type SourceModule } from "./modules.ts";
import type { SourceFile } from "./package.ts";
import { parse } from "./parser.ts";
import { keyOf, type ReadingCache } from "./reading-cache.ts";
import { scopesOf } from "./scope-reader.ts";
import { libraryOf } from "./specifiers.ts";
import { usesOf } from "./uses.ts";

/** A call of AWS that a function's code makes. */
export interface Call {
  /** As in the code, e.g. `RebootInstancesCommand of @aws-sdk/client-ec2`. */
  readonly name: string;
  /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
  readonly needs: readonly (readonly string[])[];
  /** Actions that the call needs in some cases: they explain a grant and are not required. */
  readonly mayUse: readonly string[];
  /** Environment variables in its input, e.g. TOPIC_ARN; sorted. */
  readonly variables: readonly string[];
  /** String literals in its input that look like an ARN; sorted. */
  readonly arns: readonly string[];
  /** String literals in its input that may name a resource; sorted. */
  readonly names: readonly string[];
  /** The same of what is copied, if its input names a source. */
  readonly copied?: Input;
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
 * Finds the calls of the AWS SDK for JavaScript v3 in a package's files. A command is identified by
 * the package that its name is bound to; if that cannot be followed, by its name alone, for each
 * client that the package names and that has such an operation. Several rules ask for the same
 * files, so results are kept, and between previews in the cache, if there is one. If a limit is exceeded, no calls are
 * returned.
 */
export function callsOf(
  files: readonly SourceFile[],
  budget: CodeBudget,
  cache?: ReadingCache,
): Promise<Calls> {
  const key = keyOf(files);
  const calls = found.get(key) ?? readOrGet(files, budget, cache);
  found.set(key, calls);
  return calls;
}

async function readOrGet(
  files: readonly SourceFile[],
  budget: CodeBudget,
  cache: ReadingCache | undefined,
): Promise<Calls> {
  const before = cache?.get(files, budget.limits);
  if (before) return before;
  const { calls, isWithin } = await readWithin(files, budget);
  // What exceeds a limit of the run depends on the other functions.
  if (isWithin) cache?.set(files, budget.limits, calls);
  return calls;
}

async function readWithin(
  files: readonly SourceFile[],
  budget: CodeBudget,
): Promise<{ readonly calls: Calls; readonly isWithin: boolean }> {
  try {
    return { calls: await read(files, budget), isWithin: true };
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    const calls = { calls: [], unresolved: [`its code ${why}`], caveats: [] };
    return { calls, isWithin: false };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof LimitError) return error.message;
  // The call stack overflowed, which no count prevents.
  return error instanceof RangeError ? "is nested too deeply to be read" : undefined;
}

async function read(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  const mentioning = new Set(
    files.filter(({ path, text }) => mentionsAws(text) || (!libraryOf(path) && loadsByName(text))),
  );
  if (mentioning.size === 0) return { calls: [], unresolved: [], caveats: [] };
  const relevant = files.filter((it) => !libraryOf(it.path) || mentioning.has(it));
  const modules: SourceModule[] = [];
  const limitations: string[] = [];
  for (const { path, text } of relevant) {
    const program = parse(text, budget);
    if (program) {
      const scopes = scopesOf(program, path, budget);
      const exports = exportsOf(program, scopes);
      modules.push({ path, text, program, scopes, exports, ownerAt: ownersIn(path, text) });
    } else limitations.push(`has a file that cannot be parsed (${path})`);
  }
  const evaluator = new Evaluator(new Modules(modules));
  const used = modules.map((module) => ({ module, uses: usesOf(module, evaluator) }));
  limitations.push(...used.flatMap(({ module, uses }) => limitationsOf(module, uses)));
  const { calls, unresolved } = await collectCalls(used, evaluator, budget);
  return {
    calls,
    unresolved: sentences([...limitations, ...unresolved]),
    caveats: sentences(modules.flatMap(caveatOf)),
  };
}

function sentences(ends: readonly string[]): string[] {
  return [...new Set(ends)].map((it) => `its code ${it}`);
}
