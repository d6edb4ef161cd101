import type { AnyNode, ObjectExpression } from "acorn";
import { bundledCommand, wrappedCommand } from "./bundled.ts";
import { evaluateCall, evaluateNew } from "./call-evaluator.ts";
import { resolveExport } from "./export-resolver.ts";
import type { Modules } from "./modules.ts";
import { findSources, type Located, type Scope, type Source } from "./scopes.ts";
import { keyNameOf, literalOf, memberNameOf, type NodeOf } from "./syntax.ts";
import {
  leadsToSdk,
  preferredOf,
  sdkNameOf,
  unknown,
  unknownNamed,
  unrelated,
  type Value,
} from "./value.ts";

/** Expressions that depend on each other; what is deeper stays unknown. */
export const maximumDepth = 300;

const dynamoDb = "@aws-sdk/client-dynamodb";

/** Evaluates expressions in a package's files, as far as no code has to run for it. */
export class Evaluator {
  readonly modules: Modules;
  private readonly known = new Map<AnyNode, Value>();
  /** Objects whose properties are being searched: an object can be spread into itself. */
  private readonly searched = new Set<AnyNode>();
  private depth = 0;

  constructor(modules: Modules) {
    this.modules = modules;
  }

  evaluate({ node, scope }: Located): Value {
    scope.budget.countSteps();
    const before = this.known.get(node);
    if (before) return before;
    if (this.depth > maximumDepth) return unknown;
    // An expression that depends on itself finds this and stays unknown.
    this.known.set(node, unknown);
    this.depth += 1;
    const value = this.evaluateNode(node, scope);
    this.depth -= 1;
    this.known.set(node, value);
    return value;
  }

  private evaluateNode(node: AnyNode, scope: Scope): Value {
    const evaluate = (inner: AnyNode) => this.evaluate({ node: inner, scope });
    switch (node.type) {
      case "Identifier":
        return this.evaluateName(node.name, scope) ?? unknownNamed(node.name);
      case "MemberExpression":
        return this.evaluateMemberExpression(node, scope);
      case "AwaitExpression":
        return evaluate(node.argument);
      case "ChainExpression":
      case "ParenthesizedExpression":
        return evaluate(node.expression);
      case "SequenceExpression": {
        const last = node.expressions.at(-1);
        return last ? evaluate(last) : unknown;
      }
      case "LogicalExpression":
        return preferredOf([evaluate(node.left), evaluate(node.right)]);
      case "ConditionalExpression":
        return preferredOf([evaluate(node.consequent), evaluate(node.alternate)]);
      case "AssignmentExpression":
        return evaluate(node.right);
      case "ImportExpression":
        return this.resolveModule(literalOf(node.source), scope.file);
      case "CallExpression":
        return evaluateCall(node, scope, this);
      case "NewExpression":
        return evaluateNew(evaluate(node.callee));
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
        if (command) return { kind: "sdk-export", ...command };
        const wrapped = wrappedCommand(node);
        const value = wrapped && sdkNameOf(evaluate(wrapped.callee));
        return value && /Command$/.test(value.name) && (value.from ?? dynamoDb) === dynamoDb
          ? { kind: "sdk-export", from: dynamoDb, name: value.name }
          : { kind: "function", node, scope };
      }
      case "Literal":
      case "TemplateLiteral": {
        const text = literalOf(node);
        if (text !== undefined) return { kind: "string", text };
        return node.type === "Literal" ? unrelated : unknown;
      }
      default:
        return unknown;
    }
  }

  /** The value of a name; undefined if the file does not declare it. */
  evaluateName(name: string, scope: Scope): Value | undefined {
    const sources = findSources(scope, name);
    if (!sources) return undefined;
    scope.budget.countSteps(sources.length);
    return preferredOf(sources.map((it) => this.evaluateSource(it, scope.file)));
  }

  private evaluateSource(source: Source, file: string): Value {
    switch (source.kind) {
      case "import": {
        const module = this.resolveModule(source.from, file);
        return source.name === undefined ? module : this.evaluateMember(module, source.name);
      }
      case "value":
        return source.path.reduce(
          (value, name) => this.evaluateMember(value, name),
          this.evaluate(source),
        );
      case "unknown":
        return source;
    }
  }

  /** The module that a specifier means in a file; a computed specifier is undefined. */
  resolveModule(specifier: string | undefined, file: string): Value {
    return specifier === undefined ? unknown : this.modules.resolve(specifier, file);
  }

  private evaluateMemberExpression(node: NodeOf<"MemberExpression">, scope: Scope): Value {
    const name = memberNameOf(node);
    if (name === undefined) return unknown;
    if (node.object.type === "ThisExpression") return this.evaluateThisMember(name, scope.file);
    return this.evaluateMember(this.evaluate({ node: node.object, scope }), name);
  }

  private evaluateThisMember(name: string, file: string): Value {
    const assigned = this.modules.at(file)?.scopes.thisMembers.get(name);
    return assigned ? preferredOf(assigned.map((it) => this.evaluate(it))) : unknownNamed(name);
  }

  /** A member of a value. */
  evaluateMember(value: Value, name: string): Value {
    switch (value.kind) {
      case "sdk-module":
        return name === "default" ? value : { kind: "sdk-export", from: value.from, name };
      case "file":
        return resolveExport(value.path, name, this);
      case "object":
        return this.evaluateProperty(value.node, value.scope, name);
      case "created":
        return this.evaluateAssigned(value, name) ?? unknownNamed(name);
      case "list": {
        const element = value.node.elements[Number(name)];
        return element ? this.evaluate({ node: element, scope: value.scope }) : unknown;
      }
      case "environment":
        return { kind: "environment-variable", name };
      case "unknown":
        return value.name === "process" && name === "env"
          ? { kind: "environment" }
          : unknownNamed(name);
      case "function":
        return unknownNamed(name);
      default:
        return unrelated;
    }
  }

  private evaluateProperty(node: ObjectExpression, scope: Scope, name: string): Value {
    if (this.searched.has(node)) return unknown;
    this.searched.add(node);
    const value = this.searchProperty(node, scope, name);
    this.searched.delete(node);
    return value;
  }

  private searchProperty(object: ObjectExpression, scope: Scope, name: string): Value {
    for (const it of object.properties) {
      scope.budget.countSteps();
      if (it.type === "Property" && keyNameOf(it) === name) {
        return this.evaluate({ node: it.value, scope });
      }
      if (it.type === "SpreadElement") {
        const spread = this.evaluate({ node: it.argument, scope });
        const value = this.evaluateMember(spread, name);
        if (leadsToSdk(value)) return value;
      }
    }
    return this.evaluateAssigned({ node: object, scope }, name) ?? unknownNamed(name);
  }

  /** A member that a statement of the file assigns to an object: `orders.name = "orders"`. */
  private evaluateAssigned({ node, scope }: Located, name: string): Value | undefined {
    const assigned = this.modules.at(scope.file)?.scopes.assignedMembers.get(node)?.get(name);
    return assigned && preferredOf(assigned.map((it) => this.evaluate(it)));
  }
}
