import { expect } from "chai";
import { messagesOf, rules, startPack } from "./support.ts";

const resource = { type: "x:y:Z", props: {} };

async function found(settings: Record<string, Record<string, unknown>>): Promise<string[]> {
  const pack = startPack({ rules, settings });
  const first = messagesOf((await pack.analyze(resource)).verdicts);
  expect((await pack.analyze(resource)).verdicts, "again").to.deep.equal([]);
  return first;
}

describe("names and values in the configuration", () => {
  for (const [settings, expected] of [
    [
      { "star-resorce": {} },
      "configuration: rule star-resorce: the pack has no such rule. Write star-resource.",
    ],
    [
      { unused_grant: {} },
      "configuration: rule unused_grant: the pack has no such rule. Write unused-grant.",
    ],
    [
      { "foreign-arn": { externals: [] } },
      "configuration: setting foreign-arn.externals: the rule has no such setting. Write external.",
    ],
    [
      { "aws-managed-policy": { allow: [] } },
      "configuration: setting aws-managed-policy.allow: the rule has no such setting. Write allowed.",
    ],
    [
      { "unused-grant": { level: "advisory" } },
      "configuration: setting unused-grant.level: the rule has no such setting. Write one of strict.",
    ],
    [
      { "star-action": { allowed: [] } },
      "configuration: setting star-action.allowed: the rule has no such setting. Remove it.",
    ],
    [
      { waivers: { path: "x" } },
      "configuration: setting waivers.path: the rule has no such setting. Write one of file.",
    ],
    [
      { "foreign-arn": { external: "arn:aws:sns:us-east-1:111122223333:topic" } },
      "configuration: setting foreign-arn.external: it is no list of strings. Write a list of strings.",
    ],
    [
      { "trust-principal": { principals: [null] } },
      "configuration: setting trust-principal.principals: it is no list of strings. Write a list of strings.",
    ],
    [
      { "unused-grant": { strict: "yes" } },
      "configuration: setting unused-grant.strict: it is no boolean. Write a boolean.",
    ],
    [
      { "grants-file": { file: null } },
      "configuration: setting grants-file.file: it is no string. Write a string.",
    ],
  ] as const) {
    it(`are an error: ${expected}`, async () => {
      expect(await found(settings)).to.deep.equal([`it: ${expected}`]);
    });
  }

  it("are all reported together", async () => {
    expect(await found({ "star-resorce": {}, "foreign-arn": { externals: [] } })).to.have.length(2);
  });

  it("are right for every rule and setting of the pack, and for all rules", async () => {
    const settings = Object.fromEntries(
      rules.map(({ name, configSchema }) => [
        name,
        Object.fromEntries(
          Object.entries(configSchema?.properties ?? {})
            .filter(([, { type }]) => type !== "string")
            .map(([it]) => [it, undefined]),
        ),
      ]),
    );

    expect(await found({ ...settings, all: {} })).to.deep.equal([]);
  });
});
