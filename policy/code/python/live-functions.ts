import { plainDecorators } from "../../data/python-names.ts";
import { addTo } from "../../groups.ts";
import { basesOf } from "./classes.ts";
import type { Evaluator } from "./evaluator.ts";
import { isNeverRun } from "./imports.ts";
import type { ProgramFile } from "./program.ts";
import type { Scope, Scopes } from "./scopes.ts";
import { child, lastNameIn, type PyNode, walkNodes } from "./syntax.ts";

/**
 * The functions that may run: the handler; functions whose name is mentioned in code that runs; methods, if their class is
 * mentioned too; and what a decorator may register. Others run only by a computed name. Returns "all" if `entry` is
 * undefined.
 */
export function liveFunctionsIn(
  files: readonly ProgramFile[],
  entry: string | undefined,
  evaluator: Evaluator,
): ReadonlySet<PyNode> | "all" {
  if (entry === undefined) return "all";
  const units = files.flatMap((it) => unitsOf(it, evaluator));
  const waiting = new Map<string, Unit[]>();
  for (const unit of units) for (const it of unit.names) addTo(waiting, it, unit);
  const missing = new Map(units.map((it) => [it, new Set(it.names)]));
  const live = new Set<Unit>();
  const open = units.filter(({ names }) => names.length === 0);
  const mention = (name: string) => {
    for (const it of waiting.get(name) ?? []) {
      const names = missing.get(it);
      names?.delete(name);
      if (names?.size === 0) open.push(it);
    }
    waiting.delete(name);
  };
  mention(entry);
  for (let unit = open.pop(); unit; unit = open.pop()) {
    live.add(unit);
    for (const name of unit.mentions) mention(name);
  }
  return new Set([...live].map(({ node }) => node));
}

/** A function without the functions in it, or what a file does when it is imported. */
interface Unit {
  readonly node: PyNode;
  /** What must be mentioned before it can run. */
  readonly names: readonly string[];
  readonly mentions: ReadonlySet<string>;
}

function unitsOf({ root, scopes }: ProgramFile, evaluator: Evaluator): Unit[] {
  return [root, ...functionsIn(scopes.byNode)].map((node) => {
    const scope = scopes.byNode.get(node)?.parent;
    const names =
      scope && !isKept(node, scopes) ? namesToMention(node, scope, scopes, evaluator) : [];
    return { node, names, mentions: mentionsIn(node) };
  });
}

/** True for a function or a class that a decorator may keep. */
export function isKept(node: PyNode, { decorators }: Scopes): boolean {
  return (decorators.get(node) ?? []).some((it) => !plainDecorators.includes(lastNameIn(it.node)));
}

function functionsIn(byNode: ReadonlyMap<PyNode, Scope>): PyNode[] {
  return [...byNode.keys()].filter(({ type }) => type === "function_definition");
}

/**
 * A method's own name, and that of its class. Python calls `__init__` and such for code that uses the class, and a library
 * calls what it inherits.
 */
function namesToMention(
  node: PyNode,
  scope: Scope,
  scopes: Scopes,
  evaluator: Evaluator,
): string[] {
  const name = child(node, "name")?.text ?? "";
  if (scope.kind !== "class" || !scope.parent) return [name];
  const ofClass = isKept(scope.node, scopes) ? [] : [child(scope.node, "name")?.text ?? ""];
  const bases = basesOf({ kind: "class", node: scope.node, scope: scope.parent }, evaluator);
  const isOfLibrary = bases.some(({ kind }) => kind !== "class");
  const isSpecial = name.startsWith("__") && name.endsWith("__");
  return isOfLibrary || isSpecial ? ofClass : [...ofClass, name];
}

function mentionsIn(start: PyNode): ReadonlySet<string> {
  const mentions = new Set<string>();
  const skipped = new Set<PyNode | undefined>();
  walkNodes(start, (node) => {
    if (skipped.has(node)) return false;
    switch (node.type) {
      case "if_statement":
        if (isNeverRun(node)) skipped.add(child(node, "consequence"));
        return true;
      case "function_definition":
        // Its own code runs when it is called; default values and decorators run here.
        if (node !== start) {
          for (const it of child(node, "parameters")?.children ?? []) {
            walkNodes(it, (inner) => addMention(inner, mentions));
          }
        }
        return node === start;
      case "import_statement":
      case "import_from_statement":
        walkNodes(node, (inner) => {
          if (inner.type === "aliased_import")
            mentions.add(lastNameIn(child(inner, "name") ?? inner));
          return true;
        });
        return false;
      default:
        return addMention(node, mentions);
    }
  });
  return mentions;
}

function addMention(node: PyNode, mentions: Set<string>): boolean {
  const isName = node.type === "identifier" && node.field !== "name";
  const isNamed = node.type === "string_content" && /^\w+$/.test(node.text);
  if (isName || isNamed) mentions.add(node.text);
  return true;
}
