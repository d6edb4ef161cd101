import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { dump, load } from "js-yaml";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import {
  createEngine,
  type Engine,
  EngineError,
  engineVariables,
  type Finding,
} from "../../../sandbox/engine/engine.ts";
import { serveProvider } from "../../../sandbox/engine/provider-host.ts";
import { createPrivateFolder } from "../../../sandbox/private-folder.ts";
import { root } from "../../../sandbox/test-environment.ts";
import { ensurePythonPackage } from "../../bench/python-package.ts";
import { region } from "./account.ts";
import { anyAwsProvider } from "./provider.ts";
import { runPython } from "./python.ts";

const programs = join(import.meta.dirname, "programs");

/** The names of all programs. */
export const programNames = globSync("*/Pulumi.yaml", { cwd: programs }).map(dirname).sort();

/** The file with the findings that are expected of a program. */
export function findingsFile(name: string): string {
  return join(programs, name, "findings.json");
}

/** What the pack reports of a program, one line for each finding. */
export interface Findings {
  readonly "first preview": readonly string[];
  /** `up` with every rule advisory, since it would create nothing otherwise. */
  readonly up: readonly string[];
  readonly "second preview": readonly string[];
}

/**
 * Runs a program on the real engine: a first preview, `up` and a second preview. The pack has no
 * configuration, as for a team that tries it. Throws if a run fails for anything but findings.
 */
export function run(name: string): Promise<Findings> {
  return inFolder(name, async (project, start, advisory) => {
    const runs =
      project.runtime === "python"
        ? await pythonRuns(project, start, advisory)
        : await runsOf(await engineOf(project, start), advisory);
    const linesOf = (result: RunResult) =>
      // A finding may name the folder in which code is missing.
      sortedLines(result).map((line) => line.replaceAll(start.folder, "FOLDER"));
    return {
      "first preview": linesOf(runs["first preview"]),
      up: linesOf(runs.up),
      "second preview": linesOf(runs["second preview"]),
    };
  });
}

/** What a command left. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a line of shell. */
export type RunLine = (line: string) => Promise<Ended>;

/**
 * Uses a shell in the folder of a program in Node.js, in which the Pulumi CLI and the pack's executable run as they are
 * typed: `pulumi`, and `$PACK`.
 */
export function inShell<T>(
  name: string,
  use: (run: RunLine, folder: string) => Promise<T>,
): Promise<T> {
  return inFolder(name, async (project, { folder, pulumi, providers }) => {
    compile(join(project.folder, project.main));
    const env = {
      ...process.env,
      ...engineVariables(folder, providers),
      PATH: `${dirname(pulumi)}:${dirname(process.execPath)}:${process.env.PATH}`,
      PACK: join(root, "policy", "bin", "pack.js"),
    };
    const run: RunLine = async (line) => {
      const child = spawn("bash", ["-c", line], {
        cwd: project.folder,
        stdio: ["ignore", "pipe", "pipe"],
        env,
      });
      const ended = once(child, "close");
      const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const [code] = await ended;
      return { code: code ?? 1, output, errors };
    };
    return use(run, project.folder);
  });
}

