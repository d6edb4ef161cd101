import { addTo } from "../../groups.ts";
import type { CodeBudget } from "../budget.ts";
import {
  findSources,
  isComprehension,
  type Located,
  type Parameter,
  type Scope,
  type Scopes,
  type Source,
  type Step,
  walk,
} from "./scopes.ts";
import { child, childrenOf, dottedName, type PyNode } from "./syntax.ts";

/** Reads the scopes of a file, and the sources of each name's value. */
export function scopesOf(root: PyNode, file: string, budget: CodeBudget): Scopes {
  const reader = new ScopeReader(root, file, budget);
  reader.read(root);
  return reader;
}

class ScopeReader implements Scopes {
  readonly root: Scope;
  readonly byNode = new Map<PyNode, Scope>();
  readonly parameters = new Map<PyNode, readonly Parameter[]>();
  readonly decorators = new Map<PyNode, Located[]>();
  readonly members = new Map<PyNode, Map<string, Source[]>>();
  readonly attributes = new Map<string, Source[]>();
  readonly items = new Map<string, Source[]>();
  readonly itemKeys = new Map<string, Set<string>>();
  readonly returned = new Map<PyNode, Located[]>();
  readonly generators = new Set<PyNode>();
  readonly wildcards: Extract<Source, { kind: "import" }>[] = [];
  /** Names that a function declares as another scope's: `global client`. */
  private readonly declaredIn = new Map<Scope, Map<string, Scope>>();

  constructor(node: PyNode, file: string, budget: CodeBudget) {
    this.root = { file, kind: "module", parent: undefined, node, names: new Map(), budget };
    this.byNode.set(node, this.root);
  }

  read(node: PyNode): void {
    walk(this.byNode, { node, scope: this.root }, (located, parent) => {
      this.enter(located, parent);
      return true;
    });
  }

  private enter({ node, scope }: Located, parent: PyNode | undefined): void {
    switch (node.type) {
      case "import_statement":
        this.enterImport(node, scope);
        return;
      case "import_from_statement":
        this.enterImportFrom(node, scope);
        return;
      case "function_definition":
      case "lambda":
        this.enterFunction(node, scope);
        return;
      case "class_definition":
        this.declare(child(node, "name"), scope, valueIn(node, scope));
        this.open(node, scope, "class");
        return;
      case "decorated_definition": {
        const definition = child(node, "definition");
        for (const it of node.children) {
          const [expression] = it.type === "decorator" ? it.children : [];
          if (definition && expression)
            addTo(this.decorators, definition, { node: expression, scope });
        }
        return;
      }
      case "list_comprehension":
      case "set_comprehension":
      case "dictionary_comprehension":
      case "generator_expression":
        this.open(node, scope, "function");
        return;
      case "for_in_clause":
      case "for_statement": {
        const right = child(node, "right");
        if (right) this.bind(child(node, "left"), scope, right, ["any element"]);
        return;
      }
      case "assignment": {
        const right = child(node, "right");
        if (right) this.bind(child(node, "left"), scope, right, []);
        return;
      }
      case "augmented_assignment":
        this.declare(child(node, "left"), scope, { kind: "unknown" });
        return;
      case "named_expression": {
        const value = child(node, "value");
        if (value) this.bind(child(node, "name"), functionScopeOf(scope), value, []);
        return;
      }
      case "as_pattern":
        this.enterAs(node, scope, parent);
        return;
      case "global_statement":
      case "nonlocal_statement":
        this.enterOuterNames(node, scope);
        return;
      case "return_statement":
      case "yield": {
        const [value] = node.children;
        const owner = functionScopeOf(scope);
        if (owner.kind !== "function") return;
        if (value) addTo(this.returned, owner.node, { node: value, scope });
        if (node.type === "yield") this.generators.add(owner.node);
        return;
      }
      case "case_pattern":
        // What a pattern captures is a part of something unknown.
        for (const it of node.children) {
          const name = it.type === "dotted_name" && it.children.length === 1 && it.children[0];
          if (name) this.declare(name, scope, { kind: "unknown" });
        }
        return;
      default:
    }
  }

