import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { messagesOf, rolePolicy, ruleNamed, startPack } from "./support.ts";

const policy = rolePolicy({ Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" });
const message =
  "it: policy, statement Tell: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead, built from names that are known before deployment.";
const waiver = {
  rule: "star-resource",
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "it",
  finding: "policy, statement Tell: Resource * with sns:Publish",
  reason: "Others create the topics.",
  owner: "platform",
  expires: "2027-03-31",
};

describe("waivers", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waivers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function packWith(content: unknown, now = "2026-06-01T12:00:00Z", file = "waivers.json") {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder, "waivers.json"), text);
    return startPack({
      rules: [ruleNamed("star-resource"), ruleNamed("privilege-escalation")],
      settings: { waivers: { file } },
      folder,
      now: () => new Date(now),
    });
  }

  it("excuses exactly the finding that it names", async () => {
    const two = rolePolicy({
      Sid: "Tell",
      Effect: "Allow",
      Action: ["sns:Publish", "sns:Subscribe"],
      Resource: "*",
    });

    const { verdicts } = await packWith([waiver]).analyze(two);

    expect(verdicts.map((it) => it.message)).to.deep.equal([
      "it: policy, statement Tell: Resource * with sns:Publish and sns:Subscribe: the action accepts a resource (topic). List the ARNs instead, built from names that are known before deployment.",
    ]);
  });

  for (const other of [
    { ...waiver, name: "another" },
    { ...waiver, type: "aws:iam/userPolicy:UserPolicy" },
    { ...waiver, rule: "privilege-escalation" },
    { ...waiver, finding: "policy, statement Tell: Resource *" },
  ]) {
    it(`excuses nothing for ${other.rule} ${other.type} ${other.name} ${other.finding}`, async () => {
      const { verdicts } = await packWith([other]).analyze(policy);

      expect(messagesOf(verdicts)).to.deep.equal([message]);
    });
  }

  for (const [now, expected] of [
    ["2027-03-01T23:59:59Z", []],
    [
      "2027-03-02T00:00:00Z",
      [
        `advisory: ${message} A waiver of platform expires on 2027-03-31: Others create the topics.`,
      ],
    ],
    [
      "2027-03-31T23:59:59Z",
      [
        `advisory: ${message} A waiver of platform expires on 2027-03-31: Others create the topics.`,
      ],
    ],
    [
      "2027-04-01T00:00:00Z",
      [`${message} A waiver of platform expired on 2027-03-31: Others create the topics.`],
    ],
  ] as const) {
    it(`says at ${now}: ${expected.length === 0 ? "nothing" : expected[0]?.slice(0, 8)}`, async () => {
      const { verdicts } = await packWith([waiver], now).analyze(policy);

      expect(messagesOf(verdicts)).to.deep.equal(expected);
    });
  }

  it("says at the stack's end which waivers excuse nothing", async () => {
    const gone = { ...waiver, finding: "policy, statement Old: Resource * with sns:Publish" };
    const elsewhere = { ...waiver, name: "elsewhere" };
    const pack = packWith([waiver, gone, elsewhere]);

    await pack.analyze(policy);
    const { verdicts } = await pack.analyzeStack([policy]);

    expect(verdicts.map((it) => [it.rule, it.level, it.message])).to.deep.equal([
      [
        "unused-waiver",
        "mandatory",
        "it: waiver of star-resource for aws:iam/rolePolicy:RolePolicy it, policy, statement Old: Resource * with sns:Publish: there is no such finding. " +
          "Remove the waiver, or copy type, name and finding from the message.",
      ],
      [
        "unused-waiver",
        "mandatory",
        "it: waiver of star-resource for aws:iam/rolePolicy:RolePolicy elsewhere, policy, statement Tell: Resource * with sns:Publish: there is no such finding. " +
          "Remove the waiver, or copy type, name and finding from the message.",
      ],
    ]);
  });

  it("does not call a waiver unused whose resource was not checked in this run", async () => {
    const { verdicts } = await packWith([waiver]).analyzeStack([policy]);

    expect(verdicts).to.deep.equal([]);
  });

  it("excuses findings of stack rules, too", async () => {
    const passing = rolePolicy({ Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "*" });
    const pack = packWith([
      {
        ...waiver,
        rule: "privilege-escalation",
        finding: "escalation path iam-005 by iam:PutRolePolicy",
      },
    ]);

    // As the engine does: each resource before the stack.
    await pack.analyze({ type: "x:y:Z", props: {} });
    expect((await pack.analyzeStack([passing])).verdicts).to.deep.equal([]);
  });

  for (const [content, problem] of [
    ["{", "the file is not JSON"],
    ["{}", "the file is not a JSON list"],
    [["text"], "waiver 1 is not an object with rule, type, name, finding, reason, owner, expires"],
    [[{ ...waiver, reason: undefined }], "waiver 1 has no reason: expected a string"],
    [[{ ...waiver, reason: "  " }], "waiver 1 has no reason: expected a string"],
    [[waiver, { ...waiver, owner: 7 }], "waiver 2 has no owner: expected a string"],
    [
      [{ ...waiver, until: "2027" }],
      "waiver 1 has the member until: expected only rule, type, name, finding, reason, owner, expires",
    ],
    [
      [{ ...waiver, rule: "star-resorce" }],
      "waiver 1 names the rule star-resorce: expected star-resource",
    ],
    [
      [{ ...waiver, rule: "open-ports" }],
      "waiver 1 names the rule open-ports: expected one of star-resource, privilege-escalation",
    ],
    [
      [{ ...waiver, owner: " <who is responsible for it>" }],
      "waiver 1 has the placeholder  <who is responsible for it> in owner: replace it",
    ],
    [
      [{ ...waiver, expires: "<YYYY-MM-DD>" }],
      "waiver 1 has the placeholder <YYYY-MM-DD> in expires: replace it",
    ],
    [[{ ...waiver, expires: "soon" }], "waiver 1 expires soon: expected a date, e.g. 2027-03-31"],
    [
      [{ ...waiver, expires: "2027-02-30" }],
      "waiver 1 expires 2027-02-30: expected a date, e.g. 2027-03-31",
    ],
  ] as const) {
    it(`reports once that ${problem}`, async () => {
      const pack = packWith(content);

      const [first] = (await pack.analyze({ type: "x:y:Z", props: {} })).verdicts;
      const again = (await pack.analyze({ type: "x:y:Z", props: {} })).verdicts;

      expect(first?.message).to.equal(
        `it: waivers file waivers.json: ${problem}. Fix the file, or set waivers.file in the pack's configuration (a relative path starts at POLICY_FOLDER, or else at the program's folder; for a pack in a folder, at the pack's).`,
      );
      expect(first?.level).to.equal("mandatory");
      expect(again).to.deep.equal([]);
    });
  }

  it("excuses nothing by an entry with a problem", async () => {
    const { verdicts } = await packWith([{ ...waiver, owner: "" }]).analyze(policy);

    expect(verdicts.map((it) => it.rule)).to.deep.equal(["waivers", "star-resource"]);
  });

  it("reports a file that is not there", async () => {
    const { verdicts } = await packWith([], undefined, "missing.json").analyze(policy);

    expect(verdicts[0]?.message).to.include(
      "waivers file missing.json: it cannot be read: ENOENT.",
    );
  });

  it("needs no file", async () => {
    const pack = startPack({ rules: [ruleNamed("star-resource")] });

    expect(messagesOf((await pack.analyze(policy)).verdicts)).to.deep.equal([message]);
  });
});
