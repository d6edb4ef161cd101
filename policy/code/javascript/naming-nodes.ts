import type { AnyNode } from "acorn";
import { isFunction } from "./syntax.ts";

/** The nodes below one that only name a value: a declaration, an alias, the class of `instanceof`. */
export function namingNodesOf(node: AnyNode): (AnyNode | null | undefined)[] {
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

/** True for an identifier that is the name of a member or a label, and not a variable. */
export function isKey(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.key === node && !parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return true;
    default:
      return false;
  }
}
