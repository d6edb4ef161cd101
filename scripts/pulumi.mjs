import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { outputOf } from "./commands.mjs";
import { onceFor } from "./once.mjs";
import { buildPulumi } from "./pulumi-build.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { root, toolsFolder } from "./root.mjs";

/** The Pulumi CLI's version: always that of `@pulumi/pulumi` in package.json. */
export const pulumiVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  .devDependencies["@pulumi/pulumi"];

/** Where this version of the Pulumi CLI is kept for all checkouts of this user. */
const pulumiFolder = join(homedir(), ".pulumi", "versions", pulumiVersion);
const keptPulumi = join(pulumiFolder, "bin", "pulumi");

/**
 * Returns the path of a Pulumi CLI of exactly `pulumiVersion` that has a language host for Node.js in its folder:
 * its own or, if it was built from its Go module and has none, the sandbox's.
 */
export async function ensurePulumi(say) {
  let binary = await findOrDownload(say);
  if (!binary) {
    await buildPulumi(say, pulumiVersion, keptPulumi);
    binary = keptPulumi;
  }
  const host = "pulumi-language-nodejs";
  if (existsSync(join(dirname(binary), host))) return binary;
  const folder = join(toolsFolder, "pulumi", "bin");
  const linked = join(folder, "pulumi");
  // Relative, so that a copy of the checkout uses its own.
  const target = relative(folder, join(root, "sandbox", "engine", "language-host", host));
  await onceFor(join(folder, ".linked"), binary + statSync(binary).mtimeMs + target, () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Not a symbolic link: the CLI searches the folder of the file that it resolves to.
    try {
      linkSync(binary, linked);
    } catch {
      copyFileSync(binary, linked);
    }
    symlinkSync(target, join(folder, host));
  });
  return linked;
}

/**
 * Returns the path of a Pulumi CLI of exactly `pulumiVersion`: an installed one or the official download. Throws if
 * it cannot be downloaded, or scripts/pulumi-checksums.txt has no SHA-256 or another one of the download.
 */
export async function ensureOfficialPulumi(say) {
  const binary = await findOrDownload(say);
  if (binary) return binary;
  throw new Error(
    `The Pulumi CLI ${pulumiVersion} is missing: expected its download with the SHA-256 in scripts/pulumi-checksums.txt. ` +
      `If that file does not have it, add it with the command in CONTRIBUTING.md, "Dependencies".`,
  );
}

/** Finds the CLI on PATH or below the home folder, or downloads it; returns `undefined` if that fails. */
async function findOrDownload(say) {
  const onPath = process.env.PATH.split(delimiter).filter((folder) => basename(folder) === "bin");
  for (const binary of [...onPath.map((folder) => join(folder, "pulumi")), keptPulumi]) {
    if (outputOf(binary, ["version"]) === `v${pulumiVersion}`) return binary;
  }
  const checksums = join(root, "scripts", "pulumi-checksums.txt");
  const options = { version: pulumiVersion, folder: pulumiFolder, checksums };
  return (await downloadPulumi(say, options)) ? keptPulumi : undefined;
}
