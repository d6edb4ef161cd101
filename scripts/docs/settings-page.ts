import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadProgram } from "../../sandbox/engine/program.ts";

const root = join(import.meta.dirname, "..", "..");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Declaration {
  readonly default: string | number | boolean;
  readonly description: string;
}

/** docs/settings.md: a row for each setting, from Pulumi.yaml and the table in infra/settings.ts. */
export function settingsPage(): string {
  const { settingsTable } =
    loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");
  const { expectedOf } =
    loadProgram<typeof import("../../infra/setting-schema.ts")>("infra/setting-schema.ts");
  const { config } = yaml.load(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, Declaration>;
  };
  const rows = Object.entries(settingsTable).map(([key, schema]) => {
    const { default: preset, description } = config[key] ?? { default: "", description: "" };
    const shown = preset === "" ? "" : `\`${preset}\``;
    return `| \`${key}\` | ${shown} | ${description} | ${expectedOf(schema)} |`;
  });
  return `${heading}\n${rows.join("\n")}\n`;
}

const heading = `<!-- Generated from Pulumi.yaml and infra/settings.ts by \`npm run docs\`. Do not edit. -->
# Settings

Set them with \`pulumi config set KEY VALUE\` (\`--secret\` for tokens) or in \`Pulumi.<stack>.yaml\`. All
invalid settings are reported together, before any resource is created. \`aws:region\` is \`us-east-1\` unless
you set it.

| Setting | Default | Description | Accepted values |
| --- | --- | --- | --- |`;
