import { tokenizer, tokTypes } from "acorn";
import type { SourceFile } from "./files.ts";

/** Where a program creates a resource: `new aws.iam.RolePolicy("name", …)`. */
export interface ConstructorCall {
  readonly file: SourceFile;
  /** The index of `new` in the file's text. */
  readonly start: number;
}

/**
 * The call that creates a resource, if the program has exactly one call of a class with its type's name whose first argument is its
 * logical name as a literal. Undefined for a computed name, and where a comment or a string has such a call, too.
 */
export function constructorCallOf(
  { type, name }: { readonly type: string; readonly name: string },
  files: readonly SourceFile[],
): ConstructorCall | undefined {
  const className = type.slice(type.lastIndexOf(":") + 1);
  const call = new RegExp(
    `\\bnew\\s+(?:[\\w$]+\\s*\\.\\s*)*${escaped(className)}\\s*(?:<[^<>()]*>\\s*)?\\(\\s*(["'\`])${escaped(name)}\\1`,
    "g",
  );
  const found = files
    .filter(({ text }) => text.includes(name))
    .flatMap((file) => [...file.text.matchAll(call)].map(({ index }) => ({ file, start: index })));
  const [only] = found;
  return only && found.length === 1 && isCode(only) ? only : undefined;
}

/** True if a token begins there: not in a comment, a string or a regular expression. */
function isCode({ file, start }: ConstructorCall): boolean {
  try {
    const tokens = tokenizer(file.text, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowHashBang: true,
    });
    for (const token of tokens) {
      if (token.start >= start) return token.start === start && token.type === tokTypes._new;
    }
  } catch {
    // Syntax of TypeScript that has other tokens, such as a decorator.
  }
  return false;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
