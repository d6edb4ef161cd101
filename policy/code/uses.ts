import type { AnyNode } from "acorn";
import { isOfCredentials } from "./bundled.ts";
import { type Located, walk } from "./scopes.ts";
import { sdkPackageOf } from "./specifiers.ts";
import { isFunction, isKey, linesOf, literalOf, nameOf } from "./syntax.ts";
import type { SourceModule, Values } from "./values.ts";

/** A place where a file uses something of the SDK, or something that has a name like it. */
export interface Use {
  /** A class such as `PublishCommand`, a function, or the method of a client. */
  readonly name: string;
  readonly kind: "class" | "function" | "method";
  /** The package of the SDK; nothing where only the name tells. */
  readonly from: string | undefined;
  /** False where it is only named, as in a table of commands. */
  readonly isCalled: boolean;
  readonly input: Located | undefined;
  readonly file: string;
  readonly where: string;
}

export interface Uses {
  readonly uses: readonly Use[];
  /** Methods of what is not known, by name, and where. */
  readonly methods: ReadonlyMap<string, string>;
  /** The modules that the file names, and where. */
  readonly modules: ReadonlyMap<string, string>;
  /** What is computed, as the end of `its code …`. */
  readonly unseen: readonly string[];
  /** The keys of objects that hold an object, and of those that hold what is not known. */
  readonly objectKeys: ReadonlySet<string>;
  readonly openKeys: ReadonlySet<string>;
}

/** A use takes as much memory as so many visits of nodes take time. */
const stepsOfUse = 100;

type Call = Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>;
type Member = Extract<AnyNode, { type: "MemberExpression" }>;

/** Finds where a file makes commands of the SDK, calls its functions and its clients' methods. */
export function usesOf(module: SourceModule, values: Values): Uses {
  const finder = new Finder(module, values);
  walk(module.scopes, module.program, (located, parent) => finder.visit(located, parent));
  return finder;
}

class Finder implements Uses {
  readonly uses: Use[] = [];
  readonly methods = new Map<string, string>();
  readonly modules = new Map<string, string>();
  readonly unseen: string[] = [];
  readonly objectKeys = new Set<string>();
  readonly openKeys = new Set<string>();
  /** Nodes that are counted elsewhere, or that only say what something is called. */
  private readonly passed = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly values: Values;
  private readonly lineOf: (offset: number) => number;

  constructor(module: SourceModule, values: Values) {
    this.module = module;
    this.values = values;
    this.lineOf = linesOf(module.text);
  }

  /** Answers whether to go down. */
  visit(located: Located, parent: AnyNode | undefined): boolean {
    const { node, scope } = located;
    if (this.module.exports.sites.has(node)) {
      if (node.type === "CallExpression") return false;
      this.passed.add(node);
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
        this.enterLoading(node.source, node);
        return true;
      case "NewExpression":
        this.enterNew(node, located);
        return true;
      case "CallExpression":
        this.enterCall(node, located);
        return true;
      case "Property":
        if (parent?.type === "ObjectExpression") this.enterProperty(node);
        return true;
      case "MemberExpression":
        this.enterMember(node, located);
        return true;
      case "Identifier":
        if (parent && !isKey(node, parent)) this.enterName({ node, scope });
        return true;
      default:
        if (node.type.startsWith("Class")) this.enterClass(located);
        for (const it of namesOnly(node)) if (it) this.passed.add(it);
        return true;
    }
  }

  /** A package of the SDK that is in the file itself counts like one that the file names. */
  private enterClass(located: Located): void {
    const value = this.values.of(located);
    if (value.kind === "exported" && !isOfCredentials(value.from)) {
      this.addModule(value.from, located.node);
    }
  }

  private enterNew(node: Extract<AnyNode, { type: "NewExpression" }>, { scope }: Located): void {
    const [argument] = node.arguments;
    const input = argument && { node: argument, scope };
    for (const choice of this.values.choicesOf({ node: node.callee, scope })) {
      this.passed.add(choice.node);
      const value = this.values.of(choice);
      if (value.kind !== "exported" && value.kind !== "member") continue;
      const from = value.kind === "exported" ? value.from : undefined;
      this.add({ name: value.name, kind: "class", from, isCalled: true, input }, node);
    }
    this.passed.add(node.callee);
  }

  private enterCall(node: Extract<AnyNode, { type: "CallExpression" }>, located: Located): void {
    const { callee, arguments: given } = node;
    const { scope } = located;
    const [first, second] = given;
    if (callee.type !== "MemberExpression" && first && given.length === 1) {
      this.enterLoading(first, node);
    }
    if (callee.type === "MemberExpression" && this.enterMethod(callee, node, located)) return;
    const value = this.values.of({ node: callee, scope });
    if (value.kind !== "exported" && value.kind !== "member") return;
    const from = value.kind === "exported" ? value.from : undefined;
    const isOfClient = /^(paginate|waitUntil)[A-Z]/.test(value.name);
    if (from === undefined && !isOfClient) return;
    this.passed.add(callee);
    const argument = isOfClient ? second : (second ?? first);
    const input = argument && { node: argument, scope };
    this.add({ name: value.name, kind: "function", from, isCalled: true, input }, node);
  }

