// `npm run picture`: the pictures in the documents, from the pages that other commands left.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import { openBrowser } from "./browser.ts";
import { root } from "./root.mjs";

interface Picture {
  readonly file: string;
  /** What it shows, and the command that wrote it. */
  readonly source: string;
  readonly command: string;
  readonly width: number;
  /** The top of the page, in pixels; without it, all of the page. */
  readonly height?: number;
  readonly toPage: (source: string) => string | Promise<string>;
}

const pictures: readonly Picture[] = [
  {
    file: "pipeline/preview-comment.png",
    source: ".sandbox/workflows/comment.md",
    command: "npm run workflows",
    width: 940,
    toPage: commentPage,
  },
  {
    file: "docs/incident-report.png",
    source: ".sandbox/run/incident-report.html",
    command: "npm start",
    width: 840,
    height: 900,
    toPage: (page) => page,
  },
];

const browser = await openBrowser();
for (const { file, source, command, width, height, toPage } of pictures) {
  if (!existsSync(join(root, source))) {
    console.log(`${file}: unchanged, since there is no ${source}; \`${command}\` writes it`);
    continue;
  }
  const page = await browser.newPage({ viewport: { width, height: height ?? 100 } });
  await page.setContent(await toPage(readFileSync(join(root, source), "utf8")));
  await page.screenshot({ path: join(root, file), fullPage: height === undefined });
  console.log(file);
}
await browser.close();

/** A comment as GitHub shows it. */
async function commentPage(comment: string): Promise<string> {
  return `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 20px; color: #1f2328; background: #fff;
    font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; }
  article { border: 1px solid #d1d9e0; border-radius: 6px; }
  header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e;
    border-radius: 6px 6px 0 0; }
  header b { color: #1f2328; }
  main { padding: 4px 16px 12px; }
  h3 { font-size: 1.25em; margin: 12px 0; }
  code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, "DejaVu Sans Mono", monospace; }
  table { border-collapse: collapse; margin-bottom: 14px; }
  td, th { border: 1px solid #d1d9e0; padding: 6px 13px; }
  li { margin: 4px 0; overflow-wrap: anywhere; }
  details { margin: 10px 0; }
  sub { color: #59636e; vertical-align: baseline; font-size: 12px; }
  a { color: #0969da; text-decoration: none; }</style>
<article><header><b>github-actions</b> bot commented</header><main>${await marked(comment)}</main></article>`;
}
