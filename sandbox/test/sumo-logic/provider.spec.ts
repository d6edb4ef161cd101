import { expect } from "chai";
import { VirtualClock } from "../../clock.ts";
import type { Values } from "../../engine/values.ts";
import { sumologicProvider } from "../../sumo-logic/provider.ts";
import { startSumoLogic } from "../../sumo-logic/server.ts";
import { startProvider } from "../engine/provider-client.ts";
import { errorOf, type FakeAnswer, startFakeServer, stopAfterEach } from "../support.ts";

const connection = {
  name: "hook",
  description: "Calls the function",
  type: "WebhookConnection",
  webhookType: "Webhook",
  url: "https://abc.lambda-url.us-east-1.on.aws/",
  headers: { Authorization: "Bearer token" },
  defaultPayload: "{}",
  resolutionPayload: "{}",
};

const monitor = {
  name: "Slow responses",
  description: "Fires",
  parentId: "00000000000000F1",
  type: "MonitorsLibraryMonitor",
  contentType: "Monitor",
  monitorType: "Logs",
  queries: [{ rowId: "A", query: "_sourceCategory=web" }],
  triggerConditions: {
    logsStaticCondition: {
      field: "slow_count",
      critical: {
        timeRange: "10m",
        alert: { threshold: 5, thresholdType: "GreaterThan" },
        resolution: { threshold: 5, thresholdType: "LessThanOrEqual", resolutionWindow: "5m" },
      },
    },
  },
  groupNotifications: true,
  notificationGroupFields: ["instance_id"],
  notifications: [
    {
      notification: { connectionType: "Webhook", connectionId: "00000000000000C1" },
      runForTriggerTypes: ["Critical", "ResolvedCritical"],
    },
  ],
};

const search = {
  name: "Search",
  description: "For analysts",
  parentId: "00000000000000AA",
  queryString: "q",
  timeRange: {
    beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-1d" } } },
  },
};

const collector = { name: "reboot-automation", description: "Made by Pulumi" };

const source = {
  collectorId: 123456789,
  name: "access-log",
  description: "Made by Pulumi",
  category: "web/access",
  multilineProcessingEnabled: false,
};

