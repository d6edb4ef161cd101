import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { Calls } from "../code/calls.ts";
import { expected, ownNeeds } from "../test/code/handlers.ts";
import { callsOfHandler, callsOfTexts, handlers, ownHandler } from "../test/code/support.ts";
import { table } from "./table.ts";

const { operationOf } = loadProgram<typeof import("../code/operations.ts")>(
  "policy/code/operations.ts",
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

/** Botocore's names of services, if the SDK has another. */
const services: Readonly<Record<string, string>> = { stepfunctions: "sfn" };

/** The section of the report, and the handlers whose difference has no cause here, or no difference. */
export interface CallsSection {
  readonly text: string;
  readonly version: string;
  readonly unexplained: readonly string[];
}

/**
 * Compares the pack's reading of code with AWS's IAM Policy Autopilot, on the handlers of
 * policy/test/fixtures/handlers and on this repository's own. `python` is that of the environment with the tools.
 */
export async function compareCalls(python: string): Promise<CallsSection> {
  const tool = join(dirname(python), "iam-policy-autopilot");
  const rows: Row[] = [];
  for (const handler of expected) {
    const path = join(handlers, handler.name);
    const files = statSync(path).isDirectory()
      ? globSync(join(path, "**", "*.{js,mjs}")).sort()
      : [path];
    const needs = handler.calls.flatMap((it) => it.needs ?? []);
    const mayUse = handler.calls.flatMap((it) => it.mayUse ?? []);
    const calls = await callsOfHandler(handler.name);
    rows.push(rowOf({ ...handler, needs, mayUse }, calls, await askTool(tool, files)));
  }
  rows.push(await ownRow(tool));
  const differing = rows.filter((it) => differs(it.tool)).map(({ name }) => name);
  return {
    text: sectionText(rows),
    version: run(tool, ["version"]).replace(/^\D+/, "").trim(),
    unexplained: [
      ...differing.filter((it) => !(it in causes)),
      ...Object.keys(causes).filter((it) => !differing.includes(it)),
      ...rows.filter((it) => differs(it.pack)).map(({ name }) => name),
    ],
  };
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
      const operation = await operationOf(services[service] ?? service, Name);
      if (operation.kind === "known") actions.push(...operation.needs.flat(), ...operation.mayUse);
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
  const total = (of: (row: Row) => number) => rows.reduce((sum, it) => sum + of(it), 0);
  const needed = total(({ needs }) => needs.length);
  const counts = (of: (row: Row) => Score) =>
    `${total((it) => of(it).found)} found, ${total((it) => of(it).missed.length)} missed, ` +
    `${total((it) => of(it).invented.length)} invented`;
  return [
    "## Calls in code",
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
    `Of ${needed} actions: the pack ${counts(({ pack }) => pack)}; the tool ${counts(({ tool }) => tool)}. ` +
      `In ${rows.filter(({ hasGap }) => hasGap).length} of the ${rows.length} handlers the pack ` +
      "reports something that it cannot analyze; the tool's output has no such report.",
    table(
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
    ),
  ].join("\n\n");
}

function scoreText({ found, missed, invented }: Score): string {
  const parts = [
    ...(found > 0 ? [`${found} found`] : []),
    ...(missed.length > 0 ? [`${missed.length} missed`] : []),
    ...(invented.length > 0 ? [`${invented.length} invented`] : []),
  ];
  return parts.join(", ") || "nothing";
}
