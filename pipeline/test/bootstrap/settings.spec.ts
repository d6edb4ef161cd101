import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { parseSettings } = loadProgram<typeof import("../../bootstrap/settings.ts")>(
  "pipeline/bootstrap/settings.ts",
);

const good = {
  subjectPrefix: "repo:acme@123456/watchdog@456789",
  repositoryId: "456789",
  project: "reboot-automation",
  stack: "dev",
  functionName: "Pacerpro-Reboot-Automation",
  branch: "main",
  environment: "production",
  instanceId: "",
  instanceType: "t2.micro",
  vpcId: "",
  oidcProviderArn: "",
  defaultTags: "false",
};

function parse(changes: Readonly<Record<string, string>>) {
  const values = Object.entries({ ...good, ...changes });
  return parseSettings(new Map(values.map(([key, text]) => [key, { text, isSecret: false }])));
}

describe("the settings of bootstrap", () => {
  it("are read, without those that are empty", () => {
    const { instanceId, vpcId, oidcProviderArn, ...expected } = good;

    expect(parse({})).to.deep.equal({ ...expected, defaultTags: false });
  });

  it("take defaultTags true", () => {
    expect(parse({ defaultTags: "true" })).to.have.property("defaultTags", true);
  });

  for (const [key, value] of [
    ["subjectPrefix", "repo:acme/watchdog"],
    ["stack", "prod_2-x"],
    ["stack", "x".repeat(26)],
    ["project", "x".repeat(40)],
    ["project", "4ever"],
    ["branch", "release/1.0"],
    ["instanceId", "i-0123456789abcdef0"],
    ["instanceType", "u-12tb1.112xlarge"],
    ["vpcId", "vpc-01234567"],
    [
      "oidcProviderArn",
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    ],
  ] as const) {
    it(`take ${key} ${value}`, () => {
      expect(parse({ [key]: value })).to.have.property(key, value);
    });
  }

  // Each would let somebody else's jobs in, or bound the roles by something that nobody meant.
  for (const [key, value] of [
    ["subjectPrefix", ""],
    ["subjectPrefix", "repo:acme/*"],
    ["subjectPrefix", "repo:acme/watchdog:pull_request"],
    ["subjectPrefix", "acme/watchdog"],
    ["repositoryId", ""],
    ["repositoryId", "acme/watchdog"],
    ["repositoryId", "0"],
    ["repositoryId", "456790"],
    ["instanceType", ""],
    ["instanceType", "*"],
    ["instanceType", "t3.*"],
    ["project", "x*"],
    ["stack", "organization/dev"],
    ["stack", "prod.eu-1"],
    ["project", "my.project"],
    ["project", "-project"],
    ["project", "xn--project"],
    ["project", "sg-project"],
    ["functionName", "*"],
    ["branch", "*"],
    ["environment", "prod*"],
    ["instanceId", "i-*"],
    ["vpcId", "*"],
    ["oidcProviderArn", "arn:aws:iam::123456789012:oidc-provider/example.com"],
    ["defaultTags", "yes"],
  ] as const) {
    it(`refuse ${key} ${JSON.stringify(value)}, and say where to set it`, () => {
      const got = value === "" ? "is missing" : `got ${JSON.stringify(value)}`;

      expect(() => parse({ [key]: value })).to.throw(`- ${key}: ${got}; expected `);
      expect(() => parse({ [key]: value })).to.throw("pulumi -C bootstrap config set KEY VALUE");
    });
  }

  for (const [key, length, most] of [
    ["stack", 27, 26],
    ["project", 41, 40],
  ] as const) {
    it(`refuse a ${key} of ${length} characters, since the bucket for the state has no room for more than ${most}`, () => {
      const value = "x".repeat(length);

      expect(() => parse({ [key]: value })).to.throw(
        /at most \d+, since project and stack together have at most 43: "project-stack-state-000000000000" is the name of an S3 bucket, which has at most 63/,
      );
    });
  }

  it("name everything that is wrong at once, and what is no setting", () => {
    expect(() => parse({ stack: "*", branch: "*", stak: "dev" })).to.throw(
      /- stack: .*\n- branch: .*\n- stak: no such setting; known are subjectPrefix, /,
    );
  });
});
