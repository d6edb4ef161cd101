import type { AnyNode, Property, SpreadElement } from "acorn";
import { lowerCase } from "../iam/letter-case.ts";
import { bundledCommand } from "./bundled.ts";
import { type Exports, returnedBy } from "./exports.ts";
import {
  type Binding,
  find,
  type Located,
  type Scope,
  type Scopes,
  type Source,
} from "./scopes.ts";
import { clientOf, fileOf, libraryOf, packageOf, sdkPackageOf } from "./specifiers.ts";
import { isFunction, literalOf, nameOf } from "./syntax.ts";
import { readsVariable } from "./variable-reader.ts";

/** What is known of the value of an expression. A promise counts as what it gives. */
export type Value =
  /** The exports of a package of the AWS SDK, and one of them. */
  | { readonly kind: "sdk"; readonly from: string }
  | { readonly kind: "exported"; readonly from: string; readonly name: string }
  /** A client of the SDK; one with a method for each operation is aggregated. */
  | { readonly kind: "client"; readonly from: string; readonly isAggregated: boolean }
  /** The exports of another file of the package. */
  | { readonly kind: "file"; readonly path: string }
  | ({ readonly kind: "object" | "list" | "function" } & Located)
  /** `process.env`, and a variable of it. */
  | { readonly kind: "environment" }
  | { readonly kind: "variable"; readonly name: string }
  /** A member of something that is not known, or a name that no file declares. */
  | { readonly kind: "member"; readonly name: string }
  /** Surely nothing of the SDK. */
  | { readonly kind: "foreign" };

/** A parsed file of a package. */
export interface SourceModule {
  readonly path: string;
  readonly text: string;
  readonly program: AnyNode;
  readonly scopes: Scopes;
  readonly exports: Exports;
}

const nothing: Value = { kind: "foreign" };
const unknown: Value = { kind: "member", name: "" };

/** Of expressions that depend on each other; beyond it they stay unknown. */
const maximumDepth = 300;

/** Finds what expressions of a package's files stand for, as far as that is simple. */
export class Values {
  private readonly modules: ReadonlyMap<string, SourceModule>;
  private readonly paths: ReadonlySet<string>;
  private readonly libraries: ReadonlySet<string | undefined>;
  private readonly known = new Map<AnyNode, Value>();
  /** What modules' names mean, by the file that names them: a name can be very long, and used often. */
  private readonly named = new Map<string, Map<string, Value>>();
  /** Objects in which a member is looked for: one can be spread into itself. */
  private readonly open = new Set<AnyNode>();
  private depth = 0;

  constructor(modules: readonly SourceModule[]) {
    this.modules = new Map(modules.map((it) => [it.path, it]));
    this.paths = new Set(this.modules.keys());
    this.libraries = new Set(modules.map(({ path }) => libraryOf(path)));
  }

  of({ node, scope }: Located): Value {
    scope.budget.countSteps();
    const before = this.known.get(node);
    if (before) return before;
    if (this.depth > maximumDepth) return unknown;
    // What depends on itself stays unknown.
    this.known.set(node, unknown);
    this.depth += 1;
    const value = this.read(node, scope);
    this.depth -= 1;
    this.known.set(node, value);
    return value;
  }

  /** What an expression may be where it chooses, such as `{ start: Start, stop: Stop }[action]`. */
  choicesOf(located: Located): Located[] {
    return this.choices(located, new Set(), 0);
  }

  /** `seen` are the expressions on all ways: what chooses itself is one choice, once. */
  private choices({ node, scope }: Located, seen: Set<AnyNode>, depth: number): Located[] {
    if (seen.has(node)) return [];
    seen.add(node);
    scope.budget.countSteps();
    if (depth > maximumDepth) return [{ node, scope }];
    const at = (it: AnyNode) => this.choices({ node: it, scope }, seen, depth + 1);
    if (node.type === "ConditionalExpression")
      return [...at(node.consequent), ...at(node.alternate)];
    if (node.type === "LogicalExpression") return [...at(node.left), ...at(node.right)];
    if (node.type === "Identifier") {
      const sources = find(scope, node.name)?.sources ?? [];
      scope.budget.countSteps(sources.length);
      const values = sources.filter((it) => it.kind === "value");
      const isPlain =
        values.length === sources.length && values.every((it) => it.path.length === 0);
      const found = isPlain ? values.flatMap((it) => this.choices(it, seen, depth + 1)) : [];
      return found.length > 1 ? found : [{ node, scope }];
    }
    if (node.type === "MemberExpression" && nameOf(node.property, node.computed) === undefined) {
      const table = this.of({ node: node.object, scope });
      if (table.kind === "object" && table.node.type === "ObjectExpression") {
        return table.node.properties.flatMap((it) =>
          it.type === "Property"
            ? this.choices({ node: it.value, scope: table.scope }, seen, depth + 1)
            : [],
        );
      }
    }
    return [{ node, scope }];
  }

