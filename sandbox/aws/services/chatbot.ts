import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { accountId, type EmulatorTarget } from "../emulator.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { unlessGone } from "../provider/aws-target.ts";
import {
  type Input,
  inputOf,
  json,
  type Operation,
  respond,
  ServiceError,
} from "./json-service.ts";
import type { CheckRole } from "./roles.ts";
import { boolean, listOf, string, structure } from "./shapes.ts";

/** A channel as the Describe and List calls return it. */
export type Channel = Input & {
  readonly ChatConfigurationArn: string;
  readonly SnsTopicArns: readonly string[];
};

export interface Chatbot {
  readonly middleware: Middleware;
  /** The channels of Slack and Teams that there are, by ARN. */
  readonly channels: ReadonlyMap<string, Channel>;
}

// https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
// https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateMicrosoftTeamsChannelConfiguration.html
const arn = string({
  min: 12,
  max: 1224,
  pattern:
    /arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}/,
});
const configurationArn = string({
  min: 19,
  max: 1169,
  pattern:
    /arn:aws:(wheatley|chatbot):[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}/,
});
const guardrail = string({
  min: 11,
  max: 1163,
  pattern:
    /(?!.*\/aws-service-role\/.*)arn:aws:iam:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}/,
});
const uuid = string({
  min: 36,
  max: 36,
  pattern: /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/,
});
const tag = structure({ TagKey: string({ min: 1, max: 128 }), TagValue: string({ max: 256 }) }, [
  "TagKey",
  "TagValue",
]);
const settings = {
  SnsTopicArns: listOf(arn),
  IamRoleArn: arn,
  LoggingLevel: string({ values: ["ERROR", "INFO", "NONE"] }),
  GuardrailPolicyArns: listOf(guardrail),
  UserAuthorizationRequired: boolean,
};
const created = {
  ConfigurationName: string({ min: 1, max: 128, pattern: /[A-Za-z0-9-_]+/ }),
  Tags: listOf(tag, { max: 200 }),
};
const slackChannel = {
  SlackChannelId: string({ min: 1, max: 255, pattern: /[A-Za-z0-9]+/ }),
  SlackChannelName: string({ min: 1, max: 255 }),
};
const teamsChannel = {
  ChannelId: string({
    min: 1,
    max: 255,
    pattern: /([a-zA-Z0-9-_=+/.,])*%3[aA]([a-zA-Z0-9-_=+/.,])*%40([a-zA-Z0-9-_=+/.,])*/,
  }),
  ChannelName: string({ min: 1, max: 1000 }),
};
const slackTeamId = string({ min: 1, max: 255, pattern: /[0-9A-Z]{1,255}/ });
const byArn = structure({ ChatConfigurationArn: configurationArn }, ["ChatConfigurationArn"]);

/** AWS's default, which allows all that the channel's role allows. */
const defaultGuardrails = ["arn:aws:iam::aws:policy/AdministratorAccess"];

/**
 * Amazon Q Developer in chat applications, for which every workspace is authorized: creates, changes and describes
 * channels, as strictly as AWS. The emulator does not have it.
 */
