import {
  CreatePipeCommand,
  type CreatePipeCommandInput,
  DeletePipeCommand,
  DescribePipeCommand,
  PipesClient,
  type PipeTargetParameters,
  type RequestedPipeState,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipeCommand,
  type UpdatePipeCommandInput,
} from "@aws-sdk/client-pipes";
import { isValues, type Value, type Values } from "../../engine/values.ts";
import { givenTagMap } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { names, type ResourceType, text, until } from "./resource-type.ts";

/**
 * Pipes from a DynamoDB stream to an event bus.
 * https://github.com/hashicorp/terraform-provider-aws/blob/02b9d32f9ef5cf585ea16bde8a4a7ec0945b1e29/internal/service/pipes/pipe.go
 */
export function pipesResources(target: AwsTarget): Record<string, ResourceType> {
  const pipes = new PipesClient(target);

  const find = (Name: string) => unlessGone(pipes.send(new DescribePipeCommand({ Name })));
  const settled = (name: string) =>
    until(async () => /^(RUNNING|STOPPED)$/.test((await find(name))?.CurrentState ?? ""));
  const arnIn = (state: Values) => ({ resourceArn: text(state, "arn") });

  const pipe: ResourceType = {
    inputs: names(
      "name description roleArn source sourceParameters target targetParameters desiredState",
    ),
    replaces: ["name", "source"],
    autoName: "name",
    defaults: { desiredState: "RUNNING" },
    tagger: {
      list: async (name) => (await find(name))?.Tags ?? {},
      tag: (_, state, tags) =>
        pipes.send(new TagResourceCommand({ ...arnIn(state), tags: { ...tags } })),
      untag: (_, state, tagKeys) =>
        pipes.send(new UntagResourceCommand({ ...arnIn(state), tagKeys })),
    },
    async create(inputs) {
      const Name = text(inputs, "name");
      const command = new CreatePipeCommand({
        ...settingsOf(inputs),
        Name,
        Source: text(inputs, "source"),
        SourceParameters: sourceParameters(inputs),
        Tags: givenTagMap(inputs.tagsAll),
      });
      const { Arn = null } = await pipes.send(command);
      await settled(Name);
      return { id: Name, outputs: { arn: Arn } };
    },
    async read(Name, state) {
      const found = await find(Name);
      if (!found) return undefined;
      const { Filters = [] } = found.SourceParameters?.FilterCriteria ?? {};
      const stream = found.SourceParameters?.DynamoDBStreamParameters;
      const { InputTemplate, EventBridgeEventBusParameters: bus } = found.TargetParameters ?? {};
      return {
        ...state,
        name: Name,
        description: found.Description ?? "",
        roleArn: found.RoleArn ?? null,
        source: found.Source ?? null,
        sourceParameters: {
          dynamodbStreamParameters: {
            batchSize: stream?.BatchSize ?? null,
            deadLetterConfig: { arn: stream?.DeadLetterConfig?.Arn ?? null },
            maximumBatchingWindowInSeconds: stream?.MaximumBatchingWindowInSeconds ?? null,
            maximumRecordAgeInSeconds: stream?.MaximumRecordAgeInSeconds ?? null,
            maximumRetryAttempts: stream?.MaximumRetryAttempts ?? null,
            parallelizationFactor: stream?.ParallelizationFactor ?? null,
            startingPosition: stream?.StartingPosition ?? null,
          },
          filterCriteria: { filters: Filters.map(({ Pattern = "" }) => ({ pattern: Pattern })) },
        },
        target: found.Target ?? null,
        targetParameters: {
          eventbridgeEventBusParameters: {
            source: bus?.Source ?? null,
            detailType: bus?.DetailType ?? null,
            time: bus?.Time ?? null,
          },
          inputTemplate: InputTemplate ?? null,
        },
        desiredState: found.DesiredState ?? null,
      };
    },
    async update(Name, inputs) {
      const { StartingPosition: _, ...stream } = streamParameters(inputs);
      const { FilterCriteria } = sourceParameters(inputs);
      const SourceParameters = { FilterCriteria, DynamoDBStreamParameters: stream };
      const change = { ...settingsOf(inputs), Name, SourceParameters };
      await pipes.send(new UpdatePipeCommand(change as UpdatePipeCommandInput));
      await settled(Name);
      return {};
    },
    async delete(Name) {
      await pipes.send(new DeletePipeCommand({ Name }));
      await until(async () => (await find(Name)) === undefined);
    },
  };

  return { "aws:pipes/pipe:Pipe": pipe };
}

function settingsOf(inputs: Values) {
  const parameters = below(inputs.targetParameters);
  const bus = below(parameters.eventbridgeEventBusParameters);
  return {
    Description: inputs.description as string | undefined,
    DesiredState: (inputs.desiredState ?? "RUNNING") as RequestedPipeState,
    RoleArn: text(inputs, "roleArn"),
    Target: text(inputs, "target"),
    TargetParameters: {
      InputTemplate: parameters.inputTemplate,
      EventBridgeEventBusParameters: {
        Source: bus.source,
        DetailType: bus.detailType,
        Time: bus.time,
      },
    } as PipeTargetParameters,
  };
}

function sourceParameters({ sourceParameters }: Values) {
  const { filters } = below(below(sourceParameters).filterCriteria);
  return {
    FilterCriteria: {
      Filters: (filters as Values[] | undefined)?.map((it) => ({ Pattern: text(it, "pattern") })),
    },
    DynamoDBStreamParameters: streamParameters({ sourceParameters: sourceParameters ?? null }),
  } as NonNullable<CreatePipeCommandInput["SourceParameters"]>;
}

function streamParameters({ sourceParameters }: Values) {
  const stream = below(below(sourceParameters).dynamodbStreamParameters);
  return {
    StartingPosition: stream.startingPosition,
    BatchSize: stream.batchSize,
    DeadLetterConfig: { Arn: below(stream.deadLetterConfig).arn },
    MaximumBatchingWindowInSeconds: stream.maximumBatchingWindowInSeconds,
    MaximumRecordAgeInSeconds: stream.maximumRecordAgeInSeconds,
    MaximumRetryAttempts: stream.maximumRetryAttempts,
    ParallelizationFactor: stream.parallelizationFactor,
  };
}

function below(value: Value | undefined): Values {
  return isValues(value) ? value : {};
}