  private read(node: AnyNode, scope: Scope): Value {
    const of = (inner: AnyNode) => this.of({ node: inner, scope });
    switch (node.type) {
      case "Identifier": {
        const binding = find(scope, node.name);
        return binding ? this.ofBinding(binding, scope) : { kind: "member", name: node.name };
      }
      case "MemberExpression":
        return this.ofMember(node, scope);
      case "AwaitExpression":
        return of(node.argument);
      case "ChainExpression":
        return of(node.expression);
      case "SequenceExpression":
        return node.expressions.length > 0 ? of(node.expressions.at(-1) as AnyNode) : unknown;
      case "LogicalExpression":
        return first([of(node.left), of(node.right)]);
      case "ConditionalExpression":
        return first([of(node.consequent), of(node.alternate)]);
      case "AssignmentExpression":
        return of(node.right);
      case "ImportExpression":
        return this.ofModule(literalOf(node.source), scope.file);
      case "CallExpression":
        return this.ofCall(node, scope);
      case "NewExpression":
        return this.ofNew(of(node.callee));
      case "ParenthesizedExpression":
        return of(node.expression);
      case "ObjectExpression":
        return { kind: "object", node, scope };
      case "ArrayExpression":
        return { kind: "list", node, scope };
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return { kind: "function", node, scope };
      case "ClassDeclaration":
      case "ClassExpression": {
        const command = bundledCommand(node, scope);
        return command ? { kind: "exported", ...command } : { kind: "function", node, scope };
      }
      case "Literal":
        return nothing;
      default:
        return unknown;
    }
  }

  private ofBinding({ sources }: Binding, scope: Scope): Value {
    scope.budget.countSteps(sources.length);
    return first(sources.map((it) => this.ofSource(it, scope)));
  }

  private ofSource(source: Source, scope: Scope): Value {
    switch (source.kind) {
      case "import": {
        const module = this.ofModule(source.from, scope.file);
        return source.name === undefined ? module : this.member(module, source.name);
      }
      case "value":
        return source.path.reduce((value, name) => this.member(value, name), this.of(source));
      case "member":
        return { kind: "member", name: source.name };
    }
  }

  private ofModule(specifier: string | undefined, from: string): Value {
    if (specifier === undefined) return unknown;
    const ofFile = this.named.get(from) ?? new Map<string, Value>();
    this.named.set(from, ofFile);
    const value = ofFile.get(specifier) ?? this.resolved(specifier, from);
    ofFile.set(specifier, value);
    return value;
  }

  private resolved(specifier: string, from: string): Value {
    const sdk = sdkPackageOf(specifier);
    if (sdk !== undefined) return { kind: "sdk", from: sdk };
    if (/^(node:)?process$/.test(specifier)) return { kind: "member", name: "process" };
    const path = fileOf(specifier, from, this.paths);
    if (path !== undefined) return { kind: "file", path };
    // A library that is in the package and calls AWS may hand on what is of the SDK.
    return this.libraries.has(packageOf(specifier)) ? unknown : nothing;
  }

  private ofMember(node: Extract<AnyNode, { type: "MemberExpression" }>, scope: Scope): Value {
    const name = nameOf(node.property, node.computed);
    if (name === undefined) return unknown;
    if (node.object.type === "ThisExpression") {
      const written = this.modules.get(scope.file)?.scopes.ofThis.get(name) ?? [];
      return written.length > 0
        ? first(written.map((it) => this.of(it)))
        : { kind: "member", name };
    }
    const object = this.of({ node: node.object, scope });
    if (object.kind === "member" && object.name === "process" && name === "env") {
      return { kind: "environment" };
    }
    return this.member(object, name);
  }

  /** A member of a value. */
  member(value: Value, name: string): Value {
    switch (value.kind) {
      case "sdk":
        return name === "default" ? value : { kind: "exported", from: value.from, name };
      case "file":
        return this.exported(value.path, name, new Set());
      case "object":
        return this.property(value, name);
      case "list": {
        const elements = value.node.type === "ArrayExpression" ? value.node.elements : [];
        const element = elements[Number(name)];
        return element ? this.of({ node: element, scope: value.scope }) : unknown;
      }
      case "environment":
        return { kind: "variable", name };
      case "member":
        if (value.name === "process" && name === "env") return { kind: "environment" };
        return { kind: "member", name };
      case "function":
        return { kind: "member", name };
      default:
        return nothing;
    }
  }

  private property({ node, scope }: Located, name: string): Value {
    if (node.type !== "ObjectExpression" || this.open.has(node)) return unknown;
    this.open.add(node);
    const value = this.propertyOf(node.properties, scope, name);
    this.open.delete(node);
    return value;
  }

  private propertyOf(
    properties: readonly (Property | SpreadElement)[],
    scope: Scope,
    name: string,
  ): Value {
    for (const it of properties) {
      scope.budget.countSteps();
      if (it.type === "Property" && nameOf(it.key, it.computed) === name) {
        return this.of({ node: it.value, scope });
      }
      if (it.type === "SpreadElement") {
        const value = this.member(this.of({ node: it.argument, scope }), name);
        if (isTelling(value)) return value;
      }
    }
    return { kind: "member", name };
  }

