import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findings, policyFolder, rolePolicy, rules } from "../../policy/test/support.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { createPack } = loadProgram<typeof import("../../policy/pack.ts")>("policy/pack.ts");
const { policies } = createPack({
  rules,
  now: () => new Date(0),
  folder: policyFolder,
  environment: {},
  version: "1.2.3",
});

const file = join(policyFolder, "README.md");
const committed = readFileSync(file, "utf8");

/** The text with what stands between the marks of a name made anew. */
function withPart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const before = text.slice(0, text.indexOf(start) + start.length);
  return `${before}\n${part}\n\n${text.slice(text.indexOf(end))}`;
}

function rulesTable(): string {
  return [
    "| rule | severity | passes if | why and how |",
    "| --- | --- | --- | --- |",
    ...policies.map(
      ({ name, severity, description, remediationSteps, url }) =>
        `| \`${name}\` | ${severity} | ${description} | ${remediationSteps} [More](${url}) |`,
    ),
  ].join("\n");
}

function settingsTable(): string {
  return [
    "| rule | setting | |",
    "| --- | --- | --- |",
    ...policies.flatMap(({ name, configSchema }) =>
      Object.entries(configSchema?.properties ?? {}).map(
        ([setting, { description }]) => `| \`${name}\` | \`${setting}\` | ${description} |`,
      ),
    ),
  ].join("\n");
}

describe("policy/README.md", () => {
  it("has the list of rules and settings that the pack has", () => {
    const made = withPart(withPart(committed, "rules", rulesTable()), "settings", settingsTable());
    if (made !== committed) writeFileSync(file, made);

    expect(committed, "policy/README.md is written anew: read the difference").to.equal(made);
  });

  it("shows a finding as the pack words it", async () => {
    const policy = {
      ...rolePolicy({ Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" }),
      name: "policy",
    };

    const [finding] = await findings("star-resource", policy);

    expect(committed).to.include(`\`\`\`\n${finding}\n\`\`\``);
  });

  it("shows a configuration and a waiver that the pack takes", () => {
    const [config, waivers] = [...committed.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, json = ""]) => JSON.parse(json),
    );

    expect(policies.map(({ name }) => name)).to.include.members(Object.keys(config));
    const { readWaivers } =
      loadProgram<typeof import("../../policy/waivers.ts")>("policy/waivers.ts");
    const names = rules.map(({ name }) => name);
    expect(readWaivers(JSON.stringify(waivers), names)).to.deep.equal({ waivers, problems: [] });
  });
});
