import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { planProblems, refuseNames } from "../../sandbox/aws/provider/name-rules.ts";
import type { Registered } from "../../sandbox/engine/mocks.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { allTargets, settings as good, runProgram } from "./mocks.ts";

const { parseSettings } =
  loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");
const { dashboardNames, evidenceNames, groupNames, stackNames } =
  loadProgram<typeof import("../../infra/stack-names.ts")>("infra/stack-names.ts");
const { namesOfTargets } =
  loadProgram<typeof import("../../infra/targets/names.ts")>("infra/targets/names.ts");
const yaml = createRequire(import.meta.url)("js-yaml") as {
  load(text: string): { config: Record<string, { value?: unknown }> };
};

/** The lines of the settings' error for these names; none if they are right. */
function problemsOf(project: string, stack: string, changes: Record<string, string> = {}) {
  const entries = Object.entries({ ...good, ...changes });
  try {
    parseSettings(new Map(entries.map(([key, text]) => [key, { text, isSecret: true }])), {
      project,
      stack,
    });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").filter((line) => line.startsWith("- "));
  }
}

/** The properties of names that are not `name`. */
const nameProperties: Readonly<Record<string, string>> = {
  Bucket: "bucket",
  Dashboard: "dashboardName",
  Permission: "statementId",
  SlackChannelConfiguration: "configurationName",
  TeamsChannelConfiguration: "configurationName",
};

/** What the services say of the program's names. */
function refusals(project: string, stack: string, names = stackNames): string[] {
  return names.flatMap(({ type, nameOf }) => {
    const property = nameProperties[type.split(":")[2] ?? ""] ?? "name";
    const inputs = { [property]: nameOf(`${project}-${stack}`) };
    try {
      refuseNames(type, inputs);
    } catch (error) {
      return [(error as Error).message];
    }
    return planProblems(type, inputs).map(([, reason]) => reason);
  });
}

const project = "reboot-automation";

