import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { policyFolder, rules } from "./support.ts";

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
  it("shows a finding exactly as the pack prints it", () => {
    const program = join(policyFolder, "test", "any-program", "programs", "orders-api");
    const findings = JSON.parse(readFileSync(join(program, "findings.json"), "utf8"));
    const printed: string[] = findings["second preview"].map((it: string) =>
      it.replace(/^\[mandatory\] \S+ \(\S+\) /, ""),
    );

    const [, shown] = /prints it -->\n```\n(.*)\n```/.exec(readme) ?? [];

    expect(printed).to.include(shown);
  });

  it("uses the name in package.json", () => {
    const { name, version } = JSON.parse(readFileSync(join(policyFolder, "package.json"), "utf8"));

    expect(new Set(readme.match(/@[\w-]+\/least-privilege-iam/g))).to.deep.equal(new Set([name]));
    const tarball = `${name.slice(1).replace("/", "-")}-${version}.tgz`;
    expect(readme).to.include(`path/to/${tarball}`);
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
