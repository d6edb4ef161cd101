import { expect } from "chai";
import { code, counted, fenced, prose, within } from "../../report/markdown.ts";

describe("prose", () => {
  for (const [text, expected] of [
    [
      "grants.lock.json does not allow it: more (or less).",
      "grants.lock.json does not allow it: more (or less).",
    ],
    ["ec2:StopInstances on *: unused", "ec2:StopInstances on `*`: unused"],
    ["ask @ada, @acme/ops or ada@b.co.", "ask `@ada`, `@acme/ops` or `a…@b.co`."],
    ["#1 GH-1 acme/watchdog#1 gh-2", "`#1` `GH-1` `acme/watchdog#1` `gh-2`"],
    ["commit 1a2b3c4d5e6f or 1234567", "commit `1a2b3c4d5e6f` or `1234567`"],
    [
      "(https://x.test) www.x.test HTTP://X ftp://x",
      "(`https://x.test`) `www.x.test` `HTTP://X` `ftp://x`",
    ],
    ["[a](b) ![c](d) <b>e</b> <!-- f -->", "`[a](b`) `![c](d`) `<b>e</b>` `<!--` f `-->`"],
    [
      "*a* _b_ ~c~ `d` $e$ f|g &amp; \\h :key:",
      "`*a*` `_b_` `~c~` `\\u{60}d\\u{60}` `$e$` `f\\u{7c}g` `&amp`; `\\\\h` `:key`:",
    ],
    ["a\n\n# b\r\u0085---", "a `#` b `\\u{85}---`"],
    ["\u202eabc", "`\\u{202e}abc`"],
    ["", ""],
  ] as const) {
    it(`writes ${JSON.stringify(text)} as ${expected}`, () => {
      expect(prose(text)).to.equal(expected);
    });
  }
});

describe("code", () => {
  for (const [text, expected] of [
    ["a`b|c\nd", "`a\\u{60}b\\u{7c}c\\u{a}d`"],
    // With the backslash alone, the cell of a table would end at the bar.
    ["a\\|b", "`a\\\\\\u{7c}b`"],
    ["ends with \\", "`ends with \\\\`"],
    ["", "` `"],
    ["n-ada@b.co", "`n…@b.co`"],
  ] as const) {
    it(`writes ${JSON.stringify(text)} as ${expected}`, () => {
      expect(code(text)).to.equal(expected);
    });
  }

  it("has at most the given number of characters between its backticks", () => {
    expect(code("\u202e".repeat(10), 12)).to.equal("`\\u{202e}\\u{…`");
  });
});

describe("fenced", () => {
  for (const [text, fence] of [
    ["plain", "```"],
    ["a ` b", "```"],
    ["```\n</details>", "````"],
    ["a `````` b", "```````"],
  ] as const) {
    it(`puts ${fence.length} backticks around ${JSON.stringify(text)}`, () => {
      expect(fenced(text, "diff")).to.equal(`${fence}diff\n${text}\n${fence}`);
    });
  }

  it("keeps lines, and shows invisible characters in them", () => {
    expect(fenced("a\r\n\tb\u2028\u202ec ada@b.co")).to.equal(
      "```\na\n    b\\u{2028}\\u{202e}c a…@b.co\n```",
    );
  });
});

describe("within", () => {
  for (const [limit, expected] of [
    [9, ["abc", "de", "f"]],
    [8, ["abc", "de"]],
    [7, ["abc", "de"]],
    [6, ["abc"]],
    [3, []],
  ] as const) {
    it(`keeps ${expected.length} of lines with 4, 3 and 2 characters in ${limit}`, () => {
      expect(within(limit, ["abc", "de", "f"])).to.deep.equal(expected);
    });
  }
});

describe("counted", () => {
  it("has one and many", () => {
    expect([0, 1, 2].map((it) => counted(it, "finding"))).to.deep.equal([
      "0 findings",
      "1 finding",
      "2 findings",
    ]);
  });
});
