import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { createScenario } from "../../sandbox/scenario/scenario.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const guides = [
  "README.md",
  "CONTRIBUTING.md",
  "policy/README.md",
  "sandbox/README.md",
  "pipeline/README.md",
  "docs/behavior.md",
];

/** The cells of each row of a table whose first cell is code, without that cell's backticks. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((it) => it.trim().replaceAll("`", "")));
}

describe("README.md", () => {
  it("has at most 120 lines of at most 100 columns", () => {
    const lines = readme.trimEnd().split("\n");

    expect(lines.length).to.be.at.most(120);
    expect(lines.filter((line) => [...line].length > 100)).to.deep.equal([]);
  });

  it("shows steps as `npm start` names them", () => {
    const { main, end } = createScenario({ pulumi: "", python: "", folder: "" });
    const names = [...main, ...end].map(({ name }) => name);
    const shown = [...readme.matchAll(/^✓ +(\d+)\/(\d+) (.*) \(\d+\.\d s\)$/gm)];

    expect(shown).not.to.deep.equal([]);
    for (const [, number, count, name] of shown) {
      expect(count).to.equal(String(names.length));
      expect(name).to.equal(names[Number(number) - 1]);
    }
  });

  it("names the versions that package.json has", () => {
    const { devDependencies, engines } = JSON.parse(read("package.json"));

    expect(readme).to.include(
      `(https://www.pulumi.com/docs/install/) ${devDependencies["@pulumi/pulumi"]}`,
    );
    expect(readme).to.include(`Node.js ${engines.node.replace(">=", "")} or newer`);
  });
});

describe("docs/behavior.md", () => {
  const behavior = read("docs/behavior.md");
  const rows = rowsOf(behavior);

  it("lists each alarm", () => {
    const alarms = [...read("infra/function-alarms.ts").matchAll(/^ {6}name: "([\w-]+)",$/gm)].map(
      ([, name]) => name,
    );

    expect(alarms).to.have.length(9);
    expect(rows.flatMap(([name = ""]) => name.split(", "))).to.include.members(alarms);
  });

  it("lists each action of the function's role", () => {
    const grants = JSON.parse(read("grants.lock.json"));
    const actions = Object.keys(grants["aws:iam/role:Role reboot-role"]);

    expect(rows.flatMap(([name = ""]) => name.split(", "))).to.include.members(actions);
  });

  it("invokes the function only with payloads that it accepts, in the syntax of AWS CLI v2", () => {
    const { parseManualInvocation } = loadProgram<
      typeof import("../../handler/requests/manual.ts")
    >("handler/requests/manual.ts");
    const context = { awsRequestId: "id", getRemainingTimeInMillis: () => 15_000 };
    const calls = [behavior, read("docs/runbook.md")]
      .flatMap((text) => text.split("\n"))
      .filter((line) => line.trim().startsWith("aws lambda invoke"));

    expect(calls).to.have.length(3);
    for (const call of calls) {
      expect(call).to.include("--function-name Pacerpro-Reboot-Automation");
      const payload = /--payload '([^']*)'/.exec(call)?.[1];
      expect(call.includes("--cli-binary-format raw-in-base64-out")).to.equal(
        payload !== undefined,
      );
      const event = payload === undefined ? {} : JSON.parse(payload);
      expect(parseManualInvocation(event, context, { instanceIds: [] }).kind).to.equal("manual");
    }
  });
});

describe("the npm scripts", () => {
  const { scripts } = JSON.parse(read("package.json"));

  for (const guide of guides) {
    it(`that ${guide} names exist`, () => {
      const named = [...read(guide).matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
        ([, run, direct]) => run ?? direct ?? "",
      );

      expect(Object.keys(scripts)).to.include.members([...new Set(named)]);
    });
  }

  it("are all in CONTRIBUTING.md", () => {
    const contributing = read("CONTRIBUTING.md");
    const missing = Object.keys(scripts).filter(
      (it) => !new RegExp(`npm (run )?${it}\\b`).test(contributing),
    );

    expect(missing).to.deep.equal(["setup"]);
  });
});

describe("the test files that a guide runs", () => {
  for (const guide of guides) {
    it(`exist: ${guide}`, () => {
      const files = [...read(guide).matchAll(/npm run (?:unit|e2e) -- (\S+\.ts)/g)];

      for (const [, file = ""] of files) expect(() => read(file), file).not.to.throw();
    });
  }
});

describe("the paths in CONTRIBUTING.md", () => {
  it("exist", () => {
    const paths = [...read("CONTRIBUTING.md").matchAll(/`((?:\w[\w.-]*\/)+[\w.-]*)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !path.includes("NAME"));

    expect(paths.filter((it) => !existsSync(join(root, it)))).to.deep.equal([]);
  });
});

describe("the map of a part", () => {
  for (const part of ["policy", "sandbox", "pipeline"]) {
    it(`names what is in ${part}/`, () => {
      const named = rowsOf(read(`${part}/README.md`))
        .flatMap(([cell = ""]) => cell.split(", "))
        .filter((it) => /\/$|\.ts$/.test(it) && !it.startsWith("npm "));

      expect(named).not.to.deep.equal([]);
      expect(named.filter((it) => !existsSync(join(root, part, it)))).to.deep.equal([]);
    });
  }
});
