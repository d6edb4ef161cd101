import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Licenses of code that may be part of a program under Apache-2.0 if their text comes with it. */
const permissive = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-3.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
];

/**
 * Name, version and license of each npm package that these files belong to. Throws for a license that is
 * not permissive.
 */
export function licensesOf(files: readonly string[]): string {
  const folders = [...new Set(files.map(packageFolder))].sort();
  return folders.map(licenseOf).join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder below node_modules with the package of a file. */
function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** Packages have further package.json files in their folders, without a version. */
function isPackage(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version !== undefined;
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // An SPDX expression, e.g. `(BSD-3-Clause AND Apache-2.0)`.
  const names = String(license)
    .replaceAll(/[()]/g, "")
    .split(/ AND | OR /);
  if (!names.every((it) => permissive.includes(it))) {
    throw new Error(
      `${name} ${version} has the license ${license}; the pack may contain only ${permissive.join(", ")}`,
    );
  }
  const texts = readdirSync(folder)
    .filter((it) => /^(licen[cs]e|notice|copying)/i.test(it))
    .sort()
    .map((it) => readFileSync(join(folder, it), "utf8").trim());
  return [`${name} ${version} (${license})`, ...texts, ""].join("\n\n");
}
