import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isValues } from "../../engine/values.ts";
import { accountId, type EmulatorTarget, region } from "../emulator.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { unlessGone } from "../provider/aws-target.ts";
import {
  type Input,
  inputOf,
  json,
  type Operation,
  respond,
  ServiceError,
} from "./json-service.ts";
import type { CheckRole } from "./roles.ts";
import { integer, listOf, mapOf, string, structure } from "./shapes.ts";

/** A pipe as DescribePipe returns it. */
export type Pipe = Input & {
  readonly DesiredState: string;
  readonly Name: string;
  readonly Arn: string;
  readonly Source: string;
  readonly Target: string;
  readonly RoleArn: string;
};

export interface Pipes {
  readonly middleware: Middleware;
  /** The pipes that there are, by name. */
  readonly all: ReadonlyMap<string, Pipe>;
}

// https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html
const name = string({ min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ });
const arn = string({
  min: 1,
  max: 1600,
  pattern:
    /arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-]+):([a-z]{2,4}((-gov)|(-de)|(-iso([a-z]?)))?-[a-z]+(-\d{1})?)?:(\d{12})?:(.+)/,
});
const roleArn = string({
  min: 1,
  max: 1600,
  pattern: /arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z0-9+=,.@\-_/]+/,
});
const description = string({ max: 512 });
const desiredState = string({ values: ["RUNNING", "STOPPED"] });
const tags = mapOf(string({ min: 1, max: 128 }), string({ max: 256 }), { max: 50 });
const filterCriteria = structure({
  Filters: listOf(structure({ Pattern: string({ max: 4096 }) }), { max: 5 }),
});
const streamSettings = {
  BatchSize: integer(1, 10_000),
  DeadLetterConfig: structure({ Arn: arn }),
  OnPartialBatchItemFailure: string({ values: ["AUTOMATIC_BISECT"] }),
  MaximumBatchingWindowInSeconds: integer(0, 300),
  MaximumRecordAgeInSeconds: integer(-1, 604_800),
  MaximumRetryAttempts: integer(-1, 10_000),
  ParallelizationFactor: integer(1, 10),
};
const startingPosition = string({ values: ["TRIM_HORIZON", "LATEST"] });
const sourceParameters = structure({
  FilterCriteria: filterCriteria,
  DynamoDBStreamParameters: structure({ ...streamSettings, StartingPosition: startingPosition }, [
    "StartingPosition",
  ]),
});
const targetParameters = structure({
  InputTemplate: string({ max: 8192 }),
  EventBridgeEventBusParameters: structure({
    DetailType: string({ min: 1, max: 128 }),
    Source: string({ min: 1, max: 256 }),
    Resources: listOf(arn, { max: 10 }),
    Time: string({ min: 1, max: 256, pattern: /\$(\.[\w/_-]+(\[(\d+|\*)\])*)*/ }),
  }),
});
const createPipe = structure(
  {
    Name: name,
    Description: description,
    DesiredState: desiredState,
    Source: arn,
    SourceParameters: sourceParameters,
    Target: arn,
    TargetParameters: targetParameters,
    RoleArn: roleArn,
    Tags: tags,
  },
  ["Name", "Source", "Target", "RoleArn"],
);
const updatePipe = structure(
  {
    Name: name,
    Description: description,
    DesiredState: desiredState,
    SourceParameters: structure({
      FilterCriteria: filterCriteria,
      DynamoDBStreamParameters: structure(streamSettings),
    }),
    Target: arn,
    TargetParameters: targetParameters,
    RoleArn: roleArn,
  },
  ["Name", "RoleArn"],
);
const byName = structure({ Name: name }, ["Name"]);

/**
 * EventBridge Pipes from a DynamoDB stream to an event bus: creates, changes and describes them, as strictly as AWS.
 * The emulator drops the parameters of pipes.
 */
