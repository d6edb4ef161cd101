import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { rules } from "../support.ts";
import { sarifOf } from "./fake-pulumi.ts";
import { runInMemory } from "./memory-terminal.ts";

const { readWaivers } = loadProgram<typeof import("../../waivers.ts")>("policy/waivers.ts");

const id = "086bb7633c11803362cd";

describe("the command explain, for a finding", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "explain-"));
    const statement = { Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" };
    write("wide.json", { Version: "2012-10-17", Statement: [statement] });
    await run(["check", "wide.json"], { SARIF_FILE: "findings.sarif" });
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  const run = (args: readonly string[], environment: Record<string, string> = {}) =>
    runInMemory(args, { folder, environment });

  it("says what it is, why it matters and how to accept it", async () => {
    const { code, output } = await run(["explain", id, "--sarif", "findings.sarif"]);

    expect(code).to.equal(0);
    expect(output).to.equal(`star-resource
Severity: high, mandatory
ID: 086bb7633c11803362cd

wide.json: policy, statement Tell: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead, built from names that are known before deployment.

Resource: aws:iam/policy:Policy wide.json
URN: urn:pulumi:check::check::aws:iam/policy:Policy::wide.json

Passes if: An Allow statement lists its resources if its actions accept any.
Fix: Replace \`*\` with the ARNs of the intended resources.
Why: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html

Waiver, to fill in if you accept it:
{
  "rule": "star-resource",
  "type": "aws:iam/policy:Policy",
  "name": "wide.json",
  "finding": "policy, statement Tell: Resource * with sns:Publish",
  "reason": "<why it is accepted, and what limits the risk>",
  "owner": "<who is responsible for it>",
  "expires": "<YYYY-MM-DD>"
}
`);
  });

  it("finds it by the first six digits, and the file by the environment", async () => {
    const whole = await run(["explain", id, "--sarif", "findings.sarif"]);

    const short = await run(["explain", id.slice(0, 6)], { SARIF_FILE: "findings.sarif" });

    expect(short).to.deep.equal(whole);
  });

  it("prints a waiver that the pack refuses until it is filled in", async () => {
    const { output } = await run(["explain", id, "--sarif", "findings.sarif", "--json"]);

    const { waiver } = JSON.parse(output);
    const names = rules.map(({ name }) => name);
    expect(readWaivers(JSON.stringify([waiver]), names)).to.deep.equal({
      waivers: [],
      problems: [
        "waiver 1 has the placeholder <why it is accepted, and what limits the risk> in reason: replace it",
        "waiver 1 has the placeholder <who is responsible for it> in owner: replace it",
        "waiver 1 has the placeholder <YYYY-MM-DD> in expires: replace it",
      ],
    });
    const filled = { ...waiver, reason: "Known.", owner: "team", expires: "2026-12-31" };
    expect(readWaivers(JSON.stringify([filled]), names)).to.deep.equal({
      waivers: [filled],
      problems: [],
    });
  });

  it("prints no waiver where none can excuse it", async () => {
    write("other.sarif", sarifOf({ rule: "configuration", canBeWaived: false }));
    const [result] = JSON.parse(readFileSync(join(folder, "other.sarif"), "utf8")).runs[0].results;
    const digits = result.partialFingerprints.primaryLocationLineHash.slice(0, 8);

    const { output } = await run(["explain", digits, "--sarif", "other.sarif"]);

    expect(output).to.match(/\n\nIt cannot be waived\.\n$/);
    expect(output).not.to.include("<");
  });

  it("shows where the program creates the resource, the statements to write, and the edit", async () => {
    const sarif = sarifOf({}) as { runs: { results: Record<string, unknown>[] }[] };
    const [result] = sarif.runs[0]?.results ?? [];
    const location = {
      artifactLocation: { uri: "in%20fra/index.ts" },
      region: { startLine: 12 },
    };
    Object.assign(result ?? {}, {
      locations: [{ physicalLocation: location }],
      properties: { ...(result?.properties as object), replacement: [{ Action: "sns:Publish" }] },
      fixes: [
        {
          artifactChanges: [
            {
              artifactLocation: { uri: "in%20fra/index.ts" },
              replacements: [
                {
                  deletedRegion: { startLine: 14, startColumn: 5, endLine: 15, endColumn: 6 },
                  insertedContent: { text: '{ Action: "sns:Publish" }' },
                },
              ],
            },
          ],
        },
      ],
    });
    write("fixed.sarif", sarif);
    const { partialFingerprints } = result as { partialFingerprints: Record<string, string> };
    const digits = partialFingerprints.primaryLocationLineHash?.slice(0, 8) ?? "";

    const { output } = await run(["explain", digits, "--sarif", "fixed.sarif"]);

    expect(output).to.include("\nCreated in: in fra/index.ts:12\n");
    expect(output).to.include(
      '\nStatements to write:\n[\n  {\n    "Action": "sns:Publish"\n  }\n]\n\nEdit of in fra/index.ts:14:5-15:6:\n{ Action: "sns:Publish" }\n',
    );
  });

  it("shows control characters of a file as text", async () => {
    const name = "\u001b]0;x\u0007";
    write("odd.sarif", sarifOf({ name }));
    const [result] = JSON.parse(readFileSync(join(folder, "odd.sarif"), "utf8")).runs[0].results;
    const digits = result.partialFingerprints.primaryLocationLineHash.slice(0, 8);

    const { output } = await run(["explain", digits, "--sarif", "odd.sarif"]);

    expect(output).to.include("Resource: aws:iam/rolePolicy:RolePolicy \\u001b]0;x\\u0007\n");
  });

  for (const [what, args, message] of [
    [
      "without a file",
      ["abcdef"],
      "the file with finding abcdef is missing: expected --sarif FILE",
    ],
    [
      "that the file does not have",
      ["abcdef", "--sarif", "findings.sarif"],
      "findings.sarif has no finding abcdef: expected the start of an ID",
    ],
    ["with fewer than six digits", ["abcde"], "there is no rule abcde: expected one of sarif, "],
    [
      "in a file of something else",
      ["abcdef", "--sarif", "wide.json"],
      "wide.json is something else: expected a SARIF file of this pack",
    ],
    [
      "in a file that does not exist",
      ["abcdef", "--sarif", "no.sarif"],
      "no.sarif cannot be read (ENOENT): expected the path of a SARIF file of this pack",
    ],
  ] as const) {
    it(`refuses one ${what}`, async () => {
      const { code, output, errors } = await run(["explain", ...args]);

      expect([code, output]).to.deep.equal([2, ""]);
      expect(errors).to.include(`error: ${message}`);
    });
  }

  it("refuses digits with which several IDs start, and lists them", async () => {
    const sarif = sarifOf({ name: "a" }, { name: "b" }) as { runs: [{ results: object[] }] };
    const [first, second] = ["aaaaaa00000000000001", "aaaaaa00000000000002"].map((it, index) => ({
      ...sarif.runs[0].results[index],
      partialFingerprints: { "finding/v1": "x", primaryLocationLineHash: `${it}:1` },
    }));
    write("both.sarif", { runs: [{ ...sarif.runs[0], results: [second, first, first] }] });

    const { code, errors } = await run(["explain", "aaaaaa", "--sarif", "both.sarif"]);

    expect(code).to.equal(2);
    expect(errors).to.equal(
      "error: both.sarif has several findings aaaaaa: expected one of aaaaaa00000000000001, aaaaaa00000000000002\n",
    );
  });
});
