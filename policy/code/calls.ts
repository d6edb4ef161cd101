import { createHash } from "node:crypto";
import { LimitError } from "../read-limits.ts";
import type { CodeBudget } from "./budget.ts";
import { callsIn } from "./calls-in.ts";
import { exportsOf } from "./exports.ts";
import { callingLibrary, namesAws, sentenceAbout, sentenceOn, sentencesOn } from "./limits.ts";
import type { SourceFile } from "./package.ts";
import { scopesOf } from "./scopes.ts";
import { libraryOf } from "./specifiers.ts";
import { parse } from "./syntax.ts";
import { type Uses, usesOf } from "./uses.ts";
import { type SourceModule, Values } from "./values.ts";

/** A call of AWS that a function's code makes. */
export interface Call {
  /** As the code says it, such as `RebootInstancesCommand of @aws-sdk/client-ec2`. */
  readonly name: string;
  /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
  readonly needs: readonly (readonly string[])[];
  /** Actions that the call may use in some cases: they explain a grant and are not required. */
  readonly mayUse: readonly string[];
  /** Environment variables that its input names, such as TOPIC_ARN; sorted. */
  readonly variables: readonly string[];
  /** Literal texts in its input that look like an ARN, sorted. */
  readonly arns: readonly string[];
  /** Such as `index.js:12`. */
  readonly where: string;
}

/** The calls of a package, and what of it cannot be seen, as ends of sentences: `its code …`. */
export interface Calls {
  readonly calls: readonly Call[];
  readonly unseen: readonly string[];
}

const answers = new Map<string, Promise<Calls>>();

/**
 * Finds the calls of the AWS SDK for JavaScript v3 in a package's files. A command counts by what
 * its name is bound to; where that cannot be followed, by its name alone, for each client that the
 * package names and that has such an operation. Rules ask several times, so answers are kept.
 * Where the budget ends, nothing of the files is known.
 */
export function callsOf(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(JSON.stringify([path, text]));
  const key = hash.digest("hex");
  const answer = answers.get(key) ?? readWithin(files, budget);
  answers.set(key, answer);
  return answer;
}

async function readWithin(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  try {
    return await read(files, budget);
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { calls: [], unseen: [`its code ${why}`] };
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof LimitError) return error.message;
  // The stack of calls has an end, too, which no count foresees.
  return error instanceof RangeError ? "is nested too deep to be read" : undefined;
}

async function read(files: readonly SourceFile[], budget: CodeBudget): Promise<Calls> {
  const naming = new Set(files.filter(({ text }) => namesAws(text)));
  if (naming.size === 0) return { calls: [], unseen: [] };
  const calling = files.filter((it) => !libraryOf(it.path) || naming.has(it));
  const modules = calling.map((it) => moduleOf(it, budget));
  const parsed = modules.filter((it) => typeof it !== "string");
  const values = new Values(parsed);
  const found = parsed.map((module) => ({ module, uses: usesOf(module, values) }));
  const sentences = [
    ...modules.filter((it) => typeof it === "string"),
    ...found.flatMap(({ module, uses }) => sentencesAbout(module, uses)),
  ];
  const { calls, unseen } = await callsIn(found, values, budget);
  return { calls, unseen: [...new Set([...sentences, ...unseen])].map((it) => `its code ${it}`) };
}

/** A file with what it declares and exports; a sentence if it cannot be parsed. */
function moduleOf({ path, text }: SourceFile, budget: CodeBudget): SourceModule | string {
  const program = parse(text, budget);
  if (!program) return `has a file that cannot be parsed (${path})`;
  const scopes = scopesOf(program, path, budget);
  return { path, text, program, scopes, exports: exportsOf(program, scopes) };
}

function sentencesAbout(module: SourceModule, { modules, unseen }: Uses): string[] {
  const library = callingLibrary(module, modules);
  const one = library === undefined ? sentenceAbout(module) : sentenceOn(library, module);
  return one === undefined ? [...sentencesOn(modules), ...unseen] : [one];
}
