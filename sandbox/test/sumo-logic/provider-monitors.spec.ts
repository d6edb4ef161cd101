import { expect } from "chai";
import type { Values } from "../../engine/values.ts";
import { errorOf } from "../support.ts";
import { monitor, providerForEach, typeOf } from "./provider-support.ts";

describe("sumologicProvider", () => {
  const start = providerForEach();

  describe("MonitorFolder", () => {
    const folder = { name: "reboot-automation-dev", description: "Managed by Pulumi" };

    it("posts the folder below the root folder, which it asks for", async () => {
      const { provider, routes, lastBody } = await start();

      const created = await typeOf(provider, "MonitorFolder").create(folder);

      expect(created).to.deep.equal({
        id: "00000000000000D1",
        outputs: {
          parentId: "0000000000000001",
          name: "reboot-automation-dev",
          description: "Managed by Pulumi",
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
        description: "Managed by Pulumi",
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
      expect(api.requests[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({
        ...wire,
        type: "MonitorsLibraryMonitorUpdate",
        parentId: "00000000000000F1",
      });
    });

    it("requests the permissions after each read", async () => {
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
        playbook: "changed",
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
});
