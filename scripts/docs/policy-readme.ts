import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram } from "../../sandbox/engine/program.ts";

const folder = join(import.meta.dirname, "..", "..", "policy");

/** policy/README.md with the tables of rules and of their settings, from the pack. */
export function policyReadme(): string {
  const { createPack } = loadProgram<typeof import("../../policy/pack.ts")>("policy/pack.ts");
  const { rules } =
    loadProgram<typeof import("../../policy/rules/index.ts")>("policy/rules/index.ts");
  const { policies } = createPack({
    rules,
    now: () => new Date(0),
    folder,
    environment: {},
    version: "0.0.0",
  });
  const rows = policies.map(
    ({ name, severity, description, remediationSteps, url }) =>
      `| \`${name}\` | ${severity} | ${description} | ${remediationSteps} [More](${url}) |`,
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

/** The page with another table between the marks of that name. Throws if the marks are missing. */
function withTable(page: string, name: string, [head = "", ...rows]: readonly string[]): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`policy/README.md lacks ${start.trim()} … ${end}`);
  const line = head.replaceAll(/[^|]+/g, " --- ");
  const table = [head, line, ...rows].join("\n");
  return `${page.slice(0, from + start.length)}\n${table}\n\n${page.slice(to)}`;
}
