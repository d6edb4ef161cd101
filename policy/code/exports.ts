import type { AnyNode, ModuleDeclaration } from "acorn";
import { find, type Located, type Scope, type Scopes, walk } from "./scopes.ts";
import { isFunction, literalOf, nameOf } from "./syntax.ts";

/** What a file gives to the others of its package. */
export interface Exports {
  /** By name; `default` for a module's default export. */
  readonly values: ReadonlyMap<string, Exported>;
  /** What `module.exports` is set to. */
  readonly whole: readonly Located[];
  /** The modules of which it exports everything. */
  readonly all: readonly string[];
  /** The nodes that only say what is exported: what stands there is not used yet. */
  readonly sites: ReadonlySet<AnyNode>;
}

export type Exported =
  | ({ readonly kind: "value" } & Located)
  | { readonly kind: "name"; readonly name: string; readonly scope: Scope }
  /** Without a name, the whole module. */
  | { readonly kind: "import"; readonly from: string; readonly name: string | undefined };

interface Found {
  readonly values: Map<string, Exported>;
  readonly whole: Located[];
  readonly all: string[];
  readonly sites: Set<AnyNode>;
}

/** Reads what a file exports, as ECMAScript's modules do, and as CommonJS and compilers to it do. */
export function exportsOf(program: AnyNode, scopes: Scopes): Exports {
  const found: Found = { values: new Map(), whole: [], all: [], sites: new Set() };
  walk(scopes, program, (located) => {
    const { node } = located;
    if (node.type.startsWith("Export")) addDeclaration(node as ModuleDeclaration, located, found);
    if (node.type === "AssignmentExpression") addAssignment(node, located, found);
    if (node.type === "CallExpression") addCall(node, located, found);
    return true;
  });
  return found;
}

function addDeclaration(node: ModuleDeclaration, { scope }: Located, found: Found): void {
  switch (node.type) {
    case "ExportAllDeclaration": {
      const from = literalOf(node.source) ?? "";
      const name = node.exported && nameOf(node.exported, false);
      if (name) found.values.set(name, { kind: "import", from, name: undefined });
      else found.all.push(from);
      return;
    }
    case "ExportDefaultDeclaration":
      found.values.set("default", { kind: "value", node: node.declaration, scope });
      if (node.declaration.type === "Identifier") found.sites.add(node.declaration);
      return;
    case "ExportNamedDeclaration": {
      found.sites.add(node);
      const from = node.source ? literalOf(node.source) : undefined;
      for (const it of node.specifiers) {
        const name = nameOf(it.local, false) ?? "";
        const exported = nameOf(it.exported, false) ?? "";
        found.values.set(
          exported,
          from === undefined ? { kind: "name", name, scope } : { kind: "import", from, name },
        );
      }
      for (const name of namesDeclaredBy(node.declaration)) {
        found.values.set(name, { kind: "name", name, scope });
      }
      return;
    }
    default:
  }
}

function namesDeclaredBy(declaration: AnyNode | null | undefined): string[] {
  if (declaration?.type === "VariableDeclaration") {
    return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? id.name : []));
  }
  const isNamed =
    declaration?.type === "FunctionDeclaration" || declaration?.type === "ClassDeclaration";
  return isNamed && declaration.id ? [declaration.id.name] : [];
}

/** `exports.name = value`, and `module.exports = value`. */
function addAssignment(
  { left, right }: Extract<AnyNode, { type: "AssignmentExpression" }>,
  { scope }: Located,
  found: Found,
): void {
  if (left.type !== "MemberExpression") return;
  const name = nameOf(left.property, left.computed);
  if (isExports(left, scope)) {
    found.whole.push({ node: right, scope });
    found.sites.add(right);
    for (const it of right.type === "ObjectExpression" ? right.properties : []) {
      if (it.type === "Property") found.sites.add(it.value);
    }
  } else if (name !== undefined && isExports(left.object, scope)) {
    // A compiler first writes `exports.name = void 0`.
    if (right.type !== "UnaryExpression" && !isChain(right)) {
      found.values.set(name, { kind: "value", node: right, scope });
    }
    found.sites.add(right);
  }
}

function isChain(node: AnyNode): boolean {
  return node.type === "AssignmentExpression";
}

/** `exports` or `module.exports`, which the file does not declare itself. */
function isExports(node: AnyNode, scope: Scope): boolean {
  if (node.type === "Identifier") return node.name === "exports" && !find(scope, "exports");
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return false;
  const isModule = node.object.name === "module" && !find(scope, "module");
  return isModule && nameOf(node.property, node.computed) === "exports";
}

/**
 * What compilers write: `Object.defineProperty(exports, "name", { get: () => value })`,
 * `__export(target, { name: () => value })` and `__exportStar(require("./other"), exports)`.
 */
function addCall(
  node: Extract<AnyNode, { type: "CallExpression" }>,
  { scope }: Located,
  found: Found,
): void {
  const { callee, arguments: given } = node;
  const name =
    callee.type === "MemberExpression"
      ? nameOf(callee.property, callee.computed)
      : callee.type === "Identifier"
        ? callee.name
        : undefined;
  const [first, second, third] = given;
  if (name === "defineProperty" && first && isExports(first, scope)) {
    const exported = literalOf(second);
    const get = third && getterOf(third);
    if (exported !== undefined && get) setLazy(exported, get, scope, found);
    found.sites.add(node);
  } else if (name === "__export" && second?.type === "ObjectExpression") {
    for (const it of second.properties) {
      const exported = it.type === "Property" && nameOf(it.key, it.computed);
      if (exported && it.type === "Property") setLazy(exported, it.value, scope, found);
    }
    found.sites.add(node);
  } else if (name === "__exportStar" && first?.type === "CallExpression") {
    const from = literalOf(first.arguments[0]);
    if (from !== undefined) found.all.push(from);
  }
}

function getterOf(descriptor: AnyNode): AnyNode | undefined {
  if (descriptor.type !== "ObjectExpression") return undefined;
  for (const it of descriptor.properties) {
    if (it.type === "Property" && nameOf(it.key, it.computed) === "get") return it.value;
  }
  return undefined;
}

/** A name whose value a function returns. */
function setLazy(name: string, get: AnyNode, scope: Scope, found: Found): void {
  const value = isFunction(get) ? returnedBy(get) : undefined;
  if (value) found.values.set(name, { kind: "value", node: value, scope });
}

/** What a function returns that does nothing else. */
export function returnedBy(node: AnyNode): AnyNode | undefined {
  if (!isFunction(node)) return undefined;
  const { body } = node;
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  return last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}