  private open(node: PyNode, parent: Scope, kind: "function" | "class"): Scope {
    const { file, budget } = parent;
    const scope: Scope = { file, kind, parent, node, names: new Map(), budget };
    this.byNode.set(node, scope);
    return scope;
  }

  private enterImport(node: PyNode, scope: Scope): void {
    for (const it of childrenOf(node, "name")) {
      const alias = child(it, "alias");
      const module = dottedName(child(it, "name") ?? it);
      // `import a.b` binds `a`, and `import a.b as c` binds `a.b`.
      const [first = ""] = module.split(".");
      const bound = alias ? alias.text : first;
      const source = { kind: "import", level: 0, name: undefined } as const;
      this.declareName(bound, scope, { ...source, module: alias ? module : first });
    }
  }

  private enterImportFrom(node: PyNode, scope: Scope): void {
    const from = child(node, "module_name");
    if (!from) return;
    const isRelative = from.type === "relative_import";
    const path = isRelative ? from.children.find(({ type }) => type === "dotted_name") : from;
    const module = path ? dottedName(path) : "";
    const level = isRelative ? levelOf(from) : 0;
    for (const it of childrenOf(node, "name")) {
      const name = dottedName(child(it, "name") ?? it);
      const bound = child(it, "alias")?.text ?? name;
      this.declareName(bound, scope, { kind: "import", module, level, name });
    }
    if (node.children.some(({ type }) => type === "wildcard_import")) {
      this.wildcards.push({ kind: "import", module, level, name: undefined });
    }
  }

  private enterFunction(node: PyNode, scope: Scope): void {
    if (node.type !== "lambda") this.declare(child(node, "name"), scope, valueIn(node, scope));
    const inner = this.open(node, scope, "function");
    const parameters = parametersOf(node, scope);
    this.parameters.set(node, parameters);
    for (const parameter of parameters) {
      inner.names.set(parameter.name, [{ kind: "parameter", parameter }]);
    }
    const body = child(node, "body");
    if (node.type === "lambda" && body) this.returned.set(node, [{ node: body, scope: inner }]);
  }

  /** `with value as name`, `except Error as name`, `case pattern as name`. */
  private enterAs(node: PyNode, scope: Scope, parent: PyNode | undefined): void {
    const alias = child(node, "alias") ?? node.children.at(-1);
    const [value] = node.children;
    const target = alias?.type === "as_pattern_target" ? alias.children[0] : alias;
    if (!target || !value) return;
    if (parent?.type === "with_item") this.bind(target, scope, value, ["context"]);
    else this.declare(target, scope, { kind: "unknown" });
  }

  private enterOuterNames(node: PyNode, scope: Scope): void {
    const names = this.declaredIn.get(scope) ?? new Map<string, Scope>();
    this.declaredIn.set(scope, names);
    for (const { text } of node.children) {
      let target = scope.parent;
      while (target?.parent && (target.kind === "class" || !target.names.has(text))) {
        target = target.parent;
      }
      names.set(text, (node.type === "global_statement" ? undefined : target) ?? this.root);
    }
  }

  /** Assigns a value, or the part of it that `steps` lead to, to what a pattern names. */
  private bind(
    pattern: PyNode | undefined,
    scope: Scope,
    value: PyNode,
    steps: readonly Step[],
  ): void {
    if (!pattern) return;
    // `a = b = value`
    if (value.type === "assignment") {
      const inner = child(value, "right");
      if (inner) this.bind(pattern, scope, inner, steps);
      return;
    }
    const source: Source = { kind: "value", node: value, scope, steps };
    switch (pattern.type) {
      case "pattern_list":
      case "tuple_pattern":
      case "list_pattern":
      case "tuple":
      case "list": {
        const hasSplat = pattern.children.some(({ type }) => type === "list_splat_pattern");
        pattern.children.forEach((it, index) => {
          const step = hasSplat ? "any element" : index;
          this.bind(it, scope, value, [...steps, step]);
        });
        return;
      }
      case "list_splat_pattern":
        this.declare(pattern.children[0], scope, { kind: "unknown" });
        return;
      case "attribute":
        this.assignAttribute(pattern, scope, source);
        return;
      case "subscript": {
        const name = lastNameOf(child(pattern, "value"));
        if (name === undefined) return;
        addTo(this.items, name, source);
        const key = child(pattern, "subscript")?.children[1];
        const keys = this.itemKeys.get(name) ?? new Set<string>();
        this.itemKeys.set(name, keys);
        if (key?.type === "string_content") keys.add(key.text);
        return;
      }
      default:
        this.declare(pattern, scope, source);
    }
  }

