import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { documentOf, type Resource, startPack } from "./support.ts";

const { countCompared, startComparisons } =
  loadProgram<typeof import("../comparisons.ts")>("policy/comparisons.ts");
const { matches, overlaps } =
  loadProgram<typeof import("../iam/pattern.ts")>("policy/iam/pattern.ts");
const { mayBe } = loadProgram<typeof import("../iam/arn.ts")>("policy/iam/arn.ts");
const { isSameValue } = loadProgram<typeof import("../grants-file.ts")>("policy/grants-file.ts");
const { isNameOf } = loadProgram<typeof import("../stack/naming.ts")>("policy/stack/naming.ts");

/** Times only catch hangs: with backtracking, each of these takes hours. */
describe("comparing what is made to be expensive", function () {
  this.timeout(120_000);
  beforeEach(() => startComparisons());
  after(() => startComparisons());

  it("matches patterns of a thousand wildcards in steps that the lengths bound", () => {
    expect(matches(`${"*a".repeat(1_000)}*b`, "a".repeat(20_000))).to.equal(false);
    expect(overlaps(`${"*a".repeat(500)}*b`, `${"?a".repeat(500)}*c`)).to.equal(false);
  });

  it("reads a hundred thousand variables without an end", () => {
    const form = "arn:${Partition}:sns:${Region}:${Account}:${TopicName}";

    expect(mayBe(`arn:aws:sns:us-east-1:111122223333:${"${".repeat(100_000)}`, form)).to.equal(
      true,
    );
  });

  it("compares lines of the grants file with many unknown words", () => {
    const line = `arn:x${"…".repeat(100)}`;

    expect(isSameValue(`arn:x${"/y".repeat(2_000)} z`, line)).to.equal(false);
    expect(isSameValue(`arn:x${"/y".repeat(50)}`, line)).to.equal(true);
  });

  it("finds the end of a long name", () => {
    const resource = { type: "aws:sqs/queue:Queue", props: { name: "web" } } as never;

    expect(isNameOf(resource, `arn:${"a".repeat(300_000)}:`)).to.equal(false);
  });

  it("stops when the run has compared enough", () => {
    startComparisons(1_000);

    expect(() => {
      for (let index = 0; index < 1_000; index++) matches("a*", "b");
    }).not.to.throw();
    expect(() => countCompared(1)).to.throw(
      "comparing the stack's policies takes more than 2000000000 steps (comparisons in the pack's read-limits.ts)",
    );
  });
});

describe("a stack whose policies are made to be expensive", () => {
  const role: Resource = {
    type: "aws:iam/role:Role",
    name: "role",
    props: { name: "role", arn: "arn:aws:iam::111122223333:role/role" },
  };
  const policy = (...statements: object[]): Resource => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    props: { role: "role", policy: documentOf(...statements) },
  });
  const topics = Array.from({ length: 500 }, (_, index): Resource => {
    const name = `${"a".repeat(200)}${index}`;
    const arn = `arn:aws:sns:us-east-1:111122223333:${name}`;
    return { type: "aws:sns/topic:Topic", name: `topic${index}`, props: { name, arn } };
  });

  it("fails the rules that would compare too much, and names the limit", async function () {
    this.timeout(300_000);
    const wide = {
      Effect: "Allow",
      Action: "sns:Publish",
      Resource: Array.from(
        { length: 20 },
        (_, index) => `arn:aws:sns:*:*:${"*a".repeat(900)}b${index}`,
      ),
    };

    const pack = startPack();
    // As if other policies had been compared before.
    countCompared(1_990_000_000);

    const { verdicts } = await pack.analyzeStack([role, policy(wide), ...topics]);

    const stopped = verdicts.filter(({ message }) => message.includes("the rule stopped"));
    expect(stopped.map(({ rule }) => rule)).to.include("foreign-arn");
    for (const { level, message } of stopped) {
      expect(level).to.equal("mandatory");
      expect(message).to.include(
        "so nothing is verified: comparing the stack's policies takes more than 2000000000 steps (comparisons in the pack's read-limits.ts). List actions and resources without wildcards, or split the stack.",
      );
    }
  });

  it("fails a statement whose patterns match every action many times", async function () {
    this.timeout(300_000);
    const Action = Array.from({ length: 10 }, (_, index) => `*:${"*".repeat(index + 1)}`);
    const statement = { Effect: "Allow", Action, Resource: "*" };

    const { verdicts } = await startPack().analyze(policy(statement));

    expect(verdicts.map(({ message }) => message).join("\n")).to.include(
      "the actions of a statement match more than 120000 (statementActions in the pack's read-limits.ts)",
    );
  });
});
