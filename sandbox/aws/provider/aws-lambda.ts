import {
  AddPermissionCommand,
  type Cors,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  ResourceConflictException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { archiveFiles, isSame, isValues, type Value, type Values } from "../../engine/values.ts";
import { lambdaEventResources } from "./aws-lambda-events.ts";
import { givenTagMap } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { CreatedInPart, names, type ResourceType, text, until } from "./resource-type.ts";

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

  /** The settings besides code; the layer replaces the AWS SDK of the real runtime. */
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

  /** Reserves the concurrency of the inputs if it differs from the old inputs'. */
  async function reserve(inputs: Values, olds: Values = {}): Promise<void> {
    const FunctionName = text(inputs, "name");
    const reserved = inputs.reservedConcurrentExecutions ?? unreserved;
    if (reserved === (olds.reservedConcurrentExecutions ?? unreserved)) return;
    const change = { FunctionName, ReservedConcurrentExecutions: Number(reserved) };
    await (reserved === unreserved
      ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : lambda.send(new PutFunctionConcurrencyCommand(change)));
  }

  const lambdaFunction: ResourceType = {
    inputs: names(
      "name code handler runtime role timeout memorySize architectures environment loggingConfig reservedConcurrentExecutions",
    ),
    replaces: ["name"],
    hasFixedName: true,
    defaults: { reservedConcurrentExecutions: unreserved },
    tagger: {
      ...tagging,
      // AWS omits them if the caller lacks lambda:ListTags: then there seem to be none.
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
      const created = { id: text(inputs, "name"), outputs: { arn } };
      try {
        await reserve(inputs);
      } catch (error) {
        throw new CreatedInPart(created, error as Error);
      }
      return created;
    },
    async read(FunctionName, state) {
      const found = await unlessGone(lambda.send(new GetFunctionCommand({ FunctionName })));
      if (!found) return undefined;
      // The real provider makes these calls too; the program uses neither versions nor code signing.
      await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
      await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
      const { Timeout, MemorySize, Runtime, Handler, Role, Environment, LoggingConfig } =
        found.Configuration ?? {};
      const { LogFormat: logFormat = null, LogGroup: logGroup = null } = LoggingConfig ?? {};
      return {
        ...state,
        timeout: Timeout ?? null,
        memorySize: MemorySize ?? null,
        runtime: Runtime ?? null,
        handler: Handler ?? null,
        role: Role ?? null,
        environment: { variables: Environment?.Variables ?? {} },
        loggingConfig: { logFormat, logGroup },
        reservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions ?? unreserved,
      };
    },
    async update(name, inputs, olds) {
      await lambda.send(new UpdateFunctionConfigurationCommand(configuration(inputs)));
      if (!isSame(inputs.code, olds.code)) {
        const ZipFile = zipOf(inputs.code);
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
      }
      await reserve(inputs, olds);
      return {};
    },
    async delete(name) {
      await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
    },
  };

  const functionUrl: ResourceType = {
    inputs: ["functionName", "authorizationType"],
    replaces: ["functionName"],
    hasFixedName: true,
    defaults: { cors: null },
    async create(inputs) {
      const name = text(inputs, "functionName");
      const AuthType = text(inputs, "authorizationType") as "NONE";
      const { FunctionUrl = "" } = await lambda.send(
        new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType }),
      );
      const created = { id: name, outputs: { functionUrl: FunctionUrl } };
      if (AuthType !== "NONE") return created;
      // Without the lock and the retries that the provider has for a Permission.
      for (const statement of automaticStatements) {
        const input = { FunctionName: name, Principal: "*", ...statement };
        try {
          await lambda.send(new AddPermissionCommand(input));
        } catch (error) {
          // An earlier URL of the function left it.
          const isThere = `The statement id (${statement.StatementId}) provided already exists`;
          if ((error as Error).message.includes(isThere)) continue;
          throw new CreatedInPart(created, error as Error);
        }
      }
      return created;
    },
    async read(name, state) {
      const command = new GetFunctionUrlConfigCommand({ FunctionName: name });
      const found = await unlessGone(lambda.send(command));
      return (
        found && {
          ...state,
          functionUrl: found.FunctionUrl ?? null,
          authorizationType: found.AuthType ?? null,
          cors: corsOf(found.Cors),
        }
      );
    },
    async update(name, inputs, olds) {
      await lambda.send(
        new UpdateFunctionUrlConfigCommand({
          FunctionName: name,
          AuthType: text(inputs, "authorizationType") as "NONE",
          ...(olds.cors && { Cors: {} }),
        }),
      );
      return {};
    },
    // The statements that the creation added stay until the function is deleted.
    async delete(name) {
      await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: name }));
    },
  };

  /** Makes one change of a function's permissions at a time; retries while Lambda is busy with another. */
  const changePermissions = inTurn(async (change: () => Promise<unknown>) => {
    await until(async () => {
      try {
        await change();
        return true;
      } catch (error) {
        if (error instanceof ResourceConflictException) return false;
        throw error;
      }
    });
  });

  async function statementsOf(FunctionName: string): Promise<string[]> {
    const found = await unlessGone(lambda.send(new GetPolicyCommand({ FunctionName })));
    const statements: { Sid: string }[] = JSON.parse(found?.Policy ?? "{}").Statement ?? [];
    return statements.map(({ Sid }) => Sid);
  }

  const permission: ResourceType = {
    inputs: names(
      "statementId function action principal sourceArn functionUrlAuthType invokedViaFunctionUrl",
    ),
    autoName: "statementId",
    async create(inputs) {
      const command = new AddPermissionCommand({
        StatementId: text(inputs, "statementId"),
        FunctionName: text(inputs, "function"),
        Action: text(inputs, "action"),
        Principal: text(inputs, "principal"),
        SourceArn: inputs.sourceArn as string | undefined,
        FunctionUrlAuthType: inputs.functionUrlAuthType as "NONE" | undefined,
        InvokedViaFunctionUrl: inputs.invokedViaFunctionUrl as boolean | undefined,
      });
      await changePermissions(() => lambda.send(command));
      return { id: text(inputs, "statementId"), outputs: {} };
    },
    async read(id, state) {
      return (await statementsOf(text(state, "function"))).includes(id) ? state : undefined;
    },
    async delete(id, state) {
      const FunctionName = text(state, "function");
      const command = new RemovePermissionCommand({ FunctionName, StatementId: id });
      await changePermissions(() => lambda.send(command));
      await until(async () => !(await statementsOf(FunctionName)).includes(id));
    },
  };

  return {
    "aws:lambda/function:Function": lambdaFunction,
    "aws:lambda/functionUrl:FunctionUrl": functionUrl,
    "aws:lambda/permission:Permission": permission,
    ...lambdaEventResources(lambda, tagging),
  };
}