  private assignAttribute(pattern: PyNode, scope: Scope, source: Source): void {
    const name = child(pattern, "attribute")?.text;
    const object = child(pattern, "object");
    if (name === undefined || !object) return;
    const owner = object.type === "identifier" ? classOfSelf(object.text, scope) : undefined;
    if (owner) this.addMember(owner, name, source);
    else addTo(this.attributes, name, source);
  }

  private addMember(owner: PyNode, name: string, source: Source): void {
    const members = this.members.get(owner) ?? new Map<string, Source[]>();
    this.members.set(owner, members);
    addTo(members, name, source);
  }

  private declare(node: PyNode | undefined, scope: Scope, source: Source): void {
    if (node?.type === "identifier") this.declareName(node.text, scope, source);
  }

  private declareName(name: string, scope: Scope, source: Source): void {
    const target = this.declaredIn.get(scope)?.get(name) ?? scope;
    addTo(target.names, name, source);
    if (target.kind === "class") this.addMember(target.node, name, source);
  }
}

function valueIn(node: PyNode, scope: Scope): Source {
  return { kind: "value", node, scope, steps: [] };
}

/** The nearest scope that is no comprehension, in which `:=` and `return` are. */
function functionScopeOf(scope: Scope): Scope {
  let found = scope;
  while (found.parent && isComprehension(found.node)) {
    found = found.parent;
  }
  return found;
}

/** The class whose instance a name is: the first parameter of a method. */
function classOfSelf(name: string, scope: Scope): PyNode | undefined {
  const [source] = findSources(scope, name) ?? [];
  if (source?.kind !== "parameter" || source.parameter.index !== 0) return undefined;
  for (let it: Scope | undefined = scope; it; it = it.parent) {
    if (it.node === source.parameter.function) {
      return it.parent?.kind === "class" ? it.parent.node : undefined;
    }
  }
  return undefined;
}

/** The number of dots of a relative import, which the tree has only as text. */
function levelOf(relative: PyNode): number {
  return relative.children.find(({ type }) => type === "import_prefix")?.text.length ?? 1;
}

function lastNameOf(node: PyNode | undefined): string | undefined {
  if (node?.type === "identifier") return node.text;
  return node?.type === "attribute" ? child(node, "attribute")?.text : undefined;
}

function parametersOf(node: PyNode, scope: Scope): Parameter[] {
  const found: Parameter[] = [];
  let index: number | undefined = 0;
  for (const it of child(node, "parameters")?.children ?? []) {
    const target = child(it, "name") ?? (it.type === "identifier" ? it : it.children[0]);
    const isList = target?.type === "list_splat_pattern" || it.type === "list_splat_pattern";
    const isMap =
      target?.type === "dictionary_splat_pattern" || it.type === "dictionary_splat_pattern";
    // What follows `*` or `*args` is given by name.
    if (it.type === "keyword_separator" || isList) index = undefined;
    const name = target?.type === "identifier" ? target : target?.children[0];
    if (!name) continue;
    const located = (part: PyNode | undefined) => part && { node: part, scope };
    found.push({
      name: name.text,
      function: node,
      scope,
      index: isList || isMap ? undefined : index,
      rest: isList ? "list" : isMap ? "dictionary" : undefined,
      fallback: located(child(it, "value")),
      annotation: located(child(it, "type")),
    });
    if (index !== undefined) index += 1;
  }
  return found;
}
