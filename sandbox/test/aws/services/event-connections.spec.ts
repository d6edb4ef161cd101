import { expect } from "chai";
import { createEventConnections } from "../../../aws/services/event-connections.ts";
import { apiCall, responseOf } from "../../support.ts";

const connection = {
  Name: "pager",
  AuthorizationType: "API_KEY",
  AuthParameters: {
    ApiKeyAuthParameters: { ApiKeyName: "X-Client", ApiKeyValue: "secret-1" },
    InvocationHttpParameters: {
      BodyParameters: [
        { Key: "routing_key", Value: "secret-2", IsValueSecret: true },
        { Key: "client", Value: "shown", IsValueSecret: false },
      ],
    },
  },
};

/** Makes calls of one new service; each returns the status and the body. */
function service() {
  const { middleware, connections } = createEventConnections();
  const call = async (operation: string, input: object) => {
    const request = { service: "events", target: `AWSEvents.${operation}` };
    const body = JSON.stringify(input);
    const response = await middleware(apiCall({ ...request, body }), async () =>
      responseOf('{"forwarded":true}'),
    );
    return { status: response.status, ...JSON.parse(response.body.toString()) };
  };
  return { call, connections };
}

describe("connections and API destinations of EventBridge", () => {
  it("never return a secret, but keep it for deliveries", async () => {
    const { call, connections } = service();
    await call("CreateConnection", connection);

    const found = await call("DescribeConnection", { Name: "pager" });

    expect(JSON.stringify(found)).not.to.include("secret-");
    expect(found.AuthParameters).to.deep.equal({
      ApiKeyAuthParameters: { ApiKeyName: "X-Client" },
      InvocationHttpParameters: {
        BodyParameters: [
          { Key: "routing_key", IsValueSecret: true },
          { Key: "client", Value: "shown", IsValueSecret: false },
        ],
      },
    });
    expect(found.ConnectionState).to.equal("AUTHORIZED");
    expect(connections.get("pager")?.AuthParameters).to.deep.equal(connection.AuthParameters);
  });

  it("have ARNs that end in an id", async () => {
    const { call } = service();
    const { ConnectionArn } = await call("CreateConnection", connection);

    expect(ConnectionArn).to.match(
      /^arn:aws:events:us-east-1:000000000000:connection\/pager\/[0-9a-f-]{36}$/,
    );
    const destination = { Name: "pager", ConnectionArn, HttpMethod: "POST" };
    const InvocationEndpoint = "https://events.pagerduty.com/v2/enqueue";
    const created = await call("CreateApiDestination", { ...destination, InvocationEndpoint });
    expect(created.ApiDestinationArn).to.match(/:api-destination\/pager\/[0-9a-f-]{36}$/);
    expect(created.InvocationRateLimitPerSecond).to.equal(300);
    expect(
      (await call("UpdateApiDestination", { Name: "pager", InvocationEndpoint: "http://x/" }))
        .message,
    ).to.equal(
      "Parameter InvocationEndpoint is not valid. Reason: must be an https endpoint: http://x/",
    );
  });

  for (const [what, operation, input, code, message] of [
    [
      "a name with a slash",
      "CreateConnection",
      { ...connection, Name: "a/b" },
      "ValidationException",
      "1 validation error detected: Value 'a/b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [.\\-_A-Za-z0-9]+",
    ],
    [
      "a connection without authorization",
      "CreateConnection",
      { Name: "a", AuthorizationType: "API_KEY", AuthParameters: {} },
      "ValidationException",
      "ApiKeyAuthParameters is required",
    ],
    [
      "a member that AWS does not have",
      "CreateConnection",
      { ...connection, Colour: "red" },
      "ValidationException",
      "1 validation error detected: Value 'red' at 'colour' failed to satisfy constraint: no such member",
    ],
    [
      "a destination without a connection",
      "CreateApiDestination",
      {
        Name: "a",
        ConnectionArn: "arn:aws:events:us-east-1:000000000000:connection/none/1",
        HttpMethod: "POST",
        InvocationEndpoint: "https://x/",
      },
      "ResourceNotFoundException",
      "Connection 'arn:aws:events:us-east-1:000000000000:connection/none/1' does not exist.",
    ],
    [
      "a connection that does not exist",
      "DescribeConnection",
      { Name: "none" },
      "ResourceNotFoundException",
      "Connection 'none' does not exist.",
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      expect(await service().call(operation, input)).to.deep.equal({
        status: 400,
        __type: code,
        message,
      });
    });
  }

  it("leave every other call to the emulator", async () => {
    expect(await service().call("PutRule", {})).to.deep.equal({ status: 200, forwarded: true });
  });
});