export function createChatbot(emulator: EmulatorTarget, checkRole: CheckRole): Chatbot {
  const sns = new SNSClient(emulator);
  const channels = new Map<string, Channel>();

  function find(ChatConfigurationArn: string): Channel {
    const found = channels.get(ChatConfigurationArn);
    if (found) return found;
    throw new ServiceError("ResourceNotFoundException", `${ChatConfigurationArn} not found`, 404);
  }

  async function checkReferences({ IamRoleArn, SnsTopicArns = [] }: Input): Promise<void> {
    const code = "InvalidParameterException";
    if (IamRoleArn !== undefined) await checkRole(IamRoleArn, "chatbot.amazonaws.com", code);
    for (const TopicArn of SnsTopicArns) {
      if (await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn })))) continue;
      throw new ServiceError(code, `SNS topic ${TopicArn} does not exist`);
    }
  }

  const create = (kind: string, computed: (input: Input) => Input) => async (input: Input) => {
    const { ConfigurationName, Tags = [] } = input;
    const it = `arn:aws:chatbot::${accountId}:chat-configuration/${kind}/${ConfigurationName}`;
    if (channels.has(it)) {
      throw new ServiceError("ConflictException", `${ConfigurationName} already exists`, 409);
    }
    await checkReferences(input);
    const channel = {
      SnsTopicArns: [],
      LoggingLevel: "NONE",
      GuardrailPolicyArns: defaultGuardrails,
      UserAuthorizationRequired: false,
      ...input,
      ...computed(input),
      Tags,
      State: "ENABLED",
      ChatConfigurationArn: it,
    } as unknown as Channel;
    channels.set(it, channel);
    return { ChannelConfiguration: channel };
  };

  const update = async (input: Input) => {
    const old = find(input.ChatConfigurationArn);
    await checkReferences(input);
    const channel = { ...old, ...input } as Channel;
    channels.set(channel.ChatConfigurationArn, channel);
    return { ChannelConfiguration: channel };
  };

  const remove = ({ ChatConfigurationArn }: Input) => {
    find(ChatConfigurationArn);
    channels.delete(ChatConfigurationArn);
  };

  const allWith = (key: string) => [...channels.values()].filter((it) => key in it);

  const operations: Readonly<Record<string, Operation>> = {
    "create-slack-channel-configuration": {
      status: 201,
      input: structure({ ...settings, ...created, ...slackChannel, SlackTeamId: slackTeamId }, [
        "SlackTeamId",
        "SlackChannelId",
        "IamRoleArn",
        "ConfigurationName",
      ]),
      run: create("slack-channel", ({ SlackChannelId, SlackTeamId, SlackChannelName }) => ({
        SlackTeamName: `workspace-${SlackTeamId}`,
        SlackChannelName: SlackChannelName ?? `channel-${SlackChannelId}`,
      })),
    },
    "describe-slack-channel-configurations": {
      input: structure({ ChatConfigurationArn: configurationArn }),
      run: ({ ChatConfigurationArn }) => ({
        SlackChannelConfigurations: allWith("SlackTeamId").filter(
          (it) =>
            ChatConfigurationArn === undefined || it.ChatConfigurationArn === ChatConfigurationArn,
        ),
      }),
    },
    "update-slack-channel-configuration": {
      input: structure({ ...settings, ...slackChannel, ChatConfigurationArn: configurationArn }, [
        "ChatConfigurationArn",
        "SlackChannelId",
      ]),
      run: update,
    },
    "delete-slack-channel-configuration": { status: 204, input: byArn, run: remove },
    "create-ms-teams-channel-configuration": {
      status: 201,
      input: structure(
        {
          ...settings,
          ...created,
          ...teamsChannel,
          TeamId: uuid,
          TeamName: string({ min: 1, max: 255 }),
          TenantId: uuid,
        },
        ["ChannelId", "TeamId", "TenantId", "IamRoleArn", "ConfigurationName"],
      ),
      run: create("microsoft-teams-channel", ({ TeamId, ChannelId, TeamName, ChannelName }) => ({
        TeamName: TeamName ?? `team-${TeamId}`,
        ChannelName: ChannelName ?? `channel-${ChannelId}`,
      })),
    },
    "list-ms-teams-channel-configurations": {
      input: structure({ TeamId: uuid }),
      run: ({ TeamId }) => ({
        TeamChannelConfigurations: allWith("TenantId").filter(
          (it) => TeamId === undefined || it.TeamId === TeamId,
        ),
      }),
    },
    "update-ms-teams-channel-configuration": {
      input: structure({ ...settings, ...teamsChannel, ChatConfigurationArn: configurationArn }, [
        "ChatConfigurationArn",
        "ChannelId",
      ]),
      run: update,
    },
    "delete-ms-teams-channel-configuration": { status: 204, input: byArn, run: remove },
    "tag-resource": {
      input: structure({ ResourceARN: configurationArn, Tags: listOf(tag, { max: 200 }) }, [
        "ResourceARN",
        "Tags",
      ]),
      run: ({ ResourceARN, Tags }) => retag(ResourceARN, Tags, []),
    },
    "untag-resource": {
      input: structure(
        { ResourceARN: configurationArn, TagKeys: listOf(string({ min: 1, max: 128 })) },
        ["ResourceARN", "TagKeys"],
      ),
      run: ({ ResourceARN, TagKeys }) => retag(ResourceARN, [], TagKeys),
    },
    "list-tags-for-resource": {
      input: structure({ ResourceARN: configurationArn }, ["ResourceARN"]),
      run: ({ ResourceARN }) => ({ Tags: find(ResourceARN).Tags }),
    },
  };

  function retag(ResourceARN: string, added: Input[], removed: readonly string[]): void {
    const channel = find(ResourceARN);
    const gone = [...removed, ...added.map(({ TagKey }) => TagKey)];
    const kept = channel.Tags.filter(({ TagKey }: Input) => !gone.includes(TagKey));
    channels.set(ResourceARN, { ...channel, Tags: [...kept, ...added] });
  }

  return {
    channels,
    async middleware(call, next) {
      const { service, path } = call.request;
      if (service !== "chatbot") return next(call);
      const operation = operations[path.slice(1)];
      if (!operation) return json(404, { __type: "UnknownOperationException", message: path });
      return respond(call, operation, inputOf(call.body), "InvalidParameterException");
    },
  };
}
