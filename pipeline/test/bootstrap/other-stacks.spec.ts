import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { readDocument, type Statement } from "../../../policy/iam/document.ts";
import { matches } from "../../../policy/iam/pattern.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { evaluate } from "../../rehearsal/authorizer/evaluate.ts";
import { everyOption, runBootstrap, settings as valid } from "./run-bootstrap.ts";

const { dashboardNames, evidenceNames, groupNames, stackNames } =
  loadProgram<typeof import("../../../infra/stack-names.ts")>("infra/stack-names.ts");
const { namesOfTargets } =
  loadProgram<typeof import("../../../infra/targets/names.ts")>("infra/targets/names.ts");
const { bootstrapNames } = loadProgram<typeof import("../../bootstrap/stack-names.ts")>(
  "pipeline/bootstrap/stack-names.ts",
);

/** The program's names with every option. */
const programNames = [
  ...stackNames,
  ...groupNames,
  ...dashboardNames,
  ...evidenceNames,
  ...namesOfTargets({
    slackChannelId: "set",
    teamsChannelId: "set",
    pagerDutyRoutingKey: "set",
    eventBusArn: "set",
  }),
];

const settings = { ...valid, ...everyOption, defaultTags: "true" };

const arn = (service: string, resource: string) =>
  `arn:aws-us-gov:${service}:ap-northeast-3:123456789012:${resource}`;
const global = (service: string, resource: string) =>
  `arn:aws-us-gov:${service}::123456789012:${resource}`;

/** Calls that a role has for its own stack, on what a stack with these names has. */
const callsOn = (prefix: string, functionName: string) =>
  [
    ["sns:Publish", arn("sns", `${prefix}-notifications-1a2b3c4`)],
    ["sns:DeleteTopic", arn("sns", `${prefix}-notifications-1a2b3c4`)],
    ["sns:GetTopicAttributes", arn("sns", `${prefix}-notifications-1a2b3c4`)],
    ["sns:Unsubscribe", arn("sns", `${prefix}-notifications-1a2b3c4:${"0".repeat(36)}`)],
    ["sqs:SendMessage", arn("sqs", `${prefix}-reboot-checks-1a2b3c4`)],
    ["sqs:ReceiveMessage", arn("sqs", `${prefix}-reboot-checks-1a2b3c4`)],
    ["sqs:DeleteQueue", arn("sqs", `${prefix}-reboot-checks-1a2b3c4`)],
    ["sqs:SendMessage", arn("sqs", `${prefix}-reboot-dead-letters-1a2b3c4`)],
    ["sqs:GetQueueAttributes", arn("sqs", `${prefix}-reboot-dead-letters-1a2b3c4`)],
    ["sqs:TagQueue", arn("sqs", `${prefix}-reboot-dead-letters-1a2b3c4`)],
    ["dynamodb:PutItem", arn("dynamodb", `table/${prefix}-reboot-table-1a2b3c4`)],
    ["dynamodb:DeleteTable", arn("dynamodb", `table/${prefix}-reboot-table-1a2b3c4`)],
    ["dynamodb:DescribeTable", arn("dynamodb", `table/${prefix}-reboot-table-1a2b3c4`)],
    ["cloudwatch:DeleteAlarms", arn("cloudwatch", `alarm:${prefix}-alarms-errors-1a2b3c4`)],
    ["cloudwatch:DescribeAlarms", arn("cloudwatch", `alarm:${prefix}-alarms-throttles-1a2b3c4`)],
    ["iam:PutRolePolicy", global("iam", `role/${prefix}-reboot-role`)],
    ["iam:GetRole", global("iam", `role/${prefix}-reboot-role`)],
    ["iam:PassRole", global("iam", `role/${prefix}-reboot-role`)],
    ["lambda:UpdateFunctionCode", arn("lambda", `function:${functionName}`)],
    ["lambda:GetFunction", arn("lambda", `function:${functionName}`)],
    ["logs:PutLogEvents", arn("logs", `log-group:/aws/lambda/${functionName}:log-stream:x`)],
    ["logs:DeleteLogGroup", arn("logs", `log-group:/aws/lambda/${functionName}:log-stream:`)],
  ] as const;

