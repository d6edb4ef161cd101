import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { Calls } from "../code/calls.ts";
import { expected, ownNeeds } from "../test/code/handlers.ts";
import { expected as expectedInPython } from "../test/code/python/handlers.ts";
import { callsOfPython, handlers as pythonHandlers } from "../test/code/python/support.ts";
import { callsOfHandler, callsOfTexts, handlers, ownHandler } from "../test/code/support.ts";
import { table } from "./table.ts";

const { operationOf } = loadProgram<typeof import("../code/operations.ts")>(
  "policy/code/operations.ts",
);
const { permissionsOfMethod } = loadProgram<typeof import("../code/python/operations.ts")>(
  "policy/code/python/operations.ts",
);

/** What is expected in a piece of code, and what is found. */
interface Row {
  readonly name: string;
  readonly title: string;
  /** Actions; alternatives are one string, for example `a:B or c:D`. */
  readonly needs: readonly string[];
  /** Actions that are neither needed nor wrong. */
  readonly mayUse: readonly string[];
  readonly pack: Score;
  /** True if the pack reports that it cannot analyze everything. */
  readonly hasGap: boolean;
  readonly tool: Score;
}

interface Score {
  readonly found: number;
  readonly missed: readonly string[];
  readonly invented: readonly string[];
}

/** What a tool finds: each entry is one action, or alternatives. */
type Findings = readonly (readonly string[])[];

/** Why the tool's findings differ from what is expected, by handler; each form was tried alone. */
const causes: Readonly<Record<string, string>> = {
  "require.js": "members of a required namespace",
  "require-destructured.js":
    "a command that is renamed when it is destructured; one that is destructured and never created",
  "dynamic-import.mjs": "`import()`",
  "dynamic-import-kept.js": "`import()`",
  "aggregated-wrapped.js": "a client in a member of `this`; one that is wrapped",
  "lib-dynamodb.mjs": "methods of the document client",
  "presigner.js": "a presigned post",
  "credentials.mjs": "credentials by `fromTemporaryCredentials`",
  "re-exports": "re-exported commands; one that is re-exported and never created",
  "misleading-names.mjs": "a command that is imported and never created",
  "bundle-cjs.js": "what a bundler makes of imports",
  "bundle-with-sdk.mjs": "the SDK inside a bundle",
  "bundle-with-older-sdk.js": "the SDK inside a bundle",
  "serialized.js": "members of a required namespace; `import()`",
  own: "`import()` behind a function that keeps the clients",
};

/** The same in Python. */
const causesInPython: Readonly<Record<string, string>> = {
  import_star: "a table of another module",
  "lazy_global.py": "a table that a function returns",
  "factory_cached.py": "a table that a function returns",
  "either_client.py": "the first of two clients with one name",
  "executor.py": "a method that is passed on",
  "partial.py": "a method that is passed on; one that has another name",
  "asyncio_threads.py": "a method that is passed on",
  "method_table.py": "methods in a dict",
  "alias_of_method.py": "a method that has another name",
  "retries.py": "a method that is passed on",
  aioboto3: "a table of an asynchronous resource",
  "typed.py": "a table that a function returns",
  "paginator.py": "the keyword argument `operation_name`",
  "waiter.py": "the keyword argument `waiter_name`",
  "presigned.py": "presigned requests",
  "dynamodb_table.py": "an attribute that is loaded",
  "s3_resource.py":
    "`get` of what a collection yields; an attribute that is loaded; `delete`, which it reads as EC2's `delete_tags`",
  "sqs_resource.py":
    "methods of a queue; `delete` of a message, which it reads as EC2's `delete_tags`",
  "ec2_resource.py": "methods of an instance; `stop` of a collection",
  "sns_resource.py": "methods of an alarm; an attribute that is loaded",
  "auth_token.py": "tokens for databases",
  pydantic_settings: "a table that has no name in the code",
  "role_chaining.py": "a client with another role's keys",
  "role_chaining_session.py": "a session with another role's keys",
  "role_chaining_options.py": "a client with another role's keys",
  powertools_idempotency: "the persistence layer",
  signer_requests_aws4auth:
    "`get_credentials` of a session, which it reads as Redshift Serverless's",
  "signer_botocore.py":
    "`get_credentials` of a session, which it reads as Redshift Serverless's; `json.load`, which it reads as S3's `load`",
  "getattr_literal.py": "`getattr`",
  "methodcaller.py": "`operator.attrgetter`",
  library: "the call of a library, which the pack reports as a gap",
  "several_handlers reboot.handler": "what another handler calls",
  "several_handlers cleanup.handler": "what another handler calls",
  misleading_names: "a local function that is named `client`",
  type_checking_import: "a module that is imported for types only",
  "tests_in_package src.app.handler": "what tests call",
  "client_function_passed.py": "calls that the pack does not count, since it reports a gap",
  "paginator_helper.py": "a paginator whose operation is a parameter",
  "paginator_loop.py": "a paginator whose operation is a loop's variable; `getattr`",
  "unsigned_client.py": "a client that does not sign",
  "other_provider.py": "a client with other keys",
  plugins_by_path: "calls that the pack does not count, since it reports a gap",
  plugins_found: "calls that the pack does not count, since it reports a gap",
};

