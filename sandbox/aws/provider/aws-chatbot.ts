import type { Value, Values } from "../../engine/values.ts";
import { signedHeaders } from "../signature.ts";
import { tagList, tagsOf } from "./aws-tags.ts";
import type { AwsTarget } from "./aws-target.ts";
import type { Tagger } from "./default-tags.ts";
import { type ResourceType, text } from "./resource-type.ts";

type Json = Record<string, unknown>;

/** A kind of channel: the API's calls for it, and its properties. */
interface Kind {
  /** The API's name of a property of the program. */
  readonly members: Readonly<Record<string, string>>;
  /** Properties of `members` that an update cannot change: the call does not have them. */
  readonly onlyAtCreation: readonly string[];
  /** The paths of the API, without the ending `-configuration`. */
  readonly path: string;
  find(channel: Values): Promise<Json | undefined>;
}

const common = {
  configurationName: "ConfigurationName",
  iamRoleArn: "IamRoleArn",
  snsTopicArns: "SnsTopicArns",
  guardrailPolicyArns: "GuardrailPolicyArns",
  userAuthorizationRequired: "UserAuthorizationRequired",
  loggingLevel: "LoggingLevel",
};

/**
 * Channels of Amazon Q Developer in chat applications. As in the real provider, no property replaces a channel: an
 * update leaves out what the API cannot change, and the provider then fails.
 * https://github.com/hashicorp/terraform-provider-aws/blob/02568cd96c755798f5e9f9adca199da877b7912e/internal/service/chatbot/slack_channel_configuration.go
 * https://github.com/hashicorp/terraform-provider-aws/blob/d56051fd299bdd8704b080f33bbb78334927b49b/internal/service/chatbot/teams_channel_configuration.go
 */
export function chatbotResources(target: AwsTarget): Record<string, ResourceType> {
  /** One call of the API, which the AWS SDK's current packages do not have. */
  async function call(operation: string, input: Json): Promise<Json> {
    const url = new URL(`/${operation}`, target.endpoint);
    const body = JSON.stringify(input);
    const request = { method: "POST", url: url.pathname, headers: { host: url.host } };
    // In us-east-1 it has no endpoint, and the real provider uses this one.
    const scope = { region: "us-west-2", service: "chatbot", nowMs: Date.now() };
    const headers = signedHeaders(request, body, target.credentials, scope);
    const response = await fetch(url, { method: "POST", headers, body });
    const content = await response.text();
    const result = content === "" ? {} : JSON.parse(content);
    if (response.ok) return result;
    throw Object.assign(new Error(`${result.__type}: ${result.message}`), { name: result.__type });
  }

  const firstOf = (list: unknown) => (list as Json[])[0];

  const slack = channelType({
    path: "slack-channel",
    members: { ...common, slackChannelId: "SlackChannelId", slackTeamId: "SlackTeamId" },
    onlyAtCreation: ["configurationName", "slackTeamId"],
    async find({ chatConfigurationArn: ChatConfigurationArn }) {
      const found = await call("describe-slack-channel-configurations", { ChatConfigurationArn });
      return firstOf(found.SlackChannelConfigurations);
    },
  });

  const teams = channelType({
    path: "ms-teams-channel",
    members: { ...common, channelId: "ChannelId", teamId: "TeamId", tenantId: "TenantId" },
    onlyAtCreation: ["configurationName", "teamId", "tenantId"],
    async find({ teamId: TeamId }) {
      const found = await call("list-ms-teams-channel-configurations", { TeamId });
      const channels = found.TeamChannelConfigurations as Json[];
      if (channels.length > 1)
        throw new Error(`too many results: wanted 1, got ${channels.length}`);
      return channels[0];
    },
  });

  function channelType({ path, members, onlyAtCreation, find }: Kind): ResourceType {
    const inputOf = (inputs: Values, keys: readonly string[]) =>
      Object.fromEntries(
        keys.filter((key) => key in inputs).map((key) => [members[key] ?? "", inputs[key]]),
      );
    const arnIn = (state: Values) => text(state, "chatConfigurationArn");
    const tagger: Tagger = {
      list: async (_, state) => {
        const { Tags } = await call("list-tags-for-resource", { ResourceARN: arnIn(state) });
        const tags = Tags as { TagKey: string; TagValue: string }[];
        return tagsOf(tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })));
      },
      tag: (_, state, tags) =>
        call("tag-resource", { ResourceARN: arnIn(state), Tags: tagsIn(tags) }),
      untag: (_, state, TagKeys) => call("untag-resource", { ResourceARN: arnIn(state), TagKeys }),
    };
    return {
      inputs: Object.keys(members),
      defaults: { loggingLevel: "NONE", userAuthorizationRequired: false },
      keepsStateOfFailedUpdate: true,
      tagger,
      async create(inputs) {
        const { ChannelConfiguration } = await call(`create-${path}-configuration`, {
          ...inputOf(inputs, Object.keys(members)),
          Tags: tagsIn(inputs.tagsAll),
        });
        return {
          id: text(inputs, "configurationName"),
          outputs: computedOf(ChannelConfiguration as Json),
        };
      },
      async read(_id, state) {
        const found = await find(state);
        if (!found) return undefined;
        const now = Object.entries(members).map(([key, member]) => [key, found[member] as Value]);
        return { ...state, ...computedOf(found), ...Object.fromEntries(now) };
      },
      async update(_id, inputs, olds) {
        const changed = onlyAtCreation.filter((key) => inputs[key] !== olds[key]);
        const keys = Object.keys(members).filter((key) => !onlyAtCreation.includes(key));
        await call(`update-${path}-configuration`, {
          ...inputOf(inputs, keys),
          ChatConfigurationArn: arnIn(olds),
        });
        if (changed.length > 0) {
          throw new Error(
            `Provider produced inconsistent result after apply: .${changed.join(", .")}`,
          );
        }
        return {};
      },
      async delete(_id, state) {
        await call(`delete-${path}-configuration`, { ChatConfigurationArn: arnIn(state) });
      },
    };
  }

  return {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": slack,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": teams,
  };
}

function tagsIn(tags: Value | undefined) {
  return tagList(tags).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

/** The properties that AWS fills in, by the API's names of them. */
const computed = {
  ChatConfigurationArn: "chatConfigurationArn",
  SlackTeamName: "slackTeamName",
  SlackChannelName: "slackChannelName",
  TeamName: "teamName",
  ChannelName: "channelName",
};

function computedOf(channel: Json): Values {
  const given = Object.entries(computed).filter(([member]) => member in channel);
  return Object.fromEntries(given.map(([member, key]) => [key, channel[member] as Value]));
}
