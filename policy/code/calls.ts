import { createHash } from "node:crypto";
import { exportsOf } from "./exports.ts";
import { type Input, inputOf } from "./inputs.ts";
import { callingLibrary, namesAws, sentenceAbout, sentenceOn, sentencesOn } from "./limits.ts";
import type { Permissions } from "./operations.ts";
import type { SourceFile } from "./package.ts";
import { permissionsOf } from "./permissions.ts";
import { scopesOf } from "./scopes.ts";
import { libraryOf } from "./specifiers.ts";
import { parse } from "./syntax.ts";
import { isTransaction, type Keys, transactionOf } from "./transactions.ts";
import { type Use, type Uses, usesOf } from "./uses.ts";
import { isAggregatedName, type SourceModule, Values } from "./values.ts";

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
 */
export function callsOf(files: readonly SourceFile[]): Promise<Calls> {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(JSON.stringify([path, text]));
  const key = hash.digest("hex");
  const answer = answers.get(key) ?? read(files);
  answers.set(key, answer);
  return answer;
}

async function read(files: readonly SourceFile[]): Promise<Calls> {
  const calling = files.filter(({ path, text }) => !libraryOf(path) || namesAws(text));
  if (!calling.some(({ text }) => namesAws(text))) return { calls: [], unseen: [] };
  const modules = calling.map(moduleOf);
  const parsed = modules.filter((it) => typeof it !== "string");
  const values = new Values(parsed);
  const found = parsed.map((module) => ({ module, uses: usesOf(module, values) }));
  const sentences = [
    ...modules.filter((it) => typeof it === "string"),
    ...found.flatMap(({ module, uses }) => sentencesAbout(module, uses)),
  ];
  const { calls, unseen } = await callsIn(found, values);
  return { calls, unseen: [...new Set([...sentences, ...unseen])].map((it) => `its code ${it}`) };
}

/** A file with what it declares and exports; a sentence if it cannot be parsed. */
function moduleOf({ path, text }: SourceFile): SourceModule | string {
  const program = parse(text);
  if (!program) return `has a file that cannot be parsed (${path})`;
  const scopes = scopesOf(program, path);
  return { path, text, program, scopes, exports: exportsOf(program, scopes) };
}

function sentencesAbout(module: SourceModule, { modules, unseen }: Uses): string[] {
  const library = callingLibrary(module, modules);
  const one = library === undefined ? sentenceAbout(module) : sentenceOn(library, module);
  return one === undefined ? [...sentencesOn(modules), ...unseen] : [one];
}

interface Found {
  readonly module: SourceModule;
  readonly uses: Uses;
}

async function callsIn(found: readonly Found[], values: Values): Promise<Calls> {
  const all = found.map(({ uses }) => uses);
  const packages = packagesOf(all);
  const aggregated = packages.filter((it) => all.some(({ uses }) => makesAggregated(uses, it)));
  const keys = {
    objectKeys: union(all.map(({ objectKeys }) => objectKeys)),
    openKeys: union(all.map(({ openKeys }) => openKeys)),
  };
  const calls: Made[] = [];
  const unseen: string[] = [];
  for (const { module, uses } of found) {
    const isLibrary = libraryOf(module.path) !== undefined;
    for (const use of uses.uses) {
      const answer = await permissionsOf(use, packages);
      if (answer.kind === "unseen" && !isLibrary) unseen.push(answer.why);
      if (answer.kind !== "known") continue;
      const input = inputOf(use.input, module, values);
      const call = callOf(use, answer, keys, input);
      calls.push({ ...(isLibrary ? optional(call) : call), isCalled: use.isCalled });
    }
    for (const [name, where] of uses.methods) {
      const use = { name, kind: "method", from: undefined, where } as const;
      const answer = await permissionsOf(use, aggregated);
      if (answer.kind !== "known") continue;
      const call = callOf(use, answer, keys, { variables: [], arns: [] });
      calls.push({ ...optional(call), isCalled: true });
    }
  }
  return { calls: distinct(calls), unseen };
}

/** The packages of the SDK that the files name. */
function packagesOf(all: readonly Uses[]): string[] {
  const names = all.flatMap(({ modules }) => [...modules.keys()]);
  return [...new Set(names)].filter((it) => it.startsWith("@aws-sdk/"));
}

/** True if code makes a client of the package that has a method for each operation. */
function makesAggregated(uses: readonly Use[], from: string): boolean {
  return uses.some((it) => (it.from ?? from) === from && isAggregatedName(from, it.name));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((it) => [...it]));
}

interface Named extends Permissions {
  readonly name: string;
}

function callOf(
  { where }: Pick<Use, "where">,
  { name, ...answer }: Named,
  keys: Keys,
  input: Input,
): Call {
  const { needs, mayUse } = isTransaction(name) ? transactionOf(answer, keys) : answer;
  return { name, needs, mayUse, ...input, where };
}

/** A call of which it is not sure that the code makes it. */
function optional({ needs, mayUse, ...call }: Call): Call {
  return { ...call, needs: [], mayUse: [...new Set([...needs.flat(), ...mayUse])] };
}

interface Made extends Call {
  readonly isCalled: boolean;
}

/** Each call once, by what it is about; one that is only named counts if it is not made anywhere. */
function distinct(calls: readonly Made[]): Call[] {
  const made = new Set(calls.flatMap(({ isCalled, name }) => (isCalled ? name : [])));
  const found = new Map<string, Call>();
  for (const { isCalled, ...call } of calls) {
    const { where: _, ...about } = call;
    const key = JSON.stringify(about);
    if ((isCalled || !made.has(call.name)) && !found.has(key)) found.set(key, call);
  }
  return [...found.values()];
}
