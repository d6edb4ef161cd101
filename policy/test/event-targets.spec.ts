import { expect } from "chai";
import { documentOf, type Resource, startPack, trustOf, unknown } from "./support.ts";

/**
 * A stack that sends the changes of a table to a bus, and its events to a topic for chat, an API destination and
 * another bus: the pack's verdict on it, without a function whose code could use any of it.
 */

const account = "111122223333";
const here = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const bus = "shop-events";
const ruleArn = (name: string) => here("events", `rule/${bus}/${name}`);
const sourceOfAccount = { StringEquals: { "aws:SourceAccount": account } };
const rules = ["shop-chat", "shop-trigger", "shop-forward"];

const allowing = (Action: string | readonly string[], Resource: unknown, rest: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...rest,
});

const trusting = (Service: string, Condition?: object): string =>
  documentOf({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service }, Condition });

interface Changes {
  readonly trustOfPipe?: string;
  readonly trustOfRule?: string;
  readonly sourcesOfQueue?: unknown;
  readonly sourceOfTopic?: unknown;
  readonly toOtherBus?: string;
  readonly guardrail?: readonly string[];
}

const otherBus = "arn:aws:events:us-east-1:444455556666:event-bus/central";

/** As in the first preview: names that the program gives are known, ARNs are not. */
function stackWith({
  trustOfPipe = trusting("pipes.amazonaws.com", sourceOfAccount),
  trustOfRule = trusting("events.amazonaws.com", sourceOfAccount),
  sourcesOfQueue = rules.map(ruleArn),
  sourceOfTopic = ruleArn("shop-chat"),
  toOtherBus = otherBus,
  guardrail = ["arn:aws:iam::aws:policy/AWSDenyAll"],
}: Changes = {}): Resource[] {
  const resource = (
    type: string,
    name: string,
    props: Record<string, unknown>,
    dependsOn: Record<string, readonly Resource[]> = {},
  ): Resource => ({ type, name, props: { arn: unknown, ...props }, dependsOn });
  const table = resource("aws:dynamodb/table:Table", "table", {
    name: "shop-table",
    streamEnabled: true,
    streamViewType: "NEW_IMAGE",
    streamArn: unknown,
  });
  const events = resource("aws:cloudwatch/eventBus:EventBus", "events", { name: bus });
  const lost = resource("aws:sqs/queue:Queue", "lost-events", { name: "shop-lost-events" });
  const topic = resource("aws:sns/topic:Topic", "chat", { name: "shop-chat" });
  const fromRules = (name: string, Action: string, target: string, source: unknown, of: Resource) =>
    resource(
      Action === "sns:Publish"
        ? "aws:sns/topicPolicy:TopicPolicy"
        : "aws:sqs/queuePolicy:QueuePolicy",
      name,
      {
        policy: documentOf(
          allowing(Action, target, {
            Principal: { Service: "events.amazonaws.com" },
            Condition: { ArnEquals: { "aws:SourceArn": source } },
          }),
        ),
        [Action === "sns:Publish" ? "arn" : "queueUrl"]: unknown,
      },
      { [Action === "sns:Publish" ? "arn" : "queueUrl"]: [of] },
    );
  const role = (name: string, assumeRolePolicy: string) =>
    resource("aws:iam/role:Role", name, { name: `shop-${name}`, assumeRolePolicy });
  const policy = (of: Resource, ...statements: object[]) =>
    resource(
      "aws:iam/rolePolicy:RolePolicy",
      `${of.name}-policy`,
      { role: unknown, policy: documentOf(...statements) },
      { role: [of] },
    );
  const pipeRole = role("pipe-role", trustOfPipe);
  const pagerRole = role("pager-role", trustOfRule);
  const busRole = role("bus-role", trustOfRule);
  const chatRole = role("chat-role", trustOf("chatbot.amazonaws.com"));
  const destination = resource("aws:cloudwatch/eventApiDestination:EventApiDestination", "pager", {
    name: "shop-pager",
  });
  const target = (name: string, rule: Resource, to: Resource | undefined, by?: Resource) =>
    resource(
      "aws:cloudwatch/eventTarget:EventTarget",
      name,
      {
        arn: to ? unknown : otherBus,
        eventBusName: bus,
        rule: unknown,
        ...(by && { roleArn: unknown }),
      },
      { rule: [rule], ...(to && { arn: [to] }), ...(by && { roleArn: [by] }) },
    );
  const [chat, trigger, forward] = rules.map((name) =>
    resource("aws:cloudwatch/eventRule:EventRule", name, { name, eventBusName: bus }),
  ) as [Resource, Resource, Resource];
  return [
    table,
    events,
    lost,
    topic,
    pipeRole,
    policy(
      pipeRole,
      allowing(
        ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        here("dynamodb", "table/shop-table/stream/*"),
      ),
      allowing("events:PutEvents", here("events", `event-bus/${bus}`)),
      allowing("sqs:SendMessage", here("sqs", "shop-lost-events")),
    ),
    resource(
      "aws:pipes/pipe:Pipe",
      "pipe",
      { name: "shop-pipe", source: unknown, target: unknown, roleArn: unknown },
      { source: [table], target: [events], roleArn: [pipeRole] },
    ),
    chat,
    trigger,
    forward,
    fromRules(
      "lost-events-policy",
      "sqs:SendMessage",
      here("sqs", "shop-lost-events"),
      sourcesOfQueue,
      lost,
    ),
    fromRules("chat-policy", "sns:Publish", here("sns", "shop-chat"), sourceOfTopic, topic),
    pagerRole,
    policy(
      pagerRole,
      allowing("events:InvokeApiDestination", here("events", "api-destination/shop-pager/*")),
    ),
    busRole,
    policy(busRole, allowing("events:PutEvents", toOtherBus)),
    chatRole,
    destination,
    target("chat-target", chat, topic),
    target("trigger-target", trigger, destination, pagerRole),
    target("forward-target", forward, undefined, busRole),
    resource(
      "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
      "slack",
      { iamRoleArn: unknown, snsTopicArns: [unknown], guardrailPolicyArns: guardrail },
      { iamRoleArn: [chatRole], snsTopicArns: [topic] },
    ),
  ];
}

