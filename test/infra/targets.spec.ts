import { expect } from "chai";
import { reveal, type Values } from "../../sandbox/engine/values.ts";
import { allTargets, runProgram } from "./mocks.ts";

type Run = Awaited<ReturnType<typeof runProgram>>;

const { slackWorkspaceId, slackChannelId, pagerDutyRoutingKey, eventBusArn } = allTargets;
const teams = Object.fromEntries(
  Object.entries(allTargets).filter(([key]) => key.startsWith("teams")),
);

/** Type and name of what a run has that a stack without targets does not have. */
async function addedBy(changes: Record<string, string | undefined>): Promise<string[]> {
  const namesOf = ({ registered }: Run) => registered.map(({ type, name }) => `${type} ${name}`);
  const without = namesOf(await runProgram());
  const withThem = namesOf(await runProgram(changes as Record<string, string>));
  expect(withThem).to.include.members(without);
  return withThem.filter((it) => !without.includes(it)).sort();
}

const roleOf = (name: string) => [
  `aws:iam/role:Role ${name}`,
  `aws:iam/rolePoliciesExclusive:RolePoliciesExclusive ${name}-policies`,
  `aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive ${name}-attachments`,
];
const policyOf = (name: string) => `aws:iam/rolePolicy:RolePolicy ${name}-policy`;
const ofEvents = [
  "aws:cloudwatch/eventBus:EventBus events-bus",
  "aws:cloudwatch/metricAlarm:MetricAlarm alarms-lost-events",
  ...roleOf("events-pipe-role"),
  policyOf("events-pipe-role"),
  "aws:pipes/pipe:Pipe events-pipe",
  "aws:sqs/queue:Queue events-dead-letters",
  "aws:sqs/queuePolicy:QueuePolicy events-dead-letters-policy",
];
const routeOf = (name: string) => [
  `aws:cloudwatch/eventRule:EventRule ${name}`,
  `aws:cloudwatch/eventTarget:EventTarget ${name}`,
];
const ofChat = [
  ...routeOf("chat"),
  ...roleOf("chat-role"),
  "aws:sns/topic:Topic chat",
  "aws:sns/topicPolicy:TopicPolicy chat-policy",
];

