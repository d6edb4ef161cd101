import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { findings, policyFolder, rolePolicy, rules } from "./support.ts";

const { createPack } = loadProgram<typeof import("../pack.ts")>("policy/pack.ts");
const { policies } = createPack({
  rules,
  now: () => new Date(0),
  folder: policyFolder,
  environment: {},
  version: "1.2.3",
});

const readme = readFileSync(join(policyFolder, "README.md"), "utf8");

describe("policy/README.md", () => {
  it("shows a finding exactly as the pack prints it", async () => {
    const policy = {
      ...rolePolicy({ Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" }),
      name: "policy",
    };

    const [finding] = await findings("star-resource", policy);

    expect(readme).to.include(`\`\`\`\n${finding}\n\`\`\``);
  });

  it("shows a configuration and a waiver that the pack accepts", () => {
    const [config, waivers] = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) =>
      JSON.parse(json),
    );

    expect(policies.map(({ name }) => name)).to.include.members(Object.keys(config));
    const { readWaivers } = loadProgram<typeof import("../waivers.ts")>("policy/waivers.ts");
    const names = rules.map(({ name }) => name);
    expect(readWaivers(JSON.stringify(waivers), names)).to.deep.equal({ waivers, problems: [] });
  });
});