/** What the whole pack reports, by rule. */
async function reported(changes?: Changes): Promise<string[]> {
  const pack = startPack({ settings: { "foreign-arn": { external: [otherBus] } } });
  const stack = stackWith(changes);
  const verdicts = [...(await pack.analyzeStack(stack)).verdicts];
  for (const it of stack) verdicts.push(...(await pack.analyze(it)).verdicts);
  return verdicts.map(({ rule, message }) => `${rule}: ${message}`).sort();
}

describe("the pack, of events that go to chat, a pager and another bus", () => {
  it("reports nothing in the first preview", async () => {
    expect(await reported()).to.deep.equal([]);
  });

  for (const [what, changes, found] of [
    [
      "a pipe's role that any account's pipe may use",
      { trustOfPipe: trusting("pipes.amazonaws.com") },
      [
        /^confused-deputy: pipe-role: .* Principal Service pipes\.amazonaws\.com: the service acts on behalf of any account/,
      ],
    ],
    [
      "the roles of rules that any account's rule may use",
      { trustOfRule: trusting("events.amazonaws.com") },
      [
        /^confused-deputy: bus-role: .* Principal Service events\.amazonaws\.com/,
        /^confused-deputy: pager-role: .* Principal Service events\.amazonaws\.com/,
      ],
    ],
    [
      "a queue that a rule of no resource may write to",
      { sourcesOfQueue: [ruleArn("shop-chat"), ruleArn("gone")] },
      [
        /^foreign-permission: lost-events-policy: .* aws:SourceArn \S+rule\/shop-events\/gone: its source is not in this stack/,
      ],
    ],
    [
      "a queue that any rule of the account may write to",
      { sourcesOfQueue: here("events", "rule/*") },
      [
        /^foreign-permission: lost-events-policy: .* aws:SourceArn \S+rule\/\*: its source is not in this stack/,
      ],
    ],
    [
      "a topic that a rule of another bus may publish to",
      { sourceOfTopic: here("events", "rule/other/shop-chat") },
      [
        /^foreign-permission: chat-policy: .* aws:SourceArn \S+rule\/other\/shop-chat: its source is not in this stack/,
      ],
    ],
    [
      "a bus that is neither in the stack nor listed",
      { toOtherBus: here("events", "event-bus/unknown") },
      [
        /^foreign-arn: bus-role: .* \S+event-bus\/unknown: it refers to a resource of type event-bus that is not in this stack/,
      ],
    ],
    [
      "a chat channel without a guardrail",
      { guardrail: [] },
      [/^chat-guardrail: slack: guardrailPolicyArns: it is not set/],
    ],
  ] as const) {
    it(`reports ${what}, and nothing else`, async () => {
      const messages = await reported(changes);

      expect(messages.length, messages.join("\n")).to.equal(found.length);
      for (const [index, it] of found.entries()) expect(messages[index]).to.match(it);
    });
  }
});
