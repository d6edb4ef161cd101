// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { holds, interpolate } from "../../rehearsal/expression.ts";

describe("expressions of workflows", () => {
  const folder = mkdtempSync(join(tmpdir(), "expression-"));
  after(() => rmSync(folder, { recursive: true }));

  const context = {
    values: {
      github: { ref: "refs/heads/main", event: { pull_request: { number: 7 } } },
      vars: { AWS_PREVIEW_ROLE: "arn:preview" },
      inputs: {},
    },
    status: "success",
    folder,
  } as const;
  const failed = { ...context, status: "failure" } as const;
  const skipped = { ...context, status: "skipped" } as const;

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

  for (const [condition, afterSuccess, afterFailure, afterSkip] of [
    [undefined, true, false, false],
    ["vars.AWS_PREVIEW_ROLE != ''", true, false, false],
    ["vars.AWS_DEPLOY_ROLE != ''", false, false, false],
    ["github.ref == 'refs/heads/main' && vars.AWS_PREVIEW_ROLE != ''", true, false, false],
    ["!cancelled() && hashFiles('none') == ''", true, true, true],
    ["failure()", false, true, false],
    ["${{ always() }}", true, true, true],
  ] as const) {
    it(`run what has the condition ${condition} after success: ${afterSuccess}, failure: ${afterFailure}, skip: ${afterSkip}`, () => {
      expect(holds(condition, context)).to.equal(afterSuccess);
      expect(holds(condition, failed)).to.equal(afterFailure);
      expect(holds(condition, skipped)).to.equal(afterSkip);
    });
  }

  it("refuse a name that GitHub does not have", () => {
    expect(() => interpolate("${{ gihub.ref }}", context)).to.throw("gihub");
  });
});
