import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect } from "chai";
import { marked } from "marked";

const root = join(import.meta.dirname, "..", "..");
const documents = globSync("**/*.md", {
  cwd: root,
  exclude: ["**/node_modules", ".sandbox", ".tools", "sdks", "policy/test/fixtures"],
}).sort();

interface Page {
  /** Targets of links and images, as they are written. */
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

const pages = new Map<string, Page>();

function pageOf(path: string): Page {
  const known = pages.get(path);
  if (known) return known;
  const page = readPage(readFileSync(join(root, path), "utf8"));
  pages.set(path, page);
  return page;
}

/** Reads the links and the anchors that GitHub gives to headings. */
function readPage(markdown: string): Page {
  const links: string[] = [];
  const anchors = new Set<string>();
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === "link" || token.type === "image") links.push(token.href);
    if (token.type === "heading") anchors.add(anchorOf(token.text));
  });
  return { links, anchors };
}

/** https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

/** What is wrong with a link of a document; nothing if it resolves. */
function problemOf(document: string, link: string): string | undefined {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? document : normalize(join(document, "..", decodeURI(target)));
  if (path.startsWith("..")) return `${link} leaves the repository`;
  if (!existsSync(join(root, path))) return `${link}: no such file`;
  if (anchor === undefined) return undefined;
  if (statSync(join(root, path)).isDirectory()) return `${link}: a folder has no anchors`;
  return pageOf(path).anchors.has(anchor) ? undefined : `${link}: no such heading`;
}

describe("Markdown links", () => {
  for (const document of documents) {
    it(`of ${document} resolve`, () => {
      const relative = pageOf(document).links.filter((it) => !/^(https?|mailto):/.test(it));

      const problems = relative.map((it) => problemOf(document, it)).filter((it) => it);

      expect(problems).to.deep.equal([]);
    });
  }
});
