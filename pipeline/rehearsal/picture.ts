// `npm run picture`: pipeline/preview-comment.png, from the comment that the last `npm run workflows` left.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marked } from "marked";

const root = join(import.meta.dirname, "..", "..");
const width = 940;

const style = `
  body { margin: 0; padding: 20px; width: ${width - 40}px; color: #1f2328; background: #fff;
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
  a { color: #0969da; text-decoration: none; }`;

const commentFile = join(root, ".sandbox", "workflows", "comment.md");
if (!existsSync(commentFile))
  throw new Error(`there is no ${commentFile}; \`npm run workflows\` writes it`);
const comment = readFileSync(commentFile, "utf8");
const page = `<!doctype html><meta charset="utf-8"><style>${style}</style>
<article><header><b>github-actions</b> bot commented</header><main>${await marked(comment)}</main></article>
<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script>`;

const folder = mkdtempSync(join(tmpdir(), "picture-"));
try {
  const file = join(folder, "page.html");
  writeFileSync(file, page);
  const chromium = (...options: string[]) =>
    execFileSync(
      "chromium",
      ["--headless", "--no-sandbox", "--hide-scrollbars", ...options, file],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
  // Chromium captures what its window shows, so the page is measured first.
  const [, height] = /<title>(\d+)<\/title>/.exec(chromium("--dump-dom")) ?? [];
  if (!height) throw new Error("chromium did not measure the page");
  const picture = join(root, "pipeline", "preview-comment.png");
  chromium(`--screenshot=${picture}`, `--window-size=${width},${height}`);
  console.log(picture);
} finally {
  rmSync(folder, { recursive: true });
}
