import { join } from "node:path";
import { asset, runtime } from "@pulumi/pulumi";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import type { CodeLimits } from "../../code/budget.ts";
import type { Calls } from "../../code/calls.ts";

export const handlers = join(import.meta.dirname, "..", "fixtures", "handlers");

const { callsOf } = loadProgram<typeof import("../../code/calls.ts")>("policy/code/calls.ts");
const { javascript } = loadProgram<typeof import("../../code/javascript/javascript.ts")>(
  "policy/code/javascript/javascript.ts",
);
const code = loadProgram<typeof import("../../code/package.ts")>("policy/code/package.ts");
const budget = loadProgram<typeof import("../../code/budget.ts")>("policy/code/budget.ts");

/** Reads the files of a function of the program in `folder`, within the pack's limits or others. */
export async function readPackage(
  props: Record<string, unknown>,
  folder: string,
  limits: Partial<CodeLimits> = {},
) {
  const found = await readCode(props, folder, limits);
  if (found.kind === "unreadable") return found;
  const files = found.code.files.map(({ path, text }) => ({ path, text }));
  return { kind: found.kind, files, unread: found.unread };
}

function readCode(
  props: Record<string, unknown>,
  folder: string,
  limits: Partial<CodeLimits> = {},
) {
  return code.readPackage(props, code.codeOf(props), {
    folder,
    budget: new budget.CodeBudget(limits),
  });
}

/** The code of a function with one handler of the fixtures: a file or a folder. */
export function codeOf(name: string): object {
  return name.includes(".")
    ? new asset.AssetArchive({ [name]: new asset.FileAsset(name) })
    : new asset.FileArchive(name);
}

/** The calls of a handler of the fixtures, read as the pack reads them. */
export function callsOfHandler(name: string): Promise<Calls> {
  return callsOfFunction({ runtime: "nodejs24.x", code: codeOf(name) }, handlers);
}

/** The calls of a function of the program in `folder`. */
export async function callsOfFunction(
  props: Record<string, unknown>,
  folder: string,
): Promise<Calls> {
  const found = await readCode(props, folder);
  if (found.kind === "unreadable") throw new Error(found.why);
  return callsOf(found.code, new budget.CodeBudget());
}

/** The calls of files with this content, by path. */
export function callsOfTexts(
  texts: Readonly<Record<string, string>>,
  limits: Partial<CodeLimits> = {},
): Promise<Calls> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return callsOf(
    { language: javascript, files, handler: undefined },
    new budget.CodeBudget(limits),
  );
}

/** The code of this repository's handler, as Pulumi deploys it. */
export async function ownHandler(): Promise<string> {
  const { factory } = loadProgram<typeof import("../../../test/fixtures/factory.ts")>(
    "test/fixtures/factory.ts",
  );
  const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
  return text;
}