describe("the names of project and stack", () => {
  for (const [first, second] of [
    [project, "dev"],
    [project, "prod_eu-1"],
    [project, "x".repeat(34)],
    ["x".repeat(50), "y"],
    ["sgx", "dev"],
    ["4ever", "2"],
  ] as const) {
    it(`may be ${first} and ${second}`, () => {
      expect(problemsOf(first, second)).to.deep.equal([]);
      expect(refusals(first, second)).to.deep.equal([]);
    });
  }

  for (const [first, second, problem] of [
    [
      project,
      "prod.eu-1",
      '- name of the stack (pulumi stack rename): got "prod.eu-1"; expected letters, digits, - and _, for the name of an SNS topic',
    ],
    [
      "acme.reboot",
      "dev",
      '- name of the project (in Pulumi.yaml): got "acme.reboot"; expected letters, digits, - and _, for the name of an SNS topic',
    ],
    [
      project,
      "x".repeat(35),
      `- name of the stack (pulumi stack rename): got "${"x".repeat(35)}" (35 characters); expected at most 34; project and stack together can have 51, since "PROJECT-STACK-reboot-dead-letters-0000000" is the name of an SQS queue and can have 80`,
    ],
    [
      "x".repeat(51),
      "dev",
      `- name of the project (in Pulumi.yaml): got "${"x".repeat(51)}" (51 characters); expected at most 48; project and stack together can have 51, since "PROJECT-STACK-reboot-dead-letters-0000000" is the name of an SQS queue and can have 80`,
    ],
    [
      "sg-reboot",
      "dev",
      '- name of the project (in Pulumi.yaml): got "sg-reboot"; expected a name that is not "sg" and does not begin with "sg-", for the name of a security group',
    ],
    [
      "sg",
      "dev",
      '- name of the project (in Pulumi.yaml): got "sg"; expected a name that is not "sg" and does not begin with "sg-", for the name of a security group',
    ],
  ] as const) {
    it(`may not be ${first} and ${second}`, () => {
      expect(problemsOf(first, second)).to.deep.equal([problem]);
      expect(refusals(first, second)).not.to.deep.equal([]);
    });
  }

  it("leave less room with targets, whose rules and pipes have shorter names", () => {
    const stack = (length: number) => "x".repeat(length);

    expect(problemsOf(project, stack(24), allTargets)).to.deep.equal([]);
    expect(problemsOf(project, stack(25), allTargets)).to.deep.equal([
      `- name of the stack (pulumi stack rename): got "${stack(25)}" (25 characters); expected at most 24; project and stack together can have 41, since "PROJECT-STACK-pager-trigger-0000000" is the name of an EventBridge rule and can have 64`,
    ]);
    expect(refusals(project, stack(24), namesOfTargets(allTargets))).to.deep.equal([]);
    expect(refusals(project, stack(25), namesOfTargets(allTargets))).not.to.deep.equal([]);
  });

  it("may begin with sg- where the stack has no security group", () => {
    expect(problemsOf("sg-reboot", "dev", { instanceId: "i-01234567" })).to.deep.equal([]);
    const instanceIds = "i-01234567,i-01234568";
    expect(problemsOf("sg-reboot", "dev", { instanceIds })).to.deep.equal([]);
  });

  it("are in one error with the settings", () => {
    const keys = problemsOf("a.b", "c.d", { apiPath: "//", cooldownMinutes: "5" }).map(
      (it) => it.split(":")[0],
    );

    expect(keys).to.deep.equal([
      "- apiPath",
      "- cooldownMinutes",
      "- name of the project (in Pulumi.yaml)",
      "- name of the stack (pulumi stack rename)",
    ]);
  });

  it("are accepted exactly where no service refuses a name", () => {
    // What Pulumi accepts: https://www.pulumi.com/docs/iac/concepts/projects/project-file/
    const name = fc.stringMatching(/^(sg-)?[a-zA-Z0-9][\w.-]{0,45}$/);
    fc.assert(
      fc.property(name, name, (first, second) => {
        expect(problemsOf(first, second).length === 0).to.equal(
          refusals(first, second).length === 0,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the table of names", () => {
  /** Types without a name, without project and stack in it, or without a rule for it. */
  const others = [
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/instance:Instance",
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "aws:lambda/function:Function",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:sqs/queuePolicy:QueuePolicy",
    "sumologic:index/dashboard:Dashboard",
    "sumologic:index/logSearch:LogSearch",
    "sumologic:index/monitor:Monitor",
  ];
  const allNames = [
    ...stackNames,
    ...evidenceNames,
    ...dashboardNames,
    ...namesOfTargets(allTargets),
  ];
  let registered: Registered[];
  before(async () => {
    ({ registered } = await runProgram({ ...allTargets, evidence: "true", dashboard: "true" }));
  });

  it("has every resource of the program whose name has the project and the stack in it, and no other", () => {
    const named = registered.filter(({ type }) => !others.includes(type));

    expect(allNames.map(({ type, logicalName }) => `${type} ${logicalName}`)).to.have.members(
      named.map(({ type, name }) => `${type} ${name}`),
    );
  });

  it("has those of a group only with instanceIds", async () => {
    const group = await runProgram({ instanceIds: "i-01234567,i-01234568" });
    const named = group.registered.filter(({ type }) => !others.includes(type));
    const ofGroup = [...stackNames, ...groupNames].filter(
      ({ logicalName }) => logicalName !== "web-server-security-group",
    );

    expect(ofGroup.map(({ type, logicalName }) => `${type} ${logicalName}`)).to.have.members(
      named.map(({ type, name }) => `${type} ${name}`),
    );
  });

  it("has the names that the program gives itself", () => {
    for (const { type, logicalName, nameOf } of allNames) {
      const { inputs } = registered.find((it) => it.type === type && it.name === logicalName) ?? {};
      const name = inputs?.[nameProperties[type.split(":")[2] ?? ""] ?? "name"];
      if (name === undefined) continue;
      // The end of a connection's name is a fingerprint, and that of a bucket's the account.
      expect(
        name.replace(/-[0-9a-f]{6}$/, "-000000").replace("123456789012", "000000000000"),
      ).to.equal(nameOf("reboot-automation-dev"));
    }
  });

  for (const [key, names] of [
    ["slackChannelId", ["chat", "chat", "chat-role", "chat-slack"]],
    ["teamsChannelId", ["chat", "chat", "chat-role", "chat-teams"]],
    [
      "pagerDutyRoutingKey",
      ["pager", "pager", "pager-resolve", "pager-role", "pager-role-policy", "pager-trigger"],
    ],
    ["eventBusArn", ["bus", "bus-role", "bus-role-policy"]],
  ] as const) {
    it(`has those of a target only if ${key} is set`, () => {
      const own = namesOfTargets({ [key]: allTargets[key] }).map((it) => it.logicalName);

      expect(namesOfTargets({})).to.deep.equal([]);
      expect(own.slice(0, 6)).to.deep.equal([
        "events-bus",
        "events-dead-letters",
        "events-pipe",
        "events-pipe-role",
        "events-pipe-role-policy",
        "alarms-lost-events",
      ]);
      expect(own.slice(6).sort()).to.deep.equal(names);
    });
  }

  it("has the automatic names of Pulumi.yaml's patterns", () => {
    const { config } = yaml.load(
      readFileSync(join(import.meta.dirname, "..", "..", "Pulumi.yaml"), "utf8"),
    );
    const nameOf = (token: string) =>
      stackNames.find(({ type }) => type === token)?.nameOf("project-stack");

    const naming = JSON.stringify(config["pulumi:autonaming"]?.value).replaceAll("$", "");
    expect(JSON.parse(naming)).to.deep.equal({
      pattern: "{project}-{stack}-{name}-{hex(7)}",
      providers: {
        aws: {
          resources: { "aws:iam/role:Role": { pattern: "{project}-{stack}-{name}" } },
        },
      },
    });
    expect(nameOf("aws:sns/topic:Topic")).to.equal("project-stack-notifications-0000000");
    expect(nameOf("aws:iam/role:Role")).to.equal("project-stack-reboot-role");
  });
});
