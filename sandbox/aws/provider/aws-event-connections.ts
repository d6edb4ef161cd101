import {
  CreateApiDestinationCommand,
  type CreateApiDestinationCommandInput,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  DeleteApiDestinationCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import { isValues, type Value, type Values } from "../../engine/values.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { names, type ResourceType, text, until } from "./resource-type.ts";

/**
 * Connections with an API key, and API destinations. EventBridge does not return secrets, so a read keeps those of
 * the state, as the real provider does.
 * https://github.com/hashicorp/terraform-provider-aws/blob/bc5c46b90213e5fbd191a2ae65c859733a2910ac/internal/service/events/connection.go
 */
export function eventConnectionResources(target: AwsTarget): Record<string, ResourceType> {
  const events = new EventBridgeClient(target);

  const findConnection = (Name: string) =>
    unlessGone(events.send(new DescribeConnectionCommand({ Name })));
  const authorized = async (name: string) => {
    await until(async () => (await findConnection(name))?.ConnectionState === "AUTHORIZED");
    return findConnection(name);
  };

  const connection: ResourceType = {
    inputs: names("name description authorizationType authParameters"),
    replaces: ["name"],
    autoName: "name",
    async create(inputs) {
      const id = text(inputs, "name");
      await events.send(new CreateConnectionCommand(connectionOf(inputs)));
      const found = await authorized(id);
      const { ConnectionArn: arn = null, SecretArn: secretArn = null } = found ?? {};
      return { id, outputs: { arn, secretArn } };
    },
    async read(Name, state) {
      const found = await findConnection(Name);
      if (!found) return undefined;
      const { ApiKeyAuthParameters, InvocationHttpParameters } = found.AuthParameters ?? {};
      const before = authParametersOf(state);
      const bodies = (InvocationHttpParameters?.BodyParameters ?? []).map((it, index) => ({
        key: it.Key ?? "",
        value: it.IsValueSecret ? (before.bodies[index]?.value ?? null) : (it.Value ?? null),
        isValueSecret: it.IsValueSecret ?? false,
      }));
      return {
        ...state,
        description: found.Description ?? "",
        authorizationType: found.AuthorizationType ?? null,
        authParameters: {
          apiKey: {
            key: ApiKeyAuthParameters?.ApiKeyName ?? null,
            value: before.apiKey.value ?? null,
          },
          invocationHttpParameters: { bodies },
        },
        secretArn: found.SecretArn ?? null,
      };
    },
    async update(Name, inputs) {
      await events.send(new UpdateConnectionCommand(connectionOf(inputs)));
      await authorized(Name);
      return {};
    },
    async delete(Name) {
      await events.send(new DeleteConnectionCommand({ Name }));
      await until(async () => (await findConnection(Name)) === undefined);
    },
  };

  const destination: ResourceType = {
    inputs: names(
      "name description connectionArn invocationEndpoint httpMethod invocationRateLimitPerSecond",
    ),
    replaces: ["name"],
    autoName: "name",
    defaults: { invocationRateLimitPerSecond: 300 },
    async create(inputs) {
      const command = new CreateApiDestinationCommand(destinationOf(inputs));
      const { ApiDestinationArn: arn = null } = await events.send(command);
      return { id: text(inputs, "name"), outputs: { arn } };
    },
    async read(Name, state) {
      const command = new DescribeApiDestinationCommand({ Name });
      const found = await unlessGone(events.send(command));
      return (
        found && {
          ...state,
          description: found.Description ?? "",
          connectionArn: found.ConnectionArn ?? null,
          invocationEndpoint: found.InvocationEndpoint ?? null,
          httpMethod: found.HttpMethod ?? null,
          invocationRateLimitPerSecond: found.InvocationRateLimitPerSecond ?? null,
        }
      );
    },
    async update(_name, inputs) {
      await events.send(new UpdateApiDestinationCommand(destinationOf(inputs)));
      return {};
    },
    async delete(Name) {
      await events.send(new DeleteApiDestinationCommand({ Name }));
    },
  };

  return {
    "aws:cloudwatch/eventConnection:EventConnection": connection,
    "aws:cloudwatch/eventApiDestination:EventApiDestination": destination,
  };
}

function connectionOf(inputs: Values) {
  const { apiKey, bodies } = authParametersOf(inputs);
  return {
    Name: text(inputs, "name"),
    Description: inputs.description,
    AuthorizationType: text(inputs, "authorizationType"),
    AuthParameters: {
      ApiKeyAuthParameters: { ApiKeyName: apiKey.key, ApiKeyValue: apiKey.value },
      InvocationHttpParameters: {
        BodyParameters: bodies.map(({ key, value, isValueSecret = false }) => ({
          Key: key,
          Value: value,
          IsValueSecret: isValueSecret,
        })),
      },
    },
  } as CreateConnectionCommandInput;
}

function destinationOf(inputs: Values) {
  return {
    Name: text(inputs, "name"),
    Description: inputs.description,
    ConnectionArn: text(inputs, "connectionArn"),
    InvocationEndpoint: text(inputs, "invocationEndpoint"),
    HttpMethod: text(inputs, "httpMethod"),
    InvocationRateLimitPerSecond: inputs.invocationRateLimitPerSecond ?? 300,
  } as CreateApiDestinationCommandInput;
}

function authParametersOf({ authParameters }: Values) {
  const { apiKey, invocationHttpParameters } = below(authParameters);
  const { bodies } = below(invocationHttpParameters);
  return { apiKey: below(apiKey), bodies: (bodies ?? []) as Values[] };
}

function below(value: Value | undefined): Values {
  return isValues(value) ? value : {};
}
