// Node built-ins only, and syntax of Node 18: this runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
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
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's top folder, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const toolsFolder = join(root, ".tools");
const emulatorRequirements = join(root, "sandbox", "requirements.txt");

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

/** The Node.js to run with: this process's own where it is new enough, else one below `.tools/`. */
export async function ensureNode(say) {
  if (isNodeNewEnough(process.version)) return process.execPath;
  const prefix = join(toolsFolder, "node");
  const binary = join(prefix, "node_modules", "node", "bin", "node");
  if (versionOf(binary, ["--version"]) !== `v${nodeVersion}`) {
    mkdirSync(prefix, { recursive: true });
    await run(say, `Node.js ${nodeVersion} from npm`, "npm", [
      "install",
      "--prefix",
      prefix,
      "--no-save",
      "--no-package-lock",
      `node@${nodeVersion}`,
    ]);
  }
  return binary;
}

/** Installs the npm packages of package-lock.json, again only when that file has changed. */
export async function ensurePackages(say, node) {
  await onceFor(
    // Not in node_modules itself: npm trusts its own list of what is there until that folder changes.
    join(root, "node_modules", ".bin", ".installed"),
    // The Sumo Logic SDK is compiled by its own installation.
    readFileSync(join(root, "package-lock.json")) + folderContent(join(root, "sdks")),
    () => run(say, "npm packages", "npm", ["ci"], { PATH: withFirst(dirname(node)) }),
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
    return run(say, "policy pack compiled", node, [tsc, "-p", policy]);
  });
}

/**
 * The Pulumi CLI of exactly `pulumiVersion` with a language host for Node.js beside it: its own, or
 * the sandbox's where it has none, since it was built from its Go module. Returns the path of the program.
 */
export async function ensurePulumi(say, node) {
  const binary = await ensurePulumiAlone(say, node);
  const host = "pulumi-language-nodejs";
  if (existsSync(join(dirname(binary), host))) return binary;
  const folder = join(toolsFolder, "pulumi", "bin");
  const linked = join(folder, "pulumi");
  await onceFor(join(folder, ".linked"), binary + statSync(binary).mtimeMs, () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Not a symbolic link: the CLI looks beside the file that it really is.
    try {
      linkSync(binary, linked);
    } catch {
      copyFileSync(binary, linked);
    }
    symlinkSync(join(root, "sandbox", "language-host", host), join(folder, host));
  });
  return linked;
}

/**
 * The Pulumi CLI of exactly `pulumiVersion`: the one on PATH, the one kept below the home folder,
 * the official download, or, where the download fails, a build of its Go module. Returns the path
 * of the program. Throws if none can be had, naming what is missing.
 */
async function ensurePulumiAlone(say, node) {
  const onPath = process.env.PATH.split(delimiter).filter((folder) => basename(folder) === "bin");
  for (const folder of [...onPath, join(pulumiFolder, "bin")]) {
    if (isPulumi(join(folder, "pulumi"))) return join(folder, "pulumi");
  }
  const binary = join(pulumiFolder, "bin", "pulumi");
  const download = [
    `const { PulumiCommand } = require("@pulumi/pulumi/automation");`,
    `const [version, root] = process.argv.slice(1);`,
    `PulumiCommand.install({ version: new (require("semver").SemVer)(version), root })`,
    `.catch((error) => { console.error(error.message); process.exit(1); });`,
  ].join("\n");
  try {
    await run(say, `Pulumi CLI ${pulumiVersion}, official download`, node, [
      "-e",
      download,
      pulumiVersion,
      pulumiFolder,
    ]);
  } catch (error) {
    say(`  the download failed (${lastLine(error)}): building the CLI from its Go module`);
  }
  if (isPulumi(binary)) return binary;
  requireTool("go", ["version"], "Go 1.21 or newer (https://go.dev/dl/)");
  mkdirSync(dirname(binary), { recursive: true });
  await run(
    say,
    `Pulumi CLI ${pulumiVersion} built with Go (about 5 minutes on two cores, once)`,
    "go",
    [
      "build",
      "-C",
      join(root, "sandbox", "pulumi-cli"),
      "-v",
      "-ldflags",
      `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
      "-o",
      binary,
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ],
  );
  return binary;
}

/** The AWS emulator in a Python environment of its own; returns its Python. */
export function ensureEmulator(say) {
  return ensureVenv(say, "venv", "AWS emulator from PyPI", emulatorRequirements);
}

/**
 * A Python environment of that name below `.tools/` with the packages of a requirements file, made
 * if it is missing or was made of other requirements; returns its Python. `what` is said meanwhile.
 */
export async function ensureVenv(say, name, what, requirements) {
  const venv = join(toolsFolder, name);
  const python = join(venv, "bin", "python");
  await onceFor(join(venv, ".installed"), readFileSync(requirements), async () => {
    const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    requireTool("python3", ["-c", check], "Python 3.10 or newer with its venv module");
    rmSync(venv, { recursive: true, force: true });
    await run(say, "Python environment", "python3", ["-m", "venv", venv]);
    await run(say, what, python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--requirement",
      requirements,
    ]);
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
    run(say, "actionlint built with Go", "go", [
      "build",
      "-C",
      module,
      "-buildvcs=false",
      "-o",
      binary,
      "github.com/rhysd/actionlint/cmd/actionlint",
    ]),
  );
  return binary;
}

/** Runs `install` unless `marker` says that it already ended well for this very `content`. */
export async function onceFor(marker, content, install) {
  const fingerprint = createHash("sha256").update(content).digest("hex");
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

function withFirst(folder) {
  return `${folder}${delimiter}${process.env.PATH}`;
}

function lastLine(error) {
  return error.message.trim().split("\n").pop();
}

/**
 * Runs one set-up step, saying every 10 seconds that it lives: seconds, and lines printed so far.
 * Throws with the last lines of output when the command cannot be started or fails.
 */
function run(say, what, command, args, env = {}) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`  ${what} …`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const lines = () => output.split("\n").length - 1;
    const alive = setInterval(
      () => say(`  ${what}: still working, ${seconds()} s, ${lines()} lines of its log`),
      10_000,
    );
    child.on("error", (error) => {
      clearInterval(alive);
      reject(new Error(`${what}: ${command} cannot be started: ${error.message}`));
    });
    child.on("close", (code) => {
      clearInterval(alive);
      if (code === 0) {
        say(`  ${what}: ${seconds()} s`);
        resolve();
      } else {
        const tail = output.trim().split("\n").slice(-15).join("\n");
        reject(new Error(`${what} failed: ${command} ended with ${code}\n${tail}`));
      }
    });
  });
}
