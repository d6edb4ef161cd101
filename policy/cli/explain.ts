import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../iam/nearest.ts";
import { createPack } from "../pack.ts";
import { version } from "../package.json";
import { rules } from "../rules/index.ts";
import { explainFinding } from "./explain-finding.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface ExplainOptions {
  readonly sarif?: string;
  readonly json?: boolean;
}

/** `explain`: says what a rule is about, or a finding by its ID. */
export async function explain(
  name: string,
  { sarif, json = false }: ExplainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const run = { rules, folder: "", version, environment: {}, now: terminal.now };
  const { policies } = createPack(run);
  const rule = policies.find((it) => it.name === name);
  if (!rule) {
    if (/^[0-9a-f]{6,20}$/.test(name)) {
      return explainFinding(name, { sarif, json }, policies, terminal);
    }
    const names = policies.map((it) => it.name);
    const expected = nearest(name, names) ?? `one of ${names.join(", ")}`;
    throw new UsageError(
      `there is no rule ${name}: expected ${expected}, or the first 6 to 20 digits of a finding's ID`,
    );
  }
  const { description, severity, remediationSteps, url, configSchema } = rule;
  const settings = Object.entries(configSchema?.properties ?? {});
  if (json) {
    const all = { rule: name, severity, passes: description, fix: remediationSteps, source: url };
    const described = settings.map(([setting, it]) => [setting, it.description]);
    const value = { ...all, settings: Object.fromEntries(described) };
    terminal.output.write(`${JSON.stringify(value, undefined, 2)}\n`);
    return 0;
  }
  terminal.output.write(pageOf(name));
  return 0;
}

/** The rule's page as text: without the marks of its generated parts. */
function pageOf(name: string): string {
  const page = readFileSync(join(__dirname, "..", "docs", "rules", `${name}.md`), "utf8");
  return page.replaceAll(/<!-- .* -->\n+/g, "");
}
