import type { CodeBudget } from "../budget.ts";
import type { PyNode } from "./syntax.ts";
import type { ClassValue, InstanceValue } from "./value.ts";

/** The names that a part of a file declares. Python's blocks open no scope. */
export interface Scope {
  readonly file: string;
  readonly kind: "module" | "function" | "class";
  readonly parent: Scope | undefined;
  /** The module, the function or the comprehension, or the class. */
  readonly node: PyNode;
  /** Each declared name with everything that is assigned to it. */
  readonly names: Map<string, Source[]>;
  /** Counts visited nodes and name lookups. */
  readonly budget: CodeBudget;
}

/** A syntax node and where it is. */
export interface Located {
  readonly node: PyNode;
  readonly scope: Scope;
  /** The call for which it is evaluated; undefined for all calls together. */
  readonly frame?: Frame | undefined;
}

/** A call of a function: what its parameters are bound to. */
export interface Frame {
  readonly function: PyNode;
  readonly given: ReadonlyMap<string, Located>;
  /** What the first parameter of a method is. */
  readonly self: InstanceValue | ClassValue | undefined;
  /** The call of the function in which this one is defined. */
  readonly outer: Frame | undefined;
}

/** The call that an expression in the scope is a part of. */
export function frameIn(scope: Scope, frame: Frame | undefined): Frame | undefined {
  for (let it = frame; it; it = it.outer) {
    for (let own: Scope | undefined = scope; own; own = own.parent) {
      own.budget.countSteps();
      if (own.node === it.function) return it;
    }
  }
  return undefined;
}

/** A part of a value: an item by index or key, any item, or what `with` binds. */
export type Step = number | { readonly key: string } | "any element" | "context";

/** Where a name's value comes from. */
export type Source =
  /** A module, or a name in it; `level` is the number of dots before it. */
  | {
      readonly kind: "import";
      readonly module: string;
      readonly level: number;
      readonly name: string | undefined;
    }
  /** The value of an expression, or a part of it. */
  | ({ readonly kind: "value"; readonly steps: readonly Step[] } & Located)
  | { readonly kind: "parameter"; readonly parameter: Parameter }
  | { readonly kind: "unknown" };

/** A parameter of a function or a lambda. */
export interface Parameter {
  readonly name: string;
  readonly function: PyNode;
  /** Where the function is. */
  readonly scope: Scope;
  /** Undefined for one that is given only by its name. */
  readonly index: number | undefined;
  /** `*args` and `**kwargs` get what no other parameter does. */
  readonly rest: "list" | "dictionary" | undefined;
  readonly fallback: Located | undefined;
  readonly annotation: Located | undefined;
}

/** A file's scopes and assignments. */
export interface Scopes {
  readonly root: Scope;
  /** By the node that opens the scope. */
  readonly byNode: ReadonlyMap<PyNode, Scope>;
  readonly parameters: ReadonlyMap<PyNode, readonly Parameter[]>;
  /** The expressions behind `@` of functions and classes. */
  readonly decorators: ReadonlyMap<PyNode, readonly Located[]>;
  /** What a class's methods assign to `self.name`, and its body to `name`. */
  readonly members: ReadonlyMap<PyNode, ReadonlyMap<string, readonly Source[]>>;
  /** What is assigned to an attribute of anything but `self`, by the attribute. */
  readonly attributes: ReadonlyMap<string, readonly Source[]>;
  /** What is assigned to the items of a variable or an attribute, by its name: `clients["s3"] = …`. */
  readonly items: ReadonlyMap<string, readonly Source[]>;
  /** The literal keys of those items. */
  readonly itemKeys: ReadonlyMap<string, ReadonlySet<string>>;
  /** What functions return or yield. */
  readonly returned: ReadonlyMap<PyNode, readonly Located[]>;
  /** The functions with `yield`. */
  readonly generators: ReadonlySet<PyNode>;
  /** The modules whose every name the file imports. */
  readonly wildcards: readonly Extract<Source, { kind: "import" }>[];
}

/** Resolves a name from a scope outward; undefined if the file does not declare it. */
export function findSources(scope: Scope, name: string): readonly Source[] | undefined {
  for (let it: Scope | undefined = scope; it; it = it.parent) {
    it.budget.countSteps();
    // A class's names are not visible in its methods.
    if (it.kind === "class" && it !== scope) continue;
    const sources = it.names.get(name);
    if (sources) return sources;
  }
  return undefined;
}

/** The scope in which the parts of a node are. Default values and annotations are outside of their function. */
function scopeBelow(
  { node, scope }: Located,
  part: PyNode,
  byNode: ReadonlyMap<PyNode, Scope>,
): Scope {
  const own = byNode.get(node);
  if (!own) return scope;
  const isInner = own.kind === "module" || isComprehension(own.node) || part.field === "body";
  return isInner ? own : scope;
}

/** True for what has a scope, in which `:=` and `return` are not. */
export function isComprehension({ type }: PyNode): boolean {
  return /comprehension$|^generator_expression$/.test(type);
}

/** Visits a node and everything below it; `visit` returns false to skip what is below. */
export function walk(
  byNode: ReadonlyMap<PyNode, Scope>,
  start: Located,
  visit: (located: Located, parent: PyNode | undefined) => boolean,
): void {
  // Explicit stacks: long chains of operators are nested deeper than the call stack.
  const nodes: PyNode[] = [start.node];
  const scopes: Scope[] = [start.scope];
  const parents: (PyNode | undefined)[] = [undefined];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const scope = scopes.pop() ?? start.scope;
    const parent = parents.pop();
    scope.budget.countSteps();
    const located = { node, scope, frame: start.frame };
    if (!visit(located, parent)) continue;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const part = node.children[index];
      if (!part) continue;
      nodes.push(part);
      scopes.push(scopeBelow(located, part, byNode));
      parents.push(node);
    }
  }
}