  /** A method of a client; true if it is one, or one of something that is not known. */
  private enterMethod(callee: Member, node: Call, { scope }: Located): boolean {
    const name = nameOf(callee.property, callee.computed);
    if (name === undefined) return false;
    const object = this.values.of({ node: callee.object, scope });
    if (object.kind === "client") {
      const [argument] = node.arguments;
      const input = argument && { node: argument, scope };
      const { from } = object;
      if (object.isAggregated && name !== "send") {
        this.add({ name, kind: "method", from, isCalled: true, input }, node);
      }
      return true;
    }
    const isOpen = object.kind === "member" && /^[a-z]/.test(name);
    if (!isOpen || /^(paginate|waitUntil)[A-Z]/.test(name)) return false;
    if (!this.methods.has(name)) this.methods.set(name, this.where(node));
    return true;
  }

  private enterMember(node: Member, located: Located): void {
    if (nameOf(node.property, node.computed) !== undefined) {
      this.enterName(located);
      return;
    }
    const object = this.values.of({ node: node.object, scope: located.scope });
    const what = object.kind === "sdk" ? `a member of ${object.from}` : "a command";
    const isCommand = object.kind === "member" && namesCommand(node.property);
    if (object.kind === "sdk" || isCommand) {
      this.unseen.push(`takes ${what} by a computed name (${this.where(node)})`);
    }
  }

  /** A command that is only named. */
  private enterName(located: Located): void {
    if (this.passed.has(located.node)) return;
    const value = this.values.of(located);
    if (value.kind !== "exported" && value.kind !== "member") return;
    if (!isCommandName(value.name)) return;
    const from = value.kind === "exported" ? value.from : undefined;
    const use = { name: value.name, kind: "class", from, isCalled: false } as const;
    this.add({ ...use, input: undefined }, located.node);
  }

  private enterProperty({ key, computed, value }: Extract<AnyNode, { type: "Property" }>): void {
    const name = nameOf(key, computed);
    if (name === undefined) return;
    if (value.type === "ObjectExpression") this.objectKeys.add(name);
    else if (value.type !== "Literal" && !isFunction(value)) this.openKeys.add(name);
  }

  /** `import(…)`, `require(…)`, or the same by another name. */
  private enterLoading(specifier: AnyNode, node: AnyNode): void {
    const text = literalOf(specifier);
    if (text !== undefined) this.addModule(text, node);
    const start = specifier.type === "TemplateLiteral" ? specifier.quasis[0]?.value.raw : "";
    if (start?.startsWith("@aws-sdk/")) {
      this.unseen.push(`loads a package of the AWS SDK by a computed name (${this.where(node)})`);
    }
  }

  private addModule(specifier: string | undefined, node: AnyNode): void {
    if (specifier === undefined) return;
    const name = sdkPackageOf(specifier) ?? specifier;
    if (!this.modules.has(name)) this.modules.set(name, this.where(node));
  }

  private add(use: Omit<Use, "file" | "where">, node: AnyNode): void {
    this.module.scopes.root.budget.countSteps(stepsOfUse);
    this.uses.push({ ...use, file: this.module.path, where: this.where(node) });
  }

  private where(node: AnyNode): string {
    return `${this.module.path}:${this.lineOf(node.start)}`;
  }
}

function isCommandName(name: string): boolean {
  return /^[A-Z]\w*Command$/.test(name);
}

/** The nodes below one that declare a name, give it to what has another, or only ask for a class. */
function namesOnly(node: AnyNode): (AnyNode | null | undefined)[] {
  switch (node.type) {
    case "VariableDeclarator":
      return [node.id, node.id.type === "Identifier" ? node.init : undefined];
    case "AssignmentExpression":
    case "AssignmentPattern":
      return [node.left, node.right];
    case "ObjectPattern":
      return node.properties.map((it) => (it.type === "Property" ? it.value : it));
    case "ArrayPattern":
      return node.elements;
    case "RestElement":
      return [node.argument];
    case "CatchClause":
      return [node.param];
    case "ClassDeclaration":
    case "ClassExpression":
      return [node.id];
    case "PropertyDefinition":
      return [node.value];
    case "BinaryExpression":
      return node.operator === "instanceof" ? [node.right] : [];
    default:
      return isFunction(node) ? [node.id, ...node.params] : [];
  }
}

/** True if a name is made with the word that the names of commands end in. */
function namesCommand(property: AnyNode): boolean {
  const texts =
    property.type === "TemplateLiteral"
      ? property.quasis.map(({ value }) => value.raw)
      : property.type === "BinaryExpression"
        ? [literalOf(property.right) ?? ""]
        : [];
  return texts.at(-1)?.endsWith("Command") ?? false;
}
