import type { Evaluator } from "./evaluator.ts";
import { type Located, walk } from "./scopes.ts";
import { isFunction } from "./syntax.ts";

/**
 * True for a function that reads the environment variable that its first parameter names, e.g.
 * `(name) => process.env[name]`, whatever else it does.
 */
export function isEnvironmentReader({ node, scope }: Located, evaluator: Evaluator): boolean {
  const scopes = evaluator.modules.at(scope.file)?.scopes;
  const [parameter] = isFunction(node) ? node.params : [];
  if (!scopes || parameter?.type !== "Identifier") return false;
  let reads = false;
  const visit = ({ node: inner, scope: innerScope }: Located): boolean => {
    reads ||=
      inner.type === "MemberExpression" &&
      inner.computed &&
      inner.property.type === "Identifier" &&
      inner.property.name === parameter.name &&
      evaluator.evaluate({ node: inner.object, scope: innerScope }).kind === "environment";
    return !reads;
  };
  walk(scopes, node, visit, scope);
  return reads;
}
