import { expect } from "chai";
import {
  type Connection,
  createDestinations,
  destinationRequest,
  toLoopback,
} from "../../../aws/events/api-destination.ts";
import type { DeliveryError } from "../../../aws/events/attempt.ts";
import { VirtualClock } from "../../../clock.ts";

const destination = {
  ApiDestinationArn: "arn:aws:events:us-east-1:000000000000:api-destination/pager/1",
  ConnectionArn: "arn:aws:events:us-east-1:000000000000:connection/pager/1",
  InvocationEndpoint: "https://events.pagerduty.com/v2/enqueue",
  HttpMethod: "POST",
  InvocationRateLimitPerSecond: 1,
};
const connection: Connection = {
  ConnectionArn: destination.ConnectionArn,
  AuthParameters: {
    ApiKeyAuthParameters: { ApiKeyName: "X-Client", ApiKeyValue: "reboot-automation" },
    InvocationHttpParameters: { BodyParameters: [{ Key: "routing_key", Value: "secret" }] },
  },
};

describe("destinationRequest", () => {
  it("adds the connection's API key and body parameters, which replace those of the body", () => {
    const body = '{"event_action":"trigger","routing_key":"other"}';

    expect(destinationRequest(destination, connection, body)).to.deep.equal({
      url: "https://events.pagerduty.com/v2/enqueue",
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Amazon/EventBridge/ApiDestinations",
        "X-Client": "reboot-automation",
      },
      body: '{"event_action":"trigger","routing_key":"secret"}',
    });
  });

  it("refuses a body that is not an object", () => {
    expect(() => destinationRequest(destination, connection, '["a"]')).to.throw(
      "the body is not an object",
    );
  });
});

describe("createDestinations", () => {
  const clock = new VirtualClock(0);

  async function errorOf(status: number | Error) {
    const invoke = createDestinations(clock, async () => {
      if (typeof status !== "number") throw status;
      return { status, headers: {}, body: Buffer.alloc(0) };
    });
    return invoke(destination, connection, "{}").then(
      () => undefined,
      ({ code, isRetriable }: DeliveryError) => ({ code, isRetriable }),
    );
  }

  for (const [status, code, isRetriable] of [
    [200, undefined, false],
    [202, undefined, false],
    [301, "SDK_CLIENT_ERROR", false],
    [400, "SDK_CLIENT_ERROR", false],
    [401, "SDK_CLIENT_ERROR", true],
    [404, "SDK_CLIENT_ERROR", false],
    [407, "SDK_CLIENT_ERROR", true],
    [409, "SDK_CLIENT_ERROR", true],
    [429, "THROTTLING", true],
    [500, "SDK_SERVER_ERROR", true],
    [503, "SDK_SERVER_ERROR", true],
  ] as const) {
    it(`${code ? `reports ${code}` : "succeeds"} for a response of ${status}`, async () => {
      expect(await errorOf(status)).to.deep.equal(code && { code, isRetriable });
    });
  }

  it("retries if there is no connection", async () => {
    expect(await errorOf(new Error("refused"))).to.deep.equal({
      code: "CONNECTION_FAILURE",
      isRetriable: true,
    });
  });

  it("invokes a destination at most as often as its rate limit allows", async () => {
    let count = 0;
    const invoke = createDestinations(clock, async () => {
      count++;
      return { status: 202, headers: {}, body: Buffer.alloc(0) };
    });
    await invoke(destination, connection, "{}");

    const error = await invoke(destination, connection, "{}").catch((it: DeliveryError) => it);
    clock.advance(1 / 60);
    await invoke(destination, connection, "{}");

    expect(error).to.include({ code: "THROTTLING", isRetriable: true });
    expect(count).to.equal(2);
  });
});

describe("toLoopback", () => {
  it("refuses a host that the sandbox does not have", async () => {
    const sendRequest = toLoopback({ "events.pagerduty.com": 1 });
    const request = { url: "https://example.com/", method: "POST", headers: {}, body: "{}" };

    const error = await sendRequest(request).catch((it: Error) => it);

    expect(error).to.be.instanceOf(Error);
    expect((error as Error).message).to.equal("the sandbox has no example.com");
  });
});
