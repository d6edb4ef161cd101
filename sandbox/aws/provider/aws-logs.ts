import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Values } from "../../engine/values.ts";
import { givenTagMap } from "./aws-tags.ts";
import type { AwsTarget } from "./aws-target.ts";
import { type ResourceType, text } from "./resource-type.ts";

export function logsResources(target: AwsTarget): Record<string, ResourceType> {
  const logs = new CloudWatchLogsClient(target);

  const keepFor = (logGroupName: string, days: unknown) =>
    logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(days) }));

  async function find(name: string) {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name });
    const { logGroups = [] } = await logs.send(command);
    return logGroups.find(({ logGroupName }) => logGroupName === name);
  }

  const arnIn = (state: Values) => ({ resourceArn: text(state, "arn") });

  const logGroup: ResourceType = {
    inputs: ["name", "retentionInDays"],
    replaces: ["name"],
    hasFixedName: true,
    tagger: {
      list: async (_, state) =>
        (await logs.send(new ListTagsForResourceCommand(arnIn(state)))).tags ?? {},
      tag: (_, state, tags) => logs.send(new TagResourceCommand({ ...arnIn(state), tags })),
      untag: (_, state, tagKeys) =>
        logs.send(new UntagResourceCommand({ ...arnIn(state), tagKeys })),
    },
    async create(inputs) {
      const name = text(inputs, "name");
      const tags = givenTagMap(inputs.tagsAll);
      await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags }));
      await keepFor(name, inputs.retentionInDays);
      return { id: name, outputs: { arn: arnOf(await find(name)) } };
    },
    async read(name, state) {
      const found = await find(name);
      return found && { ...state, retentionInDays: found.retentionInDays ?? null };
    },
    async update(name, inputs) {
      await keepFor(name, inputs.retentionInDays);
      return {};
    },
    async delete(name) {
      await logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    },
  };

  return { "aws:cloudwatch/logGroup:LogGroup": logGroup };
}

/** AWS's API ends the ARN with ":*"; the real provider removes that. */
function arnOf(found: { readonly arn?: string } | undefined): string {
  return found?.arn?.replace(/:\*$/, "") ?? "";
}
