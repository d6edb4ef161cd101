import type { AnyNode } from "acorn";
import { isCredentialPackage, wrappedCommand } from "./bundled.ts";
import { bundlesSdk, type Owner } from "./bundles.ts";
import { choicesOf } from "./choices.ts";
import type { Evaluator } from "./evaluator.ts";
import type { SourceModule } from "./modules.ts";
import { isKey, namingNodesOf } from "./naming-nodes.ts";
import { type Located, type Scope, walk } from "./scopes.ts";
import { libraryOf, sdkPackageOf } from "./specifiers.ts";
import { isFunction, keyNameOf, linesOf, literalOf, memberNameOf, type NodeOf } from "./syntax.ts";
import { textOf } from "./text.ts";
import { type SdkName, sdkNameOf } from "./value.ts";

/** A place where a file uses a class, a function or a method of the SDK, or may do so by its name. */
export interface Use extends SdkName {
  /** A class, e.g. `PublishCommand`, a function, or the method of a client. */
  readonly kind: "class" | "function" | "method";
  /** False if it is only mentioned, as in a list of commands. */
  readonly isCalled: boolean;
  readonly owner: Owner;
  readonly input: Located | undefined;
  /** File and line, e.g. `index.js:12`. */
  readonly where: string;
}

/** What one file uses. */
export interface Uses {
  readonly uses: readonly Use[];
  /** The methods that are called on unknown values: the first place by name. */
  readonly methods: ReadonlyMap<string, string>;
  /** The first place where a method of an unknown value is called by a computed name. */
  readonly computedMethod: string | undefined;
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
  computedMethod: string | undefined;
  /** The callees that are methods of clients. */
  private readonly calledMethods = new Set<AnyNode>();
  /** Nodes that are no uses: counted elsewhere, or only naming a value. */
  private readonly skipped = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly evaluator: Evaluator;
  private readonly isBundle: boolean;
  /** False for a bundle that loads no client, so that no value in it is known to be one. */
  private readonly hasImports: boolean;
  private readonly lineOf: (offset: number) => number;

  constructor(module: SourceModule, evaluator: Evaluator) {
    this.module = module;
    this.evaluator = evaluator;
    this.lineOf = linesOf(module.text);
    this.isBundle = bundlesSdk(module.text);
    this.hasImports = !this.isBundle || /["'`]@aws-sdk\/(client|lib)-/.test(module.text);
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
        this.addLoadedModule({ node: node.source, scope }, node, true);
        return true;
      case "NewExpression":
        if (isNameOf(node.callee, "Function")) this.addRunText(node);
        this.addCreatedObjects(node, scope);
        return true;
      case "VariableDeclarator":
        if (node.init) this.addDestructured(node.id, { node: node.init, scope });
        this.skip(namingNodesOf(node));
        return true;
      case "AssignmentExpression":
        this.addDestructured(node.left, { node: node.right, scope });
        this.skip(namingNodesOf(node));
        return true;
      case "CallExpression":
        this.addCall(node, scope);
        return true;
      case "Property":
        if (parent?.type === "ObjectExpression") this.addKey(node);
        return true;
      case "MemberExpression":
        if (memberNameOf(node) === undefined) this.addComputedMember(node, scope);
        else if (!this.addMentionedMethod(node, scope)) this.addMention(located);
        return true;
      case "Identifier":
        if (parent && !isKey(node, parent)) this.addMention(located);
        return true;
      default:
        if (node.type.startsWith("Class")) this.addBundledClass(located);
        if (!this.isOfBundledSdk(node)) this.skip(namingNodesOf(node));
        return true;
    }
  }

  private skip(nodes: readonly (AnyNode | null | undefined)[]): void {
    for (const it of nodes) if (it) this.skipped.add(it);
  }

