import type { AnyNode } from "acorn";
import { isEnvironmentReader } from "./environment-reader.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Scope } from "./scopes.ts";
import { isAggregatedClient, sdkPackageOf } from "./specifiers.ts";
import { isFunction, literalOf, memberNameOf, type NodeOf, returnedBy } from "./syntax.ts";
import { unknown, type Value } from "./value.ts";

/** What a call returns, or what the promise that it returns resolves to. */
export function evaluateCall(
  node: NodeOf<"CallExpression">,
  scope: Scope,
  evaluator: Evaluator,
): Value {
  const { callee, arguments: given } = node;
  const [argument] = given;
  const specifier = given.length === 1 ? literalOf(argument) : undefined;
  if (specifier !== undefined && isRequire(callee, specifier)) {
    return evaluator.resolveModule(specifier, scope.file);
  }
  const ofMethod =
    callee.type === "MemberExpression" && evaluateMethod(node, callee, scope, evaluator);
  if (ofMethod) return ofMethod;
  const wrapped = argument && evaluateWrapped(callee, argument, scope, evaluator);
  if (wrapped) return wrapped;
  const called = evaluator.evaluate({ node: callee, scope });
  if (called.kind !== "function") return unknown;
  if (specifier !== undefined && isEnvironmentReader(called, evaluator)) {
    return { kind: "environment-variable", name: specifier };
  }
  return evaluateReturned(called.node, called.scope, evaluator);
}

/** An object of a class: a client, or nothing that is known. */
export function evaluateNew(callee: Value): Value {
  if (callee.kind !== "sdk-export") return unknown;
  const { from, name } = callee;
  if (/Client$/.test(name)) return { kind: "client", from, isAggregated: false };
  return isAggregatedClient(from, name) ? { kind: "client", from, isAggregated: true } : unknown;
}

/** True for `require("…")`, which has other names in the output of bundlers. */
function isRequire(callee: AnyNode, specifier: string): boolean {
  if (callee.type !== "Identifier") return false;
  return /require/i.test(callee.name) || sdkPackageOf(specifier) === specifier;
}

/** Methods of promises, the static method `from` of the document client, and what Pulumi writes. */
function evaluateMethod(
  call: NodeOf<"CallExpression">,
  callee: NodeOf<"MemberExpression">,
  scope: Scope,
  evaluator: Evaluator,
): Value | undefined {
  const [argument] = call.arguments;
  const evaluate = (node: AnyNode) => evaluator.evaluate({ node, scope });
  const name = memberNameOf(callee);
  if (name === "then" && argument) return evaluateReturned(argument, scope, evaluator);
  if (name === "catch" || name === "finally") return evaluate(callee.object);
  if (name === "all" && argument) return evaluate(argument);
  const object = evaluate(callee.object);
  if (name === "create" && isObjectClass(callee.object))
    return { kind: "created", node: call, scope };
  // Pulumi serializes a captured output as an object with a value.
  if (name === "get" && !argument && object.kind === "created") {
    return evaluator.evaluateMember(object, "value");
  }
  return name === "from" && object.kind === "sdk-export" ? evaluateNew(object) : undefined;
}

function isObjectClass(node: AnyNode): boolean {
  return node.type === "Identifier" && node.name === "Object";
}

/** `__importStar(require("…"))`, and `captureAWSv3Client(client)`. */
function evaluateWrapped(
  callee: AnyNode,
  argument: AnyNode,
  scope: Scope,
  evaluator: Evaluator,
): Value | undefined {
  const name = callee.type === "MemberExpression" ? callee.property : callee;
  const isCapture = name.type === "Identifier" && /capture|instrument|trace/i.test(name.name);
  if (argument.type !== "CallExpression" && !isCapture) return undefined;
  const value = evaluator.evaluate({ node: argument, scope });
  if (value.kind === "client") return isCapture ? value : undefined;
  const isLoaded = argument.type === "CallExpression" && literalOf(argument.arguments[0]);
  return isLoaded && (value.kind === "sdk-module" || value.kind === "file") ? value : undefined;
}

function evaluateReturned(node: AnyNode, scope: Scope, evaluator: Evaluator): Value {
  const returned = returnedBy(node);
  const scopes = evaluator.modules.at(scope.file)?.scopes.byNode;
  if (!returned || !scopes || !isFunction(node)) return unknown;
  const inner = scopes.get(node.body) ?? scopes.get(node) ?? scope;
  return evaluator.evaluate({ node: returned, scope: inner });
}
