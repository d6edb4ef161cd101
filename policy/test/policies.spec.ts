import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { policies } = loadProgram<typeof import("../policies.ts")>("policy/policies.ts");

describe("policies() for one's own policy pack", () => {
  for (const [options, problem] of [
    [{ only: ["star-actoin"] }, "the pack has no rule star-actoin: expected star-action"],
    [{ except: ["star-actoin"] }, "the pack has no rule star-actoin: expected star-action"],
    [
      { levels: { "star-actoin": "advisory" } },
      "the pack has no rule star-actoin: expected star-action",
    ],
    [
      { levels: { "star-action": "off" } },
      "the pack has no level off: expected one of advisory, mandatory, disabled",
    ],
    [{ exept: [] }, "the pack has no option exept: expected except"],
    [{ only: "star-action" }, "only is no list of rules"],
    [
      { settings: { "foreign-arn": { externals: [] } } },
      "configuration: setting foreign-arn.externals: the rule has no such setting. Write external.",
    ],
    [
      { settings: { "foreign-arn": { external: "*" } } },
      "configuration: setting foreign-arn.external: it is no list of strings. Write a list of strings.",
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      expect(() => policies(options as object)).to.throw(Error, `policies(): ${problem}`);
    });
  }

  it("are the selected rules, with their levels and what every run needs, and once in a process", () => {
    const selected = policies({
      only: ["star-action", "pass-role"],
      levels: { "star-action": "disabled", "unused-waiver": "advisory" },
    });

    expect(selected.map(({ name, enforcementLevel }) => [name, enforcementLevel])).to.deep.equal([
      ["sarif", undefined],
      ["configuration", undefined],
      ["changed-file", undefined],
      ["waivers", undefined],
      ["star-action", "disabled"],
      ["pass-role", undefined],
      ["unused-waiver", "advisory"],
    ]);
    expect(() => policies({ only: ["star-resource"] })).to.throw(
      "policies() was called before: expected one call in a process, since the rules share waivers and a SARIF file",
    );
  });

  it("refuse a version of @pulumi/policy with which the rules would fail", () => {
    const script = `
      const path = require.resolve("@pulumi/policy");
      const { UnknownValueError, ...others } = require(path);
      require.cache[path].exports = others;
      try { require("./policies.js").policies() } catch ({ message }) { console.log(message) }`;

    const printed = execFileSync(process.execPath, ["-e", script], {
      cwd: join(import.meta.dirname, "..", "bin"),
      encoding: "utf8",
    });

    expect(printed).to.equal("policies(): @pulumi/policy is too old: expected ^1.21.0\n");
  });
});