  /** A command class in a bundle names its package like an import does. */
  private addBundledClass(located: Located): void {
    const value = this.evaluator.evaluate(located);
    if (value.kind !== "sdk-export" || isCredentialPackage(value.from)) return;
    this.addModule(value.from, located.node);
    if (wrappedCommand(located.node)) this.addModule("@aws-sdk/lib-dynamodb", located.node);
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
      if (first) this.addReflection(callee, { node: first, scope }, node);
      if (this.addMethodCall(callee, node, scope)) return;
    } else if (first && node.arguments.length === 1) {
      if (isNameOf(callee, "eval")) this.addRunText(node);
      this.addLoadedModule({ node: first, scope }, node, isNameOf(callee, "require"));
    }
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
    const object = this.evaluator.evaluate({ node: callee.object, scope });
    if (name === undefined) {
      const isOwn = this.module.ownerAt(node.start) === "program";
      if (isOwn && object.kind === "unknown") this.computedMethod ??= this.where(node);
      return false;
    }
    if (object.kind === "client") {
      this.calledMethods.add(callee);
      const input = inputIn(scope, node.arguments[0]);
      if (object.isAggregated && !ownMembers.includes(name)) {
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
    if (object.kind === "sdk-module") {
      this.addGap(node, `accesses a member of ${object.from} by a computed name`);
    } else if (object.kind === "client") {
      this.addGap(node, `accesses a method of a client of ${object.from} by a computed name`);
    } else if (object.kind === "unknown" && endsInCommand(node.property)) {
      this.addGap(node, "accesses a command by a computed name", false);
    }
  }

  /** A method of a client that is not called where it is named: `db.getItem.bind(db)`. */
  private addMentionedMethod(node: NodeOf<"MemberExpression">, scope: Scope): boolean {
    const name = memberNameOf(node);
    if (name === undefined || !this.hasImports || this.calledMethods.has(node)) return false;
    const object = this.evaluator.evaluate({ node: node.object, scope });
    if (object.kind !== "client" || !object.isAggregated) return false;
    this.addPassedMethod(name, object.from, node);
    return true;
  }

  private addPassedMethod(name: string, from: string, node: AnyNode): void {
    if (ownMembers.includes(name)) return;
    this.add({ name, from, kind: "method", isCalled: false, input: undefined }, node);
    this.addGap(node, `passes on the method ${name} of a client of ${from}`);
  }

  /** `const { getItem } = client`, and `const { [name]: Command } = sdk`. */
  private addDestructured(pattern: AnyNode, value: Located): void {
    if (pattern.type !== "ObjectPattern") return;
    const { kind, ...object } = this.evaluator.evaluate(value);
    if ((kind !== "client" && kind !== "sdk-module") || !("from" in object)) return;
    for (const it of pattern.properties) {
      const name = it.type === "Property" ? keyNameOf(it) : undefined;
      if (name === undefined) {
        this.addGap(it, `accesses a member of ${object.from} by a computed name`);
      } else if (kind === "client") this.addPassedMethod(name, object.from, it);
    }
  }

  /** `Reflect.get(client, name)` and `Object.values(sdk)`. */
  private addReflection(
    { object }: NodeOf<"MemberExpression">,
    first: Located,
    node: AnyNode,
  ): void {
    if (!isNameOf(object, "Reflect") && !isNameOf(object, "Object")) return;
    const value = this.evaluator.evaluate(first);
    if (value.kind !== "client" && value.kind !== "sdk-module") return;
    this.addGap(node, `accesses a member of ${value.from} by a computed name`);
  }

  /**
   * A library's computed names are its possibilities, like the calls that it mentions. Libraries have names that
   * only may be of the SDK everywhere.
   */
  private addGap(node: AnyNode, what: string, isOfSdk = true): void {
    const owner = this.module.ownerAt(node.start);
    if (owner === "library" || (owner === "unknown" && !isOfSdk)) return;
    this.unresolved.push(`${what} (${this.where(node)})`);
  }

  private addRunText(node: AnyNode): void {
    this.addGap(node, "runs a string as code", false);
  }

  /** A command that is mentioned and not created. */
  private addMention(located: Located): void {
    if (this.isOfBundledSdk(located.node) || this.skipped.has(located.node)) return;
    const name = sdkNameOf(this.evaluator.evaluate(located));
    if (!name || !/^[A-Z]\w*Command$/.test(name.name)) return;
    this.add({ ...name, kind: "class", isCalled: false, input: undefined }, located.node);
  }

  /** True in a bundle of the SDK, which has lists of all its commands: there a mention is no use. */
  private isOfBundledSdk({ start }: AnyNode): boolean {
    return this.isBundle && this.module.ownerAt(start) !== "program";
  }

  private addKey(property: NodeOf<"Property">): void {
    const name = keyNameOf(property);
    const { value } = property;
    if (name === undefined) return;
    if (value.type === "ObjectExpression") this.objectKeys.add(name);
    else if (value.type !== "Literal" && !isFunction(value)) this.unknownKeys.add(name);
  }

  /**
   * `import(…)`, `require(…)`, or the same by another name: then only what is certainly a package of the
   * SDK counts.
   */
  private addLoadedModule(specifier: Located, node: AnyNode, isLoader: boolean): void {
    const { text, isWhole } = textOf(specifier);
    if (isWhole) {
      this.addModule(text, node);
      if (literalOf(specifier.node) !== undefined || sdkPackageOf(text) === undefined) return;
    }
    if (text.startsWith("@aws-sdk/")) {
      this.addGap(node, "loads a package of the AWS SDK by a computed name");
    } else if (isLoader && "@aws-sdk/".startsWith(text) && specifier.node.type !== "Literal") {
      this.addGap(node, "loads a module by a computed name", false);
    }
  }

  private addModule(specifier: string | undefined, node: AnyNode): void {
    if (specifier === undefined) return;
    const name = sdkPackageOf(libraryOf(specifier) ?? specifier) ?? specifier;
    if (!this.modules.has(name)) this.modules.set(name, this.where(node));
  }

  private add(use: Omit<Use, "where" | "owner">, node: AnyNode): void {
    this.module.scopes.root.budget.countSteps(stepsOfUse);
    const owner = this.module.ownerAt(node.start);
    this.uses.push({ ...use, owner, where: this.where(node) });
  }

  private where(node: AnyNode): string {
    return `${this.module.path}:${this.lineOf(node.start)}`;
  }
}

/** Members of a client that call nothing of AWS. */
const ownMembers: readonly string[] = ["config", "destroy", "middlewareStack", "send"];

function isNameOf(node: AnyNode, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
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
