import type { Evaluator } from "./evaluator.ts";
import type { Located } from "./scopes.ts";
import { child, type PyNode } from "./syntax.ts";

/** The text of a string, or of what is joined from strings; undefined if a part of it is not known. */
export function textOfString(located: Located, evaluator: Evaluator): string | undefined {
  const { node, scope, frame } = located;
  const inner = (part: PyNode) => ({ node: part, scope, frame });
  switch (node.type) {
    case "string":
      return isBytes(node)
        ? undefined
        : joined(node.children.map((it) => partOf(inner(it), evaluator)));
    case "concatenated_string":
      return joined(node.children.map((it) => textOfString(inner(it), evaluator)));
    case "binary_operator": {
      const [left, right] = [child(node, "left"), child(node, "right")];
      if (child(node, "operator")?.type !== "+" || !left || !right) return undefined;
      return joined([left, right].map((it) => onlyText(inner(it), evaluator)));
    }
    default:
      return undefined;
  }
}

/** The expression of `f"{expression}"`; undefined for any other string. */
export function onlyExpressionOf(node: PyNode): PyNode | undefined {
  const [part, ...others] = node.children.filter(({ type }) => !/^string_(start|end)$/.test(type));
  return part?.type === "interpolation" && others.length === 0
    ? child(part, "expression")
    : undefined;
}

function isBytes(node: PyNode): boolean {
  return /^\w*b/i.test(prefixOf(node));
}

function prefixOf(node: PyNode): string {
  return node.children[0]?.text ?? "";
}

function partOf(located: Located, evaluator: Evaluator): string | undefined {
  const { node, scope, frame } = located;
  switch (node.type) {
    case "string_content":
      return unescaped(node);
    case "interpolation": {
      const expression = child(node, "expression");
      const isPlain = node.children.length === 1;
      return expression && isPlain
        ? onlyText({ node: expression, scope, frame }, evaluator)
        : undefined;
    }
    default:
      return "";
  }
}

/** The one string that an expression gives. */
function onlyText(located: Located, evaluator: Evaluator): string | undefined {
  const [value, ...others] = evaluator.evaluate(located);
  return value?.kind === "string" && others.length === 0 ? value.text : undefined;
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** The content of a string; undefined if it has an escape that names of AWS never need. */
function unescaped(node: PyNode): string | undefined {
  const simple: Readonly<Record<string, string>> = {
    "\\n": "\n",
    "\\t": "\t",
    "\\\\": "\\",
    '\\"': '"',
    "\\'": "'",
    "{{": "{",
    "}}": "}",
  };
  const escapes = node.children.map(({ text }) => text);
  if (escapes.some((it) => !Object.hasOwn(simple, it))) return undefined;
  return escapes.length === 0
    ? node.text
    : node.text.replaceAll(/\\.|\{\{|\}\}/gs, (it) => simple[it] ?? it);
}
