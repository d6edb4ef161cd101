// Replaces Pulumi's language host for Node.js where the CLI was built from its Go module, which
// does not have it: as far as `pulumi new`, `preview`, `up`, `refresh` and `destroy` ask for it.
// Programs and policy packs are loaded by the commands of @pulumi/pulumi, so they run as for everyone.
// Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { filled, type Message, serve, streaming, unary } from "../grpc.ts";

const require = createRequire(import.meta.url);
const messages = require("@pulumi/pulumi/proto/language_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb.js");

/** The exit code of commands that have already reported what is wrong. */
const alreadyReported = 32;

const endWithParent = join(import.meta.dirname, "..", "..", "end-with-parent.cjs");

const engineAddress = process.argv.at(-1) ?? "";

/** Runs a program; the response has an error where it failed. */
async function run(request: Message): Promise<Message> {
  const info = request.getInfo();
  const folder = info.getProgramDirectory();
  const words = [
    ...nodeOptions(info),
    command("run", folder),
    ...flags({
      monitor: request.getMonitorAddress(),
      engine: engineAddress,
      organization: request.getOrganization(),
      project: request.getProject(),
      "root-directory": info.getRootDirectory(),
      stack: request.getStack(),
      pwd: folder,
      parallel: String(request.getParallel()),
    }),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
  const child = spawn(process.execPath, words, {
    // The engine shows what this process prints.
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...typescriptVariables(info),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  const [code] = await once(child, "close");
  const response = new messages.RunResponse();
  if (code === alreadyReported) return filled(response, { Bail: true });
  return code === 0 ? response : filled(response, { Error: `the program ended with code ${code}` });
}

/** Runs a policy pack until the engine ends it; the engine reads its port from the first line. */
async function runPlugin(request: Message, write: (message: Message) => void): Promise<void> {
  const info = request.getInfo();
  const folder = info.getProgramDirectory();
  if (request.getKind() !== "analyzer") {
    throw new Error(`the sandbox runs policy packs, but no plugin of kind ${request.getKind()}`);
  }
  const words = [
    `--require=${endWithParent}`,
    command("run-policy-pack", folder),
    ...request.getArgsList(),
    folder,
  ];
  const pairs: string[] = request.getEnvList();
  const child = spawn(process.execPath, words, {
    // A pack finds its package.json in the working folder.
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...Object.fromEntries(pairs.map((it) => it.split(/=(.*)/s).slice(0, 2))),
      ...typescriptVariables(info),
    },
  });
  const code = await passOn(child, messages.RunPluginResponse, write);
  write(filled(new messages.RunPluginResponse(), { Exitcode: code }));
}

/** `npm install` in a project's folder; what it prints goes to the terminal. */
async function installDependencies(
  request: Message,
  write: (message: Message) => void,
): Promise<void> {
  const cwd = request.getInfo().getProgramDirectory();
  const child = spawn("npm", ["install", "--loglevel=error"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = await passOn(child, messages.InstallDependenciesResponse, write);
  if (code !== 0) throw new Error(`npm install in ${cwd} ended with code ${code}`);
}

/** Hands over what a process prints as it comes, in responses of this kind; returns the exit code. */
async function passOn(
  child: ChildProcessByStdio<null, Readable, Readable>,
  Response: new () => Message,
  write: (message: Message) => void,
): Promise<number> {
  const pass = (field: string) => (chunk: Buffer) =>
    write(filled(new Response(), { [field]: chunk }));
  child.stdout.on("data", pass("Stdout"));
  child.stderr.on("data", pass("Stderr"));
  const [code] = await once(child, "close");
  return code ?? 1;
}

/** The path of a command of the @pulumi/pulumi that a folder's program would load. */
function command(name: string, folder: string): string {
  const { resolve } = createRequire(join(folder, "package.json"));
  return join(dirname(resolve("@pulumi/pulumi/package.json")), "cmd", name);
}

function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values)
    .filter(([, value]) => value !== "")
    .flatMap(([name, value]) => [`--${name}`, value]);
}

/** Options of the project's `runtime` in Pulumi.yaml. */
function optionsOf(info: Message): Record<string, unknown> {
  return info.getOptions()?.toJavaScript() ?? {};
}

function nodeOptions(info: Message): string[] {
  return String(optionsOf(info).nodeargs ?? "")
    .split(" ")
    .filter(Boolean);
}

function typescriptVariables(info: Message): Record<string, string> {
  const { typescript = true, tsconfig } = optionsOf(info);
  return {
    ...(typescript === true && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

const methods = {
  getPluginInfo: unary(async () => new plugin.PluginInfo()),
  // None: the engine loads each provider when the program first needs it.
  getRequiredPackages: unary(async () => new messages.GetRequiredPackagesResponse()),
  runtimeOptionsPrompts: unary(async () => new messages.RuntimeOptionsResponse()),
  template: unary(async () => new messages.TemplateResponse()),
  run: unary(run),
  runPlugin: streaming(runPlugin),
  installDependencies: streaming(installDependencies),
  cancel: unary(async () => new empty.Empty()),
};

// It would outlive an engine that was killed.
require(endWithParent);
const { port } = await serve(LanguageRuntimeService, methods);
console.log(port);
