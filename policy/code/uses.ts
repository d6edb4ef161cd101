import type { AnyNode } from "acorn";
import { isCredentialPackage } from "./bundled.ts";
import { choicesOf } from "./choices.ts";
import type { Evaluator } from "./evaluator.ts";
import type { SourceModule } from "./modules.ts";
import { isKey, namingNodesOf } from "./naming-nodes.ts";
import { type Located, type Scope, walk } from "./scopes.ts";
import { sdkPackageOf } from "./specifiers.ts";
import { isFunction, keyNameOf, linesOf, literalOf, memberNameOf, type NodeOf } from "./syntax.ts";
import { type SdkName, sdkNameOf } from "./value.ts";

/** A place where a file uses a class, a function or a method of the SDK, or may do so by its name. */
export interface Use extends SdkName {
  /** A class, e.g. `PublishCommand`, a function, or the method of a client. */
  readonly kind: "class" | "function" | "method";
  /** False if it is only mentioned, as in a list of commands. */
  readonly isCalled: boolean;
  readonly input: Located | undefined;
  /** File and line, e.g. `index.js:12`. */
  readonly where: string;
}

/** What one file uses. */
export interface Uses {
  readonly uses: readonly Use[];
  /** The methods that are called on unknown values: the first place by name. */
  readonly methods: ReadonlyMap<string, string>;
  /** The packages and modules that the file names: the first place by name. */
  readonly modules: ReadonlyMap<string, string>;
  /** Uses of the SDK by computed names, as ends of `its code …`. */
  readonly unresolved: readonly string[];
  /** The keys of properties whose value is an object literal, and of those whose value is unknown. */
  readonly objectKeys: ReadonlySet<string>;
  readonly unknownKeys: ReadonlySet<string>;
}

/** A use is kept in memory, so it counts as much as this number of visited nodes. */
const stepsOfUse = 100;

/** Finds where a file creates commands of the SDK, and calls its functions and its clients' methods. */
export function usesOf(module: SourceModule, evaluator: Evaluator): Uses {
  const finder = new UseFinder(module, evaluator);
  walk(module.scopes, module.program, (located, parent) => finder.visit(located, parent));
  return finder;
}

class UseFinder implements Uses {
  readonly uses: Use[] = [];
  readonly methods = new Map<string, string>();
  readonly modules = new Map<string, string>();
  readonly unresolved: string[] = [];
  readonly objectKeys = new Set<string>();
  readonly unknownKeys = new Set<string>();
  /** Nodes that are no uses: counted elsewhere, or only naming a value. */
  private readonly skipped = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly evaluator: Evaluator;
  private readonly lineOf: (offset: number) => number;

  constructor(module: SourceModule, evaluator: Evaluator) {
    this.module = module;
    this.evaluator = evaluator;
    this.lineOf = linesOf(module.text);
  }

