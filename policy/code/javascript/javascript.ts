import type { CodeBudget } from "../budget.ts";
import type { Calls } from "../calls.ts";
import type { Language, PackageCode } from "../language.ts";
import { ownersIn } from "./bundles.ts";
import { collectCalls } from "./call-collector.ts";
import { Evaluator } from "./evaluator.ts";
import { exportsOf } from "./exports.ts";
import { caveatOf, limitationsOf, loadsByName, mentionsAws } from "./limitations.ts";
import { Modules, type SourceModule } from "./modules.ts";
import { parse } from "./parser.ts";
import { scopesOf } from "./scope-reader.ts";
import { isCode, isOfSdk, libraryOf } from "./specifiers.ts";
import { usesOf } from "./uses.ts";

/** Reads the AWS SDK for JavaScript v3. */
export const javascript: Language = {
  name: "JavaScript",
  isCode,
  isListed: () => false,
  variables: [],
  isSkipped: isOfSdk,
  findCalls,
};

/**
 * A command is identified by the package that its name is bound to; if that cannot be followed, by its name alone, for
 * each client that the package names and that has such an operation.
 */
async function findCalls({ files }: PackageCode, budget: CodeBudget): Promise<Calls> {
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
