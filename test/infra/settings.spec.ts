import { _InstanceType } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { allTargets, settings as good } from "./mocks.ts";

const { parseSettings } =
  loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");

/** The valid settings with changes, as the engine has them; tokens are encrypted. */
function parse(
  changes: Record<string, string | undefined> = {},
  isSecret = true,
  deployed = { project: "reboot-automation", stack: "dev" },
) {
  const entries = Object.entries({ ...good, ...changes }).flatMap(([key, text]) =>
    text === undefined ? [] : ([[key, { text, isSecret }]] as const),
  );
  return parseSettings(new Map(entries), deployed);
}

/** The lines of the error about these settings; none if they are valid. */
function problemsOf(changes: Record<string, string | undefined>, isSecret = true): string[] {
  try {
    parse(changes, isSecret);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").filter((line) => line.startsWith("- "));
  }
}

const hex = (length: number) => "0123456789abcdef".repeat(40).slice(0, length);
const base64url = (length: number) => "Zz_-9".repeat(200).slice(0, length);

/** Different ids of instances. */
const idsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `i-${String(index).padStart(17, "0")}`);

const edges: Record<string, { valid: string[]; invalid: string[] }> = {
  notificationEmail: {
    valid: [
      "a@b.example",
      "a@b.example,c@d.example",
      "a+b@c-d.example , e@f.example",
      "first.o'last@sub.example.co",
    ],
    invalid: [
      "nobody",
      "a@b",
      "@b.example",
      "a@b.example,",
      "a b@c.example",
      "a@b.example,a@b.example",
      "<a@b.example>",
      "mailto:a@b.example",
      "a@b.example,A@B.example",
      "a@b@c.example",
      ".a@b.example",
      "a.@b.example",
      "a..b@c.example",
      "a@-b.example",
      "a@b..example",
      "a@b.example.",
      "a@192.0.2.1",
      "ä@b.example",
      "a@b.example;c@d.example",
      `${"a".repeat(65)}@b.example`,
    ],
  },
  webhookToken: {
    valid: [hex(64), hex(128), base64url(43), base64url(512)],
    invalid: [
      hex(63),
      hex(43),
      base64url(42),
      base64url(513),
      `${base64url(43)}=`,
      `${base64url(42)}+`,
      `${base64url(42)}/`,
      `${base64url(43)} `,
    ],
  },
  cooldownMinutes: { valid: ["", "28", "30", "4320"], invalid: ["4", "4321", "30m", "12.5"] },
  checkEveryMinutes: { valid: ["1", "3", "15"], invalid: ["0", "16", "3m", "1.5"] },
  maxChecks: { valid: ["", "2", "9", "200"], invalid: ["1", "201", "unlimited"] },
  evidence: { valid: ["true", "false"], invalid: ["yes", "1"] },
  reservedConcurrency: { valid: ["", "5", "100"], invalid: ["0", "4", "101", "-1", "all", "5.5"] },
  maxRebootsPerDay: { valid: ["1", "3", "10"], invalid: ["0", "11", "-1", "unlimited"] },
  maxAffectedPercent: { valid: ["1", "34", "100"], invalid: ["0", "101", "34%", "33.3"] },
  maxRebootingAtOnce: { valid: ["1", "49"], invalid: ["0", "50", "50%"] },
  maxRebootsPerDayInGroup: { valid: ["1", "6", "100"], invalid: ["0", "101", "unlimited"] },
  minHealthyPercent: { valid: ["1", "75", "100"], invalid: ["0", "101", "75%"] },
  quietHours: {
    valid: [
      "",
      "Sat 02:00-04:00 Europe/Berlin",
      "Mon-Fri 22:00-06:00 America/New_York; Sat 00:00-24:00 UTC",
      "Fri 18:00-Mon 06:00 Etc/GMT+5,Daily 01:00-02:00 UTC",
    ],
    invalid: [
      "Sat 02:00-04:00",
      "sat 02:00-04:00 UTC",
      "Sat 2:00-4:00 UTC",
      "Sat 24:00-04:00 UTC",
      "Sat 02:00-04:60 UTC",
      "Sat 02:00-04:00 UTC,",
      "02:00-04:00 UTC",
      "Sat 02:00-02:00 UTC",
      "Sat 02:00-04:00 Europe/Bonn",
      "Sat 02:00-04:00 +02:00",
      "Daily 12:00-00:01 UTC",
    ],
  },
  webServer: { valid: ["true", "false"], invalid: ["yes", "True", "1"] },
  dashboard: { valid: ["true", "false"], invalid: ["yes", "True", "1"] },
  silentMinutes: {
    valid: ["5", "10", "15", "30", "60", "1440"],
    invalid: ["0", "2", "4", "20", "2880", "15m"],
  },
  webhookTokenPrevious: { valid: [hex(64)], invalid: [hex(63)] },
  functionName: {
    valid: ["a", "Pacerpro-Reboot-Automation", "x".repeat(64)],
    invalid: ["x".repeat(65), "a b", "a/b", "a:b"],
  },
  instanceType: {
    valid: [
      "t2.micro",
      "t3.micro",
      "m7i-flex.large",
      "g4dn.xlarge",
      "c5n.18xlarge",
      "u-6tb1.metal",
      "p6-b200.48xlarge",
      "gr6.4xlarge",
      "z9x-flex.large",
    ],
    invalid: [
      "t4g.micro",
      "m7g.large",
      "c7gn.large",
      "im4gn.large",
      "g5g.xlarge",
      "a1.large",
      "mac1.metal",
      "mac2.metal",
      "mac2-m2pro.metal",
      "mac-m4.metal",
      "p6e-gb200.36xlarge",
      "p5x-gh200.large",
      "t1.micro",
      "m1.small",
      "micro",
      "t2",
      "T2.micro",
      "t2.micro ",
    ],
  },
  httpCidr: {
    valid: ["0.0.0.0/0", "203.0.113.0/24", "255.255.255.255/32", "10.128.0.0/9", "10.0.0.2/31"],
    invalid: [
      "203.0.113.0",
      "203.0.113.0/33",
      "256.0.0.0/8",
      "1.2.3/8",
      "::/0",
      "anywhere",
      "203.0.113.7/24",
      "010.0.0.0/8",
      "10.0.0.0/08",
      "10.0.0.1/0",
      " 10.0.0.0/8",
    ],
  },
  instanceId: {
    valid: ["i-01234567", "i-0123456789abcdef0"],
    invalid: [
      "i-0123456",
      "i-012345678",
      "i-0123456789ABCDEF0",
      "0123456789abcdef0",
      "*",
      "i-01234567,i-01234568",
    ],
  },
  instanceIds: {
    valid: ["i-01234567,i-01234568", " i-0123456789abcdef0 , i-01234567 ", idsOf(50).join(",")],
    invalid: [
      "i-01234567",
      "i-01234567,",
      "i-01234567,i-01234567",
      "i-01234567, i-01234567 ",
      "i-01234567;i-01234568",
      "i-01234567 i-01234568",
      "i-01234567,i-0123456",
      "i-01234567,I-01234568",
      "i-01234567,*",
      idsOf(51).join(","),
    ],
  },
  subnetId: {
    valid: ["subnet-01234567", "subnet-0123456789abcdef0"],
    invalid: ["subnet-1", "subnet", "vpc-01234567"],
  },
  permissionsBoundary: {
    valid: [
      "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary",
      "arn:aws-us-gov:iam::123456789012:policy/team/bound",
      "arn:aws:iam::aws:policy/PowerUserAccess",
    ],
    invalid: [
      "reboot-automation-dev-boundary",
      "arn:aws:iam::123456789012:role/x",
      "arn:aws:iam::1234:policy/x",
      "arn:aws:iam::123456789012:policy/*",
      "arn:aws:iam::123456789012:policy/team/",
      "arn:aws:iam::123456789012:policy//x",
      `arn:aws:iam::123456789012:policy/${"x".repeat(129)}`,
    ],
  },
  apiPath: {
    valid: ["/", "/api/data", "/api/", "/v1.2/a_b~c-d", "/.well-known/x", `/${"x".repeat(199)}`],
    invalid: [
      "api/data",
      "/api data",
      "/api/data ",
      '/api"',
      "/api?x=1",
      "/a*",
      "/a|b",
      "//",
      "/a//b",
      "/a//",
      "/.",
      "/a/../b",
      `/${"x".repeat(200)}`,
    ],
  },
  slowResponseSeconds: {
    valid: ["1", "3", "60"],
    invalid: ["0", "61", "-1", "2.5", "3s", "1e1", "03x"],
  },
  maxSlowResponses: { valid: ["1", "5", "1000"], invalid: ["0", "1001", "-5", "5.5", "five"] },
  windowMinutes: {
    valid: ["2", "5", "10", "15", "30", "60", "180", "360", "720", "1440"],
    invalid: ["0", "1", "9", "11", "20", "1441", "10m"],
  },
  logSourceCategory: {
    valid: ["web/access", "prod/web_1.2-x", "x".repeat(128)],
    invalid: ["web/*", "web access", "x".repeat(129), "a|b", '"a"'],
  },
  logRetentionDays: {
    valid: ["1", "30", "365", "3653"],
    invalid: ["0", "2", "29", "31", "3654", "-1"],
  },
};

