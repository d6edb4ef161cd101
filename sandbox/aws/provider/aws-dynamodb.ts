import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { isSame, isValues, type Values } from "../../engine/values.ts";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { names, type ResourceType, text, until } from "./resource-type.ts";

export function dynamodbResources(target: AwsTarget): Record<string, ResourceType> {
  const dynamodb = new DynamoDBClient(target);

  const find = (TableName: string) =>
    unlessGone(dynamodb.send(new DescribeTableCommand({ TableName })));
  const active = (name: string) =>
    until(async () => (await find(name))?.Table?.TableStatus === "ACTIVE");
  const timeToLiveOf = async (TableName: string) =>
    (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;

  async function setTimeToLive(TableName: string, inputs: Values) {
    const ttl = isValues(inputs.ttl) ? inputs.ttl : {};
    const Enabled = ttl.enabled === true;
    const TimeToLiveSpecification = { AttributeName: text(ttl, "attributeName"), Enabled };
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await until(
      async () =>
        (await timeToLiveOf(TableName))?.TimeToLiveStatus === (Enabled ? "ENABLED" : "DISABLED"),
    );
  }

  /** The newest stream; empty if there was none. A disabled stream stays readable for a day. */
  async function streamIn(name: string): Promise<Values> {
    const { LatestStreamArn = "", LatestStreamLabel = "" } = (await find(name))?.Table ?? {};
    return { streamArn: LatestStreamArn, streamLabel: LatestStreamLabel };
  }

  const arnIn = (state: Values) => ({ ResourceArn: text(state, "arn") });

  const table: ResourceType = {
    inputs: names("name attributes hashKey billingMode ttl streamEnabled streamViewType"),
    replaces: ["name", "attributes", "hashKey"],
    autoName: "name",
    defaults: { deletionProtectionEnabled: false, streamEnabled: false },
    tagger: {
      list: async (_, state) =>
        tagsOf((await dynamodb.send(new ListTagsOfResourceCommand(arnIn(state)))).Tags),
      tag: (_, state, tags) =>
        dynamodb.send(new TagResourceCommand({ ...arnIn(state), Tags: tagList(tags) })),
      untag: (_, state, TagKeys) =>
        dynamodb.send(new UntagResourceCommand({ ...arnIn(state), TagKeys })),
    },
    async create(inputs) {
      const TableName = text(inputs, "name");
      const hashKey = text(inputs, "hashKey");
      const { TableDescription } = await dynamodb.send(
        new CreateTableCommand({
          TableName,
          BillingMode: text(inputs, "billingMode") as "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: hashKey, AttributeType: "S" }],
          KeySchema: [{ AttributeName: hashKey, KeyType: "HASH" }],
          ...(inputs.streamEnabled && { StreamSpecification: streamOf(inputs) }),
          Tags: givenTags(inputs.tagsAll),
        }),
      );
      await active(TableName);
      await setTimeToLive(TableName, inputs);
      const { TableArn: arn = null } = TableDescription ?? {};
      return { id: TableName, outputs: { arn, ...(await streamIn(TableName)) } };
    },
    async read(id, state) {
      const found = await find(id);
      if (!found) return undefined;
      const { BillingModeSummary, DeletionProtectionEnabled } = found.Table ?? {};
      // The real provider asks this as well; the program uses no backups.
      await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: id }));
      const timeToLive = await timeToLiveOf(id);
      return {
        ...state,
        ...(await streamIn(id)),
        name: id,
        streamEnabled: found.Table?.StreamSpecification?.StreamEnabled ?? false,
        streamViewType: found.Table?.StreamSpecification?.StreamViewType ?? "",
        billingMode: BillingModeSummary?.BillingMode ?? "PROVISIONED",
        deletionProtectionEnabled: DeletionProtectionEnabled ?? false,
        ttl: {
          attributeName: timeToLive?.AttributeName ?? null,
          enabled: timeToLive?.TimeToLiveStatus === "ENABLED",
        },
      };
    },
    async update(TableName, inputs, olds) {
      const isProtected = inputs.deletionProtectionEnabled ?? false;
      const change = {
        ...(inputs.billingMode !== olds.billingMode && {
          BillingMode: text(inputs, "billingMode") as "PAY_PER_REQUEST",
        }),
        ...(isProtected !== (olds.deletionProtectionEnabled ?? false) && {
          DeletionProtectionEnabled: isProtected === true,
        }),
        ...(isStreamChanged(inputs, olds) && { StreamSpecification: streamOf(inputs) }),
      };
      if (Object.keys(change).length > 0) {
        await dynamodb.send(new UpdateTableCommand({ TableName, ...change }));
        await active(TableName);
      }
      if (!isSame(inputs.ttl, olds.ttl)) await setTimeToLive(TableName, inputs);
      return streamIn(TableName);
    },
    async delete(id) {
      await dynamodb.send(new DeleteTableCommand({ TableName: id }));
      await until(async () => (await find(id)) === undefined);
    },
  };

  return { "aws:dynamodb/table:Table": table };
}

/** As the real provider sends it. Enabling makes a new stream; both changes are in place. */
function streamOf(inputs: Values) {
  if (!inputs.streamEnabled) return { StreamEnabled: false };
  return { StreamEnabled: true, StreamViewType: text(inputs, "streamViewType") as "NEW_IMAGE" };
}

function isStreamChanged(inputs: Values, olds: Values): boolean {
  const of = ({ streamEnabled, streamViewType }: Values) =>
    streamEnabled ? `${streamViewType}` : "none";
  return of(inputs) !== of(olds);
}
