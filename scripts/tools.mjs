// Node built-ins only, and syntax of Node 18: this runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { unpinnedPackages } from "./lockfile.mjs";
import { officialPulumi } from "./pulumi.mjs";
import { run } from "./step.mjs";

/** The repository's top folder, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const toolsFolder = join(root, ".tools");
/**
 * npm then checks each package against the lockfile, and runs no install script, whatever its version. It
 * says what fails, even below an `npm run --silent`.
 */
const installOnly = ["ci", "--ignore-scripts", "--loglevel=error"];
const emulatorRequirements = join(root, "sandbox", "aws", "requirements.txt");

/**
 * Node.js that the sandbox, the tests and the pipeline run on: the version of the Lambda runtime `nodejs24.x`.
 * Type stripping without a flag needs 22.18 (https://nodejs.org/api/typescript.html).
 */
export const nodeVersion = readFileSync(join(root, ".nvmrc"), "utf8").trim();
const oldestNode = [22, 18];

/** The Pulumi CLI's version: always the one of `@pulumi/pulumi` in package.json. */
export const pulumiVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  .devDependencies["@pulumi/pulumi"];

/** Where the Pulumi CLI of this version is kept for all checkouts of this user. */
export const pulumiFolder = join(homedir(), ".pulumi", "versions", pulumiVersion);

/**
 * True if `version` ("v24.1.0" or "24.1.0") runs this project's TypeScript without a flag.
 */
