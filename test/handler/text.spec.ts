import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { cleanText, quote, withoutLinks } =
  loadProgram<typeof import("../../handler/text.ts")>("handler/text.ts");
const { errorText } = loadProgram<typeof import("../../handler/errors.ts")>("handler/errors.ts");

/** Lists inside each other, as many as `depth`. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

describe("cleanText", () => {
  for (const [what, text] of [
    ["a change of the terminal's title", "\u001b]0;owned\u0007"],
    ["a clear of the screen", "\u001b[2J\u001b[H"],
    ["a hyperlink", "\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\"],
    ["an escape of one byte", "\u009b31m"],
    ["a line", "a\r\nb"],
    ["a delete and a null", "\u007f\u0000"],
    ["a change of direction", "\u202etxt.exe\u202c\u2066x\u2069\u061c"],
    ["a character without width", "a\u200b\u200d\ufeff\u00ad\u2060"],
    ["a line separator", "a\u2028b\u2029c"],
    ["a filler or tag that no font shows", "\u3164\u{e0041}\ufe0f\u034f"],
    ["half a character", "a\ud800b"],
  ] as const) {
    it(`leaves nothing of ${what}`, () => {
      expect(cleanText(text)).not.to.match(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
      );
    });
  }

  it("replaces each by a space, and half characters by U+FFFD", () => {
    expect(cleanText("a\u001b[2J\u202eb\ud800c")).to.equal("a [2J b\ufffdc");
  });

  it("keeps letters of any language", () => {
    expect(cleanText("Zähler 🐌 遅い عربي")).to.equal("Zähler 🐌 遅い عربي");
  });

  it("keeps 200 characters, and never cuts inside one", () => {
    expect(cleanText("🐌".repeat(300))).to.equal("🐌".repeat(200));
    expect(cleanText(`x${"🐌".repeat(300)}`)).to.equal(`x${"🐌".repeat(199)}`);
  });
});

describe("quote", () => {
  for (const [value, expected] of [
    ["a\n", '"a\\n"'],
    [1, "1"],
    [null, "null"],
    [undefined, "undefined"],
    [true, "true"],
    [1n, "1"],
    [Symbol("a"), "Symbol(a)"],
    [() => 1, "a function"],
    [["a"], "a list"],
    [{ a: 1 }, "an object"],
    [Object.create(null), "an object"],
  ] as const) {
    it(`shows ${expected}`, () => {
      expect(quote(value)).to.equal(expected);
    });
  }

  it("names a million lists inside each other", () => {
    expect(quote(nested(1_000_000))).to.equal("a list");
  });

  it("shortens a long string", () => {
    expect(quote("x".repeat(6_000_000))).to.equal(`"${"x".repeat(199)}`);
  });
});

describe("errorText", () => {
  for (const [what, thrown, expected] of [
    ["a string", "rubbish", "rubbish"],
    ["lists inside each other", nested(100_000), "a list"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["nothing", undefined, "undefined"],
    ["an error with escapes", new Error("\u001b[2Jx"), "Error:  [2Jx"],
  ] as const) {
    it(`describes ${what} that was thrown`, () => {
      expect(errorText(thrown)).to.equal(expected);
    });
  }
});

describe("withoutLinks", () => {
  for (const [text, expected] of [
    ["https://evil.example/a?b=c.d", "https[:]//evil[.]example/a?b=c[.]d"],
    ["www.evil.example", "www[.]evil[.]example"],
    ["e-mail bob@evil.example", "e-mail bob@evil[.]example"],
    ["file:\\\\evil\\share", "file[:][\\]\\evil\\share"],
    ["see \\\\evil\\share", "see [\\]\\evil\\share"],
    ["evil\u3002example and evil\uff0eexample", "evil[.]example and evil[.]example"],
    ["b\u00fccher.\u4e2d\u56fd", "b\u00fccher[.]\u4e2d\u56fd"],
    [
      "release 1.2.3 at 2026-11-18T11:19:40.000Z. Slow.",
      "release 1.2.3 at 2026-11-18T11:19:40.000Z. Slow.",
    ],
    [
      "arn:aws:ec2:us-east-1:111122223333:instance/i-1 is stopped",
      "arn:aws:ec2:us-east-1:111122223333:instance/i-1 is stopped",
    ],
  ] as const) {
    it(`writes ${JSON.stringify(text)} so that nothing in it is a link`, () => {
      expect(withoutLinks(text)).to.equal(expected);
    });
  }
});
