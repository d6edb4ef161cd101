import { expect } from "chai";
import {
  archiveFiles,
  hexOf,
  isEmpty,
  isSame,
  isUnknown,
  keepSecrets,
  normalizeJson,
  reveal,
  type Value,
} from "../../engine/values.ts";
import { archive, secret, unknown } from "../support.ts";

describe("reveal", () => {
  const cases: [string, Value, Value][] = [
    ["a secret", secret("a"), "a"],
    ["a secret in an object", { key: secret("a"), other: 1 }, { key: "a", other: 1 }],
    ["a secret in a list", [secret(1), null, true], [1, null, true]],
    ["a secret in a secret", secret({ key: secret("a") }), { key: "a" }],
    ["a secret null", secret(null), null],
    ["an object with the key value", { value: "a" }, { value: "a" }],
  ];
  for (const [what, value, expected] of cases) {
    it(`gives ${what} without marks`, () => {
      expect(reveal(value)).to.deep.equal(expected);
    });
  }

  it("leaves the mark of an archive", () => {
    const code = archive("h1", { "index.js": "text" });

    expect(reveal(secret(code))).to.deep.equal(code);
  });
});

describe("keepSecrets", () => {
  it("marks what was secret among the inputs", () => {
    const kept = keepSecrets({ a: 1, b: 2 }, { a: secret(1), b: 2 }, []);

    expect(kept).to.deep.equal({ a: secret(1), b: 2 });
  });

  it("marks the part of a property of which the input was secret", () => {
    const kept = keepSecrets({ a: { b: ["x"], c: 1 } }, { a: { b: [secret("x")] } }, []);

    expect(kept).to.deep.equal({ a: { b: [secret("x")], c: 1 } });
  });

  it("marks everything around a secret that is no longer at the same place", () => {
    const inputs = { a: { b: [secret("x")] } };

    expect(keepSecrets({ a: { b: ["y", "x"], c: 1 } }, inputs, [])).to.deep.equal({
      a: { b: secret(["y", "x"]), c: 1 },
    });
    expect(keepSecrets({ a: { c: "x" } }, inputs, [])).to.deep.equal({ a: secret({ c: "x" }) });
    expect(keepSecrets({ a: "x" }, inputs, [])).to.deep.equal({ a: secret("x") });
  });

  it("marks the named properties, which need not be inputs", () => {
    expect(keepSecrets({ token: "t", arn: "a" }, {}, ["token"])).to.deep.equal({
      token: secret("t"),
      arn: "a",
    });
  });

  it("does not mark a string that looks like a secret's key", () => {
    const kept = keepSecrets({ a: "4dabf18193072939515e22adb298388d" }, { a: "plain" }, []);

    expect(kept).to.deep.equal({ a: "4dabf18193072939515e22adb298388d" });
  });
});

describe("isUnknown", () => {
  const cases: [string, Value | undefined, boolean][] = [
    ["the unknown value", unknown, true],
    ["an unknown part of a string", `arn:${unknown}`, true],
    ["an unknown deep inside", { a: [{ b: unknown }] }, true],
    ["a secret unknown", secret(unknown), true],
    ["a known value", { a: ["b"] }, false],
    ["null", null, false],
    ["nothing", undefined, false],
  ];
  for (const [what, value, expected] of cases) {
    it(`is ${expected} for ${what}`, () => {
      expect(isUnknown(value)).to.equal(expected);
    });
  }
});

describe("isEmpty", () => {
  for (const value of [undefined, null, "", 0, false, [], {}]) {
    it(`is true for ${JSON.stringify(value)}`, () => {
      expect(isEmpty(value)).to.equal(true);
    });
  }

  for (const value of ["a", 1, true, [0], { a: "" }, unknown, secret("")]) {
    it(`is false for ${JSON.stringify(value)}`, () => {
      expect(isEmpty(value)).to.equal(false);
    });
  }
});

describe("isSame", () => {
  const cases: [string, Value | undefined, Value | undefined, boolean][] = [
    [
      "objects in another key order",
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
      true,
    ],
    ["lists in another order", [1, 2], [2, 1], false],
    ["a number and its text", 1, "1", false],
    ["true and its text", true, "true", false],
    ["an object without a key that is null", { a: null }, {}, false],
    ["nothing and null", undefined, null, true],
    ["an empty list and an empty object", [], {}, false],
    ["a key that holds another object's text", { "a:1,b": 2 }, { a: 1, b: 2 }, false],
    ["archives of one hash", archive("h1", { a: "1" }), archive("h1", {}), true],
    ["archives of two hashes", archive("h1", { a: "1" }), archive("h2", { a: "1" }), false],
    [
      "secret archives of one hash",
      secret(archive("h", { a: "1" })),
      secret(archive("h", {})),
      true,
    ],
    ["an archive and its hash", archive("h1", {}), "h1", false],
    ["two secrets of one value", secret({ a: 1, b: 2 }), secret({ b: 2, a: 1 }), true],
    ["two secrets of two values", secret("a"), secret("b"), false],
    ["a secret and its plain value", secret("a"), "a", false],
    ["two unknown values", unknown, unknown, true],
  ];
  for (const [what, left, right, expected] of cases) {
    it(`is ${expected} for ${what}`, () => {
      expect(isSame(left, right)).to.equal(expected);
      expect(isSame(right, left)).to.equal(expected);
    });
  }
});

describe("archiveFiles", () => {
  it("returns each file's content by its name", () => {
    const code = archive("h1", { "__index.js": "exports.handler = 1;", "a/b.txt": "" });

    expect(archiveFiles(code)).to.deep.equal({
      "__index.js": "exports.handler = 1;",
      "a/b.txt": "",
    });
  });

  for (const [value, got] of [
    [undefined, "undefined"],
    ["text", "string"],
    [{ hash: "h1" }, "object"],
  ] as const) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      expect(() => archiveFiles(value)).to.throw(
        `code must be an archive of text assets: got ${got}`,
      );
    });
  }

  it("refuses a file that is not a string, naming it", () => {
    expect(() => archiveFiles({ assets: { "lib.zip": { path: "/tmp/lib.zip" } } })).to.throw(
      "file lib.zip of the archive must be a string asset",
    );
  });
});

describe("normalizeJson", () => {
  const cases: [string, Value, Value][] = [
    ["sorts the keys at every depth", { b: 1, a: [{ d: 2, c: 3 }] }, '{"a":[{"c":3,"d":2}],"b":1}'],
    ["keeps the order of lists", ["b", "a"], '["b","a"]'],
    ["accepts a string, and drops its spaces", '{ "b": 1,\n "a": null }', '{"a":null,"b":1}'],
    ["returns one unknown when a part is unknown", { a: [{ b: unknown }] }, unknown],
    ["returns one unknown when a string has an unknown part", `{"a":"${unknown}"}`, unknown],
  ];
  for (const [what, value, expected] of cases) {
    it(what, () => {
      expect(normalizeJson(value)).to.equal(expected);
    });
  }

  it("refuses text that is not JSON", () => {
    expect(() => normalizeJson("{")).to.throw(SyntaxError);
  });
});

describe("hexOf", () => {
  for (const [seed, length, expected] of [
    ["seed", 7, "19b2585"],
    ["seed", 12, "19b25856e1c1"],
    [Uint8Array.of(1, 2, 3), 7, "039058c"],
  ] as const) {
    it(`is ${expected} for ${seed}, whenever it is asked`, () => {
      expect(hexOf(seed, length)).to.equal(expected);
    });
  }
});
