import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { marked, type Tokens } from "marked";
import ts from "typescript";
import { loadProgram } from "../../sandbox/engine/program.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const program = programOf("handler/**/*.ts");
const checker = program.getTypeChecker();

/** The program of these files, without the packages that they import: their types have no outcome. */
function programOf(pattern: string): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, file) =>
    literals.map(({ text }) =>
      text.startsWith(".")
        ? ts.resolveModuleName(text, file, options, host)
        : { resolvedModule: undefined },
    );
  const files = globSync(pattern, { cwd: root }).map((file) => join(root, file));
  return ts.createProgram(files, options, host);
}

/** A property `outcome` of an object that the code creates, with its possible values. */
interface OutcomeOfCode {
  readonly place: string;
  /** Absent if the type is not one string or a union of strings. */
  readonly values?: readonly string[];
}

/**
 * Each `outcome` that the function's code gives to an object: what it logs, responds or sends as an event. The
 * table's code logs nothing, and its outcomes are those that it reads and those of events.
 */
function outcomesOfCode(): OutcomeOfCode[] {
  const found: OutcomeOfCode[] = [];
  const visit = (node: ts.Node) => {
    const type = typeOfOutcome(node);
    if (type) {
      const { fileName, text } = node.getSourceFile();
      const line = text.slice(0, node.getStart()).split("\n").length;
      const values = valuesOf(type);
      found.push({
        place: `${fileName.slice(root.length + 1)}:${line}`,
        ...(values && { values }),
      });
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    const path = file.fileName.slice(root.length + 1);
    if (path.startsWith("handler/") && !path.startsWith("handler/incidents/")) visit(file);
  }
  return found;
}

function typeOfOutcome(node: ts.Node): ts.Type | undefined {
  if (ts.isPropertyAssignment(node) && node.name.getText() === "outcome") {
    return checker.getTypeAtLocation(node.initializer);
  }
  if (ts.isShorthandPropertyAssignment(node) && node.name.text === "outcome") {
    // The variable's type: that of the property is wider.
    const variable = checker.getShorthandAssignmentValueSymbol(node);
    return variable && checker.getTypeOfSymbolAtLocation(variable, node.name);
  }
  return undefined;
}

function valuesOf(type: ts.Type): string[] | undefined {
  const types = type.isUnion() ? type.types : [type];
  const values = types.flatMap((it) => (it.isStringLiteral() ? it.value : []));
  return values.length === types.length ? values : undefined;
}

/** The values of a type that a file of the program exports. */
function valuesOfExport(path: string, name: string): string[] {
  const file = program.getSourceFile(join(root, path));
  const symbol = file && checker.getSymbolAtLocation(file);
  const type = symbol && checker.getExportsOfModule(symbol).find((it) => it.name === name);
  return (type && valuesOf(checker.getDeclaredTypeOfSymbol(type))) ?? [];
}

/** The strings in code format of a table's first column, for the tables whose heading of this column is `head`. */
function firstColumn(page: string, head: string): string[] {
  return marked
    .lexer(read(page))
    .filter((it): it is Tokens.Table => it.type === "table")
    .filter(({ header }) => header[0]?.text === head)
    .flatMap(({ rows }) => rows)
    .flatMap(([cell]) => [...(cell?.text ?? "").matchAll(/`([^`]+)`/g)])
    .map(([, text = ""]) => text);
}

describe("docs/runbook.md", () => {
  it("explains every outcome that the function logs", () => {
    const outcomes = outcomesOfCode();
    const logged = new Set(outcomes.flatMap(({ values = [] }) => values));
    const unreadable = outcomes.filter(({ values }) => !values).map(({ place }) => place);
    const explained = firstColumn("docs/runbook.md", "log line");

    // Such a place could log anything.
    expect(unreadable).to.deep.equal([]);
    expect(logged).to.include.keys("skipped", "pending", "still slow", "waited too long");
    expect([...logged].filter((it) => !explained.includes(it))).to.deep.equal([]);
  });

  it("explains no log line that the function does not have", () => {
    const logged = new Set(outcomesOfCode().flatMap(({ values = [] }) => values));
    const sources = ["queue", "UnknownIncident"];
    const others = firstColumn("docs/runbook.md", "log line").filter((it) => !logged.has(it));

    expect(others.filter((it) => !sources.includes(it))).to.deep.equal([]);
  });

  it("explains exactly the limits that the function logs", () => {
    const limits = valuesOfExport("handler/incidents/claim-result.ts", "Limit");

    expect(limits).to.include("cool-down");
    expect(firstColumn("docs/runbook.md", "limit")).to.have.members(limits);
  });
});

describe("the table's code", () => {
  it("logs nothing", () => {
    const logging = globSync("handler/incidents/*.ts", { cwd: root }).filter((it) =>
      /\blog\(/.test(read(it)),
    );

    expect(logging).to.deep.equal([]);
  });
});

describe("docs/events/README.md", () => {
  const { eventKinds } = loadProgram<typeof import("../../handler/incidents/events.ts")>(
    "handler/incidents/events.ts",
  );

  it("has a pattern with every outcome of an event, but those that do not end an incident", () => {
    const [, pattern = ""] =
      /end of each incident[^`]+```json\n(.*?)```/s.exec(read("docs/events/README.md")) ?? [];
    const ongoing = ["claimed", "rebooted", "suppressed", "shared cause"];
    const ofNoIncident = ["on", "dryrun", "off", "test", "test resolved"];

    expect([...JSON.parse(pattern).detail.outcome, ...ongoing, ...ofNoIncident]).to.have.members(
      Object.keys(eventKinds),
    );
  });
});