describe("sumologicProvider", () => {
  const stoppedLater = stopAfterEach();

  /** The provider's part for one type, by the last part of the type's name. */
  function typeOf(provider: ReturnType<typeof sumologicProvider>, name: string) {
    const [, type] =
      Object.entries(provider.resources).find(([token]) => token.endsWith(`:${name}`)) ?? [];
    if (!type?.update) throw new Error(`no type ${name} with update`);
    return { ...type, update: type.update };
  }

  /**
   * The provider before an API that gives every new thing the id …D1, answers what it was sent
   * last, and notes all calls.
   */
  async function start(answer: (route: string) => FakeAnswer | undefined = () => undefined) {
    let sent = {};
    const api = stoppedLater(
      await startFakeServer(({ method, path, body }) => {
        if (body) sent = JSON.parse(body);
        const known = answer(`${method} ${path}`);
        if (known) return known;
        const id = path === "/api/v1/monitors/root" ? "0000000000000001" : "00000000000000D1";
        return { headers: { etag: '"7"' }, body: JSON.stringify({ ...sent, id }) };
      }),
    );
    const provider = sumologicProvider();
    await provider.configure(
      new Map([
        ["accessId", "id"],
        ["accessKey", "key"],
        ["baseUrl", `http://127.0.0.1:${api.port}/api/`],
      ]),
    );
    const routes = () => api.seen.map(({ method, path }) => `${method} ${path}`);
    const lastBody = () => JSON.parse(api.seen.findLast(({ body }) => body !== "")?.body ?? "");
    return { api, provider, routes, lastBody };
  }

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

    expect(api.seen[0]?.headers).to.include({
      authorization: "Basic aWQ6a2V5",
      "content-type": "application/json",
    });
  });

  it("fails with the API's status and body", async () => {
    const { provider } = await start(() => ({ status: 400, body: "no such name" }));

    const error = await errorOf(typeOf(provider, "Connection").create(connection));

    expect(error).to.equal("Sumo Logic answered 400 to POST v1/connections: no such name");
  });

  it("fails when a read is answered by another error than 404", async () => {
    const { provider } = await start(() => ({ status: 500, body: "down" }));

    const error = await errorOf(typeOf(provider, "Connection").read("00000000000000C1", {}));

    expect(error).to.equal("Sumo Logic answered 500 to GET v1/connections/00000000000000C1: down");
  });

  it("fails when what is to be changed is gone", async () => {
    const { provider } = await start(() => ({ status: 404, body: "{}" }));

    const error = await errorOf(
      typeOf(provider, "Connection").update("00000000000000C1", connection, connection),
    );

    expect(error).to.equal("Sumo Logic answered 404 to PUT v1/connections/00000000000000C1: {}");
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
      "name description parentId type contentType monitorType queries triggerConditions groupNotifications notificationGroupFields notifications",
      ["parentId"],
    ],
    ["LogSearch", "name description parentId queryString timeRange", undefined],
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
      expect(api.seen[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ ...wire, id: "00000000000000C1" });
    });

    it("has the answer's mask as its headers, once it is made", async () => {
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

  describe("MonitorFolder", () => {
    const folder = { name: "reboot-automation-dev", description: "Made by Pulumi" };

    it("posts the folder below the root folder, which it asks for", async () => {
      const { provider, routes, lastBody } = await start();

      const created = await typeOf(provider, "MonitorFolder").create(folder);

      expect(created).to.deep.equal({
        id: "00000000000000D1",
        outputs: {
          parentId: "0000000000000001",
          name: "reboot-automation-dev",
          description: "Made by Pulumi",
        },
      });
      expect(routes()).to.deep.equal([
        "GET /api/v1/monitors/root",
        "POST /api/v1/monitors?parentId=0000000000000001&",
        "GET /api/v1/monitors/00000000000000D1",
        "GET /api/v1/monitors/00000000000000D1/permissions",
      ]);
      expect(lastBody()).to.deep.equal({
        version: 0,
        isLocked: false,
        isMutable: false,
        isSystem: false,
        createdAt: "",
        createdBy: "",
        modifiedAt: "",
        modifiedBy: "",
        contentType: "Folder",
        name: "reboot-automation-dev",
        description: "Made by Pulumi",
        type: "MonitorsLibraryFolder",
        parentId: "0000000000000001",
      });
    });

    it("puts the update's type, keeping the parent", async () => {
      const { provider, lastBody } = await start();

      await typeOf(provider, "MonitorFolder").update("00000000000000F1", folder, {
        ...folder,
        parentId: "0000000000000001",
      });

      expect(lastBody()).to.include({
        type: "MonitorsLibraryFolderUpdate",
        parentId: "0000000000000001",
        name: "reboot-automation-dev",
      });
      expect(lastBody()).not.to.have.property("id");
    });
  });

  describe("Monitor", () => {
    const wire = {
      version: 0,
      isLocked: false,
      isMutable: false,
      isSystem: false,
      createdAt: "",
      createdBy: "",
      modifiedAt: "",
      modifiedBy: "",
      contentType: "Monitor",
      name: "Slow responses",
      description: "Fires",
      monitorType: "Logs",
      queries: [{ rowId: "A", query: "_sourceCategory=web" }],
      triggers: [
        {
          timeRange: "10m",
          occurrenceType: "",
          triggerSource: "",
          detectionMethod: "LogsStaticCondition",
          field: "slow_count",
          triggerType: "Critical",
          threshold: 5,
          thresholdType: "GreaterThan",
        },
        {
          timeRange: "10m",
          occurrenceType: "",
          triggerSource: "",
          detectionMethod: "LogsStaticCondition",
          field: "slow_count",
          triggerType: "ResolvedCritical",
          threshold: 5,
          thresholdType: "LessThanOrEqual",
          resolutionWindow: "5m",
        },
      ],
      notifications: [
        {
          notification: {
            actionType: "NamedConnectionAction",
            connectionType: "Webhook",
            connectionId: "00000000000000C1",
          },
          runForTriggerTypes: ["Critical", "ResolvedCritical"],
        },
      ],
      isDisabled: false,
      status: ["Normal"],
      groupNotifications: true,
      notificationGroupFields: ["instance_id"],
      tags: {},
    };

    it("posts the monitor into its folder, its condition as a pair of triggers", async () => {
      const { provider, routes, lastBody } = await start();

      await typeOf(provider, "Monitor").create(monitor);

      expect(routes()).to.deep.equal([
        "POST /api/v1/monitors?parentId=00000000000000F1&",
        "GET /api/v1/monitors/00000000000000D1",
        "GET /api/v1/monitors/00000000000000D1/permissions",
      ]);
      expect(lastBody()).to.deep.equal({
        ...wire,
        type: "MonitorsLibraryMonitor",
        parentId: "00000000000000F1",
      });
    });

    it("puts the update's type without an id, with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start();

      await typeOf(provider, "Monitor").update("00000000000000A1", monitor, monitor);

      expect(routes()).to.deep.equal([
        "GET /api/v1/monitors/00000000000000A1",
        "PUT /api/v1/monitors/00000000000000A1",
        "GET /api/v1/monitors/00000000000000A1",
        "GET /api/v1/monitors/00000000000000A1/permissions",
      ]);
      expect(api.seen[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({
        ...wire,
        type: "MonitorsLibraryMonitorUpdate",
        parentId: "00000000000000F1",
      });
    });

    it("looks at the permissions after each read", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "Monitor").read("00000000000000A1", monitor);

      expect(routes()).to.deep.equal([
        "GET /api/v1/monitors/00000000000000A1",
        "GET /api/v1/monitors/00000000000000A1/permissions",
      ]);
    });

    it("reads what Sumo Logic has now", async () => {
      const now = {
        name: "changed",
        description: "changed",
        queries: [{ rowId: "A", query: "changed" }],
        notificationGroupFields: ["changed"],
      };
      const { provider } = await start(() => ({ body: JSON.stringify({ ...wire, ...now }) }));

      const read = await typeOf(provider, "Monitor").read("00000000000000A1", monitor);

      expect(read).to.deep.equal({ ...monitor, ...now });
    });

    it("reads nothing, and no permissions, when the monitor is gone", async () => {
      const { provider, routes } = await start(() => ({ status: 404, body: "{}" }));

      const read = await typeOf(provider, "Monitor").read("00000000000000A1", monitor);

      expect(read).to.equal(undefined);
      expect(routes()).to.deep.equal(["GET /api/v1/monitors/00000000000000A1"]);
    });

    it("deletes it", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "Monitor").delete("00000000000000A1", monitor);

      expect(routes()).to.deep.equal(["DELETE /api/v1/monitors/00000000000000A1"]);
    });

    it("asks for the root folder where the program gives no parent", async () => {
      const { provider, routes } = await start();
      const { parentId: _, ...inputs } = monitor;

      await typeOf(provider, "Monitor").create(inputs);

      expect(routes()).to.deep.equal([
        "GET /api/v1/monitors/root",
        "POST /api/v1/monitors?parentId=0000000000000001&",
        "GET /api/v1/monitors/00000000000000D1",
        "GET /api/v1/monitors/00000000000000D1/permissions",
      ]);
    });

    const { critical } = monitor.triggerConditions.logsStaticCondition;
    const zero = { threshold: 0, thresholdType: "GreaterThan" };

    it("sends no threshold where the program says 0", async () => {
      const { provider, lastBody } = await start();
      const changed = { ...critical, alert: zero, resolution: { ...zero, resolutionWindow: "5m" } };
      const triggerConditions = { logsStaticCondition: { field: "slow_count", critical: changed } };

      await typeOf(provider, "Monitor").create({ ...monitor, triggerConditions });

      const shared = {
        timeRange: "10m",
        occurrenceType: "",
        triggerSource: "",
        detectionMethod: "LogsStaticCondition",
        field: "slow_count",
        thresholdType: "GreaterThan",
      };
      expect(lastBody().triggers).to.deep.equal([
        { ...shared, triggerType: "Critical" },
        { ...shared, triggerType: "ResolvedCritical", resolutionWindow: "5m" },
      ]);
    });

    it("sends null as the field where the program gives none", async () => {
      const { provider, lastBody } = await start();

      await typeOf(provider, "Monitor").create({
        ...monitor,
        triggerConditions: { logsStaticCondition: { critical } },
      });

      const fields = lastBody().triggers.map(({ field }: { field: unknown }) => field);
      expect(fields).to.deep.equal([null, null]);
    });

    const missing = {
      timeRange: "15m",
      occurrenceType: "",
      triggerSource: "",
      detectionMethod: "LogsMissingDataCondition",
    };
    const missingPair = [
      { ...missing, triggerType: "MissingData" },
      { ...missing, triggerType: "ResolvedMissingData" },
    ];

    it("posts a condition of missing data as a pair of triggers", async () => {
      const { provider, lastBody } = await start();
      const triggerConditions = { logsMissingDataCondition: { timeRange: "15m" } };

      await typeOf(provider, "Monitor").create({ ...monitor, triggerConditions });

      expect(lastBody()).to.deep.equal({
        ...wire,
        type: "MonitorsLibraryMonitor",
        parentId: "00000000000000F1",
        triggers: missingPair,
      });
    });

    it("posts both conditions as two pairs, the static one first", async () => {
      const { provider, lastBody } = await start();
      const triggerConditions = {
        logsMissingDataCondition: { timeRange: "15m" },
        ...monitor.triggerConditions,
      };

      await typeOf(provider, "Monitor").create({ ...monitor, triggerConditions });

      expect(lastBody().triggers).to.deep.equal([...wire.triggers, ...missingPair]);
    });

    const both = monitor.triggerConditions.logsStaticCondition;
    for (const [what, triggerConditions, error] of [
      ["no conditions", undefined, "a monitor must have triggerConditions"],
      [
        "an outlier condition",
        { logsOutlierCondition: {} },
        "the sandbox does not have the conditions logsOutlierCondition",
      ],
      [
        "a metrics condition beside a static one",
        { ...monitor.triggerConditions, metricsStaticCondition: {}, sloSliCondition: {} },
        "the sandbox does not have the conditions metricsStaticCondition, sloSliCondition",
      ],
      [
        "a warning alone",
        { logsStaticCondition: { warning: critical } },
        "the sandbox has static conditions with field and critical only",
      ],
      [
        "a warning besides",
        { logsStaticCondition: { ...both, warning: critical } },
        "the sandbox has static conditions with field and critical only",
      ],
      [
        "a static condition of nothing",
        { logsStaticCondition: {} },
        "the sandbox has static conditions with field and critical only",
      ],
    ] as [string, Values | undefined, string][]) {
      it(`refuses a monitor with ${what}`, async () => {
        const { provider, routes } = await start();
        const { triggerConditions: _, ...bare } = monitor;
        const inputs = triggerConditions ? { ...bare, triggerConditions } : bare;

        expect(await errorOf(typeOf(provider, "Monitor").create(inputs))).to.equal(error);
        expect(routes()).to.deep.equal([]);
      });
    }

    it("posts an e-mail with its own action", async () => {
      const { provider, lastBody } = await start();
      const notification = {
        connectionType: "Email",
        recipients: ["oncall@example.com"],
        subject: "{{TriggerType}}",
        messageBody: "{{Name}}",
        timeZone: "Etc/UTC",
      };
      const notifications = [
        ...monitor.notifications,
        { notification, runForTriggerTypes: ["MissingData"] },
      ];

      await typeOf(provider, "Monitor").create({ ...monitor, notifications });

      expect(lastBody().notifications).to.deep.equal([
        ...wire.notifications,
        {
          notification: {
            actionType: "EmailAction",
            connectionType: "Email",
            recipients: ["oncall@example.com"],
            subject: "{{TriggerType}}",
            messageBody: "{{Name}}",
            timeZone: "Etc/UTC",
          },
          runForTriggerTypes: ["MissingData"],
        },
      ]);
    });

    it("posts the payloads that go before the connection's", async () => {
      const { provider, lastBody } = await start();
      const notification = {
        connectionType: "Webhook",
        connectionId: "00000000000000C1",
        payloadOverride: '{"own":1}',
        resolutionPayloadOverride: '{"own":2}',
      };

      await typeOf(provider, "Monitor").create({
        ...monitor,
        notifications: [{ notification, runForTriggerTypes: ["Critical"] }],
      });

      expect(lastBody().notifications).to.deep.equal([
        {
          notification: {
            actionType: "NamedConnectionAction",
            connectionType: "Webhook",
            connectionId: "00000000000000C1",
            payloadOverride: '{"own":1}',
            resolutionPayloadOverride: '{"own":2}',
          },
          runForTriggerTypes: ["Critical"],
        },
      ]);
    });

    it("posts an empty list where the program gives no notifications", async () => {
      const { provider, lastBody } = await start();
      const { notifications: _, ...silent } = monitor;

      await typeOf(provider, "Monitor").create(silent);

      expect(lastBody().notifications).to.deep.equal([]);
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

      expect(error).to.equal(
        "the sandbox has searches with a relative begin of the time range only",
      );
    });
  });

  describe("Collector", () => {
    const answer = () => ({
      headers: { etag: '"7"' },
      body: JSON.stringify({ collector: { ...collector, id: 123456789, timeZone: "Etc/UTC" } }),
    });
    const wire = {
      collectorType: "Hosted",
      timeZone: "Etc/UTC",
      ephemeral: false,
      name: "reboot-automation",
      description: "Made by Pulumi",
    };

    it("posts it in an envelope, and has its number as text for an id", async () => {
      const { provider, routes, lastBody } = await start(answer);

      const created = await typeOf(provider, "Collector").create(collector);

      expect(created).to.deep.equal({ id: "123456789", outputs: collector });
      expect(routes()).to.deep.equal([
        "POST /api/v1/collectors",
        "GET /api/v1/collectors/123456789",
      ]);
      expect(lastBody()).to.deep.equal({ collector: wire });
    });

    it("reads what the program sets", async () => {
      const { provider, routes } = await start(() => ({
        body: '{"collector":{"id":123456789,"name":"changed","timeZone":"Etc/UTC"}}',
      }));

      const read = await typeOf(provider, "Collector").read("123456789", collector);

      expect(read).to.deep.equal({ name: "changed", description: null });
      expect(routes()).to.deep.equal(["GET /api/v1/collectors/123456789"]);
    });

    it("reads nothing when it is gone", async () => {
      const { provider } = await start(() => ({ status: 404 }));

      expect(await typeOf(provider, "Collector").read("123456789", collector)).to.equal(undefined);
    });

    it("puts with the id as a number, and with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start(answer);

      await typeOf(provider, "Collector").update("123456789", collector, collector);

      expect(routes()).to.deep.equal([
        "GET /api/v1/collectors/123456789",
        "PUT /api/v1/collectors/123456789",
        "GET /api/v1/collectors/123456789",
      ]);
      expect(api.seen[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ collector: { ...wire, id: 123456789 } });
    });

    it("deletes it", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "Collector").delete("123456789", collector);

      expect(routes()).to.deep.equal(["DELETE /api/v1/collectors/123456789"]);
    });

    it("has a name that the program gives, and no automatic one", async () => {
      const { provider } = await start();

      expect(typeOf(provider, "Collector").autoName).to.equal(undefined);
    });
  });

  describe("HttpSource", () => {
    const outputs = {
      url: "https://endpoint.sumologic.com/receiver/v1/http/TOKEN",
      token: "TOKEN",
      baseUrl: "https://endpoint.sumologic.com/receiver/v1/http",
    };
    const { collectorId: _, ...ownInputs } = source;
    const answer = () => ({
      headers: { etag: '"7"' },
      body: JSON.stringify({ source: { ...ownInputs, ...outputs, id: 987654321 } }),
    });
    const wire = {
      sourceType: "HTTP",
      automaticDateParsing: true,
      useAutolineMatching: true,
      forceTimeZone: false,
      messagePerRequest: false,
      name: "access-log",
      description: "Made by Pulumi",
      category: "web/access",
      multilineProcessingEnabled: false,
    };

    it("posts it below its collector, and has its addresses as outputs", async () => {
      const { provider, routes, lastBody } = await start(answer);

      const created = await typeOf(provider, "HttpSource").create(source);

      expect(created).to.deep.equal({ id: "987654321", outputs: { ...source, ...outputs } });
      expect(routes()).to.deep.equal([
        "POST /api/v1/collectors/123456789/sources",
        "GET /api/v1/collectors/123456789/sources/987654321",
      ]);
      expect(lastBody()).to.deep.equal({ source: wire });
    });

    it("reads what the program sets, and the addresses", async () => {
      const { provider, routes } = await start(() => ({
        body: JSON.stringify({
          source: { ...ownInputs, ...outputs, id: 987654321, category: "a" },
        }),
      }));

      const read = await typeOf(provider, "HttpSource").read("987654321", source);

      expect(read).to.deep.equal({ ...source, ...outputs, category: "a" });
      expect(routes()).to.deep.equal(["GET /api/v1/collectors/123456789/sources/987654321"]);
    });

    it("reads nothing when it is gone", async () => {
      const { provider } = await start(() => ({ status: 404 }));

      expect(await typeOf(provider, "HttpSource").read("987654321", source)).to.equal(undefined);
    });

    it("puts with the id as a number, and with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start(answer);

      await typeOf(provider, "HttpSource").update("987654321", source, source);

      expect(routes()).to.deep.equal([
        "GET /api/v1/collectors/123456789/sources/987654321",
        "PUT /api/v1/collectors/123456789/sources/987654321",
        "GET /api/v1/collectors/123456789/sources/987654321",
      ]);
      expect(api.seen[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ source: { ...wire, id: 987654321 } });
    });

    it("deletes it below its collector", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "HttpSource").delete("987654321", { ...source, ...outputs });

      expect(routes()).to.deep.equal(["DELETE /api/v1/collectors/123456789/sources/987654321"]);
    });

    /** The engine's view of the type. */
    async function serve() {
      const { provider } = await start(answer);
      const resources = { "test:index:Thing": typeOf(provider, "HttpSource") };
      return stoppedLater(await startProvider({ ...provider, resources }));
    }

    it("is replaced when its collector changes", async () => {
      const engine = await serve();

      const { changed, replaces } = await engine.diff(source, { ...source, collectorId: 2 });

      expect({ changed, replaces }).to.deep.equal({
        changed: ["collectorId"],
        replaces: ["collectorId"],
      });
    });

    it("gets an automatic name where the program gives none", async () => {
      const engine = await serve();
      const { name: _, ...unnamed } = source;

      const { inputs } = await engine.check(unnamed);

      expect(inputs?.name).to.match(/^it-[0-9a-f]{7}$/);
    });

    it("is changed in place when anything else changes", async () => {
      const engine = await serve();

      const { changed, replaces } = await engine.diff(source, {
        ...source,
        name: "other",
        description: "other",
        category: "other",
        multilineProcessingEnabled: true,
      });

      expect(changed).to.deep.equal([
        "category",
        "description",
        "multilineProcessingEnabled",
        "name",
      ]);
      expect(replaces).to.deep.equal([]);
    });

    // As the real provider: the program must name them in additionalSecretOutputs.
    it("marks none of its addresses secret by itself", async () => {
      const engine = await serve();

      const { properties } = await engine.create(source);

      expect(properties).to.deep.equal({ ...source, ...outputs });
    });

    it("keeps its addresses in a change", async () => {
      const engine = await serve();

      const changed = await engine.update("987654321", { ...source, ...outputs }, source);

      expect(changed).to.deep.equal({ ...source, ...outputs });
    });

    for (const property of ["url", "contentType", "filters", "fields"]) {
      it(`refuses the property ${property}, which the program does not use`, async () => {
        const engine = await serve();

        const { failures } = await engine.check({ ...source, [property]: "a" });

        expect(failures.map((it) => it.property)).to.deep.equal([property]);
      });
    }
  });

  describe("with the sandbox's Sumo Logic", () => {
    async function startBoth() {
      const sumo = stoppedLater(
        await startSumoLogic({
          clock: new VirtualClock(0),
          access: { accessId: "id", accessKey: "key" },
          callUrl: async () => ({ status: 200, body: "" }),
        }),
      );
      const provider = sumologicProvider();
      await provider.configure(
        new Map([
          ["accessId", "id"],
          ["accessKey", "key"],
          ["baseUrl", sumo.apiUrl],
        ]),
      );
      return { sumo, provider };
    }

    const folder = { name: "folder", description: "Made by Pulumi" };
    type Create = (name: string, inputs: Values) => Promise<string>;
    /** By type: the inputs, after what they refer to is there, and what a read shows otherwise. */
    const types: [string, (create: Create) => Promise<Values>, Values][] = [
      ["Connection", async () => connection, { headers: { Authorization: "********" } }],
      ["MonitorFolder", async () => folder, {}],
      [
        "Monitor",
        async (create) => {
          const connectionId = await create("Connection", connection);
          const notification = { connectionType: "Webhook", connectionId };
          const notifications = [{ notification, runForTriggerTypes: ["Critical"] }];
          const parentId = await create("MonitorFolder", folder);
          return { ...monitor, parentId, notifications };
        },
        {},
      ],
      ["LogSearch", async () => search, {}],
      ["Collector", async () => collector, {}],
      [
        "HttpSource",
        async (create) => ({
          ...source,
          collectorId: Number(await create("Collector", collector)),
        }),
        {},
      ],
    ];
    for (const [name, prepare, masked] of types) {
      async function createOne() {
        const { sumo, provider } = await startBoth();
        const type = typeOf(provider, name);
        const inputs = await prepare(
          async (of, its) => (await typeOf(provider, of).create(its)).id,
        );
        const before = sumo.counts();
        return { sumo, type, inputs, before, ...(await type.create(inputs)) };
      }

      it(`creates and updates a ${name}, and reads what it set`, async () => {
        const { type, inputs, id, outputs } = await createOne();

        await type.update(id, { ...inputs, name: "changed" }, { ...inputs, ...outputs });

        expect(await type.read(id, { ...inputs, ...outputs })).to.deep.equal({
          ...inputs,
          ...outputs,
          ...masked,
          name: "changed",
        });
      });

      it(`deletes a ${name}, and then reads that it is gone`, async () => {
        const { sumo, type, inputs, id, before } = await createOne();

        await type.delete(id, inputs);

        expect(await type.read(id, inputs)).to.equal(undefined);
        expect(sumo.counts()).to.deep.equal(before);
      });
    }

    it("reads that a source is gone when its collector is", async () => {
      const { provider } = await startBoth();
      const { id: collectorId } = await typeOf(provider, "Collector").create(collector);
      const inputs = { ...source, collectorId: Number(collectorId) };
      const { id } = await typeOf(provider, "HttpSource").create(inputs);
      await typeOf(provider, "Collector").delete(collectorId, collector);

      expect(await typeOf(provider, "HttpSource").read(id, inputs)).to.equal(undefined);
    });

    it("makes a source whose URL takes logs", async () => {
      const { provider } = await startBoth();
      const { id } = await typeOf(provider, "Collector").create(collector);
      const inputs = { ...source, collectorId: Number(id) };
      const { outputs } = await typeOf(provider, "HttpSource").create(inputs);

      const { status } = await fetch(String(outputs.url), { method: "POST", body: "a\n" });

      expect(status).to.equal(200);
    });

    it("makes a monitor of missing data that writes e-mails", async () => {
      const { sumo, provider } = await startBoth();
      const notification = {
        connectionType: "Email",
        recipients: ["oncall@example.com"],
        subject: "{{TriggerType}}",
        messageBody: "{{Name}}",
        timeZone: "Etc/UTC",
      };
      await typeOf(provider, "Monitor").create({
        ...monitor,
        parentId: "0000000000000001",
        triggerConditions: { logsMissingDataCondition: { timeRange: "10m" } },
        notificationGroupFields: [],
        notifications: [{ notification, runForTriggerTypes: ["MissingData"] }],
      });

      expect(await sumo.evaluateMonitors()).to.deep.equal([
        {
          kind: "email",
          triggerType: "MissingData",
          recipients: ["oncall@example.com"],
          subject: "Missing Data",
          body: "Slow responses",
        },
      ]);
    });

    for (const [what, change, error] of [
      [
        "a threshold of 0, which is lost on the way",
        { alert: { threshold: 0, thresholdType: "GreaterThan" } },
        "threshold: got undefined; expected a number; 0 is lost on the way",
      ],
      [
        "a time range that does not exist",
        { timeRange: "9m" },
        'timeRange: got \\"9m\\"; expected one of 2m, 5m',
      ],
    ] as [string, Values, string][]) {
      it(`tells that Sumo Logic refuses ${what}`, async () => {
        const { provider } = await startBoth();
        const { field, critical } = monitor.triggerConditions.logsStaticCondition;
        const changed = { field, critical: { ...critical, ...change } };

        const created = typeOf(provider, "Monitor").create({
          ...monitor,
          parentId: "0000000000000001",
          notifications: [],
          triggerConditions: { logsStaticCondition: changed },
        });

        const message = await errorOf(created);
        expect(message).to.include("Sumo Logic answered 400 to POST v1/monitors?parentId=");
        expect(message).to.include(error);
      });
    }

    it("never tells a header's value when Sumo Logic refuses a connection", async () => {
      const { provider } = await startBoth();

      const created = typeOf(provider, "Connection").create({ ...connection, name: "" });

      expect(await errorOf(created)).not.to.include("token");
    });

    it("loses /api, and says so, when the base URL does not end in a slash", async () => {
      const { sumo } = await startBoth();
      const provider = sumologicProvider();
      await provider.configure(
        new Map([
          ["accessId", "id"],
          ["accessKey", "key"],
          ["baseUrl", sumo.apiUrl.slice(0, -1)],
        ]),
      );

      const error = await errorOf(typeOf(provider, "Collector").create(collector));

      expect(error).to.include("Sumo Logic answered 501 to POST v1/collectors");
      expect(error).to.include("does not have POST /v1/collectors");
    });
  });
});
