import type { Reader } from "../call.ts";
import { listed, one, passing, requestTagsOf, serviceLinkedRole } from "./tables.ts";

/** Path → operation. */
const operations: Readonly<Record<string, string>> = {
  "/create-slack-channel-configuration": "CreateSlackChannelConfiguration",
  "/describe-slack-channel-configurations": "DescribeSlackChannelConfigurations",
  "/update-slack-channel-configuration": "UpdateSlackChannelConfiguration",
  "/delete-slack-channel-configuration": "DeleteSlackChannelConfiguration",
  "/create-ms-teams-channel-configuration": "CreateMicrosoftTeamsChannelConfiguration",
  "/get-ms-teams-channel-configuration": "GetMicrosoftTeamsChannelConfiguration",
  "/list-ms-teams-channel-configurations": "ListMicrosoftTeamsChannelConfigurations",
  "/update-ms-teams-channel-configuration": "UpdateMicrosoftTeamsChannelConfiguration",
  "/delete-ms-teams-channel-configuration": "DeleteMicrosoftTeamsChannelConfiguration",
  "/list-tags-for-resource": "ListTagsForResource",
  "/tag-resource": "TagResource",
  "/untag-resource": "UntagResource",
};

/** Operations on a configuration that exists. The reference has no resource for the others. */
const onConfiguration = /^(Update|Delete|TagResource|UntagResource)/;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awschatbot.html */
export const chatbot: Reader = async ({ path, body }, place) => {
  const operation = operations[path];
  if (!operation) return undefined;
  const input = JSON.parse(body || "{}");
  const named = input.ChatConfigurationArn ?? input.ResourceARN;
  const resource = onConfiguration.test(operation) ? named : "*";
  const isNew = operation.startsWith("Create");
  const keys = requestTagsOf(input);
  return [
    ...one(`chatbot:${operation}`, resource, keys),
    // What is tagged as it is created asks for that, too.
    ...(isNew && Object.keys(listed(input.Tags)).length > 0
      ? one(
          "chatbot:TagResource",
          `arn:aws:chatbot::${place.accountId}:chat-configuration/${kindOf(operation)}/${input.ConfigurationName}`,
          keys,
        )
      : []),
    ...(input.IamRoleArn ? passing(input.IamRoleArn, "chatbot.amazonaws.com", named ?? "*") : []),
    // Which subscribes the topics; the first configuration of an account creates it.
    ...(isNew
      ? serviceLinkedRole("management.chatbot.amazonaws.com", "AWSServiceRoleForAWSChatbot", place)
      : []),
  ];
};

function kindOf(operation: string): string {
  return operation.includes("Slack") ? "slack-channel" : "microsoft-teams-channel";
}
