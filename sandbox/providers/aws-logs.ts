import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
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

  const logGroup: ResourceType = {
    inputs: ["name", "retentionInDays"],
    replaces: ["name"],
    hasFixedName: true,
    async create(inputs) {
      const name = text(inputs, "name");
      await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      await keepFor(name, inputs.retentionInDays);
      // AWS's API ends the ARN with ":*"; the real provider takes that off.
      const arn = (await find(name))?.arn?.replace(/:\*$/, "") ?? null;
      return { id: name, outputs: { arn } };
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
