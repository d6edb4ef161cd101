import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { givenTagMap } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import { archiveFiles, isSame, isValues, type Value, type Values } from "./values.ts";

/** The function's package as the real provider uploads it; the fixed date makes it repeatable. */
export function zipOf(code: Value | undefined): Uint8Array {
  const files = Object.entries(archiveFiles(code)).map(([name, content]) => [
    name,
    strToU8(content),
  ]);
  return zipSync(Object.fromEntries(files), { mtime: new Date("1980-01-01T12:00:00Z") });
}

export function lambdaResources(
  target: AwsTarget,
  sdkLayerArn: string,
): Record<string, ResourceType> {
  const lambda = new LambdaClient(target);

  /** The settings besides code; the layer stands for the AWS SDK that the real runtime has. */
  const configuration = (inputs: Values) => ({
    FunctionName: text(inputs, "name"),
    Role: text(inputs, "role"),
    Handler: text(inputs, "handler"),
    Runtime: text(inputs, "runtime") as "nodejs24.x",
    Timeout: Number(inputs.timeout),
    MemorySize: Number(inputs.memorySize),
    Environment: { Variables: variablesOf(inputs) },
    LoggingConfig: loggingOf(inputs),
    Layers: [sdkLayerArn],
  });

  const tagging = {
    tag: (_id: string, state: Values, Tags: Record<string, string>) =>
      lambda.send(new TagResourceCommand({ Resource: text(state, "arn"), Tags })),
    untag: (_id: string, state: Values, TagKeys: string[]) =>
      lambda.send(new UntagResourceCommand({ Resource: text(state, "arn"), TagKeys })),
  };

  const lambdaFunction: ResourceType = {
    inputs: names(
      "name code handler runtime role timeout memorySize architectures environment loggingConfig",
    ),
    replaces: ["name"],
    hasFixedName: true,
    tagger: {
      ...tagging,
      // AWS leaves them out where the caller has no lambda:ListTags: then there seem to be none.
      list: async (FunctionName) =>
        (await lambda.send(new GetFunctionCommand({ FunctionName }))).Tags ?? {},
    },
    async create(inputs) {
      const { FunctionArn: arn = "" } = await lambda.send(
        new CreateFunctionCommand({
          ...configuration(inputs),
          Architectures: inputs.architectures as ["arm64"],
          Code: { ZipFile: zipOf(inputs.code) },
          Tags: givenTagMap(inputs.tagsAll),
        }),
      );
      return { id: text(inputs, "name"), outputs: { arn } };
    },
    async read(name, state) {
      const found = await unlessGone(lambda.send(new GetFunctionCommand({ FunctionName: name })));
      const { Timeout, MemorySize, Runtime } = found?.Configuration ?? {};
      return (
        found && {
          ...state,
          timeout: Timeout ?? null,
          memorySize: MemorySize ?? null,
          runtime: Runtime ?? null,
        }
      );
    },
    async update(name, inputs, olds) {
      await lambda.send(new UpdateFunctionConfigurationCommand(configuration(inputs)));
      if (!isSame(inputs.code, olds.code)) {
        const ZipFile = zipOf(inputs.code);
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
      }
      return {};
    },
    async delete(name) {
      await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
    },
  };

  const functionUrl: ResourceType = {
    inputs: ["functionName", "authorizationType"],
    hasFixedName: true,
    async create(inputs) {
      const name = text(inputs, "functionName");
      const { FunctionUrl = "" } = await lambda.send(
        new CreateFunctionUrlConfigCommand({
          FunctionName: name,
          AuthType: text(inputs, "authorizationType") as "NONE",
        }),
      );
      return { id: name, outputs: { functionUrl: FunctionUrl } };
    },
    async read(name, state) {
      const command = new GetFunctionUrlConfigCommand({ FunctionName: name });
      const found = await unlessGone(lambda.send(command));
      return found && { ...state, functionUrl: found.FunctionUrl ?? null };
    },
    async delete(name) {
      await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: name }));
    },
  };

  const permission: ResourceType = {
    inputs: names(
      "statementId function action principal sourceArn functionUrlAuthType invokedViaFunctionUrl",
    ),
    autoName: "statementId",
    async create(inputs) {
      await lambda.send(
        new AddPermissionCommand({
          StatementId: text(inputs, "statementId"),
          FunctionName: text(inputs, "function"),
          Action: text(inputs, "action"),
          Principal: text(inputs, "principal"),
          SourceArn: inputs.sourceArn as string | undefined,
          FunctionUrlAuthType: inputs.functionUrlAuthType as "NONE" | undefined,
          InvokedViaFunctionUrl: inputs.invokedViaFunctionUrl as boolean | undefined,
        }),
      );
      return { id: text(inputs, "statementId"), outputs: {} };
    },
    async read(id, state) {
      const command = new GetPolicyCommand({ FunctionName: text(state, "function") });
      const { Policy = "{}" } = (await unlessGone(lambda.send(command))) ?? {};
      const statements: { Sid: string }[] = JSON.parse(Policy).Statement ?? [];
      return statements.some(({ Sid }) => Sid === id) ? state : undefined;
    },
    async delete(id, state) {
      const FunctionName = text(state, "function");
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: id }));
    },
  };

  const eventInvokeConfig: ResourceType = {
    inputs: names("functionName maximumRetryAttempts maximumEventAgeInSeconds destinationConfig"),
    hasFixedName: true,
    async create(inputs) {
      const name = text(inputs, "functionName");
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: name,
          MaximumRetryAttempts: Number(inputs.maximumRetryAttempts),
          MaximumEventAgeInSeconds: Number(inputs.maximumEventAgeInSeconds),
          DestinationConfig: { OnFailure: { Destination: onFailure(inputs) } },
        }),
      );
      return { id: name, outputs: {} };
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
    async delete(name) {
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: name }));
    },
  };

  const eventSourceMapping: ResourceType = {
    inputs: names("functionName eventSourceArn batchSize functionResponseTypes"),
    replaces: ["functionName", "eventSourceArn"],
    tagger: {
      ...tagging,
      list: async (_, state) =>
        (await lambda.send(new ListTagsCommand({ Resource: text(state, "arn") }))).Tags ?? {},
    },
    async create(inputs) {
      const { UUID: id = "", EventSourceMappingArn: arn = "" } = await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: text(inputs, "functionName"),
          EventSourceArn: text(inputs, "eventSourceArn"),
          BatchSize: Number(inputs.batchSize),
          FunctionResponseTypes: inputs.functionResponseTypes as "ReportBatchItemFailures"[],
          Tags: givenTagMap(inputs.tagsAll),
        }),
      );
      return { id, outputs: { uuid: id, arn } };
    },
    async read(id, state) {
      const command = new GetEventSourceMappingCommand({ UUID: id });
      const found = await unlessGone(lambda.send(command));
      if (!found) return undefined;
      const arn = found.EventSourceMappingArn ?? null;
      return { ...state, arn, batchSize: found.BatchSize ?? null };
    },
    update: cannotUpdate,
    async delete(id) {
      await lambda.send(new DeleteEventSourceMappingCommand({ UUID: id }));
    },
  };

  return {
    "aws:lambda/function:Function": lambdaFunction,
    "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
    "aws:lambda/functionUrl:FunctionUrl": functionUrl,
    "aws:lambda/permission:Permission": permission,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfig,
  };
}

function variablesOf(inputs: Values): Record<string, string> {
  const variables = isValues(inputs.environment) ? inputs.environment.variables : undefined;
  return isValues(variables) ? (variables as Record<string, string>) : {};
}

function onFailure({ destinationConfig }: Values): string | undefined {
  const config = isValues(destinationConfig) ? destinationConfig.onFailure : undefined;
  return isValues(config) ? text(config, "destination") : undefined;
}

function loggingOf(inputs: Values) {
  const config = isValues(inputs.loggingConfig) ? inputs.loggingConfig : {};
  return { LogFormat: config.logFormat as "JSON", LogGroup: config.logGroup as string };
}
