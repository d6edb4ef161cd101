/** A node of a Python file's syntax tree, named as in tree-sitter-python's grammar. */
export interface PyNode {
  readonly type: string;
  /** The name of the field that it is in its parent, e.g. `function` in a call. */
  readonly field: string | undefined;
  readonly text: string;
  /** Line, from 1. */
  readonly line: number;
  /** The nodes that have a name or are a field, without comments. */
  readonly children: readonly PyNode[];
}

/** The first child that is a field. */
export function child(node: PyNode, field: string): PyNode | undefined {
  return node.children.find((it) => it.field === field);
}

/** All children that are a field. */
export function childrenOf(node: PyNode, field: string): PyNode[] {
  return node.children.filter((it) => it.field === field);
}

/** `a.b.c` of a dotted name, without the spaces that it can have. */
export function dottedName(node: PyNode): string {
  return node.text.replaceAll(/\s/g, "");
}

/** Visits a node and everything below it; `visit` returns false to skip what is below. */
export function walkNodes(start: PyNode, visit: (node: PyNode) => boolean): void {
  const nodes = [start];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (!visit(node)) continue;
    // One by one: a list in code can have more elements than a call accepts arguments.
    for (let index = node.children.length - 1; index >= 0; index--) {
      const part = node.children[index];
      if (part) nodes.push(part);
    }
  }
}

/** The last name of an expression, or of what it calls: `cached_property` of `functools.cached_property`. */
export function lastNameIn(node: PyNode): string {
  const called = node.type === "call" ? child(node, "function") : node;
  return /(\w+)$/.exec(called?.text ?? "")?.[1] ?? "";
}