describe("targets", () => {
  for (const [name, settings, expected] of [
    [
      "Slack",
      { slackWorkspaceId, slackChannelId },
      [...ofChat, "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration chat-slack"],
    ],
    [
      "Microsoft Teams",
      teams,
      [...ofChat, "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration chat-teams"],
    ],
    [
      "PagerDuty",
      { pagerDutyRoutingKey },
      [
        "aws:cloudwatch/eventApiDestination:EventApiDestination pager",
        "aws:cloudwatch/eventConnection:EventConnection pager",
        ...routeOf("pager-resolve"),
        ...routeOf("pager-trigger"),
        ...roleOf("pager-role"),
        policyOf("pager-role"),
      ],
    ],
    [
      "an event bus",
      { eventBusArn },
      [...routeOf("bus"), ...roleOf("bus-role"), policyOf("bus-role")],
    ],
  ] as const) {
    it(`creates for ${name} exactly these resources, and changes the table only by its stream`, async () => {
      expect(await addedBy(settings)).to.deep.equal([...ofEvents, ...expected].sort());
    });
  }

  describe("together", () => {
    let run: Run;
    let without: Run;
    before(async () => {
      without = await runProgram();
      run = await runProgram(allTargets);
    });

    const named = (type: string, name: string) =>
      run.registered.find((it) => it.type === type && it.name === name)?.inputs;
    const statements = (name: string) =>
      JSON.parse(named("aws:iam/rolePolicy:RolePolicy", `${name}-policy`).policy).Statement;

    it("add outputs, which are absent without them", () => {
      expect(run.outputs).to.deep.include({
        eventBusName: "events-bus-1234567",
        eventPipeName: "events-pipe-1234567",
        eventDeadLetterQueueUrl: "https://sqs/events-dead-letters",
        chatTopicArn: "arn:topic",
      });
      for (const key of [
        "eventBusName",
        "eventPipeName",
        "eventDeadLetterQueueUrl",
        "chatTopicArn",
      ]) {
        expect(without.outputs).not.to.have.property(key);
      }
    });

    it("change neither the function nor its role, and the table only by its stream", () => {
      // The function's code is the same object of text in each run, but not equal for chai.
      const own = (it: Run, name: string) => ({ ...it.inputsNamed(name)[0], code: undefined });

      for (const name of ["reboot", "reboot-role", "reboot-role-policy"]) {
        expect(own(run, name)).to.deep.equal(own(without, name));
      }
      expect(own(run, "reboot-table")).to.deep.equal({
        ...own(without, "reboot-table"),
        streamEnabled: true,
        streamViewType: "NEW_IMAGE",
      });
    });

    it("have a pipe that forwards new events only, with finite retries and a queue of lost events", () => {
      const pipe = named("aws:pipes/pipe:Pipe", "events-pipe");

      expect(pipe.sourceParameters).to.deep.equal({
        dynamodbStreamParameters: {
          startingPosition: "TRIM_HORIZON",
          batchSize: 1,
          maximumBatchingWindowInSeconds: 0,
          parallelizationFactor: 1,
          maximumRetryAttempts: 3,
          maximumRecordAgeInSeconds: 60,
          deadLetterConfig: { arn: "arn:events-dead-letters" },
        },
        filterCriteria: {
          filters: [
            { pattern: '{"dynamodb":{"NewImage":{"event":{"M":{"id":{"S":[{"exists":true}]}}}}}}' },
          ],
        },
      });
      expect(pipe.target).to.equal("arn:events-bus");
      expect(pipe.targetParameters).to.deep.equal({
        eventbridgeEventBusParameters: {
          source: "reboot-automation",
          detailType: "$.dynamodb.NewImage.event.M.type.S",
          time: "$.dynamodb.NewImage.event.M.time.S",
        },
        inputTemplate:
          '{"id":<$.dynamodb.NewImage.event.M.id.S>,' +
          '"schemaVersion":<$.dynamodb.NewImage.event.M.schemaVersion.S>,' +
          '"time":<$.dynamodb.NewImage.event.M.time.S>,' +
          '"incidentId":<$.dynamodb.NewImage.event.M.incidentId.S>,' +
          '"instanceId":<$.dynamodb.NewImage.event.M.instanceId.S>,' +
          '"outcome":<$.dynamodb.NewImage.event.M.outcome.S>,' +
          '"severity":<$.dynamodb.NewImage.event.M.severity.S>,' +
          '"title":<$.dynamodb.NewImage.event.M.title.S>,' +
          '"reason":<$.dynamodb.NewImage.event.M.reason.S>,' +
          '"nextStep":<$.dynamodb.NewImage.event.M.nextStep.S>}',
      });
    });

    it("have one role each, with exactly these permissions, for one service of this account", () => {
      expect(statements("events-pipe-role")).to.deep.equal([
        {
          Sid: "ReadEvents",
          Effect: "Allow",
          Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          Resource: ["arn:table/stream/*"],
        },
        { Sid: "ListStreams", Effect: "Allow", Action: ["dynamodb:ListStreams"], Resource: ["*"] },
        {
          Sid: "PutEvents",
          Effect: "Allow",
          Action: ["events:PutEvents"],
          Resource: ["arn:events-bus"],
        },
        {
          Sid: "KeepLostEvents",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["arn:events-dead-letters"],
        },
      ]);
      expect(statements("pager-role")).to.deep.equal([
        {
          Sid: "Page",
          Effect: "Allow",
          Action: ["events:InvokeApiDestination"],
          Resource: ["arn:destination"],
        },
      ]);
      expect(statements("bus-role")).to.deep.equal([
        {
          Sid: "Forward",
          Effect: "Allow",
          Action: ["events:PutEvents"],
          Resource: ["arn:aws:events:eu-west-1:111122223333:event-bus/central"],
        },
      ]);
      const trusts = ["events-pipe-role", "pager-role", "bus-role", "chat-role"].map((name) => {
        const [{ Principal, Condition }] = JSON.parse(
          named("aws:iam/role:Role", name).assumeRolePolicy,
        ).Statement;
        return [Principal.Service, Condition?.StringEquals["aws:SourceAccount"]];
      });
      expect(trusts).to.deep.equal([
        ["pipes.amazonaws.com", "123456789012"],
        ["events.amazonaws.com", "123456789012"],
        ["events.amazonaws.com", "123456789012"],
        ["chatbot.amazonaws.com", undefined],
      ]);
    });

    it("give the chat's role no policy at all, and the channels an explicit denial", () => {
      expect(named("aws:iam/rolePolicy:RolePolicy", "chat-role-policy")).to.equal(undefined);
      expect(run.inputsNamed("chat-role-policies")[0].policyNames).to.deep.equal([]);
      const common = {
        iamRoleArn: "arn:role",
        snsTopicArns: ["arn:topic"],
        guardrailPolicyArns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
        userAuthorizationRequired: true,
        loggingLevel: "ERROR",
      };
      expect(run.inputsNamed("chat-slack")).to.deep.equal([
        {
          configurationName: "reboot-automation-dev-chat-slack",
          slackTeamId: "T07EA123LEP",
          slackChannelId: "C07EZ1ABC23",
          ...common,
        },
      ]);
      expect(run.inputsNamed("chat-teams")).to.deep.equal([
        {
          configurationName: "reboot-automation-dev-chat-teams",
          tenantId: "2a3b4c5d-0000-4000-8000-0123456789ab",
          teamId: "74361522-da01-538d-aa2e-ac7918c6bb92",
          channelId: "19%3a1234567890abcdef1234567890abcdef%40thread.tacv2",
          ...common,
        },
      ]);
    });

    it("let exactly these rules publish to the chat's topic and send to the queue of lost events", () => {
      const rule = (name: string) =>
        `arn:aws:events:us-east-1:123456789012:rule/events-bus-1234567/${name}-1234567`;
      const policy = (type: string, name: string) => JSON.parse(named(type, name).policy).Statement;

      expect(policy("aws:sns/topicPolicy:TopicPolicy", "chat-policy")).to.have.length(1);
      expect(policy("aws:sns/topicPolicy:TopicPolicy", "chat-policy")[0]).to.deep.include({
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Condition: { ArnEquals: { "aws:SourceArn": rule("chat") } },
      });
      expect(
        policy("aws:sqs/queuePolicy:QueuePolicy", "events-dead-letters-policy")[0],
      ).to.deep.include({
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "arn:aws:sqs:us-east-1:123456789012:events-dead-letters-1234567",
        Condition: {
          ArnEquals: {
            "aws:SourceArn": ["chat", "pager-trigger", "pager-resolve", "bus"].map(rule),
          },
        },
      });
    });

    it("page for what failed, resolve for what recovered, and send everything to chat and bus", () => {
      const patterns = run.registered
        .filter(({ type }) => type === "aws:cloudwatch/eventRule:EventRule")
        .map(({ name, inputs }) => [name, JSON.parse(inputs.eventPattern)["detail-type"]]);

      expect(Object.fromEntries(patterns)).to.deep.equal({
        chat: undefined,
        bus: undefined,
        "pager-trigger": [
          "Reboot Failed",
          "Instance Not Recovered",
          "Reboot Unconfirmed",
          "Shared Cause Suspected",
          "Notification Test",
        ],
        "pager-resolve": [
          "Instance Recovered",
          "Instance Removed",
          "Shared Cause Over",
          "Notification Test Resolved",
        ],
      });
    });

    it("send PagerDuty's and Amazon Q's formats", () => {
      const bodyOf = (name: string) =>
        named("aws:cloudwatch/eventTarget:EventTarget", name).inputTransformer?.inputTemplate;

      expect(bodyOf("pager-trigger")).to.equal(
        '{"event_action":"trigger","dedup_key":<incidentId>,"payload":{"summary":<title>,"source":<instanceId>,' +
          '"severity":<severity>,"timestamp":<time>,"class":<type>,"custom_details":{"event":<id>,' +
          '"outcome":<outcome>,"reason":<reason>,"next_step":<nextStep>}}}',
      );
      expect(bodyOf("pager-resolve")).to.equal(
        '{"event_action":"resolve","dedup_key":<incidentId>}',
      );
      expect(bodyOf("chat")).to.equal(
        '{"version":"1.0","source":"custom","id":<id>,"content":{"textType":"client-markdown","title":<title>,' +
          '"description":<reason>,"nextSteps":[<nextStep>]},"metadata":{"threadId":<incidentId>,' +
          '"summary":<title>,"eventType":<type>}}',
      );
      expect(bodyOf("bus")).to.equal(undefined);
    });

    it("call PagerDuty's Events API, at most once a second, with the key as a secret of the body", () => {
      expect(
        named("aws:cloudwatch/eventApiDestination:EventApiDestination", "pager"),
      ).to.deep.include({
        connectionArn: "arn:connection",
        invocationEndpoint: "https://events.pagerduty.com/v2/enqueue",
        httpMethod: "POST",
        invocationRateLimitPerSecond: 1,
      });
      const connection = named("aws:cloudwatch/eventConnection:EventConnection", "pager");
      const { invocationHttpParameters } = reveal(connection.authParameters) as Values;
      expect(invocationHttpParameters).to.deep.equal({
        bodies: [{ key: "routing_key", value: pagerDutyRoutingKey, isValueSecret: true }],
      });
      const others = run.registered.filter(({ inputs }) => inputs !== connection);
      expect(JSON.stringify(others)).not.to.include(pagerDutyRoutingKey);
    });

    it("have an alarm for events that were lost", () => {
      expect(run.inputsNamed("alarms-lost-events")[0]).to.deep.include({
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "events-dead-letters-1234567" },
        threshold: 1,
        alarmActions: ["arn:topic"],
      });
    });
  });

  for (const [checkEveryMinutes, seconds] of [
    ["1", 60],
    ["2", 60],
    ["3", 120],
    ["15", 840],
  ] as const) {
    it(`are tried for ${seconds} s if checks follow every ${checkEveryMinutes} minutes`, async () => {
      const { inputsOf } = await runProgram({ ...allTargets, checkEveryMinutes });

      const policies = inputsOf("aws:cloudwatch/eventTarget:EventTarget").map((it) => [
        it.retryPolicy,
        it.deadLetterConfig,
      ]);
      expect(policies).to.have.length(4);
      for (const it of policies) {
        expect(it).to.deep.equal([
          { maximumEventAgeInSeconds: seconds, maximumRetryAttempts: 10 },
          { arn: "arn:events-dead-letters" },
        ]);
      }
    });
  }

  for (const [name, permissionsBoundary, expected] of [
    [
      "bootstrap's boundary",
      "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary",
      {
        "reboot-role": "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary",
        "events-pipe-role":
          "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary-events-pipe-role",
        "chat-role": "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary-chat-role",
        "pager-role": "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary-pager-role",
        "bus-role": "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary-bus-role",
      },
    ],
    [
      "an organization's boundary",
      "arn:aws:iam::123456789012:policy/everyone",
      Object.fromEntries(
        ["reboot-role", "events-pipe-role", "chat-role", "pager-role", "bus-role"].map((it) => [
          it,
          "arn:aws:iam::123456789012:policy/everyone",
        ]),
      ),
    ],
  ] as const) {
    it(`bound each role with ${name}`, async () => {
      const { registered } = await runProgram({ ...allTargets, permissionsBoundary });

      const roles = registered.filter(({ type }) => type === "aws:iam/role:Role");
      expect(
        Object.fromEntries(
          roles.map(({ name: role, inputs }) => [role, inputs.permissionsBoundary]),
        ),
      ).to.deep.equal(expected);
    });
  }
});
