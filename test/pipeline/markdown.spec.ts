import { expect } from "chai";
import { code, counted, cut, escaped, fenced, within } from "../../pipeline/markdown.ts";

describe("escaped", () => {
  it("takes the meaning from what GitHub would make bold, a link, a tag or a row", () => {
    expect(escaped("*a* _b_ [c](d) <e> `f` | ~ #1 & \\")).to.equal(
      "\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\`f\\` \\| \\~ \\#1 \\& \\\\",
    );
  });
});

describe("code", () => {
  it("stays one piece of code in one cell", () => {
    expect(code("a`b|c\nd")).to.equal("`a'b\\|c d`");
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
});

describe("cut", () => {
  for (const [text, expected] of [
    ["1234", "1234"],
    ["12345", "123…"],
    ["12😀45", "12\ufffd…"],
  ] as const) {
    it(`makes ${expected} of ${text} at 4 characters`, () => {
      expect(cut(text, 4)).to.equal(expected);
    });
  }
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
