import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { found, type ManualChange } from "./manual-change.ts";

/** Changes of the table. */
export function ofTable(dynamodb: DynamoDBClient): ManualChange[] {
  const resource = ["aws:dynamodb:Table", "reboot-table"] as const;
  const name = async () => {
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    return found(TableNames.find((it) => it.includes("reboot-table")));
  };
  const describe = async () => {
    const command = new DescribeTableCommand({ TableName: await name() });
    return (await dynamodb.send(command)).Table;
  };
  return [
    {
      title: "the table's deletion protection",
      resource,
      change: async () => {
        const change = { TableName: await name(), DeletionProtectionEnabled: true };
        return dynamodb.send(new UpdateTableCommand(change));
      },
      read: async () => (await describe())?.DeletionProtectionEnabled,
    },
    {
      title: "the table's billing mode",
      resource,
      change: async () =>
        dynamodb.send(
          new UpdateTableCommand({
            TableName: await name(),
            BillingMode: "PROVISIONED",
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
          }),
        ),
      read: async () => (await describe())?.BillingModeSummary?.BillingMode,
    },
    {
      title: "the expiry of the table's items",
      resource,
      change: async () => {
        const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: false };
        const change = { TableName: await name(), TimeToLiveSpecification };
        return dynamodb.send(new UpdateTimeToLiveCommand(change));
      },
      read: async () => {
        const command = new DescribeTimeToLiveCommand({ TableName: await name() });
        return (await dynamodb.send(command)).TimeToLiveDescription?.TimeToLiveStatus;
      },
    },
  ];
}
