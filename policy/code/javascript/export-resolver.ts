import type { Evaluator } from "./evaluator.ts";
import type { Exported } from "./exports.ts";
import { leadsToSdk, unknown, unknownNamed, type Value } from "./value.ts";

/**
 * Evaluates an export of a file of the package. `visited` are the files on the way to it, since
 * files can export from each other in a circle.
 */
export function resolveExport(
  path: string,
  name: string,
  evaluator: Evaluator,
  visited = new Set<string>(),
): Value {
  const module = evaluator.modules.at(path);
  if (!module || visited.has(path)) return unknown;
  visited.add(path);
  const { budget } = module.scopes.root;
  budget.countSteps();
  const { named, moduleExports, exportAll } = module.exports;
  const exported = named.get(name);
  if (exported) return evaluateExported(exported, path, evaluator, visited);
  for (const it of moduleExports) {
    const value = evaluator.evaluate(it);
    // A default import of a CommonJS module is all that it exports.
    if (name === "default") return value;
    if (value.kind === "file" && value.path === path) continue;
    const member = evaluator.evaluateMember(value, name);
    if (member.kind !== "unknown") return member;
  }
  for (const from of exportAll) {
    budget.countSteps();
    const value = memberOfModule(from, name, path, evaluator, visited);
    if (leadsToSdk(value) || value.kind === "function") return value;
  }
  if (name === "default" && named.size > 0) return { kind: "file", path };
  return unknownNamed(name);
}

function evaluateExported(
  exported: Exported,
  path: string,
  evaluator: Evaluator,
  visited: Set<string>,
): Value {
  switch (exported.kind) {
    case "value":
      return evaluator.evaluate(exported);
    case "name":
      return evaluator.evaluateName(exported.name, exported.scope) ?? unknown;
    case "import":
      return exported.name === undefined
        ? evaluator.resolveModule(exported.from, path)
        : memberOfModule(exported.from, exported.name, path, evaluator, visited);
  }
}

/** A member of a module that the file at `path` exports from. */
function memberOfModule(
  specifier: string,
  name: string,
  path: string,
  evaluator: Evaluator,
  visited: Set<string>,
): Value {
  const module = evaluator.resolveModule(specifier, path);
  return module.kind === "file"
    ? resolveExport(module.path, name, evaluator, visited)
    : evaluator.evaluateMember(module, name);
}
