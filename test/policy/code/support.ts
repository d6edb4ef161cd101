import { join } from "node:path";
import { asset, runtime } from "@pulumi/pulumi";
import type { Calls } from "../../../policy/code/calls.ts";
import { loadProgram } from "../../../sandbox/program.ts";

export const handlers = join(import.meta.dirname, "..", "..", "fixtures", "handlers");

const { callsOf } =
  loadProgram<typeof import("../../../policy/code/calls.ts")>("policy/code/calls.ts");
export const { readPackage } =
  loadProgram<typeof import("../../../policy/code/package.ts")>("policy/code/package.ts");

/** A function's code with one handler of the fixtures, which is a file or a folder. */
export function codeOf(name: string): object {
  return name.includes(".")
    ? new asset.AssetArchive({ [name]: new asset.FileAsset(name) })
    : new asset.FileArchive(name);
}

/** The calls of such a handler, by the way that the pack reads them. */
export async function callsOfHandler(name: string): Promise<Calls> {
  const code = await readPackage({ runtime: "nodejs24.x", code: codeOf(name) }, handlers);
  if (code.kind === "unseen") throw new Error(`${name}: ${code.why}`);
  return callsOf(code.files);
}

/** The calls of these texts, by their paths. */
export function callsOfTexts(texts: Readonly<Record<string, string>>): Promise<Calls> {
  return callsOf(Object.entries(texts).map(([path, text]) => ({ path, text })));
}

/** The text of this repository's own handler, as Pulumi deploys it. */
export async function ownHandler(): Promise<string> {
  const { factory } = loadProgram<typeof import("../../fixtures/factory.ts")>(
    "test/fixtures/factory.ts",
  );
  const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
  return text;
}
