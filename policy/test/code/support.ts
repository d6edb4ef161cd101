import { join } from "node:path";
import { asset, runtime } from "@pulumi/pulumi";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import type { CodeLimits } from "../../code/budget.ts";
import type { Calls } from "../../code/calls.ts";

export const handlers = join(import.meta.dirname, "..", "fixtures", "handlers");

const { callsOf } = loadProgram<typeof import("../../code/calls.ts")>("policy/code/calls.ts");
const code = loadProgram<typeof import("../../code/package.ts")>("policy/code/package.ts");
const budget = loadProgram<typeof import("../../code/budget.ts")>("policy/code/budget.ts");

/** Reads a function's code as a program in that folder has it, within the pack's limits or others. */
export function readPackage(
  props: Record<string, unknown>,
  folder: string,
  limits: Partial<CodeLimits> = {},
) {
  return code.readPackage(props, { folder, budget: new budget.CodeBudget(limits) });
}

/** A function's code with one handler of the fixtures, which is a file or a folder. */
export function codeOf(name: string): object {
  return name.includes(".")
    ? new asset.AssetArchive({ [name]: new asset.FileAsset(name) })
    : new asset.FileArchive(name);
}

/** The calls of such a handler, by the way that the pack reads them. */
export async function callsOfHandler(name: string): Promise<Calls> {
  const found = await readPackage({ runtime: "nodejs24.x", code: codeOf(name) }, handlers);
  if (found.kind === "unseen") throw new Error(`${name}: ${found.why}`);
  return callsOf(found.files, new budget.CodeBudget());
}

/** The calls of these texts, by their paths. */
export function callsOfTexts(
  texts: Readonly<Record<string, string>>,
  limits: Partial<CodeLimits> = {},
): Promise<Calls> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return callsOf(files, new budget.CodeBudget(limits));
}

/** The text of this repository's own handler, as Pulumi deploys it. */
export async function ownHandler(): Promise<string> {
  const { factory } = loadProgram<typeof import("../../../test/fixtures/factory.ts")>(
    "test/fixtures/factory.ts",
  );
  const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
  return text;
}
