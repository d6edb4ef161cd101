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
  instanceIds: "",
  instanceType: "t2.micro",
  vpcId: "",
  oidcProviderArn: "",
  defaultTags: "false",
  slack: "false",
  teams: "false",
  pager: "false",
  eventBusArn: "",
  dashboard: "false",
  evidence: "false",
  targetGroup: "false",
};

function parse(changes: Readonly<Record<string, string>>) {
  const values = Object.entries({ ...good, ...changes });
  return parseSettings(new Map(values.map(([key, text]) => [key, { text, isSecret: false }])));
}

describe("the settings of bootstrap", () => {
  it("are read; empty ones are undefined", () => {
    expect(parse({})).to.deep.equal({
      ...good,
      instanceId: undefined,
      instanceIds: undefined,
      vpcId: undefined,
      oidcProviderArn: undefined,
      defaultTags: false,
      slack: false,
      teams: false,
      pager: false,
      eventBusArn: undefined,
      dashboard: false,
      evidence: false,
      targetGroup: false,
    });
  });

  for (const key of ["slack", "teams", "pager", "dashboard", "evidence"]) {
    it(`accept ${key} true`, () => {
      expect(parse({ [key]: "true" })).to.have.property(key, true);
    });
  }

  it("limit the names of project and stack by what the options have", () => {
    const project = "x".repeat(30);

    expect(parse({ project, stack: "y".repeat(13) })).to.include({ project });
    expect(parse({ project, stack: "y".repeat(11), pager: "true" })).to.include({ project });
    expect(() => parse({ project, stack: "y".repeat(12), pager: "true" })).to.throw(
      'since "PROJECT-STACK-pager-trigger-0000000" is the name of an EventBridge rule',
    );
    expect(() => parse({ project, stack: "y".repeat(11), evidence: "true" })).to.throw(
      "is the name of an S3 bucket",
    );
  });

  const instanceIds = "i-01234567,i-0123456789abcdef0";

  it("accept targetGroup true with instanceIds, and not without", () => {
    expect(parse({ targetGroup: "true", instanceIds })).to.have.property("targetGroup", true);
    expect(() => parse({ targetGroup: "true", instanceId: "i-01234567" })).to.throw(
      "- targetGroup: has no effect without instanceIds; remove it or set instanceIds",
    );
  });

  it("refuse instanceIds with instanceId", () => {
    expect(() => parse({ instanceIds, instanceId: "i-01234567" })).to.throw(
      "- instanceIds: has no effect with instanceId; remove one of the two",
    );
  });

  it("accept defaultTags true", () => {
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
    ["instanceIds", "i-01234567,i-0123456789abcdef0"],
    ["instanceIds", "i-01234567, i-0123456789abcdef0"],
    ["instanceType", "u-12tb1.112xlarge"],
    ["vpcId", "vpc-01234567"],
    [
      "oidcProviderArn",
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    ],
  ] as const) {
    it(`accept ${key} ${value}`, () => {
      expect(parse({ [key]: value })).to.have.property(key, value);
    });
  }

  // Each would let another repository's jobs in, or bound the roles by the wrong names.
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
    ["instanceIds", "i-01234567"],
    ["instanceIds", "i-01234567,i-*"],
    ["instanceIds", "i-01234567,i-01234567"],
    ["vpcId", "*"],
    ["oidcProviderArn", "arn:aws:iam::123456789012:oidc-provider/example.com"],
    ["defaultTags", "yes"],
  ] as const) {
    it(`refuse ${key} ${JSON.stringify(value)}, and say where to set it`, () => {
      const got = value === "" ? "is missing" : `got ${JSON.stringify(value)}`;

      expect(() => parse({ [key]: value })).to.throw(`- ${key}: ${got}; expected `);
      expect(() => parse({ [key]: value })).to.throw(
        "pulumi -C pipeline/bootstrap config set KEY VALUE",
      );
    });
  }

  for (const [key, length, most] of [
    ["stack", 27, 26],
    ["project", 41, 40],
  ] as const) {
    it(`refuse a ${key} of ${length} characters, since the name of the state's bucket leaves room for ${most}`, () => {
      const value = "x".repeat(length);

      expect(() => parse({ [key]: value })).to.throw(
        /at most \d+; project and stack together can have 43, since "project-stack-state-000000000000" is the name of an S3 bucket and can have 63/,
      );
    });
  }

  it("report every invalid setting at once, and unknown keys with a similar one", () => {
    expect(() => parse({ stack: "*", branch: "*", stak: "dev" })).to.throw(
      /- stack: .*\n- branch: .*\n- stak: no such setting; did you mean stack\?/,
    );
  });
});
