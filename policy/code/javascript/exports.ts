import type { AnyNode, ModuleDeclaration } from "acorn";
import { findSources, type Located, type Scope, type Scopes, walk } from "./scopes.ts";
import {
  calleeNameOf,
  keyNameOf,
  literalOf,
  memberNameOf,
  type NodeOf,
  nameOf,
  returnedBy,
} from "./syntax.ts";

/** What a file exports. */
export interface Exports {
  /** By name; `default` for a module's default export. */
  readonly named: ReadonlyMap<string, Exported>;
  /** The values that are assigned to `module.exports`. */
  readonly moduleExports: readonly Located[];
  /** The modules of `export * from "…"`. */
  readonly exportAll: readonly string[];
  /** The nodes that only export a value, which is not a use of it. */
  readonly sites: ReadonlySet<AnyNode>;
}

export type Exported =
  | ({ readonly kind: "value" } & Located)
  | { readonly kind: "name"; readonly name: string; readonly scope: Scope }
  /** The whole module if `name` is undefined. */
  | { readonly kind: "import"; readonly from: string; readonly name: string | undefined };

/** Reads what a file exports: as an ECMAScript module, as CommonJS, or compiled to CommonJS. */
export function exportsOf(program: AnyNode, scopes: Scopes): Exports {
  const reader = new ExportReader();
  walk(scopes, program, (located) => {
    reader.enter(located);
    return true;
  });
  return reader;
}

class ExportReader implements Exports {
  readonly named = new Map<string, Exported>();
  readonly moduleExports: Located[] = [];
  readonly exportAll: string[] = [];
  readonly sites = new Set<AnyNode>();

  enter({ node, scope }: Located): void {
    if (node.type.startsWith("Export")) this.enterDeclaration(node as ModuleDeclaration, scope);
    if (node.type === "AssignmentExpression") this.enterAssignment(node, scope);
    if (node.type === "CallExpression") this.enterCall(node, scope);
  }

  private enterDeclaration(node: ModuleDeclaration, scope: Scope): void {
    switch (node.type) {
      case "ExportAllDeclaration": {
        const from = literalOf(node.source) ?? "";
        const name = node.exported && nameOf(node.exported);
        if (name) this.named.set(name, { kind: "import", from, name: undefined });
        else this.exportAll.push(from);
        return;
      }
      case "ExportDefaultDeclaration":
        this.named.set("default", { kind: "value", node: node.declaration, scope });
        if (node.declaration.type === "Identifier") this.sites.add(node.declaration);
        return;
      case "ExportNamedDeclaration":
        this.sites.add(node);
        this.enterSpecifiers(node, scope);
        for (const name of namesDeclaredBy(node.declaration)) {
          this.named.set(name, { kind: "name", name, scope });
        }
        return;
      default:
    }
  }

  /** `export { name as exported }`, perhaps `from "…"`. */
  private enterSpecifiers(node: NodeOf<"ExportNamedDeclaration">, scope: Scope): void {
    const from = literalOf(node.source);
    for (const { local, exported } of node.specifiers) {
      const name = nameOf(local) ?? "";
      const value: Exported =
        from === undefined ? { kind: "name", name, scope } : { kind: "import", from, name };
      this.named.set(nameOf(exported) ?? "", value);
    }
  }

  /** `exports.name = value`, and `module.exports = value`. */
  private enterAssignment({ left, right }: NodeOf<"AssignmentExpression">, scope: Scope): void {
    if (left.type !== "MemberExpression") return;
    if (isExports(left, scope)) {
      this.moduleExports.push({ node: right, scope });
      this.sites.add(right);
      for (const it of right.type === "ObjectExpression" ? right.properties : []) {
        if (it.type === "Property") this.sites.add(it.value);
      }
      return;
    }
    const name = memberNameOf(left);
    if (name === undefined || !isExports(left.object, scope)) return;
    // Compilers first write `exports.a = exports.b = void 0`.
    const isPlaceholder = right.type === "UnaryExpression" || right.type === "AssignmentExpression";
    if (!isPlaceholder) this.named.set(name, { kind: "value", node: right, scope });
    this.sites.add(right);
  }

  /**
   * What compilers write: `Object.defineProperty(exports, "name", { get: () => value })`,
   * `__export(target, { name: () => value })` and `__exportStar(require("./other"), exports)`.
   */
  private enterCall(node: NodeOf<"CallExpression">, scope: Scope): void {
    const name = calleeNameOf(node);
    const [first, second, third] = node.arguments;
    if (name === "defineProperty" && first && isExports(first, scope)) {
      const exported = literalOf(second);
      const getter = third && getterOf(third);
      if (exported !== undefined && getter) this.addGetter(exported, getter, scope);
      this.sites.add(node);
    } else if (name === "__export" && second?.type === "ObjectExpression") {
      for (const it of second.properties) {
        const exported = it.type === "Property" && keyNameOf(it);
        if (exported) this.addGetter(exported, it.value, scope);
      }
      this.sites.add(node);
    } else if (name === "__exportStar" && first?.type === "CallExpression") {
      const from = literalOf(first.arguments[0]);
      if (from !== undefined) this.exportAll.push(from);
    }
  }

  /** Exports what a getter returns. */
  private addGetter(name: string, getter: AnyNode, scope: Scope): void {
    const value = returnedBy(getter);
    if (value) this.named.set(name, { kind: "value", node: value, scope });
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

/** True for `exports` and `module.exports`, unless the file declares the name itself. */
function isExports(node: AnyNode, scope: Scope): boolean {
  if (node.type === "Identifier") return node.name === "exports" && !findSources(scope, "exports");
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return false;
  const isModule = node.object.name === "module" && !findSources(scope, "module");
  return isModule && memberNameOf(node) === "exports";
}

function getterOf(descriptor: AnyNode): AnyNode | undefined {
  if (descriptor.type !== "ObjectExpression") return undefined;
  for (const it of descriptor.properties) {
    if (it.type === "Property" && keyNameOf(it) === "get") return it.value;
  }
  return undefined;
}