/** Botocore's names of services, if the SDK has another. */
const services: Readonly<Record<string, string>> = { stepfunctions: "sfn" };

/** The sections of the report, and the handlers whose difference has no cause here, or no difference. */
export interface CallsSection {
  readonly text: string;
  readonly version: string;
  readonly unexplained: readonly string[];
}

/**
 * Compares the pack's reading of code with AWS's IAM Policy Autopilot, on the handlers of
 * policy/test/fixtures/handlers, on this repository's own, and on those of policy/test/handlers/python. `python` is that of
 * the environment with the tools.
 */
export async function compareCalls(python: string): Promise<CallsSection> {
  const tool = join(dirname(python), "iam-policy-autopilot");
  const rows = [...(await rowsInJavaScript(tool)), await ownRow(tool)];
  const inPython = await rowsInPython(tool);
  return {
    text: [sectionText(rows), pythonText(inPython)].join("\n\n"),
    version: run(tool, ["version"]).replace(/^\D+/, "").trim(),
    unexplained: [...unexplainedOf(rows, causes), ...unexplainedOf(inPython, causesInPython)],
  };
}

function unexplainedOf(rows: readonly Row[], causes: Readonly<Record<string, string>>): string[] {
  const differing = rows.filter((it) => differs(it.tool)).map(({ name }) => name);
  return [
    ...differing.filter((it) => !(it in causes)),
    ...Object.keys(causes).filter((it) => !differing.includes(it)),
    ...rows.filter((it) => differs(it.pack)).map(({ name }) => name),
  ];
}

async function rowsInJavaScript(tool: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const handler of expected) {
    const files = filesOf(join(handlers, handler.name), "*.{js,mjs}");
    const needs = handler.calls.flatMap((it) => it.needs ?? []);
    const mayUse = handler.calls.flatMap((it) => it.mayUse ?? []);
    const calls = await callsOfHandler(handler.name);
    rows.push(rowOf({ ...handler, needs, mayUse }, calls, await askTool(tool, files)));
  }
  return rows;
}

/** The tool gets the whole package, as the pack does. */
async function rowsInPython(tool: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, title, handler, calls } of expectedInPython) {
    const files = filesOf(join(pythonHandlers, name), "*.py");
    const needs = calls.flatMap((it) => it.needs ?? []);
    const mayUse = calls.flatMap((it) => it.mayUse ?? []);
    const about = { name: [name, handler].filter(Boolean).join(" "), title, needs, mayUse };
    const found = await callsOfPython(pythonHandlers, name, handler);
    rows.push(rowOf(about, found, await askTool(tool, files, "python")));
  }
  return rows;
}

/** A file, or those of a folder. */
function filesOf(path: string, pattern: string): string[] {
  return statSync(path).isDirectory() ? globSync(join(path, "**", pattern)).sort() : [path];
}

/** This repository's handler: the tool gets its sources and the deployed code. */
async function ownRow(tool: string): Promise<Row> {
  const text = await ownHandler();
  const folder = mkdtempSync(join(tmpdir(), "calls-"));
  try {
    const deployed = join(folder, "index.js");
    writeFileSync(deployed, text);
    const sources = globSync(join(import.meta.dirname, "..", "..", "handler", "**", "*.ts"));
    const findings = [
      ...(await askTool(tool, [deployed])),
      ...(await askTool(tool, sources, "typescript")),
    ];
    const calls = await callsOfTexts({ "__index.js": text });
    const mayUse = calls.calls.flatMap((it) => it.mayUse);
    const title = "this repository's handler";
    return rowOf({ name: "own", title, needs: ownNeeds, mayUse }, calls, findings);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowOf(
  about: Pick<Row, "name" | "title" | "needs" | "mayUse">,
  { calls, unresolved, caveats }: Calls,
  ofTool: Findings,
): Row {
  const { name, title } = about;
  const needs = [...new Set(about.needs)];
  const mayUse = [...new Set(about.mayUse)];
  const ofPack = calls.flatMap((it) => it.needs);
  const score = (findings: Findings) => scoreOf(needs, mayUse, findings);
  const hasGap = unresolved.length + caveats.length > 0;
  return { name, title, needs, mayUse, hasGap, pack: score(ofPack), tool: score(ofTool) };
}

function scoreOf(needs: readonly string[], mayUse: readonly string[], findings: Findings): Score {
  const all = new Set(findings.flat());
  const isFound = (need: string) => need.split(" or ").some((it) => all.has(it));
  const right = new Set([...needs.flatMap((it) => it.split(" or ")), ...mayUse]);
  const invented = findings.filter((it) => !it.some((action) => right.has(action)));
  return {
    found: needs.filter(isFound).length,
    missed: needs.filter((it) => !isFound(it)),
    invented: [...new Set(invented.map((it) => it.join(" or ")))],
  };
}

function differs({ missed, invented }: Score): boolean {
  return missed.length + invented.length > 0;
}

/**
 * The actions behind what the tool extracts. It names operations of botocore's services; the pack's
 * tables give their actions, since its own step from there needs the network.
 */
async function askTool(
  tool: string,
  files: readonly string[],
  language = "javascript",
): Promise<Findings> {
  const args = ["extract-sdk-calls", "--language", language, ...files];
  const found: { Name: string; PossibleServices: string[] }[] = JSON.parse(run(tool, args));
  const findings: string[][] = [];
  for (const { Name, PossibleServices } of found) {
    const actions: string[] = [];
    for (const service of PossibleServices) {
      const found =
        language === "python"
          ? await permissionsOfMethod({ service, method: Name })
          : await operationOf(services[service] ?? service, Name);
      if (found.kind === "known") actions.push(...found.needs.flat(), ...found.mayUse);
    }
    if (actions.length > 0) findings.push(actions);
  }
  return findings;
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, DISABLE_IAM_POLICY_AUTOPILOT_TELEMETRY: "true" },
  });
  if (error || status !== 0) {
    throw new Error(`${command} ${args[0]} failed:\n${stderr}`, { cause: error });
  }
  return stdout;
}

