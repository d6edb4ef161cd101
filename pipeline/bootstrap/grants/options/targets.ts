import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../../infra/grants.ts";
import { forwardingGrants } from "../../../../infra/targets/bus.ts";
import { pipeGrants } from "../../../../infra/targets/event-stream.ts";
import { pagerGrants } from "../../../../infra/targets/pager.ts";
import type { Names } from "../../names.ts";
import { roleGrants } from "../../option-role.ts";
import type { Option } from "../../options.ts";
import type { Settings } from "../../settings.ts";

const ofEvents = ["events:TagResource", "events:UntagResource"];

/** The bus, and the pipe from the table to it, which a stack with any target has. */
export function eventsOption(names: Names): Option {
  const { bus, pipe } = names.targets;
  const role = names.optionRole({
    title: "PipeRole",
    logicalName: "events-pipe-role",
    service: "pipes.amazonaws.com",
    most: pipeGrants({
      stream: pulumi.interpolate`${names.named("reboot-table")}/stream/*`,
      bus,
      deadLetterQueue: names.named("events-dead-letters"),
    }),
  });
  return {
    name: "events",
    role,
    read: [
      {
        sid: "ReadBus",
        actions: ["events:DescribeEventBus", "events:ListTagsForResource"],
        resources: [bus],
      },
      { sid: "ReadPipe", actions: ["pipes:DescribePipe"], resources: [pipe] },
    ],
    tag: {
      actions: [...ofEvents, "pipes:TagResource", "pipes:UntagResource"],
      resources: [bus, pipe],
    },
    write: [
      ...roleGrants(role),
      {
        sid: "ChangeBus",
        actions: ["events:CreateEventBus", "events:DeleteEventBus", "events:UpdateEventBus"],
        resources: [bus],
      },
      {
        sid: "ChangePipe",
        actions: ["pipes:CreatePipe", "pipes:DeletePipe", "pipes:UpdatePipe"],
        resources: [pipe],
      },
    ],
  };
}

/** The channels of Slack and Microsoft Teams. Their topic is with the other topics, in read.ts and write.ts. */
export function chatOption(names: Names, { slack, teams }: Settings): Option {
  const role = names.optionRole({
    title: "ChatRole",
    logicalName: "chat-role",
    service: "chatbot.amazonaws.com",
    most: [],
  });
  const rules = rulesOf(names, "Chat", ["chat"]);
  const chatting = (ofSlack: string, ofTeams: string) => [
    ...(slack ? [`chatbot:${ofSlack}`] : []),
    ...(teams ? [`chatbot:${ofTeams}`] : []),
  ];
  return {
    name: "chat",
    role,
    read: [
      ...rules.read,
      {
        // The reference has no resources for these:
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awschatbot.html
        sid: "ReadChannels",
        actions: [
          "chatbot:ListTagsForResource",
          ...chatting(
            "DescribeSlackChannelConfigurations",
            "ListMicrosoftTeamsChannelConfigurations",
          ),
        ],
        resources: ["*"],
      },
    ],
    tag: {
      actions: [...ofEvents, "chatbot:TagResource", "chatbot:UntagResource"],
      resources: [...rules.tag.resources, ...names.targets.channels],
    },
    write: [
      ...roleGrants(role),
      ...rules.write,
      {
        // Nor for these. Whatever they create acts with the one role that may be passed, which may do nothing.
        sid: "CreateChannels",
        actions: chatting(
          "CreateSlackChannelConfiguration",
          "CreateMicrosoftTeamsChannelConfiguration",
        ),
        resources: ["*"],
      },
      {
        sid: "ChangeChannels",
        actions: [
          ...chatting(
            "DeleteSlackChannelConfiguration",
            "DeleteMicrosoftTeamsChannelConfiguration",
          ),
          ...chatting(
            "UpdateSlackChannelConfiguration",
            "UpdateMicrosoftTeamsChannelConfiguration",
          ),
        ],
        resources: names.targets.channels,
      },
      ofService(names, "management.chatbot.amazonaws.com", "AWSServiceRoleForAWSChatbot"),
    ],
  };
}