export function createPipes(emulator: EmulatorTarget, checkRole: CheckRole): Pipes {
  const dynamodb = new DynamoDBClient(emulator);
  const all = new Map<string, Pipe>();

  function find(pipe: string): Pipe {
    const found = all.get(pipe);
    if (found) return found;
    throw new ServiceError("NotFoundException", `Pipe ${pipe} does not exist.`, 404);
  }

  /** Settings that only make sense together, or that name what does not exist. */
  async function checkTogether(pipe: Input): Promise<void> {
    await checkRole(pipe.RoleArn, "pipes.amazonaws.com", "ValidationException");
    await checkStream(pipe.Source);
    const bus = `arn:aws:events:${region}:${accountId}:event-bus/`;
    if (!pipe.Target.startsWith(bus)) {
      invalid(`the sandbox's pipes have a target like ${bus}NAME: got ${pipe.Target}`);
    }
    const stream = pipe.SourceParameters?.DynamoDBStreamParameters;
    if (!stream)
      invalid("DynamoDBStreamParameters is required for a DynamoDB stream as the source");
    const age = stream.MaximumRecordAgeInSeconds ?? -1;
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-pipes-pipe-pipesourcedynamodbstreamparameters.html
    if (age !== -1 && age < 60) {
      invalid(`MaximumRecordAgeInSeconds must be -1 or from 60 to 604800: got ${age}`);
    }
    const letters = stream.DeadLetterConfig?.Arn;
    if (letters !== undefined && !/^arn:aws:(sqs|sns):/.test(letters)) {
      invalid(`the dead-letter target must be a queue or a topic: got ${letters}`);
    }
    for (const { Pattern } of pipe.SourceParameters?.FilterCriteria?.Filters ?? []) {
      checkPattern(Pattern);
    }
    const source = pipe.TargetParameters?.EventBridgeEventBusParameters?.Source ?? "";
    if (source.startsWith("aws.")) invalid(`Source must not begin with aws.: got ${source}`);
  }

  async function checkStream(source: string): Promise<void> {
    const [, table = ""] =
      /^arn:aws:dynamodb:[^:]+:\d+:table\/([^/]+)\/stream\//.exec(source) ?? [];
    const described = dynamodb.send(new DescribeTableCommand({ TableName: table || "none" }));
    const { LatestStreamArn, StreamSpecification } = (await unlessGone(described))?.Table ?? {};
    if (LatestStreamArn === source && StreamSpecification?.StreamEnabled) return;
    invalid(`Source ${source} is not an enabled stream of DynamoDB`);
  }

  /** StartPipe or StopPipe. */
  const switchTo = (DesiredState: string, CurrentState: string): Operation => ({
    input: byName,
    run: ({ Name }) => {
      const pipe = { ...find(Name), DesiredState, LastModifiedTime: Date.now() / 1_000 };
      all.set(Name, pipe);
      return summary(pipe, CurrentState);
    },
  });

  const operations: Readonly<Record<string, Operation>> = {
    start: switchTo("RUNNING", "STARTING"),
    stop: switchTo("STOPPED", "STOPPING"),
    create: {
      input: createPipe,
      async run(input) {
        if (all.has(input.Name)) {
          throw new ServiceError("ConflictException", `Pipe ${input.Name} already exists.`, 409);
        }
        await checkTogether(input);
        const now = Date.now() / 1_000;
        const pipe = {
          DesiredState: "RUNNING",
          ...input,
          SourceParameters: withDefaults(input.SourceParameters),
          Tags: input.Tags ?? {},
          Arn: `arn:aws:pipes:${region}:${accountId}:pipe/${input.Name}`,
          CreationTime: now,
          LastModifiedTime: now,
        } as unknown as Pipe;
        all.set(pipe.Name, pipe);
        return summary(pipe, "CREATING");
      },
    },
    describe: {
      input: byName,
      run: ({ Name }) => {
        const pipe = find(Name);
        return { ...pipe, CurrentState: pipe.DesiredState };
      },
    },
    update: {
      input: updatePipe,
      async run(input) {
        const old = find(input.Name);
        const { StartingPosition } = old.SourceParameters.DynamoDBStreamParameters;
        const given = input.SourceParameters ?? {};
        const stream = { ...given.DynamoDBStreamParameters, StartingPosition };
        const SourceParameters = withDefaults({ ...given, DynamoDBStreamParameters: stream });
        const pipe = {
          ...old,
          ...input,
          ...(input.SourceParameters && { SourceParameters }),
        } as Pipe;
        await checkTogether(pipe);
        all.set(pipe.Name, { ...pipe, LastModifiedTime: Date.now() / 1_000 });
        return summary(pipe, "UPDATING");
      },
    },
    delete: {
      input: byName,
      run: ({ Name }) => {
        const pipe = find(Name);
        all.delete(Name);
        return { ...summary(pipe, "DELETING"), DesiredState: "DELETED" };
      },
    },
  };
  const byMethod = {
    POST: operations.create,
    GET: operations.describe,
    PUT: operations.update,
    DELETE: operations.delete,
  } as Readonly<Record<string, Operation | undefined>>;

  return {
    all,
    async middleware(call, next) {
      const { service, method, path } = call.request;
      if (service !== "pipes") return next(call);
      const { pathname, searchParams } = new URL(path, "http://pipes");
      const [, pipe, verb] = /^\/v1\/pipes\/([^/]+)(?:\/(start|stop))?$/.exec(pathname) ?? [];
      const [, tagged] = /^\/tags\/(.+)$/.exec(pathname) ?? [];
      const input = inputOf(call.body);
      const operation = verb && method === "POST" ? operations[verb] : byMethod[method];
      if (pipe && operation) {
        return respond(call, operation, { ...input, Name: decodeURIComponent(pipe) });
      }
      if (tagged) {
        const [, Name = ""] = decodeURIComponent(tagged).split(":pipe/");
        const keys = searchParams.getAll("tagKeys");
        return respond(call, tagOperation(method, input, keys), { Name });
      }
      return json(404, { __type: "UnknownOperationException", message: `${method} ${path}` });
    },
  };

  function tagOperation(method: string, { tags: given }: Input, keys: string[]): Operation {
    return {
      input: byName,
      run({ Name }) {
        const pipe = find(Name);
        if (method === "POST") Object.assign(pipe.Tags, given);
        for (const key of keys) delete pipe.Tags[key];
        return method === "GET" ? { tags: pipe.Tags } : {};
      },
    };
  }
}

function invalid(message: string): never {
  throw new ServiceError("ValidationException", message);
}

/** What AWS returns if it is not given. */
function withDefaults(parameters: Input): Input {
  return {
    ...parameters,
    DynamoDBStreamParameters: {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      ...parameters.DynamoDBStreamParameters,
    },
  };
}

function summary({ Name, Arn, DesiredState, CreationTime, LastModifiedTime }: Pipe, state: string) {
  return { Name, Arn, DesiredState, CurrentState: state, CreationTime, LastModifiedTime };
}

/** An event pattern is an object of which every leaf is a list of values and filters. */
export function checkPattern(text: string): void {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    invalid(`Event pattern is not valid. Reason: it is not JSON: ${text}`);
  }
  if (!isPattern(pattern)) invalid(`Event pattern is not valid: ${text}`);
}

function isPattern(it: unknown): boolean {
  if (Array.isArray(it)) return it.length > 0;
  return isValues(it) && Object.keys(it).length > 0 && Object.values(it).every(isPattern);
}
