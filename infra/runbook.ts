import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The sections of docs/runbook.md that alarms, monitors and dashboards refer to. */
const runbook = "docs/runbook.md";

/** A reference to a section of the runbook, in plain text and in Markdown. */
export interface RunbookReference {
  readonly text: string;
  readonly markdown: string;
}

/**
 * Refers to a section of docs/runbook.md by its heading: with an address if package.json names the repository,
 * otherwise by the file and the heading. This program knows no other place that the reader can open.
 */
export function runbookSection(
  heading: string,
  repository: unknown = repositoryOf(packageJson()),
): RunbookReference {
  const page = repositoryPage(repository);
  const place = `${runbook}, "${heading}"`;
  if (!page) return { text: place, markdown: place };
  const url = `${page}/blob/HEAD/${runbook}#${anchorOf(heading)}`;
  return { text: url, markdown: `[${heading}](${url})` };
}

/** The anchor that GitHub and GitLab give to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function packageJson(): { readonly repository?: unknown } {
  return JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8"));
}

/** https://docs.npmjs.com/cli/configuring-npm/package-json#repository : a string, or an object with `url`. */
function repositoryOf({ repository }: { readonly repository?: unknown }): unknown {
  return typeof repository === "object" && repository !== null && "url" in repository
    ? repository.url
    : repository;
}

/** The web page of a repository on an HTTPS host, without credentials; undefined for every other address. */
function repositoryPage(repository: unknown): string | undefined {
  if (typeof repository !== "string") return undefined;
  const page = repository.replace(/^git\+/, "").replace(/(\.git)?\/?$/, "");
  return /^https:\/\/[\w.-]+(\/[\w.-]+){2,}$/.test(page) ? page : undefined;
}
