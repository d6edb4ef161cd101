import { expect } from "chai";
import { connection, startApi } from "../../sumo-logic/bodies.ts";

const post = (change: object) =>
  startApi().call("POST", "v1/connections", { ...connection, ...change });

describe("connectionKind", () => {
  const urls = "http or https on its default port, or loopback";
  const types =
    "AWSLambda, Azure, Datadog, HipChat, PagerDuty, Slack, Webhook, NewRelic, Jira, Opsgenie, MicrosoftTeams, ServiceNow, SumoCloudSOAR";

  for (const [what, change] of [
    ["a name of one character", { name: "a" }],
    ["a name of 127 characters", { name: "a".repeat(127) }],
    ["https on port 443", { url: "https://example.com:443/" }],
    ["http on port 80", { url: "http://example.com:80/a?b=c" }],
    ["any port of loopback", { url: "http://127.0.0.1:8080/" }],
    ["any port of localhost", { url: "http://localhost:8080/" }],
    ["another product's webhook", { webhookType: "PagerDuty" }],
    ["no headers, which the API does not require", { headers: undefined }],
    ["an empty list of headers", { headers: [] }],
    ["a default payload that is not an object", { defaultPayload: '"text"' }],
    ["no payload for resolutions", { resolutionPayload: undefined }],
    ["no description", { description: undefined }],
  ] as const) {
    it(`accepts ${what}`, () => {
      expect(post(change)).to.include({ status: 200 });
    });
  }

  for (const [what, change, error] of [
    [
      "the type of responses",
      { type: "WebhookConnection" },
      'type: got "WebhookConnection"; expected one of WebhookDefinition',
    ],
    ["no name", { name: undefined }, "name: got undefined; expected 1 to 127 characters"],
    ["an empty name", { name: "" }, 'name: got ""; expected 1 to 127 characters'],
    [
      "a name of 128 characters",
      { name: "a".repeat(128) },
      `name: got "${"a".repeat(128)}"; expected 1 to 127 characters`,
    ],
    ["a number as its name", { name: 7 }, "name: got 7; expected 1 to 127 characters"],
    ["no URL", { url: undefined }, `url: got undefined; expected ${urls}`],
    ["a URL without scheme", { url: "a.on.aws" }, `url: got "a.on.aws"; expected ${urls}`],
    ["another scheme", { url: "ftp://a.on.aws/" }, `url: got "ftp://a.on.aws/"; expected ${urls}`],
    [
      "another port",
      { url: "https://a.on.aws:8443/" },
      `url: got "https://a.on.aws:8443/"; expected ${urls}`,
    ],
    [
      "another port of what looks like loopback",
      { url: "http://127.0.0.1.a.on.aws:8080/" },
      `url: got "http://127.0.0.1.a.on.aws:8080/"; expected ${urls}`,
    ],
    [
      "an unknown webhook type",
      { webhookType: "webhook" },
      `webhookType: got "webhook"; expected one of ${types}`,
    ],
    [
      "no webhook type",
      { webhookType: undefined },
      `webhookType: got undefined; expected one of ${types}`,
    ],
    [
      "no default payload",
      { defaultPayload: undefined },
      "defaultPayload: got undefined; expected JSON",
    ],
    [
      "a variable outside quotes",
      { defaultPayload: '{"a":{{Name}}}' },
      'defaultPayload: got "{\\"a\\":{{Name}}}"; expected JSON',
    ],
    [
      "a payload for resolutions that is not JSON",
      { resolutionPayload: "{" },
      'resolutionPayload: got "{"; expected JSON',
    ],
    [
      "a header without value",
      { headers: [{ name: "Authorization" }] },
      "headers: got 1; expected a list of names and values",
    ],
    [
      "a header without name",
      { headers: [{ name: "a", value: "b" }, { value: "Bearer token" }] },
      "headers: got 2; expected a list of names and values",
    ],
    [
      "a header that is null",
      { headers: [null] },
      "headers: got 1; expected a list of names and values",
    ],
  ] as const) {
    it(`refuses ${what}, naming the field`, () => {
      const { status, code, message } = post(change);

      expect([status, code]).to.deep.equal([400, "invalid_field"]);
      expect(message).to.equal(error);
    });

    it(`omits a header's value in the error about ${what}`, () => {
      expect(post(change).message).not.to.include("token");
    });
  }

  it("masks every header's value in all responses", () => {
    const { call } = startApi();
    const headers = [
      { name: "Authorization", value: "Bearer token" },
      { name: "X-Key", value: "" },
    ];
    const created = call("POST", "v1/connections", { ...connection, headers });
    const path = `v1/connections/${created.body.id}`;

    const put = call("PUT", path, { ...connection, headers }, { "if-match": '"1"' });

    for (const { body } of [created, put, call("GET", path)]) {
      expect(body.headers).to.deep.equal([
        { name: "Authorization", value: "********" },
        { name: "X-Key", value: "********" },
      ]);
    }
  });

  it("keeps the headers as they are given, for the calls", () => {
    const { api, call } = startApi();

    const { body } = call("POST", "v1/connections", connection);

    expect(api.connections.items.get(body.id)?.headers).to.deep.equal([
      { name: "Authorization", value: "Bearer token" },
    ]);
  });

  it("returns an empty list if there are no headers", () => {
    expect(post({ headers: undefined }).body.headers).to.deep.equal([]);
  });

  it("shows custom headers, which are no secrets", () => {
    const customHeaders = [{ name: "X-Team", value: "operations" }];

    expect(post({ customHeaders }).body.customHeaders).to.deep.equal([
      { name: "X-Team", value: "operations" },
    ]);
  });

  for (const query of ["", "?type=WebhookDefinition", "?type=", "?kind=WebhookConnection"]) {
    it(`refuses DELETE with ${query || "no parameter"}, and deletes nothing`, () => {
      const { api, call } = startApi();
      const { body } = call("POST", "v1/connections", connection);

      const { status, code, message } = call("DELETE", `v1/connections/${body.id}${query}`);

      expect([status, code, message]).to.deep.equal([
        400,
        "invalid_field",
        "DELETE needs the parameter type=WebhookConnection",
      ]);
      expect(api.connections.items.size).to.equal(1);
    });
  }
});
