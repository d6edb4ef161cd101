import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { reviver } from "@actions/expressions/data/reviver";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";

/** What expressions can name, and how the job goes so far. */
export interface Context {
  /** `github`, `vars`, `secrets`, `steps` and so on, as plain values. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly hasFailed: boolean;
  /** Where `hashFiles` looks. */
  readonly folder: string;
}

/** A text with each `${{ … }}` in it evaluated. */
export function interpolate(text: string | number | boolean, context: Context): string {
  return String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, context).coerceString(),
  );
}

/** Each value of a map interpolated. */
export function interpolateAll(
  map: Readonly<Record<string, string | number | boolean>> = {},
  context: Context,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, interpolate(value, context)]),
  );
}

/**
 * The verdict of an `if:`. Without a function that asks how the job goes, a job that has failed is
 * enough for a no: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export function holds(condition: string | undefined, context: Context): boolean {
  const text = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asksHow = /\b(success|failure|cancelled|always)\(\)/.test(text);
  return isTrue(evaluate(asksHow ? text : `success() && (${text})`, context));
}

function isTrue(value: data.ExpressionData): boolean {
  return !["false", "0", ""].includes(value.coerceString());
}

function evaluate(expression: string, context: Context): data.ExpressionData {
  const values = JSON.parse(JSON.stringify(context.values), reviver) as data.Dictionary;
  const functions = functionsFor(context);
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(context.values), functions).parse();
  const byName = new Map(functions.map((it) => [it.name.toLowerCase(), it]));
  return new Evaluator(parsed, values, byName).evaluate();
}

function functionsFor({ hasFailed, folder }: Context): FunctionDefinition[] {
  const asks = (name: string, answer: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  });
  return [
    asks("success", !hasFailed),
    asks("failure", hasFailed),
    asks("always", true),
    asks("cancelled", false),
    {
      name: "hashFiles",
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) => {
        const names = patterns.map((it) => it.coerceString());
        return new data.StringData(hashFiles(folder, names));
      },
    },
  ];
}

/** Empty where no file matches. */
function hashFiles(folder: string, patterns: readonly string[]): string {
  const files = globSync([...patterns], { cwd: folder }).map((it) => join(folder, it));
  const hash = createHash("sha256");
  const found = files.filter((it) => statSync(it).isFile());
  for (const file of found) hash.update(readFileSync(file));
  return found.length > 0 ? hash.digest("hex") : "";
}
