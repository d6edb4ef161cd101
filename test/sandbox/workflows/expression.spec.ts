// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { holds, interpolate } from "../../../sandbox/workflows/expression.ts";

describe("expressions of workflows", () => {
  const folder = mkdtempSync(join(tmpdir(), "expression-"));
  after(() => rmSync(folder, { recursive: true }));

  const context = {
    values: {
      github: { ref: "refs/heads/main", event: { pull_request: { number: 7 } } },
      vars: { AWS_PREVIEW_ROLE: "arn:preview" },
      inputs: {},
    },
    hasFailed: false,
    folder,
  };
  const failed = { ...context, hasFailed: true };

  for (const [text, expected] of [
    ["plain", "plain"],
    ["${{ github.event.pull_request.number }}", "7"],
    ["a-${{ github.ref }}-${{ vars.AWS_PREVIEW_ROLE }}", "a-refs/heads/main-arn:preview"],
    ["${{ vars.PULUMI_STACK || 'dev' }}", "dev"],
    ["${{ inputs.refresh || false }}", "false"],
    ["${{ hashFiles('nothing.json') }}", ""],
  ] as const) {
    it(`make ${JSON.stringify(expected)} of ${text}`, () => {
      expect(interpolate(text, context)).to.equal(expected);
    });
  }

  it("hash files by what is in them", () => {
    writeFileSync(join(folder, "lock.json"), "1");
    const before = interpolate("${{ hashFiles('lock.json') }}", context);
    writeFileSync(join(folder, "lock.json"), "2");

    expect(before).to.match(/^[0-9a-f]{64}$/);
    expect(interpolate("${{ hashFiles('*.json') }}", context)).not.to.equal(before);
  });

  for (const [condition, whileWell, afterFailure] of [
    [undefined, true, false],
    ["vars.AWS_PREVIEW_ROLE != ''", true, false],
    ["vars.AWS_DEPLOY_ROLE != ''", false, false],
    ["github.ref == 'refs/heads/main' && vars.AWS_PREVIEW_ROLE != ''", true, false],
    ["!cancelled() && hashFiles('none') == ''", true, true],
    ["failure()", false, true],
    ["${{ always() }}", true, true],
  ] as const) {
    it(`let a step with the condition ${condition} run: ${whileWell}, after a failure: ${afterFailure}`, () => {
      expect(holds(condition, context)).to.equal(whileWell);
      expect(holds(condition, failed)).to.equal(afterFailure);
    });
  }

  it("refuse a name that GitHub does not have", () => {
    expect(() => interpolate("${{ gihub.ref }}", context)).to.throw("gihub");
  });
});
