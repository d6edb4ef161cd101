import {
  alarm,
  autoNamed,
  queue,
  role,
  rolePolicy,
  type StackName,
  topic,
  withoutEnding,
} from "../stack-names.ts";
import type { TargetValues } from "./targets.ts";

// The limits are those of EventBridge, EventBridge Pipes and Amazon Q Developer in their API references.
const dotted = { form: /^[\w.-]*$/, expected: "letters, digits and - _ ." };
const eventBus = { of: "an event bus", longest: 256, ...dotted };
const pipe = { of: "a pipe", longest: 64, ...dotted };
const rule = { of: "an EventBridge rule", longest: 64, ...dotted };
const connection = { of: "an EventBridge connection", longest: 64, ...dotted };
const destination = { of: "an API destination", longest: 64, ...dotted };
const channel = {
  of: "a chat configuration",
  longest: 128,
  form: /^[\w-]*$/,
  expected: "letters, digits, - and _",
};

const channelName = (type: string, logicalName: string): StackName => ({
  type,
  logicalName,
  rule: channel,
  nameOf: withoutEnding(logicalName),
});

/** Names with project and stack in them that a stack with any target has. */
const ofEvents: readonly StackName[] = [
  ...autoNamed("aws:cloudwatch/eventBus:EventBus", eventBus, ["events-bus"]),
  ...autoNamed("aws:sqs/queue:Queue", queue, ["events-dead-letters"]),
  ...autoNamed("aws:pipes/pipe:Pipe", pipe, ["events-pipe"]),
  ...autoNamed("aws:iam/role:Role", role, ["events-pipe-role"], withoutEnding),
  ...autoNamed("aws:iam/rolePolicy:RolePolicy", rolePolicy, ["events-pipe-role-policy"]),
  ...autoNamed("aws:cloudwatch/metricAlarm:MetricAlarm", alarm, ["alarms-lost-events"]),
];

const ofChat: readonly StackName[] = [
  ...autoNamed("aws:sns/topic:Topic", topic, ["chat"]),
  ...autoNamed("aws:cloudwatch/eventRule:EventRule", rule, ["chat"]),
  ...autoNamed("aws:iam/role:Role", role, ["chat-role"], withoutEnding),
];

const ofSlack = [
  channelName("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "chat-slack"),
];

const ofTeams = [
  channelName("aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration", "chat-teams"),
];

const ofPager: readonly StackName[] = [
  ...autoNamed("aws:cloudwatch/eventConnection:EventConnection", connection, ["pager"]),
  ...autoNamed("aws:cloudwatch/eventApiDestination:EventApiDestination", destination, ["pager"]),
  ...autoNamed("aws:cloudwatch/eventRule:EventRule", rule, ["pager-trigger", "pager-resolve"]),
  ...autoNamed("aws:iam/role:Role", role, ["pager-role"], withoutEnding),
  ...autoNamed("aws:iam/rolePolicy:RolePolicy", rolePolicy, ["pager-role-policy"]),
];

const ofBus: readonly StackName[] = [
  ...autoNamed("aws:cloudwatch/eventRule:EventRule", rule, ["bus"]),
  ...autoNamed("aws:iam/role:Role", role, ["bus-role"], withoutEnding),
  ...autoNamed("aws:iam/rolePolicy:RolePolicy", rolePolicy, ["bus-role-policy"]),
];

/** Every name of the targets' resources that contains project and stack; see `stackNames`. */
export function namesOfTargets(values: TargetValues): StackName[] {
  const { slackChannelId, teamsChannelId, pagerDutyRoutingKey, eventBusArn } = values;
  const names = [
    ...(slackChannelId || teamsChannelId ? ofChat : []),
    ...(slackChannelId ? ofSlack : []),
    ...(teamsChannelId ? ofTeams : []),
    ...(pagerDutyRoutingKey ? ofPager : []),
    ...(eventBusArn ? ofBus : []),
  ];
  return names.length > 0 ? [...ofEvents, ...names] : [];
}