/** The connection to PagerDuty, and the API destination. */
export function pagerOption(names: Names): Option {
  const { connection, destination, secrets } = names.targets;
  // EventBridge adds an id to these names. Whether it asks IAM with or without it is documented nowhere.
  const withId = (arn: pulumi.Output<string>) => pulumi.interpolate`${arn}/*`;
  const role = names.optionRole({
    title: "PagerRole",
    logicalName: "pager-role",
    service: "events.amazonaws.com",
    most: pagerGrants(withId(destination)),
  });
  const rules = rulesOf(names, "Pager", ["pager-trigger", "pager-resolve"]);
  return {
    name: "pager",
    role,
    read: [
      ...rules.read,
      {
        sid: "ReadConnection",
        actions: ["events:DescribeConnection"],
        resources: [connection, withId(connection)],
      },
      {
        sid: "ReadDestination",
        actions: ["events:DescribeApiDestination"],
        resources: [destination, withId(destination)],
      },
    ],
    tag: rules.tag,
    write: [
      ...roleGrants(role),
      ...rules.write,
      {
        sid: "ChangeConnection",
        actions: ["events:CreateConnection", "events:DeleteConnection", "events:UpdateConnection"],
        resources: [connection, withId(connection)],
      },
      {
        sid: "CreateDestination",
        actions: ["events:CreateApiDestination"],
        resources: [destination, withId(connection)],
      },
      {
        sid: "ChangeDestination",
        actions: ["events:DeleteApiDestination", "events:UpdateApiDestination"],
        resources: [destination, withId(destination)],
      },
      {
        // EventBridge keeps the routing key in Secrets Manager, with the caller's permissions. The policy
        // AmazonEventBridgeFullAccess has the same actions, on the secrets of all connections.
        sid: "KeepRoutingKey",
        actions: [
          "secretsmanager:CreateSecret",
          "secretsmanager:DeleteSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecret",
        ],
        resources: [secrets],
      },
      ofService(
        names,
        "apidestinations.events.amazonaws.com",
        "AWSServiceRoleForAmazonEventBridgeApiDestinations",
      ),
    ],
  };
}

/** The rule that forwards to an existing bus. */
export function busOption(names: Names, busArn: string): Option {
  const role = names.optionRole({
    title: "BusRole",
    logicalName: "bus-role",
    service: "events.amazonaws.com",
    most: forwardingGrants(busArn),
  });
  const rules = rulesOf(names, "Bus", ["bus"]);
  return {
    name: "bus",
    role,
    read: rules.read,
    tag: rules.tag,
    write: [...roleGrants(role), ...rules.write],
  };
}

/** Rules on the stack's bus, with their targets. */
function rulesOf(names: Names, title: string, logicalNames: readonly string[]) {
  const resources = names.targets.rules(...logicalNames);
  return {
    read: [
      {
        sid: `ReadRulesOf${title}`,
        actions: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
        resources,
      },
    ],
    tag: { actions: ofEvents, resources },
    write: [
      {
        sid: `ChangeRulesOf${title}`,
        actions: [
          "events:DeleteRule",
          "events:PutRule",
          "events:PutTargets",
          "events:RemoveTargets",
        ],
        resources,
      },
    ],
  } satisfies Pick<Option, "read" | "tag" | "write">;
}

/** The role of AWS's own service, which the first use in an account creates. */
function ofService(names: Names, service: string, name: string): Grant {
  return {
    sid: "MakeRoleOfService",
    actions: ["iam:CreateServiceLinkedRole"],
    resources: [names.serviceLinkedRole(service, name)],
    conditions: { StringEquals: { "iam:AWSServiceName": service } },
  };
}
