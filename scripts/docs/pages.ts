import { policyReadme } from "./policy-readme.ts";
import { settingsPage } from "./settings-page.ts";

/** Path below the repository's root → its content, which ends with a line break. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  "docs/settings.md": settingsPage,
  "policy/README.md": policyReadme,
};
