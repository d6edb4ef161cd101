import { randomBytes, randomUUID } from "node:crypto";
import { accountId, region } from "../emulator.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { type Input, inputOf, type Operation, respond, ServiceError } from "./json-service.ts";
import { boolean, integer, listOf, string, structure } from "./shapes.ts";

/** A connection, with the secrets that EventBridge keeps in Secrets Manager and never returns. */
export type Connection = Input & { readonly Name: string; readonly ConnectionArn: string };

export type ApiDestination = Input & {
  readonly Name: string;
  readonly ApiDestinationArn: string;
  readonly ConnectionArn: string;
  readonly InvocationEndpoint: string;
  readonly HttpMethod: string;
};

export interface EventConnections {
  readonly middleware: Middleware;
  /** By name. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly destinations: ReadonlyMap<string, ApiDestination>;
}

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
const name = string({ min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ });
const description = string({ max: 512 });
// biome-ignore lint/suspicious/noControlCharactersInRegex: AWS's pattern
const header = /[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*/;
const parameter = structure({ Key: string(), Value: string(), IsValueSecret: boolean });
const connectionSettings = {
  Name: name,
  Description: description,
  // The program has no other type.
  AuthorizationType: string({ values: ["API_KEY"] }),
  AuthParameters: structure({
    ApiKeyAuthParameters: structure(
      {
        ApiKeyName: string({ min: 1, max: 512, pattern: header }),
        ApiKeyValue: string({ min: 1, max: 512, pattern: header }),
      },
      ["ApiKeyName", "ApiKeyValue"],
    ),
    InvocationHttpParameters: structure({
      HeaderParameters: listOf(parameter, { max: 100 }),
      QueryStringParameters: listOf(parameter, { max: 100 }),
      BodyParameters: listOf(parameter, { max: 100 }),
    }),
  }),
};
const connectionArn = string({
  min: 1,
  max: 1600,
  pattern:
    /arn:aws([a-z]|-)*:events:([a-z]|\d|-)*:([0-9]{12})?:connection\/[.\-_A-Za-z0-9]+\/[-A-Za-z0-9]+/,
});
const destinationSettings = {
  Name: name,
  Description: description,
  ConnectionArn: connectionArn,
  InvocationEndpoint: string({
    min: 1,
    max: 2048,
    pattern: /((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@&=+$,A-Za-z0-9])+)([).!';/?:,])?/,
  }),
  HttpMethod: string({ values: ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"] }),
  InvocationRateLimitPerSecond: integer(1),
};
const byName = structure({ Name: name }, ["Name"]);

/**
 * Connections and API destinations of EventBridge: creates, changes and describes them, as strictly as AWS. The
 * emulator returns secrets, and its ARNs lack their last part.
 */
export function createEventConnections(): EventConnections {
  const connections = new Map<string, Connection>();
  const destinations = new Map<string, ApiDestination>();
  const here = (resource: string) => `arn:aws:events:${region}:${accountId}:${resource}`;
  const now = () => Date.now() / 1_000;

  function connectionOf(Name: string): Connection {
    const found = connections.get(Name);
    if (found) return found;
    throw notFound(`Connection '${Name}'`);
  }

  function destinationOf(Name: string): ApiDestination {
    const found = destinations.get(Name);
    if (found) return found;
    throw notFound(`ApiDestination '${Name}'`);
  }

  function checkDestination({ ConnectionArn, InvocationEndpoint }: Input): void {
    const exists = [...connections.values()].some((it) => it.ConnectionArn === ConnectionArn);
    if (!exists) throw notFound(`Connection '${ConnectionArn}'`);
    if (!/^https:\/\/[^/]+/.test(InvocationEndpoint)) {
      throw new ServiceError(
        "ValidationException",
        `Parameter InvocationEndpoint is not valid. Reason: must be an https endpoint: ${InvocationEndpoint}`,
      );
    }
  }

  const operations: Readonly<Record<string, Operation>> = {
    CreateConnection: {
      input: structure(connectionSettings, ["Name", "AuthorizationType", "AuthParameters"]),
      run(input) {
        if (connections.has(input.Name)) throw alreadyExists(`Connection ${input.Name}`);
        if (!input.AuthParameters.ApiKeyAuthParameters) {
          throw new ServiceError("ValidationException", "ApiKeyAuthParameters is required");
        }
        const id = `connection/${input.Name}/${randomUUID()}`;
        const secret = `secret:events!${id}-${randomBytes(3).toString("hex")}`;
        const connection = {
          ...input,
          ConnectionArn: here(id),
          SecretArn: `arn:aws:secretsmanager:${region}:${accountId}:${secret}`,
          CreationTime: now(),
          LastModifiedTime: now(),
          LastAuthorizedTime: now(),
        } as unknown as Connection;
        connections.set(connection.Name, connection);
        return summaryOf(connection, "AUTHORIZING");
      },
    },
    DescribeConnection: {
      input: byName,
      run({ Name }) {
        const connection = connectionOf(Name);
        const AuthParameters = withoutSecrets(connection.AuthParameters);
        return { ...connection, AuthParameters, ConnectionState: "AUTHORIZED" };
      },
    },
    UpdateConnection: {
      input: structure(connectionSettings, ["Name"]),
      run(input) {
        const connection = {
          ...connectionOf(input.Name),
          ...input,
          LastModifiedTime: now(),
        } as Connection;
        connections.set(connection.Name, connection);
        return summaryOf(connection, "AUTHORIZING");
      },
    },
    DeleteConnection: {
      input: byName,
      run({ Name }) {
        const connection = connectionOf(Name);
        connections.delete(Name);
        return summaryOf(connection, "DELETING");
      },
    },
    CreateApiDestination: {
      input: structure(destinationSettings, [
        "Name",
        "ConnectionArn",
        "InvocationEndpoint",
        "HttpMethod",
      ]),
      run(input) {
        if (destinations.has(input.Name)) throw alreadyExists(`ApiDestination ${input.Name}`);
        checkDestination(input);
        const destination = {
          InvocationRateLimitPerSecond: 300,
          ...input,
          ApiDestinationArn: here(`api-destination/${input.Name}/${randomUUID()}`),
          ApiDestinationState: "ACTIVE",
          CreationTime: now(),
          LastModifiedTime: now(),
        } as unknown as ApiDestination;
        destinations.set(destination.Name, destination);
        return destination;
      },
    },
    DescribeApiDestination: { input: byName, run: ({ Name }) => destinationOf(Name) },
    ListApiDestinations: {
      input: structure({}, []),
      run: () => ({ ApiDestinations: [...destinations.values()] }),
    },
    UpdateApiDestination: {
      input: structure(destinationSettings, ["Name"]),
      run(input) {
        const destination = {
          ...destinationOf(input.Name),
          ...input,
          LastModifiedTime: now(),
        } as ApiDestination;
        checkDestination(destination);
        destinations.set(destination.Name, destination);
        return destination;
      },
    },
    DeleteApiDestination: {
      input: byName,
      run({ Name }) {
        destinationOf(Name);
        destinations.delete(Name);
      },
    },
  };

  return {
    connections,
    destinations,
    async middleware(call, next) {
      const [service, operation = ""] = call.action.split(":");
      const found = service === "events" ? operations[operation] : undefined;
      return found ? respond(call, found, inputOf(call.body)) : next(call);
    },
  };
}

function notFound(what: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `${what} does not exist.`);
}

function alreadyExists(what: string): ServiceError {
  return new ServiceError("ResourceAlreadyExistsException", `${what} already exists.`);
}

function summaryOf({ ConnectionArn, CreationTime, LastModifiedTime }: Connection, state: string) {
  return { ConnectionArn, ConnectionState: state, CreationTime, LastModifiedTime };
}

/** The key's value is always secret; a parameter's if it says so. */
function withoutSecrets({ ApiKeyAuthParameters, InvocationHttpParameters }: Input): Input {
  const shown = (parameters: Input[]) =>
    parameters.map(({ Key, Value, IsValueSecret = false }) => ({
      Key,
      ...(!IsValueSecret && { Value }),
      IsValueSecret,
    }));
  const http = Object.entries(InvocationHttpParameters ?? {}).map(([kind, parameters]) => [
    kind,
    shown(parameters as Input[]),
  ]);
  return {
    ApiKeyAuthParameters: { ApiKeyName: ApiKeyAuthParameters.ApiKeyName },
    ...(InvocationHttpParameters && { InvocationHttpParameters: Object.fromEntries(http) }),
  };
}
