import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Setting {
  readonly default: string | number;
  readonly description: string;
}

const { config } = yaml.load(read("Pulumi.yaml")) as { config: Record<string, Setting> };
const settings = Object.entries(config).filter(([key]) => !key.includes(":"));

/** The lines of Markdown tables whose first cell is `code`. */
function rowOf(code: string): string[] | undefined {
  const line = readme.split("\n").find((it) => it.startsWith(`| \`${code}\` |`));
  return line
    ?.split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("README.md", () => {
  for (const [key, { default: preset, description }] of settings) {
    it(`says of the setting ${key} what Pulumi.yaml says`, () => {
      const shown = preset === "" ? "" : `\`${preset}\``;

      expect(rowOf(key)).to.deep.equal([`\`${key}\``, shown, description]);
    });
  }

  it("names the versions that package.json has", () => {
    const { devDependencies, engines } = JSON.parse(read("package.json"));

    expect(readme).to.include(
      `(https://www.pulumi.com/docs/install/) ${devDependencies["@pulumi/pulumi"]}`,
    );
    expect(readme).to.include(`Node.js ${engines.node.replace(">=", "")} or newer`);
  });

  it("calls by hand only what the handler takes, in the form of AWS CLI v2", () => {
    const { parseCallByHand } =
      loadProgram<typeof import("../../handler/call-by-hand.ts")>("handler/call-by-hand.ts");
    const context = { awsRequestId: "id", getRemainingTimeInMillis: () => 15_000 };
    const calls = [readme, read("docs/runbook.md")]
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
      expect(parseCallByHand(event, context).kind).to.equal("by-hand");
    }
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = [readme, read("CONTRIBUTING.md")]
      .flatMap((text) => [...text.matchAll(/npm (?:run (\w+)|(start|test)\b)/g)])
      .map(([, run, direct]) => run ?? direct ?? "");

    expect(Object.keys(scripts)).to.include.members([...new Set(named)]);
  });

  it("links only to files that exist", () => {
    for (const file of [
      "README.md",
      "CONTRIBUTING.md",
      "policy/README.md",
      ...globSync("docs/*.md", { cwd: root }),
    ]) {
      for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(existsSync(join(root, file, "..", target)), `${file}: ${target}`).to.equal(true);
      }
    }
  });
});
