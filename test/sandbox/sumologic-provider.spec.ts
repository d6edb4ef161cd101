import { expect } from "chai";
import { VirtualClock } from "../../sandbox/clock.ts";
import { sumologicProvider } from "../../sandbox/providers/sumologic.ts";
import type { Values } from "../../sandbox/providers/values.ts";
import { startSumoLogic } from "../../sandbox/sumo-logic/server.ts";
import { errorOf, type FakeAnswer, startFakeServer, stopAfterEach } from "./support.ts";

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
  queries: [{ rowId: "A", query: "q" }],
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

describe("sumologicProvider", () => {
  const stoppedLater = stopAfterEach();

  /** The provider's part for one type, by the last part of the type's name. */
  function typeOf(provider: ReturnType<typeof sumologicProvider>, name: string) {
    const [, type] =
      Object.entries(provider.resources).find(([token]) => token.endsWith(`:${name}`)) ?? [];
    if (!type?.update) throw new Error(`no type ${name} with update`);
    return { ...type, update: type.update };
  }

  /** The provider before an API that gives every new thing the id …D1, and notes all calls. */
  async function start(answer: (route: string) => FakeAnswer | undefined = () => undefined) {
    const api = stoppedLater(
      await startFakeServer(({ method, path }) => {
        const known = answer(`${method} ${path}`);
        if (known) return known;
        const id = path === "/api/v1/monitors/root" ? "0000000000000001" : "00000000000000D1";
        return { headers: { etag: '"7"' }, body: JSON.stringify({ id }) };
      }),
    );
    const provider = sumologicProvider();
    provider.configure(
      new Map([
        ["accessId", "id"],
        ["accessKey", "key"],
        ["baseUrl", `http://127.0.0.1:${api.port}/api/`],
      ]),
    );
    const routes = () => api.seen.map(({ method, path }) => `${method} ${path}`);
    const lastBody = () => JSON.parse(api.seen.at(-1)?.body ?? "");
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
      customHeaders: [],
      defaultPayload: "{}",
      resolutionPayload: "{}",
      webhookType: "Webhook",
    };

    it("posts the definition, with its headers as a list", async () => {
      const { provider, routes, lastBody } = await start();

      const { id } = await typeOf(provider, "Connection").create(connection);

      expect(id).to.equal("00000000000000D1");
      expect(routes()).to.deep.equal(["POST /api/v1/connections"]);
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
        outputs: { parentId: "0000000000000001" },
      });
      expect(routes()).to.deep.equal([
        "GET /api/v1/monitors/root",
        "POST /api/v1/monitors?parentId=0000000000000001&",
      ]);
      expect(lastBody()).to.deep.equal({
        version: 0,
        isLocked: false,
        isMutable: false,
        isSystem: false,
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
      contentType: "Monitor",
      name: "Slow responses",
      description: "Fires",
      monitorType: "Logs",
      queries: [{ rowId: "A", query: "q" }],
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

      expect(routes()).to.deep.equal(["POST /api/v1/monitors?parentId=00000000000000F1&"]);
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

    const { critical } = monitor.triggerConditions.logsStaticCondition;
    for (const [what, triggerConditions] of [
      ["no condition", undefined],
      ["another condition", { logsMissingDataCondition: { timeRange: "10m" } }],
      ["a warning alone", { logsStaticCondition: { warning: critical } }],
    ] as [string, Values | undefined][]) {
      it(`refuses a monitor with ${what}`, async () => {
        const { provider } = await start();
        const { triggerConditions: _, ...bare } = monitor;
        const inputs = triggerConditions ? { ...bare, triggerConditions } : bare;

        expect(await errorOf(typeOf(provider, "Monitor").create(inputs))).to.equal(
          "the sandbox has monitors with logsStaticCondition.critical only",
        );
      });
    }
  });

  describe("LogSearch", () => {
    it("posts the search with its time range in the API's form", async () => {
      const { provider, routes, lastBody } = await start();

      await typeOf(provider, "LogSearch").create(search);

      expect(routes()).to.deep.equal(["POST /api/v1/logSearches"]);
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

  describe("with the sandbox's Sumo Logic", () => {
    async function startBoth() {
      const sumo = stoppedLater(
        await startSumoLogic({
          clock: new VirtualClock(0),
          credentials: "id:key",
          callUrl: async () => ({ status: 200, body: "" }),
        }),
      );
      const provider = sumologicProvider();
      provider.configure(
        new Map([
          ["accessId", "id"],
          ["accessKey", "key"],
          ["baseUrl", sumo.apiUrl],
        ]),
      );
      return { sumo, provider };
    }

    const folder = { name: "folder", description: "Made by Pulumi" };
    const types: [string, Values, Values][] = [
      ["Connection", connection, { headers: { Authorization: "********" } }],
      ["MonitorFolder", folder, {}],
      ["Monitor", monitor, {}],
      ["LogSearch", search, {}],
    ];
    for (const [name, inputs, masked] of types) {
      it(`creates and updates a ${name}, and reads what it set`, async () => {
        const { provider } = await startBoth();
        const type = typeOf(provider, name);

        const { id } = await type.create(inputs);
        await type.update(id, { ...inputs, name: "changed" }, inputs);

        expect(await type.read(id, inputs)).to.deep.equal({
          ...inputs,
          ...masked,
          name: "changed",
        });
      });

      it(`deletes a ${name}, and then reads that it is gone`, async () => {
        const { sumo, provider } = await startBoth();
        const type = typeOf(provider, name);
        const { id } = await type.create(inputs);

        await type.delete(id, inputs);

        expect(await type.read(id, inputs)).to.equal(undefined);
        expect(sumo.counts()).to.deep.equal({ connections: 0, monitorsAndFolders: 0, searches: 0 });
      });
    }
  });
});
