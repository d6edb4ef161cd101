import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionEventInvokeConfigCommand,
  type LambdaClient,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { isValues, type Values } from "../../engine/values.ts";
import { givenTagMap } from "./aws-tags.ts";
import { unlessGone } from "./aws-target.ts";
import type { Tagger } from "./default-tags.ts";
import { names, type ResourceType, text, until } from "./resource-type.ts";

/** How events reach a function: its queues, and what happens to asynchronous invocations that fail. */
export function lambdaEventResources(
  lambda: LambdaClient,
  tagging: Pick<Tagger, "tag" | "untag">,
): Record<string, ResourceType> {
  const putEventInvokeConfig = (inputs: Values) =>
    lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: text(inputs, "functionName"),
        MaximumRetryAttempts: Number(inputs.maximumRetryAttempts),
        MaximumEventAgeInSeconds: Number(inputs.maximumEventAgeInSeconds),
        DestinationConfig: { OnFailure: { Destination: onFailure(inputs) } },
      }),
    );

  const eventInvokeConfig: ResourceType = {
    inputs: names("functionName maximumRetryAttempts maximumEventAgeInSeconds destinationConfig"),
    replaces: ["functionName"],
    hasFixedName: true,
    async create(inputs) {
      await putEventInvokeConfig(inputs);
      return { id: text(inputs, "functionName"), outputs: {} };
    },
    async read(name, state) {
      const command = new GetFunctionEventInvokeConfigCommand({ FunctionName: name });
      const found = await unlessGone(lambda.send(command));
      const destination = found?.DestinationConfig?.OnFailure?.Destination ?? null;
      return (
        found && {
          ...state,
          maximumRetryAttempts: found.MaximumRetryAttempts ?? null,
          maximumEventAgeInSeconds: found.MaximumEventAgeInSeconds ?? null,
          destinationConfig: { onFailure: { destination } },
        }
      );
    },
    async update(_name, inputs) {
      await putEventInvokeConfig(inputs);
      return {};
    },
    async delete(name) {
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: name }));
    },
  };

  const findMapping = (UUID: string) =>
    unlessGone(lambda.send(new GetEventSourceMappingCommand({ UUID })));
  const settled = (id: string) =>
    until(async () => /^(Enabled|Disabled)$/.test((await findMapping(id))?.State ?? ""));
  const mappingSettings = (inputs: Values) => ({
    FunctionName: text(inputs, "functionName"),
    BatchSize: Number(inputs.batchSize),
    Enabled: inputs.enabled !== false,
    FunctionResponseTypes: inputs.functionResponseTypes as "ReportBatchItemFailures"[],
  });

  const eventSourceMapping: ResourceType = {
    inputs: names("functionName eventSourceArn batchSize functionResponseTypes"),
    replaces: ["eventSourceArn"],
    defaults: { enabled: true },
    tagger: {
      ...tagging,
      list: async (_, state) =>
        (await lambda.send(new ListTagsCommand({ Resource: text(state, "arn") }))).Tags ?? {},
    },
    async create(inputs) {
      const { UUID: id = "", EventSourceMappingArn: arn = "" } = await lambda.send(
        new CreateEventSourceMappingCommand({
          ...mappingSettings(inputs),
          Tags: givenTagMap(inputs.tagsAll),
          EventSourceArn: text(inputs, "eventSourceArn"),
        }),
      );
      await settled(id);
      return { id, outputs: { uuid: id, arn } };
    },
    async read(id, state) {
      const found = await findMapping(id);
      if (!found) return undefined;
      return {
        ...state,
        arn: found.EventSourceMappingArn ?? null,
        functionName: nameOr(text(state, "functionName"), found.FunctionArn),
        batchSize: found.BatchSize ?? null,
        enabled: found.State === "Enabled",
        functionResponseTypes: found.FunctionResponseTypes ?? [],
      };
    },
    async update(id, inputs) {
      const change = { UUID: id, ...mappingSettings(inputs) };
      await lambda.send(new UpdateEventSourceMappingCommand(change));
      await settled(id);
      return {};
    },
    async delete(id) {
      await lambda.send(new DeleteEventSourceMappingCommand({ UUID: id }));
      await until(async () => (await findMapping(id)) === undefined);
    },
  };

  return {
    "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfig,
  };
}

/** The function as the program named it: by its ARN or by its name. */
function nameOr(named: string, functionArn = ""): string {
  const name = functionArn.split(":")[6] ?? "";
  return named === functionArn ? named : name;
}

function onFailure({ destinationConfig }: Values): string | undefined {
  const config = isValues(destinationConfig) ? destinationConfig.onFailure : undefined;
  return isValues(config) ? text(config, "destination") : undefined;
}