/** The provider's value for a function without reserved concurrency. */
const unreserved = -1;

/**
 * What the provider adds by itself to a URL without authorization, unless the function has it already.
 * For the first statement that is in its source; for the second, which is newer, it is inferred:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/function_url.go
 * https://github.com/hashicorp/terraform-provider-aws/pull/44858
 */
const automaticStatements = [
  {
    StatementId: "FunctionURLAllowPublicAccess",
    Action: "lambda:InvokeFunctionUrl",
    FunctionUrlAuthType: "NONE",
  },
  {
    StatementId: "FunctionURLAllowInvokeAction",
    Action: "lambda:InvokeFunction",
    InvokedViaFunctionUrl: true,
  },
] as const;

/** Runs one at a time, in the order of the calls. */
function inTurn<T>(work: (item: T) => Promise<void>): (item: T) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (item) => {
    const done = last.then(() => work(item));
    last = done.catch(() => {});
    return done;
  };
}

/** Null if the URL allows no other origin, which is Lambda's default. */
function corsOf(cors: Cors | undefined): Values | null {
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [] } = cors ?? {};
  return AllowOrigins.length === 0
    ? null
    : { allowOrigins: AllowOrigins, allowMethods: AllowMethods, allowHeaders: AllowHeaders };
}

function variablesOf(inputs: Values): Record<string, string> {
  const variables = isValues(inputs.environment) ? inputs.environment.variables : undefined;
  return isValues(variables) ? (variables as Record<string, string>) : {};
}

function loggingOf(inputs: Values) {
  const config = isValues(inputs.loggingConfig) ? inputs.loggingConfig : {};
  return { LogFormat: config.logFormat as "JSON", LogGroup: config.logGroup as string };
}
