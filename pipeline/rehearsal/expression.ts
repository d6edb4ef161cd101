import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { reviver } from "@actions/expressions/data/reviver";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";

/** What expressions can name, and the status of the job so far. */
export interface Context {
  /** `github`, `vars`, `secrets`, `steps` and so on, as plain values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** For a step: of the steps before it. For a job: of the jobs that it needs, and those that they need. */
  readonly status: Status;
  /** Where `hashFiles` looks for files. */
  readonly folder: string;
}

/** `skipped` is neither `success()` nor `failure()`. */
export type Status = "success" | "failure" | "skipped";

/** A string in which each `${{ … }}` is evaluated. */
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
 * Whether an `if:` holds. Without a status function it also demands `success()`:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export function holds(condition: string | undefined, context: Context): boolean {
  const text = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const hasStatus = /\b(success|failure|cancelled|always)\(\)/.test(text);
  return isTrue(evaluate(hasStatus ? text : `success() && (${text})`, context).coerceString());
}

/** Whether GitHub counts a value as true. */
export function isTrue(value: string): boolean {
  return !["false", "0", ""].includes(value);
}

function evaluate(expression: string, context: Context): data.ExpressionData {
  const values = JSON.parse(JSON.stringify(context.values), reviver) as data.Dictionary;
  const functions = functionsFor(context);
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(context.values), functions).parse();
  const byName = new Map(functions.map((it) => [it.name.toLowerCase(), it]));
  return new Evaluator(parsed, values, byName).evaluate();
}

function functionsFor({ status, folder }: Context): FunctionDefinition[] {
  const asks = (name: string, result: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(result),
  });
  return [
    asks("success", status === "success"),
    asks("failure", status === "failure"),
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
