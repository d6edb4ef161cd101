import ts from "typescript";
import { type Found, findTerms } from "./term.ts";
import { identifierTerms, terms } from "./terms.ts";

/** What a JavaScript or TypeScript file has of the terms: in comments, in strings, and in the names that it declares. */
export function findInSource(source: string): Found[] {
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true);
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false);
  const names: Found[] = [];
  // As long as the source, so that places stay the same; a phrase never goes across code.
  const prose = source.replace(/\S/g, ";").split("");
  const put = (text: string, at: number) => {
    for (let index = 0; index < text.length; index++) prose[at + index] = text.charAt(index);
  };
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) {
      if (isDeclared(node)) names.push(...findInName(node.text, node.getStart()));
    } else if (ts.isTemplateExpression(node)) put(templateText(node), node.getStart());
    else if (isText(node)) put(withoutEscapes(node.getText()), node.getStart());
    const children = node.getChildren();
    if (children.length === 0 && node.getStart() > node.pos)
      put(commentText(scanner, node), node.pos);
    for (const child of children) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(file);
  return [...names, ...findTerms(prose.join(""), terms)].sort((a, b) => a.at - b.at);
}

/** What a name has of the terms: `lookAt`, `LOOK_AT`, `look-at.spec.ts`. */
export function findInName(name: string, at = 0): Found[] {
  const words = name
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .replace(/[^A-Za-z\d]+/g, " ")
    .trim()
    .replace(/\B[A-Z]| [A-Z]/g, (it) => it.toLowerCase());
  return findTerms(words, identifierTerms).map(({ write }) => ({ at, text: name, write }));
}

/** True for a name that this place gives to something, and not for one that it only uses. */
function isDeclared({ parent, text }: ts.Identifier): boolean {
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isClassDeclaration(parent) ||
      ts.isInterfaceDeclaration(parent) ||
      ts.isTypeAliasDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isGetAccessor(parent)) &&
    parent.name !== undefined &&
    ts.isIdentifier(parent.name) &&
    parent.name.text === text
  );
}

/** Strings, but for paths of modules: files are checked by their names. */
function isText(node: ts.Node): boolean {
  if (ts.isNoSubstitutionTemplateLiteral(node)) return true;
  return ts.isStringLiteral(node) && !ts.isImportDeclaration(node.parent);
}

/** A template as long as its source, with X for what is put in. */
function templateText(node: ts.TemplateExpression): string {
  const start = node.getStart();
  let text = node.getText();
  for (const { expression } of node.templateSpans) {
    const [from, to] = [expression.getFullStart() - 2 - start, expression.getEnd() + 1 - start];
    text = text.slice(0, from) + "X".repeat(to - from) + text.slice(to);
  }
  return withoutEscapes(text);
}

const withoutEscapes = (text: string) => text.replace(/\\[nrt]/g, "  ");

/** The comments before a token, as long as what is before it; code in them is the name of something. */
function commentText(scanner: ts.Scanner, node: ts.Node): string {
  const before = node.getSourceFile().text.slice(node.pos, node.getStart());
  if (!before.includes("/")) return "";
  let comments = "";
  scanner.setText(before);
  for (
    let kind = scanner.scan();
    kind !== ts.SyntaxKind.EndOfFileToken && scanner.getTokenText() !== "";
    kind = scanner.scan()
  ) {
    const text = scanner.getTokenText();
    const isComment =
      kind === ts.SyntaxKind.SingleLineCommentTrivia ||
      kind === ts.SyntaxKind.MultiLineCommentTrivia;
    comments += isComment ? text : text.replace(/\S/g, " ");
  }
  return comments
    .replace(/^[ \t]*(?:\/\/+|\/?\*+\/?)/gm, (it) => " ".repeat(it.length))
    .replace(/`[^`\n]*`/g, (it) => "X".repeat(it.length));
}
