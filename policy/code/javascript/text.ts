import { findSources, type Located } from "./scopes.ts";
import { literalOf, memberNameOf } from "./syntax.ts";

/** The beginning of a string, and whether that is all of it. */
export interface Text {
  readonly text: string;
  readonly isWhole: boolean;
}

const nothing: Text = { text: "", isWhole: false };

/** Parts of a string that are followed. */
const maximumParts = 20;

/**
 * What is known of the string that an expression gives: literals, and what is joined from them or from names
 * to which only one value is assigned.
 */
export function textOf(located: Located, depth = 0): Text {
  const { node, scope } = located;
  scope.budget.countSteps();
  if (depth > maximumParts) return nothing;
  const literal = literalOf(node);
  if (literal !== undefined) return { text: literal, isWhole: true };
  const textIn = (inner: Located["node"]) => textOf({ node: inner, scope }, depth + 1);
  switch (node.type) {
    case "TemplateLiteral": {
      const parts = node.quasis.flatMap(({ value }, index) => {
        const expression = node.expressions[index];
        const text = { text: value.cooked ?? "", isWhole: true };
        return expression ? [text, textIn(expression)] : [text];
      });
      return joined(parts);
    }
    case "BinaryExpression":
      return node.operator === "+" && node.left.type !== "PrivateIdentifier"
        ? joined([textIn(node.left), textIn(node.right)])
        : nothing;
    case "CallExpression": {
      const { callee, arguments: given } = node;
      if (callee.type !== "MemberExpression") return nothing;
      const list = callee.object;
      const name = memberNameOf(callee);
      if (name === "concat") return joined([callee.object, ...given].map(textIn));
      if (name !== "join" || list.type !== "ArrayExpression") return nothing;
      const between = given[0] ? textIn(given[0]) : { text: ",", isWhole: true };
      return joined(
        list.elements.flatMap((it, index) => {
          const text = it ? textIn(it) : nothing;
          return index === 0 ? [text] : [between, text];
        }),
      );
    }
    case "Identifier": {
      const [source, ...others] = findSources(scope, node.name) ?? [];
      if (source?.kind !== "value" || source.path.length > 0 || others.length > 0) return nothing;
      return textOf(source, depth + 1);
    }
    default:
      return nothing;
  }
}

/** The parts, up to the first that is not wholly known. */
function joined(parts: readonly Text[]): Text {
  let text = "";
  for (const part of parts) {
    text += part.text;
    if (!part.isWhole) return { text, isWhole: false };
  }
  return { text, isWhole: true };
}