describe("parseSettings", () => {
  it("reads the settings of the dev stack", () => {
    const { webhookTokens, ...settings } = parse();

    expect(webhookTokens).to.have.length(1);
    expect(settings).to.deep.include({
      notificationEmails: ["oncall@example.com"],
      functionName: "Pacerpro-Reboot-Automation",
      instanceType: "t2.micro",
      httpCidr: undefined,
      instanceId: undefined,
      instanceIds: undefined,
      group: undefined,
      subnetId: undefined,
      permissionsBoundary: undefined,
      webServer: true,
      rule: {
        apiPath: "/api/data",
        slowResponseSeconds: 3,
        maxSlowResponses: 5,
        windowMinutes: 10,
      },
      logSourceCategory: "web/access",
      silentMinutes: 15,
      limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
      checks: { checkEveryMinutes: 3, maxChecks: 9 },
      quietHours: undefined,
      reservedConcurrency: undefined,
      logRetentionDays: 30,
      dashboard: false,
      targets: undefined,
    });
  });

  /** A schedule that fits every valid value of the others. */
  const fittingSchedule: Record<string, Record<string, string>> = {
    maxChecks: { checkEveryMinutes: "15" },
    windowMinutes: { checkEveryMinutes: "15" },
  };

  for (const [key, { valid, invalid }] of Object.entries(edges)) {
    for (const value of valid) {
      it(`accepts ${value.slice(0, 40)} as ${key}`, () => {
        expect(problemsOf({ ...fittingSchedule[key], [key]: value })).to.deep.equal([]);
      });
    }
    for (const value of invalid) {
      it(`refuses ${JSON.stringify(value.slice(0, 40))} as ${key}, and reports only that`, () => {
        const problems = problemsOf({ ...fittingSchedule[key], [key]: value });

        expect(problems).to.have.length(1);
        expect(problems[0]).to.match(new RegExp(`^- ${key}: got .*; expected `));
      });
    }
  }

  for (const key of Object.keys(good)) {
    for (const value of [undefined, ""]) {
      it(`reports ${key} if it is ${value === "" ? "empty" : "missing"}`, () => {
        expect(problemsOf({ [key]: value })[0]).to.match(
          new RegExp(`^- ${key}: is missing; expected `),
        );
      });
    }
  }

  for (const key of [
    "httpCidr",
    "instanceId",
    "instanceIds",
    "targetGroupArn",
    "subnetId",
    "permissionsBoundary",
    "quietHours",
    "webhookTokenPrevious",
    ...Object.keys(allTargets),
  ]) {
    it(`accepts an empty ${key}`, () => {
      expect(problemsOf({ [key]: "" })).to.deep.equal([]);
    });
  }

  it("reports everything that is invalid in one error, and where to set it", () => {
    const changes = { notificationEmail: "", windowMinutes: "9", apiPath: "x", extra: "1" };

    expect(problemsOf(changes).map((line) => line.split(":")[0])).to.deep.equal([
      "- notificationEmail",
      "- apiPath",
      "- windowMinutes",
      "- extra",
    ]);
    expect(() => parse(changes)).to.throw("`pulumi config set`");
  });

  for (const [key, similar] of [
    ["functionNam", "functionName"],
    ["FUNCTIONNAME", "functionName"],
    ["instanceID", "instanceId"],
    ["windowMinute", "windowMinutes"],
    ["maxSlowRespones", "maxSlowResponses"],
  ] as const) {
    it(`reports the unknown key ${key}, and suggests ${similar}`, () => {
      expect(problemsOf({ [key]: "x" })).to.deep.equal([
        `- ${key}: no such setting; did you mean ${similar}?`,
      ]);
    });
  }

  it("reports an unknown key that is like no setting, with all settings", () => {
    expect(problemsOf({ colour: "x" })).to.deep.equal([
      "- colour: no such setting; known settings are notificationEmail, slackWorkspaceId, slackChannelId, teamsTenantId, teamsTeamId, teamsChannelId, pagerDutyRoutingKey, eventBusArn, webhookToken, webhookTokenPrevious, functionName, instanceType, httpCidr, instanceId, instanceIds, targetGroupArn, minHealthyPercent, subnetId, permissionsBoundary, webServer, apiPath, slowResponseSeconds, maxSlowResponses, windowMinutes, logSourceCategory, silentMinutes, cooldownMinutes, maxRebootsPerDay, maxAffectedPercent, maxRebootingAtOnce, maxRebootsPerDayInGroup, quietHours, checkEveryMinutes, maxChecks, evidence, reservedConcurrency, logRetentionDays, dashboard",
    ]);
  });

  it("reports a token that is not encrypted", () => {
    expect(problemsOf({}, false)).to.deep.equal([
      "- webhookToken: is not encrypted; set it with --secret",
    ]);
  });

  it("never prints a token", () => {
    const problems = problemsOf(
      { webhookToken: "hunter2hunter2", webhookTokenPrevious: "hunter3" },
      false,
    );

    expect(problems).to.have.length(4);
    expect(problems.join("\n")).not.to.include("hunter");
  });

  for (const key of ["httpCidr", "subnetId"] as const) {
    it(`refuses ${key} with instanceId, where it would have no effect`, () => {
      const changes = { instanceId: "i-01234567", [key]: edges[key]?.valid[0] };

      expect(problemsOf(changes)).to.deep.equal([
        `- ${key}: has no effect with instanceId; remove one of the two`,
      ]);
    });
  }

  const group = { instanceIds: "i-01234567,i-01234568" };
  const targetGroupArn =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef";

  for (const key of ["httpCidr", "subnetId"] as const) {
    it(`refuses ${key} with instanceIds, where it would have no effect`, () => {
      expect(problemsOf({ ...group, [key]: edges[key]?.valid[0] })).to.deep.equal([
        `- ${key}: has no effect with instanceIds; remove one of the two`,
      ]);
    });
  }

  it("refuses instanceIds with instanceId", () => {
    expect(problemsOf({ ...group, instanceId: "i-01234569" })).to.deep.equal([
      "- instanceIds: has no effect with instanceId; remove one of the two",
    ]);
  });

  it("refuses targetGroupArn without instanceIds, unless these are invalid anyway", () => {
    expect(problemsOf({ targetGroupArn })).to.deep.equal([
      "- targetGroupArn: has no effect without instanceIds; remove it or set instanceIds",
    ]);
    expect(problemsOf({ targetGroupArn, instanceId: "i-01234567" })).to.deep.equal([
      "- targetGroupArn: has no effect without instanceIds; remove it or set instanceIds",
    ]);
    expect(
      problemsOf({ targetGroupArn, instanceIds: "i-1" }).map((it) => it.split(":")[0]),
    ).to.deep.equal(["- instanceIds"]);
  });

  for (const value of [
    targetGroupArn,
    "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:targetgroup/A-1/0123456789abcdef",
  ]) {
    it(`accepts ${value} as targetGroupArn`, () => {
      expect(problemsOf({ ...group, targetGroupArn: value })).to.deep.equal([]);
    });
  }

  for (const value of [
    "web",
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef",
    "arn:aws:elasticloadbalancing::123456789012:targetgroup/web/0123456789abcdef",
    "arn:aws:elasticloadbalancing:us-east-1:1234:targetgroup/web/0123456789abcdef",
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web",
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/*/0123456789abcdef",
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${"w".repeat(33)}/0123456789abcdef`,
    `${targetGroupArn}0`,
  ]) {
    it(`refuses ${value} as targetGroupArn`, () => {
      expect(problemsOf({ ...group, targetGroupArn: value })).to.deep.equal([
        `- targetGroupArn: got "${value}"; expected the ARN of a target group, for example ` +
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/NAME/0123456789abcdef",
      ]);
    });
  }

  it("requires maxRebootingAtOnce to be less than the number of instances", () => {
    const three = { instanceIds: "i-01234567,i-01234568,i-01234569" };

    expect(problemsOf({ ...three, maxRebootingAtOnce: "2" })).to.deep.equal([]);
    expect(problemsOf({ ...three, maxRebootingAtOnce: "3" })).to.deep.equal([
      '- maxRebootingAtOnce: got "3"; expected less than the 3 instances of instanceIds',
    ]);
    expect(problemsOf({ maxRebootingAtOnce: "3" })).to.deep.equal([]);
  });

  it("groups the settings of a group", () => {
    const settings = parse({ instanceIds: " i-01234567 , i-01234568", targetGroupArn });

    expect(settings).to.deep.include({
      instanceIds: ["i-01234567", "i-01234568"],
      group: {
        windowMinutes: 10,
        maxAffectedPercent: 34,
        maxRebootingAtOnce: 1,
        maxRebootsPerDayInGroup: 6,
        targetGroup: { arn: targetGroupArn, minHealthyPercent: 75 },
      },
    });
    expect(settings).not.to.have.any.keys("targetGroupArn", "minHealthyPercent");
    expect(parse(group).group).to.deep.equal({
      windowMinutes: 10,
      maxAffectedPercent: 34,
      maxRebootingAtOnce: 1,
      maxRebootsPerDayInGroup: 6,
    });
  });

  it("groups the settings of targets", () => {
    const { pagerDutyRoutingKey, ...targets } = parse(allTargets).targets ?? {};

    expect(targets).to.deep.equal({
      slack: { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" },
      teams: {
        tenantId: "2a3b4c5d-0000-4000-8000-0123456789ab",
        teamId: "74361522-da01-538d-aa2e-ac7918c6bb92",
        channelId: "19%3a1234567890abcdef1234567890abcdef%40thread.tacv2",
      },
      eventBusArn: "arn:aws:events:eu-west-1:111122223333:event-bus/central",
    });
    expect(pagerDutyRoutingKey).not.to.equal(undefined);
  });

  for (const [key, valid, invalid] of [
    ["slackWorkspaceId", ["T1", "T07EA123LEP", "E01ABCDEFGH"], ["T", "C07EZ1ABC23", "t07ea123lep"]],
    ["slackChannelId", ["C07EZ1ABC23", "GABCBBLZZ"], ["#alerts", "T07EA123LEP", "C07EZ1ABC2-"]],
    [
      "teamsTenantId",
      ["74361522-DA01-538d-aa2e-ac7918c6bb92"],
      ["1234", "74361522da01538daa2eac7918c6bb92", "74361522-da01-538d-aa2e-ac7918c6bb9g"],
    ],
    ["teamsTeamId", ["74361522-da01-538d-aa2e-ac7918c6bb92"], ["on-call"]],
    [
      "teamsChannelId",
      ["19%3aab%40thread.tacv2", "19%3Aab_-%40thread.skype"],
      ["19:ab@thread.tacv2", "19%3aab", "x%3a%40x y", `19%3a${"a".repeat(250)}%40x`],
    ],
    [
      "eventBusArn",
      [
        "arn:aws:events:us-east-1:123456789012:event-bus/default",
        "arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/a/b.c_d-e",
        "arn:aws:events:ap-southeast-2:123456789012:event-bus/central",
      ],
      [
        "default",
        "arn:aws:events:us-east-1:123456789012:rule/central",
        "arn:aws:events::123456789012:event-bus/central",
        "arn:aws:events:us-east-1:1234:event-bus/central",
        "arn:aws:events:us-east-1:123456789012:event-bus/*",
      ],
    ],
  ] as const) {
    for (const value of valid) {
      it(`accepts ${value.slice(0, 60)} as ${key}`, () => {
        expect(problemsOf({ ...allTargets, [key]: value })).to.deep.equal([]);
      });
    }
    for (const value of invalid) {
      it(`refuses ${JSON.stringify(value.slice(0, 60))} as ${key}, and reports only that`, () => {
        const problems = problemsOf({ ...allTargets, [key]: value });

        expect(problems).to.have.length(1);
        expect(problems[0]).to.match(new RegExp(`^- ${key}: got .*; expected `));
      });
    }
  }

  it("does not print a routing key that is invalid or not encrypted", () => {
    const problems = problemsOf({ pagerDutyRoutingKey: "hunter2" }, false);

    expect(problems).to.deep.equal([
      "- pagerDutyRoutingKey: is not encrypted; set it with --secret",
      "- pagerDutyRoutingKey: got a value in another format; expected the 32 letters and digits of a PagerDuty integration key",
      "- webhookToken: is not encrypted; set it with --secret",
    ]);
  });

  it("accepts each target alone", () => {
    const { slackWorkspaceId, slackChannelId, ...others } = allTargets;
    const { pagerDutyRoutingKey, eventBusArn, ...teams } = others;
    const each = [
      { slackWorkspaceId, slackChannelId },
      teams,
      { pagerDutyRoutingKey },
      { eventBusArn },
    ];

    expect(each.map((it) => problemsOf(it))).to.deep.equal([[], [], [], []]);
  });

  for (const [given, missing] of [
    [["slackWorkspaceId"], ["slackChannelId"]],
    [["slackChannelId"], ["slackWorkspaceId"]],
    [["teamsTenantId"], ["teamsTeamId", "teamsChannelId"]],
    [["teamsTenantId", "teamsChannelId"], ["teamsTeamId"]],
  ] as const) {
    it(`reports that ${given.join(" and ")} needs ${missing.join(" and ")}`, () => {
      const changes = Object.fromEntries(given.map((key) => [key, allTargets[key]]));
      const names = given.join(" and ");

      expect(problemsOf(changes)).to.deep.equal(
        missing.map(
          (it) => `- ${it}: is missing; expected together with ${names}, or remove ${names}`,
        ),
      );
    });
  }

  it("reports the problems of all targets together, and one that is missing with one that is invalid", () => {
    expect(
      problemsOf({ slackWorkspaceId: "x", teamsTeamId: allTargets.teamsTeamId }).map(
        (line) => line.split(";")[0],
      ),
    ).to.deep.equal([
      '- slackWorkspaceId: got "x"',
      "- slackChannelId: is missing",
      "- teamsTenantId: is missing",
      "- teamsChannelId: is missing",
    ]);
  });

  it("refuses the stack's own bus, on which each event would come back", () => {
    const own =
      "arn:aws:events:us-east-1:123456789012:event-bus/reboot-automation-dev-events-bus-0123abc";

    expect(problemsOf({ eventBusArn: own })).to.deep.equal([
      `- eventBusArn: got "${own}"; expected a bus other than the stack's, because each event would loop`,
    ]);
  });

  for (const [range, network] of [
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["10.255.255.255/9", "10.128.0.0/9"],
    ["192.0.2.255/31", "192.0.2.254/31"],
  ]) {
    it(`suggests the network of ${range}`, () => {
      expect(problemsOf({ httpCidr: range })).to.deep.equal([
        `- httpCidr: got "${range}"; expected the address of the network, ${network}`,
      ]);
    });
  }

  for (const [value, expected] of [
    [
      "Sat 2-4",
      "windows separated by commas or semicolons, each with its time zone, for example Sat 02:00-04:00 Europe/Berlin, Mon-Fri 22:00-06:00 America/New_York, Fri 18:00-Mon 06:00 UTC, or Daily 02:00-03:00 UTC",
    ],
    [
      "Sat 02:00-02:00 UTC",
      'an end that differs from the start (a whole day is 00:00-24:00), not "Sat 02:00-02:00 UTC"',
    ],
    [
      "Sat 02:00-04:00 Europe/Bonn",
      'an IANA time zone in each window, for example Europe/Berlin; unknown: "Sat 02:00-04:00 Europe/Bonn"',
    ],
    ["Mon 00:00-Thu 12:01 UTC", "at most 84 hours a week in total, not 84 hours and 1 minute"],
    [
      "Sat 02:00-02:00 UTC; Sun 01:00-02:00 Mars",
      'an IANA time zone in each window, for example Europe/Berlin; unknown: "Sun 01:00-02:00 Mars"; and an end that differs from the start (a whole day is 00:00-24:00), not "Sat 02:00-02:00 UTC"',
    ],
  ]) {
    it(`says what is wrong with the quiet hours ${value}, together with other problems`, () => {
      expect(problemsOf({ quietHours: value, windowMinutes: "9" })).to.deep.equal([
        '- windowMinutes: got "9"; expected one of 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440 minutes',
        `- quietHours: got "${value}"; expected ${expected}`,
      ]);
    });
  }

  // AWS's list in the installed SDK. If a family is new in it, decide whether it belongs here.
  it("refuses exactly these families of EC2, which cannot run an x86_64 image with hardware virtualization", () => {
    const families = new Set(Object.values(_InstanceType).map((it) => it.split(".")[0] ?? ""));

    const refused = [...families].filter(
      (it) => problemsOf({ instanceType: `${it}.large` }).length > 0,
    );

    expect(refused.sort().join(" ")).to.equal(
      "a1 c1 c6g c6gd c6gn c7g c7gd c7gn c8g c8gb c8gd c8gn c9g c9gd g5g hpc7g i4g i8g i8ge im4gn " +
        "is4gen m1 m2 m6g m6gd m7g m7gd m8g m8gb m8gd m8gn m9g m9gd mac-m3ultra mac-m4 mac-m4max " +
        "mac-m4pro mac1 mac2 mac2-m1ultra mac2-m2 mac2-m2pro p6e-gb200 r6g r6gd r7g r7gd r8g r8gb " +
        "r8gd r8gn r9g r9gd t1 t4g x2gd x8g",
    );
  });

  it("puts the new token before the previous one", async () => {
    const { webhookTokens } = parse({ webhookTokenPrevious: hex(64) });

    const tokens = await Promise.all(
      webhookTokens.map((it) => new Promise((resolve) => it.apply(resolve))),
    );
    expect(tokens).to.deep.equal(["a".repeat(64), hex(64)]);
  });
});
