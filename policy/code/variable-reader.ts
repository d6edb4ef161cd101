import { type Located, type Scopes, walk } from "./scopes.ts";
import { isFunction } from "./syntax.ts";
import type { Values } from "./values.ts";

/**
 * True for a function that reads the environment variable which its first parameter names:
 * `(name) => process.env[name]`, whatever else it does.
 */
export function readsVariable({ node, scope }: Located, scopes: Scopes, values: Values): boolean {
  const [parameter] = isFunction(node) ? node.params : [];
  if (parameter?.type !== "Identifier") return false;
  let reads = false;
  const visit = ({ node: it, scope: inside }: Located): boolean => {
    reads ||=
      it.type === "MemberExpression" &&
      it.computed &&
      it.property.type === "Identifier" &&
      it.property.name === parameter.name &&
      values.of({ node: it.object, scope: inside }).kind === "environment";
    return !reads;
  };
  walk(scopes, node, visit, scope);
  return reads;
}
