import { expect } from "chai";
import { escaped, html } from "../../../../operate/history/report/html.ts";

describe("html", () => {
  for (const [what, text, expected] of [
    ["a tag", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["quotes, which end attributes", `" onload='x'`, "&quot; onload=&#39;x&#39;"],
    ["an entity", "&lt;", "&amp;lt;"],
    ["reversed text", "a\u202eb", "a\\u202eb"],
    ["a terminal's escape", "\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
    ["invisible characters", "a\u200bb\ufeff", "a\\u200bb\\ufeff"],
    ["half a character", "\ud83d", "\\ud83d"],
    ["lines, which stay", "a\nb\r", "a\nb\\u000d"],
    ["the end of a comment and of a style", "--></style>", "--&gt;&lt;/style&gt;"],
  ] as const) {
    it(`escapes ${what}`, () => {
      expect(html`<p title="${text}">${text}</p>`.text).to.equal(
        `<p title="${expected}">${expected}</p>`,
      );
    });
  }

  it("does not escape its own pieces, and joins lists of them", () => {
    expect(
      html`<ul>${["<a>", "b"].map((it) => html`<li>${it}</li>`)}</ul>${undefined}${7}`.text,
    ).to.equal("<ul><li>&lt;a&gt;</li><li>b</li></ul>7");
  });
});

describe("escaped", () => {
  for (const [what, text, expected] of [
    ["keeps a string of the limit", "abc<", "abc&lt;"],
    ["counts what it leaves out", "abcdef", "abcd… (2 more characters)"],
    ["cuts no character in half", "abc🙂🙂x", "abc🙂… (3 more characters)"],
  ] as const) {
    it(what, () => {
      expect(escaped(text, 4).text).to.equal(expected);
    });
  }

  it("shortens a huge string, in a template to 2,000 characters", () => {
    expect(escaped("x".repeat(5_000_000), 3).text).to.equal("xxx… (4999997 more characters)");
    expect(html`${"x".repeat(2_001)}`.text).to.match(/^x{2000}… \(1 more characters\)$/);
  });
});
