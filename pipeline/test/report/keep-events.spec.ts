import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { after, before, changed, drifted, found, logOf, previewOf, state } from "./logs.ts";
import { runScript } from "./support.ts";

describe("pipeline/report/keep-events.ts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "keep-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keep = async (log: string) => {
    writeFileSync(join(folder, "all.json"), log);
    const ended = await runScript(
      "keep-events.ts",
      [join(folder, "all.json"), join(folder, "events.json")],
      {},
    );
    const kept = join(folder, "events.json");
    return { ...ended, kept: existsSync(kept) ? readFileSync(kept, "utf8") : "" };
  };

  for (const [what, log] of [
    ["a preview", changed],
    ["a preview with findings", found],
    ["a refresh", drifted],
  ] as const) {
    it(`keeps of ${what} what is read of it`, async () => {
      const { code, kept } = await keep(log);

      expect(code).to.equal(0);
      expect(previewOf(kept)).to.deep.equal(previewOf(log));
    });
  }

  it("keeps neither debug messages nor the configuration, nor what stays the same", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "logs" };
    const log = logOf(
      [
        { preludeEvent: { config: { "p:notificationEmail": "ada@b.co" } } },
        { diagnosticEvent: { severity: "debug", message: "token,,,S3CR3T", color: "never" } },
        { stdoutEvent: { message: "S3CR3T", color: "never" } },
        before({ ...bucket, op: "same", old: state({}), new: state({ a: "S3CR3T" }) }),
        before({ ...bucket, name: "new", op: "create", new: state({ a: 1 }) }),
        after({ ...bucket, name: "new", op: "create", new: state({}, { outputs: "S3CR3T" }) }),
      ],
      { create: 1, same: 1 },
    ).replace('"outputs":"S3CR3T"', '"outputs":{"a":"S3CR3T"}');

    const { kept } = await keep(log);

    expect(kept).not.to.match(/S3CR3T|ada@/);
    expect(kept.trim().split("\n")).to.have.length(3);
    expect(previewOf(kept)).to.deep.equal(previewOf(log));
  });

  it("keeps nothing after a line that it does not understand, and fails", async () => {
    const { code, error, kept } = await keep(`${changed.split("\n")[0]}\n{"diagnosticEvent":{"sev`);

    expect({ code, error }).to.deep.equal({
      code: 1,
      error: "::error::The events were not kept: is not JSON",
    });
    expect(kept).to.equal(`${changed.split("\n")[0]}\n`);
  });
});
