import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { onceFor } from "./once.mjs";
import { root, toolsFolder } from "./root.mjs";
import { run } from "./step.mjs";

/**
 * Installs the npm packages that the package-lock.json of `folder` pins, and runs no install script, with any
 * version of npm. `env` has variables for npm in addition to those of this process.
 */
export async function installPinned(say, what, folder, env = {}) {
  requirePinned(folder);
  // npm reports what fails even below an `npm run --silent`.
  const args = ["ci", "--ignore-scripts", "--loglevel=error"];
  await run(say, what, "npm", args, { cwd: folder, env });
}

/**
 * Installs the package.json and package-lock.json of the folder `source` in `.tools/NAME`, and returns that
 * folder. Does so again only if they have changed.
 */
export async function ensureLocked(say, what, name, source) {
  const folder = join(toolsFolder, name);
  const files = ["package.json", "package-lock.json"];
  const content = files.map((it) => readFileSync(join(source, it), "utf8")).join("\n");
  await onceFor(join(folder, ".installed"), content, async () => {
    requirePinned(source);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of files) copyFileSync(join(source, file), join(folder, file));
    const lockfile = `${relative(root, source)}/package-lock.json`;
    await installPinned(say, `${what} from npm (${lockfile})`, folder);
  });
  return folder;
}

/** Throws unless the package-lock.json of that folder has the hash of each package. */
function requirePinned(folder) {
  const file = join(folder, "package-lock.json");
  const unpinned = unpinnedPackages(JSON.parse(readFileSync(file, "utf8")));
  if (unpinned.length === 0) return;
  throw new Error(
    `${relative(root, file)} does not pin ${unpinned.length} of its packages, so npm would install whatever ` +
      `the registry has (${unpinned[0]}). Restore the file from git; ` +
      `CONTRIBUTING.md, "Dependencies", says how to change it.`,
  );
}

/** A whole hash and nothing else: npm skips a malformed one, and then accepts a weaker hash or none. */
const sha512 = /^sha512-[\w+/]{86}==$/;

/**
 * The packages of a package-lock.json, given as parsed JSON, that it does not pin, each with the reason, for
 * example `node_modules/chai: no sha512 integrity`. Workspaces, local folders and links to them are not downloaded.
 * A host in `resolved` would tie everyone to one registry.
 */
export function unpinnedPackages(lockfile) {
  return Object.entries(lockfile.packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
    .flatMap(([path, { integrity, resolved }]) => {
      if (!sha512.test(integrity ?? "")) return [`${path}: no sha512 integrity`];
      return resolved === undefined ? [] : [`${path}: resolved names a registry`];
    });
}
