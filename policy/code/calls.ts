import { createHash } from "node:crypto";
import { LimitError } from "../read-limits.ts";
import type { CodeBudget } from "./budget.ts";
import { collectCalls } from "./call-collector.ts";
import { Evaluator } from "./evaluator.ts";
import { exportsOf } from "./exports.ts";
import { limitationsOf, mentionsAws } from "./limitations.ts";
import { Modules, type SourceModule } from "./modules.ts";
import type { SourceFile } from "./package.ts";
import { parse } from "./parser.ts";
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
  /** File and line, e.g. `index.js:12`. */
  readonly where: string;
}

export interface Calls {
  readonly calls: readonly Call[];
  /** What cannot be resolved, as sentences without a full stop: `its code …`. */
  readonly unresolved: readonly string[];
}

const cache = new Map<string, Promise<Calls>>();

/**
 * Finds the calls of the AWS SDK for JavaScript v3 in a package's files. A command is identified by
 * the package that its name is bound to; if that cannot be followed, by its name alone, for each
 * client that the package names and that has such an operation. Several rules ask for the same
 * files, so results are cached. If a limit is exceeded, no calls are returned.
 */
export function callsOf(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(JSON.stringify([path, text]));
  const key = hash.digest("hex");
  const calls = cache.get(key) ?? readWithin(files, budget);
  cache.set(key, calls);
  return calls;
}

async function readWithin(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  try {
    return await read(files, budget);
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { calls: [], unresolved: [`its code ${why}`] };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof LimitError) return error.message;
  // The call stack overflowed, which no count prevents.
  return error instanceof RangeError ? "is nested too deeply to be read" : undefined;
}

async function read(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  const mentioning = new Set(files.filter(({ text }) => mentionsAws(text)));
  if (mentioning.size === 0) return { calls: [], unresolved: [] };
  const relevant = files.filter((it) => !libraryOf(it.path) || mentioning.has(it));
  const modules: SourceModule[] = [];
  const limitations: string[] = [];
  for (const { path, text } of relevant) {
    const program = parse(text, budget);
    if (program) {
      const scopes = scopesOf(program, path, budget);
      modules.push({ path, text, program, scopes, exports: exportsOf(program, scopes) });
    } else limitations.push(`has a file that cannot be parsed (${path})`);
  }
  const evaluator = new Evaluator(new Modules(modules));
  const used = modules.map((module) => ({ module, uses: usesOf(module, evaluator) }));
  limitations.push(...used.flatMap(({ module, uses }) => limitationsOf(module, uses)));
  const { calls, unresolved } = await collectCalls(used, evaluator, budget);
  const all = new Set([...limitations, ...unresolved]);
  return { calls, unresolved: [...all].map((it) => `its code ${it}`) };
}
