import { globSync } from "node:fs";
import { join } from "node:path";
import { eventsPage } from "./events-page.ts";
import { policyReadme, rulePage } from "./policy-readme.ts";
import { settingsPage } from "./settings-page.ts";

const policy = join(import.meta.dirname, "..", "..", "policy");
const rulePages = globSync("docs/rules/*.md", { cwd: policy }).sort();

/** Path below the repository's root → its content, which ends with a line break. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  "docs/events/README.md": eventsPage,
  "docs/settings.md": settingsPage,
  "policy/README.md": policyReadme,
  ...Object.fromEntries(rulePages.map((path) => [`policy/${path}`, () => rulePage(path)])),
};
