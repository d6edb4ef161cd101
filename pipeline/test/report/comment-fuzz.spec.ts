import { expect } from "chai";
import fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import { commentText } from "../../report/comment-text.ts";
import { driftText } from "../../report/drift-text.ts";
import { code, fenced, prose } from "../../report/markdown.ts";
import { cut, masked, printable, visible } from "../../report/text.ts";
import { before, failure, logOf, policy, previewOf, refreshed, state } from "./logs.ts";

const runUrl = "https://github.test/acme/watchdog/actions/runs/77";

/** Input that tries to be more than text. */
const tricks = [
  "@ada",
  "@acme/ops",
  "ada@example.com",
  "#1",
  "GH-1",
  "acme/watchdog#1",
  "1a2b3c4d5e6f1a2b3c4d5e6f",
  "https://evil.test/x",
  "www.evil.test",
  "[a](https://evil.test)",
  "![a](https://evil.test/a.png)",
  "<img src=x>",
  "</details>",
  "<!-- reboot-automation preview of dev -->",
  "-->",
  "`",
  "```",
  "~~~",
  "|",
  "\\|",
  "\\",
  "*",
  "_",
  "\n",
  "\r\n",
  "\n\n# ",
  "\n| a | b |\n| --- | --- |\n",
  "\n    ",
  "\t",
  " ",
  "@@ delete aws:s3:Bucket logs @@",
  "\n    - aws:s3/bucket:Bucket: (delete)\n        [urn=urn:pulumi:dev::p::t::n]",
  "&lt;b&gt;",
  "&#64;ada",
  ":+1:",
  "$x$",
  "\u202e",
  "\u200b",
  "\u2028",
  "\ud800",
  "\u0000",
  "::error::x",
  "[secret]",
  ' Instead: {"Sid":"',
  '"}',
  "::",
  "$",
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...tricks), { maxLength: 6 }).map((it) => it.join("")),
  fc
    .array(fc.oneof(fc.constantFrom(...tricks), fc.string({ unit: "binary" })), { maxLength: 6 })
    .map((it) => it.join("")),
  fc.string({ unit: "grapheme" }),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    text.map((it) => JSON.stringify({ [it]: [it] })),
    fc.integer(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const inputs = fc.dictionary(text, value, { maxKeys: 3 });
const resource = fc.record({
  op: fc.constantFrom("create", "update", "replace", "delete"),
  name: text,
  type: text.map((it) => `a:b:T${it.replaceAll(/[:$]/g, "")}`),
  old: inputs,
  now: inputs,
});
const preview = fc.record({
  resources: fc.array(resource, { maxLength: 5 }),
  findings: fc.array(fc.tuple(fc.constantFrom("mandatory", "advisory"), text, text), {
    maxLength: 3,
  }),
  errors: fc.array(text, { maxLength: 2 }),
  stderr: text,
});

/** Everything in Markdown but code, with the text of each part. */
function partsOf(markdown: string): Token[] {
  const parts: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type !== "code" && token.type !== "codespan") parts.push(token);
  });
  return parts;
}

const template =
  /^<!-- reboot-automation (preview|drift) of dev -->\s*$|^<details><summary>[\w ,⚠]*<\/summary>\s*$|^<\/details>\s*$|^<\/?sub>$/;
const reference = /@|#\d|gh-\d|https?:|www\.|[0-9a-f]{7}|<|>|\p{Cf}|\p{Cs}|\u2028/iu;

/** No link but to the run, no tag but the template's, nothing else that GitHub makes more than text of. */
function expectHarmless(markdown: string): void {
  for (const part of partsOf(markdown)) {
    if (part.type === "html") expect(part.raw).to.match(template);
    expect(part.type).not.to.equal("image");
    if (part.type === "link") expect((part as Tokens.Link).href).to.equal(runUrl);
    const isLeaf = part.type === "text" && !("tokens" in part && part.tokens);
    if (isLeaf) expect(part.raw).not.to.match(reference);
  }
}

/** The cells of the rows of all tables. */
function rowsOf(markdown: string): string[][] {
  return marked
    .lexer(markdown)
    .filter((it): it is Tokens.Table => it.type === "table")
    .flatMap(({ rows }) => rows.map((row) => row.map((cell) => cell.text)));
}

const events = (resources: readonly fcResource[]) =>
  resources.map(({ op, name, type, old, now }) => ({
    op,
    name,
    type,
    old: op === "create" ? null : state(old, { outputs: old, id: name }),
    new: op === "delete" ? null : state(now, { outputs: now }),
  }));