  /** Returns false to skip what is below the node. */
  visit(located: Located, parent: AnyNode | undefined): boolean {
    const { node, scope } = located;
    if (this.module.exports.sites.has(node)) {
      if (node.type === "CallExpression") return false;
      this.skipped.add(node);
    }
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        this.addModule(literalOf(node.source), node);
        return false;
      case "ExportNamedDeclaration":
        if (node.source) this.addModule(literalOf(node.source), node);
        return node.declaration !== null;
      case "ImportExpression":
        this.addLoadedModule(node.source, node);
        return true;
      case "NewExpression":
        this.addCreatedObjects(node, scope);
        return true;
      case "CallExpression":
        this.addCall(node, scope);
        return true;
      case "Property":
        if (parent?.type === "ObjectExpression") this.addKey(node);
        return true;
      case "MemberExpression":
        if (memberNameOf(node) === undefined) this.addComputedMember(node, scope);
        else this.addMention(located);
        return true;
      case "Identifier":
        if (parent && !isKey(node, parent)) this.addMention(located);
        return true;
      default:
        if (node.type.startsWith("Class")) this.addBundledClass(located);
        for (const it of namingNodesOf(node)) if (it) this.skipped.add(it);
        return true;
    }
  }

  /** A command class in a bundle names its package like an import does. */
  private addBundledClass(located: Located): void {
    const value = this.evaluator.evaluate(located);
    if (value.kind === "sdk-export" && !isCredentialPackage(value.from)) {
      this.addModule(value.from, located.node);
    }
  }

  private addCreatedObjects(node: NodeOf<"NewExpression">, scope: Scope): void {
    const input = inputIn(scope, node.arguments[0]);
    for (const choice of choicesOf({ node: node.callee, scope }, this.evaluator)) {
      this.skipped.add(choice.node);
      const name = sdkNameOf(this.evaluator.evaluate(choice));
      if (name) this.add({ ...name, kind: "class", isCalled: true, input }, node);
    }
    this.skipped.add(node.callee);
  }

  private addCall(node: NodeOf<"CallExpression">, scope: Scope): void {
    const { callee } = node;
    const [first, second] = node.arguments;
    if (callee.type === "MemberExpression") {
      if (this.addMethodCall(callee, node, scope)) return;
    } else if (first && node.arguments.length === 1) this.addLoadedModule(first, node);
    const name = sdkNameOf(this.evaluator.evaluate({ node: callee, scope }));
    if (!name) return;
    const takesClient = isPaginatorOrWaiter(name.name);
    if (name.from === undefined && !takesClient) return;
    this.skipped.add(callee);
    const input = inputIn(scope, takesClient ? second : (second ?? first));
    this.add({ ...name, kind: "function", isCalled: true, input }, node);
  }

  /** Returns true if the call is a method of a client, or of an unknown value. */
  private addMethodCall(
    callee: NodeOf<"MemberExpression">,
    node: NodeOf<"CallExpression">,
    scope: Scope,
  ): boolean {
    const name = memberNameOf(callee);
    if (name === undefined) return false;
    const object = this.evaluator.evaluate({ node: callee.object, scope });
    if (object.kind === "client") {
      const input = inputIn(scope, node.arguments[0]);
      if (object.isAggregated && name !== "send") {
        this.add({ name, from: object.from, kind: "method", isCalled: true, input }, node);
      }
      return true;
    }
    const isMethod = object.kind === "unknown" && /^[a-z]/.test(name) && !isPaginatorOrWaiter(name);
    if (isMethod && !this.methods.has(name)) this.methods.set(name, this.where(node));
    return isMethod;
  }

  private addComputedMember(node: NodeOf<"MemberExpression">, scope: Scope): void {
    const object = this.evaluator.evaluate({ node: node.object, scope });
    const where = this.where(node);
    if (object.kind === "sdk-module") {
      this.unresolved.push(`accesses a member of ${object.from} by a computed name (${where})`);
    } else if (object.kind === "unknown" && endsInCommand(node.property)) {
      this.unresolved.push(`accesses a command by a computed name (${where})`);
    }
  }

  /** A command that is mentioned and not created. */
  private addMention(located: Located): void {
    if (this.skipped.has(located.node)) return;
    const name = sdkNameOf(this.evaluator.evaluate(located));
    if (!name || !/^[A-Z]\w*Command$/.test(name.name)) return;
    this.add({ ...name, kind: "class", isCalled: false, input: undefined }, located.node);
  }

  private addKey(property: NodeOf<"Property">): void {
    const name = keyNameOf(property);
    const { value } = property;
    if (name === undefined) return;
    if (value.type === "ObjectExpression") this.objectKeys.add(name);
    else if (value.type !== "Literal" && !isFunction(value)) this.unknownKeys.add(name);
  }

  /** `import(…)`, `require(…)`, or the same by another name. */
  private addLoadedModule(specifier: AnyNode, node: AnyNode): void {
    this.addModule(literalOf(specifier), node);
    const start = specifier.type === "TemplateLiteral" ? specifier.quasis[0]?.value.raw : "";
    if (start?.startsWith("@aws-sdk/")) {
      const where = this.where(node);
      this.unresolved.push(`loads a package of the AWS SDK by a computed name (${where})`);
    }
  }

  private addModule(specifier: string | undefined, node: AnyNode): void {
    if (specifier === undefined) return;
    const name = sdkPackageOf(specifier) ?? specifier;
    if (!this.modules.has(name)) this.modules.set(name, this.where(node));
  }

  private add(use: Omit<Use, "where">, node: AnyNode): void {
    this.module.scopes.root.budget.countSteps(stepsOfUse);
    this.uses.push({ ...use, where: this.where(node) });
  }

  private where(node: AnyNode): string {
    return `${this.module.path}:${this.lineOf(node.start)}`;
  }
}

function inputIn(scope: Scope, node: AnyNode | undefined): Located | undefined {
  return node && { node, scope };
}

/** True for `paginateQuery` and `waitUntilTableExists`, which accept a client before their input. */
function isPaginatorOrWaiter(name: string): boolean {
  return /^(paginate|waitUntil)[A-Z]/.test(name);
}

/** True for a computed name that ends in `Command`, as the names of command classes do. */
function endsInCommand(property: AnyNode): boolean {
  switch (property.type) {
    case "TemplateLiteral":
      return property.quasis.at(-1)?.value.raw.endsWith("Command") ?? false;
    case "BinaryExpression":
      return literalOf(property.right)?.endsWith("Command") ?? false;
    default:
      return false;
  }
}
