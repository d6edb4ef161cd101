import { expect } from "chai";
import { checkFile } from "../../scripts/prose/check.ts";
import { findInName, findInSource } from "../../scripts/prose/source.ts";
import { findTerms } from "../../scripts/prose/term.ts";
import { identifierTerms, terms } from "../../scripts/prose/terms.ts";

const placesIn = async (path: string, text: string) =>
  (await checkFile(path, text)).map((it) => `${it.line}:${it.column} ${it.text}`);

describe("the terms of texts", () => {
  for (const term of terms) {
    for (const text of term.wrong) {
      it(`report "${text}"`, () => {
        expect(findTerms(text, [term])).to.have.length.above(0);
      });
    }
    for (const text of term.right) {
      it(`allow "${text}"`, () => {
        expect(findTerms(text, [term])).to.deep.equal([]);
      });
    }
    it(`suggest words for ${term.pattern} that no term reports`, () => {
      expect(findTerms(term.write, terms)).to.deep.equal([]);
    });
  }
});

describe("the terms of names", () => {
  for (const term of identifierTerms) {
    for (const words of term.wrong) {
      it(`report "${words}"`, () => {
        expect(findTerms(words, [term])).to.have.length(1);
      });
    }
    for (const words of term.right) {
      it(`allow "${words}"`, () => {
        expect(findTerms(words, [term])).to.deep.equal([]);
      });
    }
  }
});

describe("findTerms", () => {
  it("finds a phrase across a line break", () => {
    expect(findTerms("called by\n  hand", terms).map(({ at, text }) => [at, text])).to.deep.equal([
      [7, "by hand"],
    ]);
  });
});

describe("findInName", () => {
  for (const name of ["lookAt", "tellPeople", "NotTold", "callByHand", "BY_HAND", "call-by-hand"]) {
    it(`reports ${name}`, () => {
      expect(findInName(name).map(({ text }) => text)).to.deep.equal([name]);
    });
  }

  for (const name of ["lookUp", "newStack", "history", "deadLetterConfig", "letter", "URLs"]) {
    it(`allows ${name}`, () => {
      expect(findInName(name)).to.deep.equal([]);
    });
  }
});

describe("findInSource", () => {
  for (const [where, source, found] of [
    ["a comment at the end of a line", "f(); // Mend it.", "Mend"],
    ["a comment of several lines", "/**\n * Called by\n * hand.\n */\nf();", "by hand"],
    ["line comments one after the other", "// Called by\n// hand.\nf();", "by hand"],
    ["a comment at the end of the file", "f();\n// Mend it.\n", "Mend"],
    ["a string", 'f("Mend it.");', "Mend"],
    ["a template", "f(`mend it`);", "mend"],
    ["a template around what is put in", "f(`held back by $" + "{limit}`);", "held back"],
    ["a template after what is put in", "f(`$" + "{limit} held it back`);", "held it back"],
    ["a string in a template", "f(`$" + '{g("mend")}`);', "mend"],
    ["the name of a function", "function lookAt() {}", "lookAt"],
    ["the name of a property's type", "interface A { heldBack: boolean }", "heldBack"],
    ["a name that an import gets", 'import { a } from "a"; const { b: told } = a;', "told"],
  ]) {
    it(`reads ${where}`, () => {
      expect(findInSource(source ?? "").map(({ text }) => text)).to.deep.equal([found]);
    });
  }

  for (const [what, source] of [
    ["names that are only used", "lookAt(mend.told);"],
    ["regular expressions", "f(/held back/);"],
    ["paths of modules", 'import { a } from "./told.ts";'],
    ["names in comments", "// `lookAt` does it."],
    ["slashes in strings as comments", 'f("https://example.com/", mend);'],
    ["phrases across strings", 'f("by", "hand");'],
  ]) {
    it(`does not read ${what}`, () => {
      expect(findInSource(source ?? "")).to.deep.equal([]);
    });
  }
});

describe("checkFile", () => {
  for (const [what, text, places] of [
    ["paragraphs", "# A\n\nOne\nis told.\n", ["4:4 told"]],
    ["headings", "# Mend it\n", ["1:3 Mend"]],
    ["cells of tables", "| a | b |\n| --- | --- |\n| c | told |\n", ["3:7 told"]],
    ["emphasis", "It is held **back**.\n", ["1:7 held back"]],
    ["texts of links, and not their addresses", "[mend](told.md)\n", ["1:2 mend"]],
    ["code blocks", "```\nmend\n```\n", ["2:1 mend"]],
    ["no code in a line", "`mend` it\n", []],
  ] as const) {
    it(`reads ${what} of Markdown`, async () => {
      expect(await placesIn("a.md", text)).to.deep.equal(places);
    });
  }

  it("reads comments and strings of Python", async () => {
    expect(await placesIn("a.py", 'told = "mend"  # anew\n')).to.deep.equal([
      "1:9 mend",
      "1:18 anew",
    ]);
  });

  it("reads all of YAML", async () => {
    expect(await placesIn("a.yml", "a: 1 # anew\n")).to.deep.equal(["1:8 anew"]);
  });

  it("reads the file's name", async () => {
    expect(await placesIn("a/call-by-hand.spec.ts", "")).to.deep.equal(["1:1 call-by-hand"]);
  });

  it("allows a word with a reason in the next line", async () => {
    const text = '// prose-allow by-hand: ids in old items\nf("by-hand-1");\nf("by-hand-2");\n';

    expect(await placesIn("a.ts", text)).to.deep.equal(["3:4 by-hand"]);
  });

  it("allows a word with a reason in Markdown", async () => {
    expect(
      await placesIn("a.md", "<!-- prose-allow told: a quote -->\nIt is told.\n"),
    ).to.deep.equal([]);
  });

  it("reports an allowance without a reason", async () => {
    expect(await placesIn("a.ts", 'f("mend"); // prose-allow mend')).to.deep.equal([
      "1:1 prose-allow mend",
    ]);
  });

  it("reports an allowance of nothing", async () => {
    expect(await placesIn("a.ts", "\n// prose-allow anew: a quote\n\nf();")).to.deep.equal([
      "2:1 prose-allow anew",
    ]);
  });
});
