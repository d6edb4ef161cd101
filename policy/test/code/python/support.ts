import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { loadProgram } from "../../../../sandbox/engine/program.ts";
import type { CodeLimits } from "../../../code/budget.ts";
import type { Calls } from "../../../code/calls.ts";

const { callsOf } = loadProgram<typeof import("../../../code/calls.ts")>("policy/code/calls.ts");
const { readPackage, codeOf } =
  loadProgram<typeof import("../../../code/package.ts")>("policy/code/package.ts");
const { CodeBudget } =
  loadProgram<typeof import("../../../code/budget.ts")>("policy/code/budget.ts");

const tests = join(import.meta.dirname, "..", "..");
export const handlers = join(tests, "handlers", "python");
/** One file for each syntax that Python got since 3.8. */
export const syntax = join(tests, "handlers", "python-syntax");

/** The calls of a file or a folder, read as the pack reads a function with this property `handler`. */
export async function callsOfPython(
  folder: string,
  name: string,
  handler = name.endsWith(".py") ? `${name.slice(0, -3)}.handler` : "app.handler",
): Promise<Calls> {
  const code = name.endsWith(".py")
    ? new asset.AssetArchive({ [name]: new asset.FileAsset(name) })
    : new asset.FileArchive(name);
  const props = { runtime: "python3.14", handler, code };
  const budget = new CodeBudget();
  const found = await readPackage(props, codeOf(props), { folder, budget });
  if (found.kind === "unreadable") throw new Error(`${name}: ${found.why}`);
  const calls = await callsOf(found.code, budget);
  return { ...calls, unresolved: [...found.unread, ...calls.unresolved] };
}

const { python } = loadProgram<typeof import("../../../code/python/python.ts")>(
  "policy/code/python/python.ts",
);

/** The calls of files with this content, by path; the handler is `handler` in `app.py`. */
export function callsOfPythonTexts(
  texts: Readonly<Record<string, string>>,
  limits: Partial<CodeLimits> = {},
): Promise<Calls> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return callsOf({ language: python, files, handler: "app.handler" }, new CodeBudget(limits));
}
