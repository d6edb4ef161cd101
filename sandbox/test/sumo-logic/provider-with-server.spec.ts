import { expect } from "chai";
import { VirtualClock } from "../../clock.ts";
import type { Values } from "../../engine/values.ts";
import { sumologicProvider } from "../../sumo-logic/provider.ts";
import { startSumoLogic } from "../../sumo-logic/server.ts";
import { errorOf, stopAfterEach } from "../support.ts";
import {
  collector,
  connection,
  dashboard,
  monitor,
  search,
  source,
  typeOf,
} from "./provider-support.ts";

describe("sumologicProvider", () => {
  const stoppedLater = stopAfterEach();

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

    const folder = { name: "folder", description: "Managed by Pulumi" };
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
      ["Dashboard", async () => dashboard, {}],
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

        const change: Values = { ["description" in inputs ? "description" : "name"]: "changed" };
        await type.update(id, { ...inputs, ...change }, { ...inputs, ...outputs });

        expect(await type.read(id, { ...inputs, ...outputs })).to.deep.equal({
          ...inputs,
          ...outputs,
          ...masked,
          ...change,
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

    it("creates a source whose URL accepts logs", async () => {
      const { provider } = await startBoth();
      const { id } = await typeOf(provider, "Collector").create(collector);
      const inputs = { ...source, collectorId: Number(id) };
      const { outputs } = await typeOf(provider, "HttpSource").create(inputs);

      const { status } = await fetch(String(outputs.url), { method: "POST", body: "a\n" });

      expect(status).to.equal(200);
    });

    it("creates a monitor of missing data that sends e-mails", async () => {
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
      it(`reports that Sumo Logic refuses ${what}`, async () => {
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
        expect(message).to.include("Sumo Logic responded to POST v1/monitors?parentId=");
        expect(message).to.include(error);
      });
    }

    it("never includes a header's value when Sumo Logic refuses a connection", async () => {
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

      expect(error).to.include("Sumo Logic responded to POST v1/collectors with 501");
      expect(error).to.include("does not have POST /v1/collectors");
    });
  });
});