/** The same with every option, on what a stack with these names then has. */
const callsWithOptions = (prefix: string) => {
  const rule = (name: string) =>
    arn("events", `rule/${prefix}-events-bus-1a2b3c4/${prefix}-${name}-1a2b3c4`);
  const connection = `connection/${prefix}-pager-1a2b3c4`;
  const bucket = `arn:aws-us-gov:s3:::${prefix}-evidence-123456789012`;
  return [
    ["sns:SetTopicAttributes", arn("sns", `${prefix}-chat-1a2b3c4`)],
    ["sqs:SetQueueAttributes", arn("sqs", `${prefix}-events-dead-letters-1a2b3c4`)],
    ["sqs:SendMessage", arn("sqs", `${prefix}-events-dead-letters-1a2b3c4`)],
    ["cloudwatch:PutMetricAlarm", arn("cloudwatch", `alarm:${prefix}-alarms-lost-events-1a2b3c4`)],
    ["events:CreateEventBus", arn("events", `event-bus/${prefix}-events-bus-1a2b3c4`)],
    ["events:PutEvents", arn("events", `event-bus/${prefix}-events-bus-1a2b3c4`)],
    ["events:TagResource", arn("events", `event-bus/${prefix}-events-bus-1a2b3c4`)],
    ...["chat", "pager-trigger", "pager-resolve", "bus"].flatMap(
      (name) =>
        [
          ["events:PutRule", rule(name)],
          ["events:PutTargets", rule(name)],
          ["events:ListTargetsByRule", rule(name)],
          ["events:TagResource", rule(name)],
        ] as const,
    ),
    ["pipes:CreatePipe", arn("pipes", `pipe/${prefix}-events-pipe-1a2b3c4`)],
    ["pipes:DescribePipe", arn("pipes", `pipe/${prefix}-events-pipe-1a2b3c4`)],
    ["dynamodb:GetRecords", arn("dynamodb", `table/${prefix}-reboot-table-1a2b3c4/stream/2026`)],
    ["events:DescribeConnection", arn("events", connection)],
    ["events:DeleteConnection", arn("events", `${connection}/1`)],
    ["events:InvokeApiDestination", arn("events", `api-destination/${prefix}-pager-1a2b3c4/1`)],
    ["events:UpdateApiDestination", arn("events", `api-destination/${prefix}-pager-1a2b3c4`)],
    ["secretsmanager:DeleteSecret", arn("secretsmanager", `secret:events!${connection}/1-1a2b3c`)],
    ...["slack", "microsoft-teams"].map(
      (kind) =>
        [
          `chatbot:Delete${kind === "slack" ? "Slack" : "MicrosoftTeams"}ChannelConfiguration`,
          global(
            "chatbot",
            `chat-configuration/${kind}-channel/${prefix}-chat-${kind.split("-").at(-1)}`,
          ),
        ] as const,
    ),
    ["cloudwatch:PutDashboard", global("cloudwatch", `dashboard/${prefix}`)],
    ["cloudwatch:GetDashboard", global("cloudwatch", `dashboard/${prefix}`)],
    ["s3:DeleteBucket", bucket],
    ["s3:GetBucketPolicy", bucket],
    ["s3:DeleteObjectVersion", `${bucket}/incident/1/console.txt`],
    ["s3:PutObject", `${bucket}/incident/1/console.txt`],
    ...["events-pipe-role", "chat-role", "pager-role", "bus-role"].flatMap(
      (name) =>
        [
          ["iam:GetRole", global("iam", `role/${prefix}-${name}`)],
          ["iam:DeleteRolePolicy", global("iam", `role/${prefix}-${name}`)],
          ["iam:TagRole", global("iam", `role/${prefix}-${name}`)],
        ] as const,
    ),
  ] as const;
};

/** As a call of this stack's own function, with the names of this stack's role. */
const keys = {
  "aws:requestedregion": "ap-northeast-3",
  "lambda:sourcefunctionarn": arn("lambda", "function:Reboot"),
  "iam:permissionsboundary": global("iam", "policy/reboot-automation-dev-boundary"),
  "iam:passedtoservice": "lambda.amazonaws.com",
};

