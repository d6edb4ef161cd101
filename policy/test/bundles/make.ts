import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureLocked } from "../../../scripts/npm.mjs";

/** The programs of src/, each with a library that calls AWS. */
export type Program = "aws4" | "lib-dynamodb" | "powertools";

/** A program as a bundler writes it: `esbuild, minified`, and the text of its one file. */
export interface Bundle {
  readonly bundler: string;
  readonly text: string;
}

/** The SDK's clients stay outside, as they are in Lambda. */
const isOutside = (name: string) => /^(@aws-sdk\/(client-|core)|@smithy\/|node:)/.test(name);

/**
 * Bundles a program with esbuild, rollup and webpack, which are installed below `.tools/`, as each of
 * them is commonly configured.
 */
export async function bundlesOf(program: Program): Promise<Bundle[]> {
  const tools = await ensureLocked(console.error, "Bundlers", "bundlers", import.meta.dirname);
  // Below the packages, which the program imports.
  const folder = mkdtempSync(join(tools, "bundles-"));
  try {
    cpSync(join(import.meta.dirname, "src"), folder, { recursive: true });
    const job: Job = { load: loaderOf(tools), entry: join(folder, `${program}.mjs`), folder };
    return [...(await esbuild(job)), await rollup(job), ...(await webpack(job))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Job {
  /** Loads a tool. */
  // biome-ignore lint/suspicious/noExplicitAny: the repository does not depend on the tools, so it has no types of them
  readonly load: (name: string) => Promise<any>;
  readonly entry: string;
  readonly folder: string;
}

function loaderOf(tools: string): Job["load"] {
  const { resolve } = createRequire(join(tools, "package.json"));
  return async (name) => {
    const module = await import(pathToFileURL(resolve(name)).href);
    return module.default ?? module;
  };
}

async function esbuild({ load, entry, folder }: Job): Promise<Bundle[]> {
  const { build } = await load("esbuild");
  const forms = [
    ["esbuild", { format: "esm" }],
    ["esbuild, minified, CommonJS", { format: "cjs", minify: true }],
    ["esbuild, minified", { format: "esm", minify: true, mainFields: ["module", "main"] }],
  ] as const;
  return Promise.all(
    forms.map(async ([bundler, options]) => {
      const { outputFiles } = await build({
        entryPoints: [entry],
        bundle: true,
        write: false,
        platform: "node",
        absWorkingDir: folder,
        external: ["@aws-sdk/client-*", "@aws-sdk/core", "@smithy/*"],
        ...options,
      });
      return { bundler, text: outputFiles[0].text };
    }),
  );
}

async function rollup({ load, entry }: Job): Promise<Bundle> {
  const nodeResolve = await load("@rollup/plugin-node-resolve");
  const commonjs = await load("@rollup/plugin-commonjs");
  const plugins = [nodeResolve({ exportConditions: ["node"] }), commonjs()];
  const tool = await load("rollup");
  const rolled = await tool.rollup({ input: entry, plugins, external: isOutside, onwarn() {} });
  const { output } = await rolled.generate({ format: "es" });
  return { bundler: "rollup", text: output[0].code };
}

async function webpack({ load, entry, folder }: Job): Promise<Bundle[]> {
  const tool = await load("webpack");
  const bundles: Bundle[] = [];
  for (const mode of ["development", "production"]) {
    const filename = `${mode}.js`;
    await new Promise<void>((done, fail) => {
      tool({
        mode,
        devtool: false,
        entry,
        target: "node",
        context: folder,
        externals: (
          { request }: { request: string },
          use: (error: null, external?: string) => void,
        ) => (isOutside(request) ? use(null, `commonjs ${request}`) : use(null)),
        output: { path: folder, filename, libraryTarget: "commonjs2" },
        optimization: { minimize: mode === "production" },
      }).run((error: Error | null) => (error ? fail(error) : done()));
    });
    bundles.push({
      bundler: `webpack, ${mode}`,
      text: readFileSync(join(folder, filename), "utf8"),
    });
  }
  return bundles;
}