  /** An export of a file; `seen` are the files on the way, which may name each other. */
  private exported(path: string, name: string, seen: Set<string>): Value {
    const module = this.modules.get(path);
    if (!module || seen.has(path)) return unknown;
    seen.add(path);
    module.scopes.root.budget.countSteps();
    const { values, whole, all } = module.exports;
    const value = values.get(name);
    if (value) return this.ofExported(value, path, seen);
    for (const it of whole) {
      const found = this.of(it);
      // A default import of what CommonJS exports is all of it.
      if (name === "default") return found;
      if (found.kind === "file" && found.path === path) continue;
      const member = this.member(found, name);
      if (member.kind !== "member") return member;
    }
    for (const from of all) {
      module.scopes.root.budget.countSteps();
      const other = this.ofModule(from, path);
      const found =
        other.kind === "file" ? this.exported(other.path, name, seen) : this.member(other, name);
      if (isTelling(found) || found.kind === "function") return found;
    }
    if (name === "default" && values.size > 0) return { kind: "file", path };
    return { kind: "member", name };
  }

  private ofExported(
    exported: Exclude<ReturnType<Exports["values"]["get"]>, undefined>,
    path: string,
    seen: Set<string>,
  ): Value {
    switch (exported.kind) {
      case "value":
        return this.of(exported);
      case "name": {
        const binding = find(exported.scope, exported.name);
        return binding ? this.ofBinding(binding, exported.scope) : unknown;
      }
      case "import": {
        const module = this.ofModule(exported.from, path);
        if (exported.name === undefined) return module;
        return module.kind === "file"
          ? this.exported(module.path, exported.name, seen)
          : this.member(module, exported.name);
      }
    }
  }

  private ofNew(callee: Value): Value {
    if (callee.kind !== "exported") return unknown;
    const { from, name } = callee;
    if (/Client$/.test(name)) return { kind: "client", from, isAggregated: false };
    return isAggregatedName(from, name) ? { kind: "client", from, isAggregated: true } : unknown;
  }

  private ofCall(node: Extract<AnyNode, { type: "CallExpression" }>, scope: Scope): Value {
    const { callee, arguments: given } = node;
    const [argument] = given;
    const of = (inner: AnyNode) => this.of({ node: inner, scope });
    const specifier = given.length === 1 ? literalOf(argument) : undefined;
    // `require` has other names in what bundlers write.
    if (specifier !== undefined && isRequire(callee, specifier)) {
      return this.ofModule(specifier, scope.file);
    }
    if (callee.type === "MemberExpression") {
      const name = nameOf(callee.property, callee.computed);
      if (name === "then" && argument) return this.returned(argument, scope);
      if (name === "catch" || name === "finally") return of(callee.object);
      if (name === "all" && argument) return of(argument);
      const object = of(callee.object);
      if (name === "from" && object.kind === "exported") return this.ofNew(object);
    }
    const wrapped = argument && this.ofWrapped(callee, argument, scope);
    if (wrapped) return wrapped;
    const called = of(callee);
    if (called.kind !== "function") return unknown;
    const scopes = this.modules.get(called.scope.file)?.scopes;
    if (specifier !== undefined && scopes && readsVariable(called, scopes, this)) {
      return { kind: "variable", name: specifier };
    }
    return this.returned(called.node, called.scope);
  }

  /** `__importStar(require("…"))`, and `captureAWSv3Client(client)`. */
  private ofWrapped(callee: AnyNode, argument: AnyNode, scope: Scope): Value | undefined {
    const name = callee.type === "MemberExpression" ? callee.property : callee;
    const isCapture = name.type === "Identifier" && /capture|instrument|trace/i.test(name.name);
    if (argument.type !== "CallExpression" && !isCapture) return undefined;
    const value = this.of({ node: argument, scope });
    if (value.kind === "client") return isCapture ? value : undefined;
    const isLoaded = argument.type === "CallExpression" && literalOf(argument.arguments[0]);
    return isLoaded && (value.kind === "sdk" || value.kind === "file") ? value : undefined;
  }

  private returned(node: AnyNode, scope: Scope): Value {
    const value = returnedBy(node);
    const inner = this.modules.get(scope.file)?.scopes.byNode;
    if (!value || !inner || !isFunction(node)) return unknown;
    const own = inner.get(node) ?? scope;
    return this.of({ node: value, scope: inner.get(node.body) ?? own });
  }
}

/** True for a value that is of the SDK or of the environment, or can lead to them. */
function isTelling({ kind }: Value): boolean {
  return kind !== "member" && kind !== "foreign" && kind !== "function";
}

/** The first of alternatives that tells something. */
function first(values: readonly Value[]): Value {
  return values.find(isTelling) ?? values[0] ?? unknown;
}

function isRequire(callee: AnyNode, specifier: string): boolean {
  if (callee.type === "Identifier" && /require/i.test(callee.name)) return true;
  return callee.type === "Identifier" && sdkPackageOf(specifier) === specifier;
}

/** The class with a method for each operation: `S3` of `@aws-sdk/client-s3`. */
export function isAggregatedName(from: string, name: string): boolean {
  if (from === "@aws-sdk/lib-dynamodb") return name === "DynamoDBDocument";
  return clientOf(from)?.replaceAll("-", "") === lowerCase(name);
}
