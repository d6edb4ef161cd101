import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import { isValues, type Values } from "./values.ts";

export function dynamodbResources(target: AwsTarget): Record<string, ResourceType> {
  const dynamodb = new DynamoDBClient(target);

  const arnIn = (state: Values) => ({ ResourceArn: text(state, "arn") });

  const table: ResourceType = {
    inputs: names("name attributes hashKey billingMode ttl"),
    replaces: ["name", "attributes", "hashKey"],
    autoName: "name",
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
          Tags: givenTags(inputs.tagsAll),
        }),
      );
      const ttl = isValues(inputs.ttl) ? inputs.ttl : {};
      await dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: {
            AttributeName: text(ttl, "attributeName"),
            Enabled: ttl.enabled === true,
          },
        }),
      );
      return { id: TableName, outputs: { arn: TableDescription?.TableArn ?? null } };
    },
    async read(id, state) {
      const found = await unlessGone(dynamodb.send(new DescribeTableCommand({ TableName: id })));
      if (!found) return undefined;
      const { TimeToLiveDescription } = await dynamodb.send(
        new DescribeTimeToLiveCommand({ TableName: id }),
      );
      const enabled = TimeToLiveDescription?.TimeToLiveStatus === "ENABLED";
      const attributeName = TimeToLiveDescription?.AttributeName ?? null;
      return { ...state, name: id, ttl: { attributeName, enabled } };
    },
    update: cannotUpdate,
    async delete(id) {
      await dynamodb.send(new DeleteTableCommand({ TableName: id }));
    },
  };

  return { "aws:dynamodb/table:Table": table };
}
