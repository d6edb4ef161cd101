import { expect } from "chai";
import { changedLines, wholeLines } from "../../report/difference.ts";
import { secret, unknown } from "./logs.ts";

const change = (old: object, now: object, reported: readonly string[] = []) =>
  changedLines({ ...old }, { ...now }, new Set(reported));

const asset = (hash: string, text: string) => ({
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
  hash,
  text,
});
const statement = (sid: string, ...actions: string[]) => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
});
const policyOf = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("changedLines", () => {
  it("has old and new value of what changes, comes and goes, and what is next to it", () => {
    expect(
      change(
        { a: 1, b: 2, c: 3, name: "x", size: 1, tags: { Old: "1", Same: "2" }, z: true },
        { a: 1, b: 2, c: 3, name: "y", size: unknown, tags: { Same: "2", New: null }, z: true },
      ),
    ).to.deep.equal([
      "   …",
      "   b   : 2",
      "   c   : 3",
      '!  name: "x" => "y"',
      "!  size: 1 => [unknown]",
      "!  tags: {",
      "+      New : null",
      '-      Old : "1"',
      '       Same: "2"',
      "   }",
      "   …",
    ]);
  });

  it("has the statement of a policy that changes, with its changed action", () => {
    const read = statement("Read", "s3:GetObject");

    expect(
      change(
        { policy: policyOf(read, statement("Reboot", "ec2:RebootInstances")) },
        { policy: policyOf(read, statement("Reboot", "ec2:RebootInstances", "ec2:StopInstances")) },
      ),
    ).to.deep.equal([
      "!  policy: (json) {",
      "!      Statement: [",
      "           [0] Read: {…}",
      "!          [1] Reboot: {",
      "!              Action: [",
      '                   [0]: "ec2:RebootInstances"',
      '+                  [1]: "ec2:StopInstances"',
      "               ]",
      '               Effect: "Allow"',
      "   …",
    ]);
  });

  it("has one more item at the front of a list as one more item", () => {
    expect(change({ list: ["b", "c"] }, { list: ["a", "b", "c"] })).to.deep.equal([
      "!  list: [",
      '+      [0]: "a"',
      '       [1]: "b"',
      '       [2]: "c"',
      "   …",
    ]);
  });

  it("shows a policy in which a key is there twice as it is written", () => {
    const old = '{"Effect":"Deny"}';
    const now = '{"Effect":"Deny","Effect":"Allow"}';

    expect(change({ policy: old }, { policy: now })).to.deep.equal([
      "-  policy: (json) {",
      '-      Effect: "Deny"',
      "-  }",
      '+  policy: "{\\"Effect\\":\\"Deny\\",\\"Effect\\":\\"Allow\\"}"',
    ]);
  });

  it("shows of long values where they begin to differ", () => {
    const long = "x".repeat(5_000);

    expect(change({ v: `${long}old` }, { v: `${long}new` })).to.deep.equal([
      `-  v: …${"x".repeat(60)}old"`,
      `+  v: …${"x".repeat(60)}new"`,
    ]);
  });

  it("has the changed lines of a string, and the hashes of a file", () => {
    const text = ["one", "two", "three", "four", "five", "six"];
    const now = [...text.slice(0, 3), "FOUR", ...text.slice(4)];

    expect(
      change(
        { code: asset("1111111aa", text.join("\n")) },
        { code: asset("2222222bb", now.join("\n")) },
      ),
    ).to.deep.equal([
      "!  code: asset(1111111) => asset(2222222) {",
      "       one",
      "       two",
      "       three",
      "-      four",
      "+      FOUR",
      "       five",
      "       six",
      "   …",
    ]);
  });

  it("leaves room for what comes after a string that changes entirely", () => {
    const lines = (word: string) =>
      Array.from({ length: 500 }, (_, it) => `${word} ${it}`).join("\n");
    const shown = change(
      { code: asset("1", lines("old")), role: "a" },
      { code: asset("2", lines("new")), role: "b" },
    );

    expect(shown).to.include("!      … and more changes further down");
    expect(shown.at(-1)).to.equal('!  role: "a" => "b"');
  });

  it("says that a property changes whose value looks the same, such as a secret", () => {
    expect(change({ headers: secret, n: 1 }, { headers: secret, n: 1 }, ["headers"])).to.deep.equal(
      ["!  headers: [secret] (changes, but its value looks the same)", "   n      : 1"],
    );
  });

  it("has a change in a resource that has very much, wherever it is, in little", () => {
    const many = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, it) => [`a${it}`, [{ it }]]),
    );
    const list = Array.from({ length: 100_000 }, (_, it) => ({ it }));

    expect(change({ many, list, z: 1 }, { many, list: [...list, 1], z: 2 })).to.deep.equal([
      "!  list: [",
      "       [0]: {…}",
      "       [1]: {…}",
      "   …",
      "       [99998]: {…}",
      "       [99999]: {…}",
      "+      [100000]: 1",
      "   ]",
      "   many: {…}",
      "!  z   : 1 => 2",
    ]);
  });

  it("says that there are more lines than it counts", () => {
    const list = (one: number) => Array.from({ length: 1_000_000 }, () => one);

    const lines = change({ list: list(1) }, { list: list(2) });

    expect(lines).to.have.length(121);
    expect(lines.at(-1)).to.equal("   … more lines, in the run's log");
  });

  it("compares only what objects have themselves", () => {
    const now = JSON.parse('{"tags":{"__proto__":"x","constructor":"y"},"__proto__":{"a":1}}');

    expect(changedLines({ tags: {} }, now, new Set())).to.deep.equal([
      "+  __proto__: {",
      "+      a: 1",
      "+  }",
      "!  tags     : {",
      '+      __proto__  : "x"',
      '+      constructor: "y"',
      "   }",
    ]);
  });

  it("cannot be made to look like other lines", () => {
    expect(
      change(
        { a: "x" },
        { a: "y\n@@ delete aws:s3:Bucket logs @@\n-  all", "b\n-  c": 1, "\u202ed: 2": "\u200b" },
      ),
    ).to.deep.equal([
      '!  a     : "x" => "y\\n@@ delete aws:s3:Bucket logs @@\\n-  all"',
      '+  "b\\n-  c": 1',
      '+  "\\u{202e}d: 2": "\\u{200b}"',
    ]);
  });
});

describe("wholeLines", () => {
  it("has each property, secrets and files as such", () => {
    expect(
      wholeLines(
        { text: "a\nb", list: [], object: {}, no: null, secret, file: asset("1234567890", "x\ny") },
        "+",
      ),
    ).to.deep.equal([
      "+  file  : asset(1234567)",
      "+  list  : []",
      "+  no    : null",
      "+  object: {}",
      "+  secret: [secret]",
      '+  text  : "a\\nb"',
    ]);
  });

  it("has at most 120 lines, of at most 300 characters each, and says how many are left out", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 130 }, (_, it) => [`p${String(it).padStart(3, "0")}`, "x".repeat(400)]),
    );
    const lines = wholeLines(properties, "-", "the-id");

    expect(lines).to.have.length(121);
    expect(lines[0]).to.equal("-  [id=the-id]");
    expect(lines[1]).to.equal(`-  p000: "${"x".repeat(292)}…`);
    expect(lines.at(-1)).to.equal("   … 11 more lines, in the run's log");
  });
});
