import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of docs/logs.md, which people copy their web server's configuration from. */
export const logsPage = readFileSync(join(import.meta.dirname, "..", "docs", "logs.md"), "utf8");

/** The code blocks of docs/logs.md in one language, in their order. */
export function logsPageBlocks(language: string): string[] {
  const form = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...logsPage.matchAll(form)].map(([, text = ""]) => text.trim());
}