function sectionText(rows: readonly Row[]): string {
  return [
    "## Calls in JavaScript code",
    "The pack determines which actions a function's code needs (policy/code/). AWS's IAM Policy " +
      "Autopilot reads source code to write a first policy. Both get the handlers in " +
      "policy/test/fixtures/handlers, each with one way of calling the SDK, and this repository's " +
      "handler. The expected actions were verified manually against the code. Keep in mind:",
    [
      "- The handlers were written together with the pack, and its tests use them. So its column says " +
        "nothing about code that nobody has thought of.",
      "- Most handlers are deployed code, for which the tool is not designed. Its only input here is what " +
        "`extract-sdk-calls` accepts.",
      "- The pack's tables map the operations that the tool prints to actions, in the tool's favor if " +
        "there are several.",
      "- What the pack reports as not analyzable (version 2 of the SDK, a computed command, packages " +
        "that call AWS) does not count as needed. The tool finds nothing there either.",
    ].join("\n"),
    totalText(rows),
    tableOf(rows, causes),
  ].join("\n\n");
}

function pythonText(rows: readonly Row[]): string {
  return [
    "## Calls in Python code",
    "The same for Python, with the handlers in policy/test/handlers/python. The expected calls were also verified once, " +
      "manually, by running the handlers with boto3 1.44 without a network. These points apply in addition:",
    [
      "- The tool gets all files of the handler's package. It has no option for the function's handler, so it reports what " +
        "other handlers, tests and libraries in the package call.",
      "- What the pack reports as not analyzable (a computed method or service, `exec`, a compiled module) does not count as needed.",
    ].join("\n"),
    totalText(rows),
    tableOf(rows, causesInPython),
  ].join("\n\n");
}

function totalText(rows: readonly Row[]): string {
  const total = (of: (row: Row) => number) => rows.reduce((sum, it) => sum + of(it), 0);
  const needed = total(({ needs }) => needs.length);
  const counts = (of: (row: Row) => Score) =>
    `${total((it) => of(it).found)} found, ${total((it) => of(it).missed.length)} missed, ` +
    `${total((it) => of(it).invented.length)} invented`;
  return (
    `Of ${needed} actions: the pack ${counts(({ pack }) => pack)}; the tool ${counts(({ tool }) => tool)}. ` +
    `In ${rows.filter(({ hasGap }) => hasGap).length} of the ${rows.length} handlers the pack ` +
    "reports something that it cannot analyze; the tool's output has no such report."
  );
}

function tableOf(rows: readonly Row[], causes: Readonly<Record<string, string>>): string {
  return table(
    [
      "handler",
      "needed",
      "the pack",
      "reports a gap",
      "the tool",
      "what the tool misses or misreads",
    ],
    rows.map(({ name, title, needs, pack, hasGap, tool }) => [
      title,
      String(needs.length),
      scoreText(pack),
      hasGap ? "yes" : "",
      scoreText(tool),
      causes[name] ?? "",
    ]),
  );
}

function scoreText({ found, missed, invented }: Score): string {
  const parts = [
    ...(found > 0 ? [`${found} found`] : []),
    ...(missed.length > 0 ? [`${missed.length} missed`] : []),
    ...(invented.length > 0 ? [`${invented.length} invented`] : []),
  ];
  return parts.join(", ") || "nothing";
}