describe("the policies of bootstrap", () => {
  let policies: ReadonlyMap<string, readonly Statement[]>;
  before(async () => {
    const registered = await runBootstrap(settings);
    policies = new Map(
      registered
        .filter(({ type }) => /:(Policy|RolePolicy)$/.test(type))
        .map(({ name, inputs }) => {
          const document = readDocument(() => inputs.policy);
          if (document.kind !== "statements") throw new Error(`${name} is ${document.kind}`);
          return [name, document.statements];
        }),
    );
  });

  const allowed = (prefix: string, functionName: string) =>
    [...callsOn(prefix, functionName), ...callsWithOptions(prefix)].flatMap(([action, resource]) =>
      [...policies]
        .filter(([, all]) => evaluate({ action, resource, keys }, { statements: all }).isAllowed)
        .map(([name]) => `${name}: ${action} on ${resource}`),
    );

  it("allow each of these calls on the stack's own resources", () => {
    const found = allowed("reboot-automation-dev", "Reboot");

    const all = [
      ...callsOn("reboot-automation-dev", "Reboot"),
      ...callsWithOptions("reboot-automation-dev"),
    ];
    for (const [action, resource] of all) {
      expect(found.join("\n")).to.include(`: ${action} on ${resource}`);
    }
  });

  for (const [what, prefix] of [
    ["whose name begins alike", "reboot-automation-dev-eu"],
    ["whose name this one begins with", "reboot-automation-d"],
    ["of a project whose name begins alike", "reboot-automation-x-dev"],
    ["whose name ends in a logical name", "reboot-automation-dev-reboot"],
  ] as const) {
    it(`allow none of them on the resources of a stack ${what}`, () => {
      expect(allowed(prefix, "Reboot-eu")).to.deep.equal([]);
    });
  }
});

describe("the pack's configuration for bootstrap", () => {
  const file = join(import.meta.dirname, "..", "..", "bootstrap", "policy-config.json");
  const external: string[] = JSON.parse(readFileSync(file, "utf8"))["foreign-arn"].external;
  const services: Readonly<Record<string, string>> = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration":
      "chatbot::123456789012:chat-configuration/slack-channel/",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration":
      "chatbot::123456789012:chat-configuration/microsoft-teams-channel/",
    "aws:cloudwatch/eventApiDestination:EventApiDestination":
      "events:us-east-1:123456789012:api-destination/",
    "aws:cloudwatch/eventBus:EventBus": "events:us-east-1:123456789012:event-bus/",
    "aws:cloudwatch/eventConnection:EventConnection": "events:us-east-1:123456789012:connection/",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:us-east-1:123456789012:alarm:",
    "aws:cloudwatch/dashboard:Dashboard": "cloudwatch::123456789012:dashboard/",
    "aws:dynamodb/table:Table": "dynamodb:us-east-1:123456789012:table/",
    "aws:iam/role:Role": "iam::123456789012:role/",
    "aws:pipes/pipe:Pipe": "pipes:us-east-1:123456789012:pipe/",
    "aws:s3/bucket:Bucket": "s3:::",
    "aws:sns/topic:Topic": "sns:us-east-1:123456789012:",
    "aws:sqs/queue:Queue": "sqs:us-east-1:123456789012:",
  };
  const arnsOf = (projectAndStack: string) =>
    programNames.flatMap(({ type, nameOf }) =>
      services[type] ? [`arn:aws:${services[type]}${nameOf(projectAndStack)}`] : [],
    );
  const isListed = (it: string) => external.some((pattern) => matches(pattern, it));

  it("lists everything that the stack's roles name", () => {
    expect(arnsOf("reboot-automation-dev").filter((it) => !isListed(it))).to.deep.equal([]);
  });

  it("lists nothing of a stack whose name begins alike", () => {
    expect(arnsOf("reboot-automation-dev-eu").filter(isListed)).to.deep.equal([]);
  });
});

describe("the names of two stacks", () => {
  it("are in no common pattern unless project and stack join to the same text", () => {
    // Parts that make one name look like another.
    const part = fc.constantFrom("a", "b", "dev", "eu", "reboot", "table", "0000000", "alarms");
    const joined = fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => parts.join("-"));
    fc.assert(
      fc.property(joined, joined, (one, other) => {
        fc.pre(one !== other);
        for (const { type, nameOf } of programNames.filter((it) => it.type.startsWith("aws:"))) {
          const pattern = nameOf(one, "?");
          const names = [...programNames, ...bootstrapNames].filter((it) => it.type === type);
          for (const it of names) expect(matches(pattern, it.nameOf(other))).to.equal(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
