import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { printable } from "../../operate/print.ts";

const folder = join(import.meta.dirname, "..", "..", "operate");

describe("printable", () => {
  for (const [what, line, expected] of [
    ["a change of the terminal's title", "\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
    ["a clear of the screen", "a\u001b[2J\u001b[Hb", "a\\u001b[2J\\u001b[Hb"],
    [
      "a link shown as another",
      "\u001b]8;;http://evil.example\u001b\\aws.example\u001b]8;;\u001b\\",
      "\\u001b]8;;http://evil.example\\u001b\\aws.example\\u001b]8;;\\u001b\\",
    ],
    ["an escape of one byte", "\u009b31mred", "\\u009b31mred"],
    ["a line, a return and a backspace", "a\nb\rc\bd\te", "a\\u000ab\\u000dc\\u0008d\\u0009e"],
    ["a delete and a null", "\u007f\u0000", "\\u007f\\u0000"],
    ["a change of direction", "\u202efdp.exe\u2066", "\\u202efdp.exe\\u2066"],
    ["a character without width", "a\u200bb\ufeff", "a\\u200bb\\ufeff"],
    ["a line separator", "a\u2028b\u2029c\u0085", "a\\u2028b\\u2029c\\u0085"],
    ["half a character", "a\ud800b\udc00", "a\\ud800b\\udc00"],
    ["a tag that no font shows", "a\u{e0041}", "a\\udb40\\udc41"],
    ["letters of any language", "Zähler 🐌 遅い", "Zähler 🐌 遅い"],
    ["a backslash", "C:\\u001b", "C:\\u001b"],
  ] as const) {
    it(`shows ${what}, and the terminal does nothing`, () => {
      expect(printable(line)).to.equal(expected);
    });
  }

  it("keeps the meaning of a line of JSON", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = printable(JSON.stringify({ [text]: text }));

        expect(line).not.to.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(line)).to.deep.equal({ [text]: text });
      }),
    );
  });
});

describe("the commands of operate/", () => {
  it("print by print.ts alone", () => {
    const files = globSync("**/*.ts", { cwd: folder }).filter((it) => it !== "print.ts");

    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      // The drill's question is printable too.
      const asks = "createInterface({ input: process.stdin, output: process.stdout })";
      expect(text.replace(asks, ""), file).not.to.match(/console\.(?!aws\.)|process\.std(out|err)/);
    }
    expect(files).not.to.deep.equal([]);
  });
});