/** Compiling with the types of @pulumi/aws takes longer than all else, so the CLI gets JavaScript. */
function compile(folder: string): void {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  for (const file of globSync("*.ts", { cwd: folder })) {
    const path = join(folder, file);
    const { outputText } = transpileModule(readFileSync(path, "utf8"), { compilerOptions });
    writeFileSync(path.replace(/\.ts$/, ".js"), outputText);
    rmSync(path);
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js" }));
}

/** Copies a program to a folder below the repository, where it finds its packages, and starts its provider. */
async function inFolder<T>(
  name: string,
  use: (project: Project, start: Start, advisory: string) => Promise<T>,
): Promise<T> {
  const { SANDBOX_PULUMI: pulumi } = process.env;
  if (!pulumi) throw new Error("run this with `npm run`, which sets up tools");
  createPrivateFolder(join(root, ".sandbox"));
  const folder = mkdtempSync(join(root, ".sandbox", "program-"));
  mkdirSync(join(folder, "backend"));
  const provider = await serveProvider(anyAwsProvider());
  try {
    const advisory = join(folder, "advisory.json");
    writeFileSync(advisory, JSON.stringify({ all: "advisory" }));
    const start = { folder, pulumi, providers: { aws: provider.port } };
    // A program may read the outputs of another one.
    const other = join(name, "other-stack");
    if (existsSync(join(programs, other))) {
      await (await engineOf(copyOf(other, folder), { ...start, policyPack: null })).up();
    }
    const project = copyOf(name, folder);
    if (name === "packaged-function") {
      cpSync(await ensurePythonPackage(), join(project.folder, "package.zip"));
    }
    return await use(project, start, advisory);
  } finally {
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Runs = Readonly<Record<keyof Findings, RunResult>>;

/** What a run reported. */
interface RunResult {
  readonly findings: readonly Finding[];
  /** Errors of the engine; the last says only that the run failed. */
  readonly reasons: readonly string[];
}

interface Project {
  readonly name: string;
  readonly folder: string;
  /** The folder of the program within that of the project. */
  readonly main: string;
  readonly runtime: string;
}

interface Start {
  readonly folder: string;
  readonly pulumi: string;
  readonly providers: Readonly<Record<string, number>>;
}

/** A copy of a program below `folder`, with the settings of its stack. */
function copyOf(program: string, folder: string): Project {
  const project = join(folder, program);
  cpSync(join(programs, program), project, { recursive: true });
  const settings = join(project, "Pulumi.dev.yaml");
  const { config } = existsSync(settings) ? yamlIn(settings) : {};
  writeFileSync(settings, dump({ config: { ...always, ...(config as object) } }));
  const { name, runtime, main = "." } = yamlIn(join(project, "Pulumi.yaml"));
  return { name: String(name), runtime: String(runtime), folder: project, main: String(main) };
}

/** What every stack is configured with. */
const always = {
  "aws:region": region,
  // The engine's own ending is random, so no finding with a name could be a literal.
  "pulumi:autonaming": { pattern: "${name}-0a1b2c3" },
};

function yamlIn(file: string): Record<string, unknown> {
  return load(readFileSync(file, "utf8")) as Record<string, unknown>;
}

function engineOf(project: Project, start: Start & { policyPack?: null }): Promise<Engine> {
  return createEngine({
    ...start,
    project,
    program: relative(root, join(project.folder, project.main, "index.ts")),
    stackName: "dev",
    config: {},
    // As a shell sets it in which somebody types `pulumi preview`.
    environment: { PWD: project.folder },
  });
}

async function runsOf(engine: Engine, advisory: string): Promise<Runs> {
  return {
    "first preview": await resultOf(engine.preview()),
    up: await resultOf(engine.up({ policyPackConfig: advisory })),
    "second preview": await resultOf(engine.preview()),
  };
}

function resultOf(run: Promise<{ findings: readonly Finding[] }>): Promise<RunResult> {
  return run.then(
    ({ findings }) => ({ findings, reasons: [] }),
    (error) => {
      if (error instanceof EngineError) return error;
      throw error;
    },
  );
}

async function pythonRuns(project: Project, start: Start, advisory: string): Promise<Runs> {
  const { name, folder } = project;
  const cli = dirname(dirname(start.pulumi));
  const settings = {
    project: name,
    folder,
    cli,
    pack: join(root, "policy", "bin", "pack.js"),
    advisory,
  };
  return runPython(settings, engineVariables(start.folder, start.providers));
}

function sortedLines({ findings, reasons }: RunResult): string[] {
  const others = reasons.filter((it) => it !== "preview failed");
  if (others.length > 0) throw new Error(others.join("\n"));
  return findings
    .map(({ level, rule, type, message }) => `[${level}] ${rule} (${type}) ${message}`)
    .sort();
}
