import { expect } from "chai";
import { sumologicProvider } from "../../sumo-logic/provider.ts";
import { errorOf } from "../support.ts";
import { connection, providerForEach, search, typeOf } from "./provider-support.ts";

describe("sumologicProvider", () => {
  const start = providerForEach();

  for (const missing of ["accessId", "accessKey", "baseUrl"]) {
    it(`refuses to start without ${missing}, naming it`, () => {
      const settings = new Map([
        ["accessId", "id"],
        ["accessKey", "key"],
        ["baseUrl", "http://127.0.0.1:1/api/"],
      ]);
      settings.delete(missing);

      expect(() => sumologicProvider().configure(settings)).to.throw(
        `sumologic:${missing} must be set in the sandbox`,
      );
    });
  }

  it("refuses calls before it is configured", async () => {
    const { create } = typeOf(sumologicProvider(), "Connection");

    expect(await errorOf(create(connection))).to.equal(
      "sumologic: accessId, accessKey and baseUrl are not configured",
    );
  });

  it("calls the API with the credentials, in JSON", async () => {
    const { api, provider } = await start();

    await typeOf(provider, "Connection").create(connection);

    expect(api.requests[0]?.headers).to.include({
      authorization: "Basic aWQ6a2V5",
      "content-type": "application/json",
    });
  });

  it("fails with the API's status and body", async () => {
    const { provider } = await start(() => ({ status: 400, body: "no such name" }));

    const error = await errorOf(typeOf(provider, "Connection").create(connection));

    expect(error).to.equal("Sumo Logic responded to POST v1/connections with 400: no such name");
  });

  it("fails when the response to a read is another error than 404", async () => {
    const { provider } = await start(() => ({ status: 500, body: "down" }));

    const error = await errorOf(typeOf(provider, "Connection").read("00000000000000C1", {}));

    expect(error).to.equal(
      "Sumo Logic responded to GET v1/connections/00000000000000C1 with 500: down",
    );
  });

  it("fails when what is to be changed is gone", async () => {
    const { provider } = await start(() => ({ status: 404, body: "{}" }));

    const error = await errorOf(
      typeOf(provider, "Connection").update("00000000000000C1", connection, connection),
    );

    expect(error).to.equal(
      "Sumo Logic responded to PUT v1/connections/00000000000000C1 with 404: {}",
    );
  });

  for (const [name, inputs, replaces] of [
    [
      "Connection",
      "name description type webhookType url headers defaultPayload resolutionPayload",
      undefined,
    ],
    ["MonitorFolder", "name description", ["parentId"]],
    [
      "Monitor",
      "name description playbook parentId type contentType monitorType queries triggerConditions groupNotifications notificationGroupFields notifications",
      ["parentId"],
    ],
    ["LogSearch", "name description parentId queryString timeRange", undefined],
    [
      "Dashboard",
      "title description folderId domain theme refreshInterval timeRange panels layout topologyLabelMap",
      ["title"],
    ],
    ["Collector", "name description", undefined],
    [
      "HttpSource",
      "collectorId name description category multilineProcessingEnabled",
      ["collectorId"],
    ],
  ] as const) {
    it(`has the properties of a ${name} that the program uses`, () => {
      const type = typeOf(sumologicProvider(), name);

      expect(type.inputs).to.deep.equal(inputs.split(" "));
      expect(type.replaces).to.deep.equal(replaces);
    });
  }

  it("finds the personal folder", async () => {
    const { provider, routes } = await start(() => ({
      body: '{"id":"00000000000000AA","name":"Personal","children":[]}',
    }));
    const find = provider.functions["sumologic:index/getPersonalFolder:getPersonalFolder"];

    expect(await find?.({})).to.deep.equal({
      id: "00000000000000AA",
      name: "Personal",
      description: "",
    });
    expect(routes()).to.deep.equal(["GET /api/v2/content/folders/personal"]);
  });

  describe("Connection", () => {
    const wire = {
      type: "WebhookDefinition",
      name: "hook",
      description: "Calls the function",
      url: "https://abc.lambda-url.us-east-1.on.aws/",
      headers: [{ name: "Authorization", value: "Bearer token" }],
      defaultPayload: "{}",
      resolutionPayload: "{}",
      webhookType: "Webhook",
    };

    it("posts the definition, with its headers as a list", async () => {
      const { provider, routes, lastBody } = await start();

      const { id } = await typeOf(provider, "Connection").create(connection);

      expect(id).to.equal("00000000000000D1");
      expect(routes()).to.deep.equal([
        "POST /api/v1/connections",
        "GET /api/v1/connections/00000000000000D1",
      ]);
      expect(lastBody()).to.deep.equal(wire);
    });

    it("puts with the id, and with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start();

      await typeOf(provider, "Connection").update("00000000000000C1", connection, connection);

      expect(routes()).to.deep.equal([
        "GET /api/v1/connections/00000000000000C1",
        "PUT /api/v1/connections/00000000000000C1",
      ]);
      expect(api.requests[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ ...wire, id: "00000000000000C1" });
    });

    it("has the response's mask as its headers, once it is created", async () => {
      const { provider } = await start((route) =>
        route.startsWith("GET")
          ? {
              body: JSON.stringify({ ...wire, headers: [{ name: "Authorization", value: "***" }] }),
            }
          : undefined,
      );

      const { outputs } = await typeOf(provider, "Connection").create(connection);

      expect(outputs.headers).to.deep.equal({ Authorization: "***" });
    });

    it("deletes with the type in the address", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "Connection").delete("00000000000000C1", {});

      expect(routes()).to.deep.equal([
        "DELETE /api/v1/connections/00000000000000C1?type=WebhookConnection",
      ]);
    });

    it("has its headers among the secret outputs", async () => {
      const { provider } = await start();

      expect(typeOf(provider, "Connection").secretOutputs).to.deep.equal(["headers"]);
    });
  });

  describe("LogSearch", () => {
    it("posts the search with its time range in the API's form", async () => {
      const { provider, routes, lastBody } = await start();

      await typeOf(provider, "LogSearch").create(search);

      expect(routes()).to.deep.equal([
        "POST /api/v1/logSearches",
        "GET /api/v1/logSearches/00000000000000D1",
      ]);
      expect(lastBody()).to.deep.equal({
        name: "Search",
        description: "For analysts",
        parentId: "00000000000000AA",
        queryString: "q",
        runByReceiptTime: false,
        parsingMode: "Manual",
        timeRange: {
          type: "BeginBoundedTimeRange",
          from: { type: "RelativeTimeRangeBoundary", relativeTime: "-1d" },
          to: null,
        },
      });
    });

    it("refuses another kind of time range", async () => {
      const { provider } = await start();
      const timeRange = { completeLiteralTimeRange: { rangeName: "today" } };

      const error = await errorOf(typeOf(provider, "LogSearch").create({ ...search, timeRange }));

      expect(error).to.equal("the sandbox has time ranges with a relative begin only");
    });
  });
});