export function isNodeNewEnough(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/**
 * The Node.js to run with: this process's if it is new enough, else one below `.tools/`. Throws if
 * `scripts/node/` has none for this platform.
 */
export async function ensureNode(say) {
  if (isNodeNewEnough(process.version)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const source = join(root, "scripts", "node", platform);
  if (!existsSync(source)) {
    throw new Error(
      `Node.js ${process.version} is too old, and npm has no Node.js ${nodeVersion} for ${platform}: ` +
        `install Node.js ${oldestNode.join(".")} or newer (https://nodejs.org/en/download).`,
    );
  }
  const folder = await ensureLocked(say, `Node.js ${nodeVersion}`, "node", source);
  return join(folder, "node_modules", `node-${platform}`, "bin", "node");
}

/** Installs the npm packages of package-lock.json, again only if that file has changed. */
export async function ensurePackages(say, node) {
  const sdk = join(root, "sdks", "sumologic");
  await onceFor(
    // Not in node_modules itself: npm trusts its own list of what is there until that folder changes.
    join(root, "node_modules", ".bin", ".installed"),
    readFileSync(join(root, "package-lock.json")) + folderContent(join(root, "sdks")),
    async () => {
      const env = { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
      // Before npm installs, for the same reason.
      mkdirSync(join(sdk, "bin"), { recursive: true });
      requirePinned(root);
      await run(say, "npm packages (package-lock.json)", "npm", installOnly, { cwd: root, env });
      // The one install script that runs: docs/decisions/0033-downloads-are-checked-against-the-repository.md.
      const args = ["rebuild", "--ignore-scripts=false", "@pulumi/sumologic"];
      await run(say, "Sumo Logic SDK compiled", "npm", args, { cwd: root, env });
    },
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const policy = join(root, "policy");
  const bin = join(policy, "bin");
  await onceFor(join(bin, ".built"), folderContent(policy), () => {
    mkdirSync(bin, { recursive: true });
    // A rule that was renamed must not live on as its compiled file.
    for (const name of readdirSync(bin).filter((it) => it !== ".gitkeep")) {
      rmSync(join(bin, name), { recursive: true });
    }
    return run(say, "policy pack compiled", node, [tsc, "-p", policy], { cwd: root });
  });
}

/**
 * Installs the package.json and package-lock.json of the folder `source` in `.tools/NAME`, which is returned,
 * again only if they have changed. No package's install script runs.
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
    const from = `${what} from npm (${relative(root, source)}/package-lock.json)`;
    await run(say, from, "npm", installOnly, { cwd: folder });
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

/**
 * The Pulumi CLI of exactly `pulumiVersion` with a language host for Node.js beside it: its own, or
 * the sandbox's where it has none, since it was built from its Go module. Returns the path of the program.
 */
export async function ensurePulumi(say) {
  const binary = await ensurePulumiAlone(say);
  const host = "pulumi-language-nodejs";
  if (existsSync(join(dirname(binary), host))) return binary;
  const folder = join(toolsFolder, "pulumi", "bin");
  const linked = join(folder, "pulumi");
  // Relative, so that a copy of the checkout uses its own.
  const target = relative(folder, join(root, "sandbox", "engine", "language-host", host));
  await onceFor(join(folder, ".linked"), binary + statSync(binary).mtimeMs + target, () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Not a symbolic link: the CLI looks beside the file that it really is.
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
 * The Pulumi CLI of exactly `pulumiVersion`: an installed one or the official download. Returns the path of the
 * program. Throws if it cannot be downloaded, or the download has no known hash or another one.
 */
export async function ensureOfficialPulumi(say) {
  const binary = await installedOrOfficialPulumi(say);
  if (binary) return binary;
  throw new Error(
    `The Pulumi CLI ${pulumiVersion} is missing: expected its download with the hash in scripts/pulumi-checksums.txt. ` +
      `CONTRIBUTING.md, "Dependencies", says how to add a version there.`,
  );
}

/** The same, or a build of its Go module if there is no download with a known hash. */
async function ensurePulumiAlone(say) {
  const existing = await installedOrOfficialPulumi(say);
  if (existing) return existing;
  const binary = join(pulumiFolder, "bin", "pulumi");
  requireTool("go", ["version"], "Go 1.21 or newer (https://go.dev/dl/)");
  mkdirSync(dirname(binary), { recursive: true });
  await run(
    say,
    `Pulumi CLI ${pulumiVersion} built with Go (about 5 minutes on two cores, once)`,
    "go",
    [
      "build",
      "-C",
      join(root, "sandbox", "engine", "pulumi-cli"),
      "-v",
      // Only modules of go.mod with the hashes of go.sum, whatever GOFLAGS says.
      "-mod=readonly",
      "-ldflags",
      `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
      "-o",
      binary,
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ],
    { cwd: root },
  );
  return binary;
}

/** The one on PATH, the one kept below the home folder, or the official download; nothing if that fails. */
async function installedOrOfficialPulumi(say) {
  const onPath = process.env.PATH.split(delimiter).filter((folder) => basename(folder) === "bin");
  for (const folder of [...onPath, join(pulumiFolder, "bin")]) {
    if (isPulumi(join(folder, "pulumi"))) return join(folder, "pulumi");
  }
  const checksums = join(root, "scripts", "pulumi-checksums.txt");
  const official = { version: pulumiVersion, folder: pulumiFolder, checksums };
  return (await officialPulumi(say, official)) ? join(pulumiFolder, "bin", "pulumi") : undefined;
}

/** The AWS emulator in a Python environment of its own; returns its Python. */
export function ensureEmulator(say) {
  return ensureVenv(say, "venv", "AWS emulator from PyPI", emulatorRequirements);
}

/**
 * A Python environment of that name below `.tools/` with the packages of a requirements file, created
 * if it is missing or was created from other requirements; returns its Python. `what` is said meanwhile.
 * Throws what pip says if a package is not listed with its hash, or has another one.
 */
export async function ensureVenv(say, name, what, requirements) {
  const venv = join(toolsFolder, name);
  const python = join(venv, "bin", "python");
  await onceFor(join(venv, ".installed"), readFileSync(requirements), async () => {
    const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    requireTool("python3", ["-c", check], "Python 3.10 or newer with its venv module");
    rmSync(venv, { recursive: true, force: true });
    await run(say, "Python environment", "python3", ["-m", "venv", venv], { cwd: root });
    await run(
      say,
      `${what} (${relative(root, requirements)})`,
      python,
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        // To build a package, pip would install whatever builds it, without a hash.
        "--only-binary=:all:",
        "--requirement",
        requirements,
      ],
      { cwd: root },
    );
  });
  return python;
}

/**
 * actionlint, built from the Go module that pipeline/actionlint/ pins; returns the path of the program, or
 * nothing where Go is missing, since everything else in the repository's checks does without it.
 */
export async function ensureActionlint(say) {
  if (!isThere("go", ["version"])) return undefined;
  const module = join(root, "pipeline", "actionlint");
  const binary = join(toolsFolder, "actionlint", "actionlint");
  await onceFor(join(dirname(binary), ".built"), folderContent(module), () =>
    run(
      say,
      "actionlint built with Go",
      "go",
      [
        "build",
        "-C",
        module,
        "-mod=readonly",
        "-buildvcs=false",
        "-o",
        binary,
        "github.com/rhysd/actionlint/cmd/actionlint",
      ],
      { cwd: root },
    ),
  );
  return binary;
}

/**
 * Runs `install` unless `marker` says that it already ended well for this very `content`, in a checkout at
 * this very path: what was installed may have that path in it.
 */
export async function onceFor(marker, content, install) {
  const fingerprint = createHash("sha256").update(`${root}\0`).update(content).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === fingerprint) return;
  await install();
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, fingerprint);
}

function folderContent(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !["bin", "node_modules"].includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? folderContent(path) : `${path}\n${readFileSync(path, "utf8")}`;
    })
    .join("\n");
}

function isPulumi(path) {
  return versionOf(path, ["version"]) === `v${pulumiVersion}`;
}

function versionOf(path, args) {
  if (!existsSync(path)) return undefined;
  return spawnSync(path, args, { encoding: "utf8" }).stdout?.trim();
}

function isThere(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

function requireTool(command, args, needed) {
  if (!isThere(command, args))
    throw new Error(`${command} is missing or too old: install ${needed}.`);
}
