import { expect } from "chai";
import { cut, masked, printable, visible } from "../../report/text.ts";

describe("visible", () => {
  for (const [text, expected] of [
    ["plain text, ä, 日本, ✓", "plain text, ä, 日本, ✓"],
    ["a\nb\tc\rd\u0000\u001b[31m", "a\\u{a}b\\u{9}c\\u{d}d\\u{0}\\u{1b}[31m"],
    ["user\u202etxt.exe\u2066", "user\\u{202e}txt.exe\\u{2066}"],
    ["a\u200bb\u200dc\ufeffd\u00ade", "a\\u{200b}b\\u{200d}c\\u{feff}d\\u{ad}e"],
    ["a\u00a0b\u2003c\u2028d", "a\\u{a0}b\\u{2003}c\\u{2028}d"],
    ["a\u{e0041}b\u3164c\u2800d\u115fe", "a\\u{e0041}b\\u{3164}c\\u{2800}d\\u{115f}e"],
    ["a\ud800b", "a\\u{d800}b"],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as ${expected}`, () => {
      expect(visible(text)).to.equal(expected);
    });
  }
});

describe("masked", () => {
  for (const [text, expected] of [
    ["ada@example.com", "a…@example.com"],
    [
      "Confirm ada.b+c@post.example.co.uk, then bea@b.co.",
      "Confirm a…@post.example.co.uk, then b…@b.co.",
    ],
    ['{"to":"ada@b.co"}', '{"to":"a…@b.co"}'],
    ["<ada@b.co>(bea@b.co)", "<a…@b.co>(b…@b.co)"],
    ["notifications-ada@b.co", "n…@b.co"],
    ["jörg@münchen.example", "j…@münchen.example"],
    ["a…@b.co", "a…@b.co"],
    ["ada@b.co@c.co", "a…@b…@c.co"],
    ["least-privilege-iam@v0.1.0", "least-privilege-iam@v0.1.0"],
    ["node_modules/@pulumi/aws", "node_modules/@pulumi/aws"],
    ["@team and a @ b and c@", "@team and a @ b and c@"],
    ["someone@localhost", "someone@localhost"],
  ] as const) {
    it(`makes ${expected} of ${text}`, () => {
      expect(masked(text)).to.equal(expected);
    });
  }
});

describe("cut", () => {
  for (const [text, expected] of [
    ["1234", "1234"],
    ["12345", "123…"],
    ["12😀45", "12\ufffd…"],
    ["ada@example.com", "a…@…"],
  ] as const) {
    it(`makes ${expected} of ${text} at 4 characters`, () => {
      expect(cut(text, 4)).to.equal(expected);
    });
  }
});

describe("printable", () => {
  for (const [text, expected] of [
    ["Edited https://github.test/it", "Edited https://github.test/it"],
    ["::set-output name=a::b", ": :set-output name=a: :b"],
    ["\n::error::x", "\\u{a}: :error: :x"],
    [":::::", ": : : : :"],
    ["##[add-path]/x ###[x", "# #[add-path]/x ## #[x"],
    ["\u001b[31mred ada@b.co", "\\u{1b}[31mred a…@b.co"],
  ] as const) {
    // Not the text itself: GitHub's runner would find the command in the title that is printed.
    it(`prints ${expected}, whatever command it was`, () => {
      expect(printable(text)).to.equal(expected);
    });
  }
});