type fcResource = { op: string; name: string; type: string; old: object; now: object };

describe("what is written to GitHub, whatever a preview has,", () => {
  it("is a comment of harmless text, with a row for each resource", () => {
    fc.assert(
      fc.property(preview, ({ resources, findings, errors, stderr }) => {
        const counts: Record<string, number> = {};
        for (const { op } of resources) counts[op] = (counts[op] ?? 0) + 1;
        const log = logOf(
          [
            ...events(resources).map(before),
            ...findings.map(([level, rule, message]) => policy(level, rule, message, message)),
            ...errors.map(failure),
          ],
          counts,
        );
        const body = commentText({
          stack: "dev",
          result: "failure",
          verdict: "success",
          verdictFiles: [],
          preview: previewOf(log),
          errors: stderr,
          commit: "1a2b3c4",
          runUrl,
        });

        expectHarmless(body);
        const expected = resources.map(({ op, name, type }) => [
          op,
          code(name, 150),
          code(type.replace(/\/[^:]*/, ""), 150),
        ]);
        expect(rowsOf(body).map((row) => row.slice(0, 3))).to.have.deep.members(expected);
        expect(rowsOf(body).every((row) => row.length === 4)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is an issue of harmless text, with a row for each resource", () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 5 }), (resources) => {
        const found = resources.map((it) => ({
          ...it,
          op: it.op === "delete" ? "delete" : "update",
        }));
        const counts: Record<string, number> = {};
        for (const { op } of found) counts[op] = (counts[op] ?? 0) + 1;
        const log = logOf(events(found).flatMap(refreshed), counts);

        const body = driftText({ stack: "dev", preview: previewOf(log), runUrl });

        expectHarmless(body);
        expect(rowsOf(body)).to.have.length(resources.length);
      }),
      { numRuns: 200 },
    );
  });

  it("has no address of a person", () => {
    const address = fc.emailAddress({ size: "small" }).filter((it) => it.indexOf("@") > 1);
    fc.assert(
      fc.property(address, text, (person, other) => {
        const local = person.slice(0, person.indexOf("@") + 1);
        // Another text may have the same characters, which are no address there.
        fc.pre(!other.includes(local));
        const all = [prose, code, fenced, printable, masked, (it: string) => cut(it, 50)];
        for (const form of all) {
          for (const it of [
            person,
            `${other} ${person} ${other}`,
            JSON.stringify({ [other]: person }),
          ]) {
            expect(form(it)).not.to.include(local);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("prints no command of a workflow", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(printable(it)).not.to.match(/::|##\[|\p{C}/u);
      }),
    );
  });
});

describe("time", () => {
  const length = 100_000;
  const hostile = [
    "a",
    " ",
    "@",
    "a@",
    "a@b.",
    ".",
    ":",
    "#",
    "##[",
    "`",
    "\\",
    "|",
    "(",
    ")",
    "[",
    '"',
    "{",
    '{"a":',
    "\n",
    "\u001b[",
    "\u202e",
    "www.",
    "0",
    "-0",
    "    at node:",
    "error: preview failed\n",
  ].map((it) => it.repeat(length / it.length));

  for (const [name, work] of [
    ["visible", visible],
    ["masked", masked],
    ["cut", (it: string) => cut(it, 100)],
    ["printable", printable],
    ["prose", prose],
    ["code", code],
    ["fenced", fenced],
    [
      "a whole comment",
      (it: string) => {
        const log = logOf(
          [
            before({
              op: "update",
              name: it,
              type: it,
              old: state({ [it]: it, a: it }),
              new: state({ a: `${it}!` }),
              diffs: [it],
            }),
            policy("mandatory", it, it, it),
            failure(it),
          ],
          { update: 1 },
        );
        commentText({
          stack: "dev",
          result: "failure",
          verdict: "success",
          verdictFiles: [],
          preview: previewOf(log),
          errors: it,
          commit: "1a2b3c4",
          runUrl,
        });
      },
    ],
  ] as const) {
    it(`grows with the length of the text alone: ${name}`, () => {
      for (const it of hostile) {
        const start = performance.now();
        work(it);
        // One that grows with the square takes minutes.
        expect(performance.now() - start, JSON.stringify(it.slice(0, 20))).to.be.below(10_000);
      }
    });
  }
});
