import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { allow, policy, role, topic, topicArn } from "./function-stack.ts";
import { messagesOf, ruleNamed, startPack } from "./support.ts";

const alerts = topic("alerts");
const reviewed = JSON.stringify({
  "aws:iam/role:Role role": { "sns:Publish": ["aws:sns/topic:Topic alerts"] },
});
const wider = JSON.stringify({
  "aws:iam/role:Role role": {
    "sns:Publish": ["aws:sns/topic:Topic alerts"],
    "sns:DeleteTopic": ["aws:sns/topic:Topic alerts"],
  },
});
const publish = policy(allow("Tell", "sns:Publish", topicArn("alerts")));
const both = policy(allow("Tell", ["sns:Publish", "sns:DeleteTopic"], topicArn("alerts")));

describe("the files that the pack checks against", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "input-files-"));
    file = join(folder, "grants.lock.json");
    writeFileSync(file, reviewed);
    writeFileSync(join(folder, "waivers.json"), "[]");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const settings = {
    "grants-file": { file: "grants.lock.json" },
    waivers: { file: "waivers.json" },
  };
  const start = (more: object = {}) =>
    startPack({ rules: [ruleNamed("grants-file")], settings, folder, ...more });

  /** A finding about a file, as its first words. */
  const changed = (what: string, path = file) =>
    `role: file ${path}: ${what} after the pack had read it (before the program started). Remove the code that writes it; the findings are based on the file as it was.`;

  it("allows a stack while they stay as they are", async () => {
    const pack = start();

    const verdicts = [
      ...(await pack.analyze(role)).verdicts,
      ...(await pack.analyzeStack([role, alerts, publish])).verdicts,
    ];

    expect(messagesOf(verdicts)).to.deep.equal([]);
  });

  it("are used as they were before the program started", async () => {
    const pack = start();
    writeFileSync(file, wider);

    expect(messagesOf((await pack.analyze(both)).verdicts)).to.include(
      "policy: policy, statement Tell: + sns:DeleteTopic: grants.lock.json does not list it, so the stack would grant more than was reviewed. Remove it, or regenerate grants.lock.json and have the change reviewed.",
    );
  });

  const otherFile = () => join(folder, "other.json");
  const changes: Readonly<Record<string, readonly [what: string, change: () => void]>> = {
    "has another content": ["its content was changed", () => writeFileSync(file, wider)],
    "is one byte longer": ["its content was changed", () => writeFileSync(file, `${reviewed}\n`)],
    "is gone": ["it was removed", () => unlinkSync(file)],
    "is a link to the same content": [
      "a symbolic link took its place, or the reverse",
      () => {
        renameSync(file, otherFile());
        symlinkSync(otherFile(), file);
      },
    ],
    "is a folder": [
      "its content was changed",
      () => {
        unlinkSync(file);
        mkdirSync(file);
      },
    ],
    "is a pipe that nobody writes to": [
      "its content was changed",
      () => {
        unlinkSync(file);
        execFileSync("mkfifo", [file]);
      },
    ],
    "is a terabyte of zeros": ["its content was changed", () => truncateSync(file, 1024 ** 4)],
  };

  for (const [how, [what, change]] of Object.entries(changes)) {
    it(`fail the run at the next resource if one ${how}`, async () => {
      const pack = start();
      change();

      const { verdicts } = await pack.analyze(role);

      expect(verdicts.map(({ rule, level }) => [rule, level])).to.deep.equal([
        ["changed-file", "mandatory"],
      ]);
      expect(messagesOf(verdicts)).to.deep.equal([changed(what)]);
    });
  }

  it("fail the run if one was created", async () => {
    unlinkSync(file);
    const pack = start();
    writeFileSync(file, wider);

    expect(messagesOf((await pack.analyze(role)).verdicts)).to.deep.equal([
      changed("it was created"),
    ]);
  });

  it("fail the run at its end if one changes after the last resource", async () => {
    const pack = start();
    await pack.analyze(role);
    writeFileSync(join(folder, "waivers.json"), "[{}]");

    expect(messagesOf((await pack.analyzeStack([role, alerts, publish])).verdicts)).to.deep.equal([
      changed("its content was changed", join(folder, "waivers.json")),
    ]);
  });

  it("are reported once", async () => {
    const pack = start();
    writeFileSync(file, wider);

    const counts = [
      (await pack.analyze(role)).verdicts.length,
      (await pack.analyze(alerts)).verdicts.length,
      (await pack.analyzeStack([role, alerts, publish])).verdicts.length,
    ];

    expect(counts).to.deep.equal([1, 0, 0]);
  });

  it("are compared by other rules if the rule itself is switched off, and fail the run all the same", async () => {
    const pack = start({ disabled: ["changed-file"] });
    writeFileSync(file, wider);

    const { verdicts } = await pack.analyze(role);

    expect(verdicts.map(({ rule, level }) => [rule, level])).to.deep.equal([
      ["changed-file", "mandatory"],
    ]);
  });

  it("cannot be waived", async () => {
    const waiver = {
      rule: "changed-file",
      type: "aws:iam/role:Role",
      name: "role",
      finding: `file ${file}`,
      reason: "It is written by the build.",
      owner: "platform",
      expires: "2999-12-31",
    };
    writeFileSync(join(folder, "waivers.json"), JSON.stringify([waiver]));
    const pack = start();
    writeFileSync(file, wider);

    expect(messagesOf((await pack.analyze(role)).verdicts)).to.deep.equal([
      changed("its content was changed"),
      "role: waivers file waivers.json: waiver 1 names the rule changed-file: expected one of grants-file. Fix the file, or set waivers.file in the pack's configuration (a relative path starts at POLICY_FOLDER, or else at the program's folder; for a pack in a folder, at the pack's).",
    ]);
  });

  it("are in the SARIF file when they change", async () => {
    const pack = start({ settings: { ...settings, sarif: { file: "findings.sarif" } } });
    writeFileSync(file, wider);

    await pack.analyze(role);

    const { results } = JSON.parse(readFileSync(join(folder, "findings.sarif"), "utf8")).runs[0];
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).to.deep.equal(["changed-file"]);
  });

  it("are a finding where the pack got their names too late to read them", async () => {
    const pack = start({ isConfigured: false });

    expect(messagesOf((await pack.analyze(role)).verdicts)).to.deep.equal([
      "role: waivers file waivers.json: it was not read before the program started. Fix the file, or set waivers.file in the pack's configuration (a relative path starts at POLICY_FOLDER, or else at the program's folder; for a pack in a folder, at the pack's).",
    ]);
    expect(messagesOf((await pack.analyzeStack([role, alerts, publish])).verdicts)[0]).to.include(
      "role: grants file grants.lock.json: it was not read before the program started.",
    );
  });

  it("are regular files", async () => {
    unlinkSync(file);
    execFileSync("mkfifo", [file]);

    expect(
      messagesOf((await start().analyzeStack([role, alerts, publish])).verdicts)[0],
    ).to.include("role: grants file grants.lock.json: it is not a regular file.");
  });
});
