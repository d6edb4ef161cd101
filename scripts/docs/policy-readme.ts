import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { withPart, withTable } from "./parts.ts";

const folder = join(import.meta.dirname, "..", "..", "policy");

/** policy/README.md with the tables of rules and of their settings, from the pack. */
export function policyReadme(): string {
  const policies = readPolicies();
  const rows = policies.map(
    ({ name, severity, description, remediationSteps, url }) =>
      `| [\`${name}\`](docs/rules/${name}.md) | ${severity} | ${description} | ${remediationSteps} [More](${url}) |`,
  );
  const settings = policies.flatMap(({ name, configSchema }) =>
    Object.entries(configSchema?.properties ?? {}).map(
      ([setting, { description }]) => `| \`${name}\` | \`${setting}\` | ${description} |`,
    ),
  );
  let page = readFileSync(join(folder, "README.md"), "utf8");
  page = withTable(page, "rules", ["| rule | severity | passes if | fix |", ...rows]);
  return withTable(page, "settings", ["| rule | setting | description |", ...settings]);
}

/** A rule's page with what the rule is and which settings it has, from the pack. */
export function rulePage(path: string): string {
  const page = readFileSync(join(folder, path), "utf8");
  const rule = readPolicies().find(({ name }) => path.endsWith(`/${name}.md`));
  if (!rule) throw new Error(`the pack has no rule for ${path}: remove the page`);
  const { severity, description, url, configSchema } = rule;
  const rows = Object.entries(configSchema?.properties ?? {}).map(
    ([setting, it]) => `- \`${setting}\`: ${it.description}`,
  );
  const about = `Severity: **${severity}**. Passes if: ${description} [Source](${url})`;
  const settings = rows.length > 0 ? ["## Settings", "", ...rows] : [];
  return withPart(withPart(page, "rule", about), "settings", settings.join("\n"));
}

function readPolicies() {
  const { createPack } = loadProgram<typeof import("../../policy/pack.ts")>("policy/pack.ts");
  const { rules } =
    loadProgram<typeof import("../../policy/rules/index.ts")>("policy/rules/index.ts");
  return createPack({
    rules,
    now: () => new Date(0),
    folder,
    environment: {},
    version: "0.0.0",
  }).policies;
}
