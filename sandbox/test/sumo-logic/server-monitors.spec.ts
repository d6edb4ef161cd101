import { expect } from "chai";
import {
  connection,
  emailNotification,
  folder,
  missingData,
  monitor,
  resolvedMissingData,
} from "../../sumo-logic/bodies.ts";
import { errorOf } from "../support.ts";
import { authorization, below, sumoLogicForEach } from "./server-support.ts";

describe("startSumoLogic", () => {
  const { startWithSource } = sumoLogicForEach();

  describe("with monitors", () => {
    const webhook = (connectionId: string) => [
      {
        notification: { connectionType: "Webhook", connectionId },
        runForTriggerTypes: ["Critical"],
      },
    ];

    /** A monitor of more than five messages "slow" beside a folder, and the calls of its webhook. */
    async function startWithMonitor(change: object = {}) {
      const calls: [string, string | undefined][] = [];
      const running = await startWithSource(async (url, { body }) => {
        calls.push([url, body]);
        return { status: 200, body: "done" };
      });
      const { call } = running;
      const { body: created } = await call("POST", "v1/connections", connection);
      await call("POST", below, folder);
      const notifications = webhook(created.id);
      const { body } = await call("POST", below, { ...monitor, notifications, ...change });
      const path = `v1/monitors/${body.id}`;
      return { ...running, calls, notifications, path };
    }

    it("calls the webhook when a monitor fires, counting each line of the intake once", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\nslow\n\nslow\n");
      await take("slow\nslow\nslow");
      clock.advance(3);

      const sent = await sumo.evaluateMonitors();

      expect(calls).to.deep.equal([
        ["https://abc.lambda-url.us-east-1.on.aws/", '{"type":"Critical","count":"6"}'],
      ]);
      expect(sent).to.deep.equal([
        {
          kind: "webhook",
          triggerType: "Critical",
          url: "https://abc.lambda-url.us-east-1.on.aws/",
          payload: '{"type":"Critical","count":"6"}',
          status: 200,
          response: "done",
        },
      ]);
    });

    it("says nothing when five lines came", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\n".repeat(5));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
      expect(calls).to.deep.equal([]);
    });

    it("does not count lines that were dropped", async () => {
      const { clock, sumo, take } = await startWithMonitor();
      sumo.throttle(1);
      await take("slow\n".repeat(6));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("does not call the webhook before the clock reaches the messages", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\n".repeat(6));
      clock.advance(1);

      await sumo.evaluateMonitors();

      expect(calls).to.deep.equal([]);
    });

    it("remembers an active alert from one evaluation to the next", async () => {
      const { clock, sumo, take } = await startWithMonitor();
      await take("slow\n".repeat(6));
      clock.advance(3);
      await sumo.evaluateMonitors();
      clock.advance(1);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("sends no notification of a resolution that nobody asked for", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\n".repeat(6));
      for (let minute = 0; minute < 30; minute++) {
        clock.advance(1);
        await sumo.evaluateMonitors();
      }

      expect(calls).to.have.lengthOf(1);
    });

    it("calls by the connection as it is now", async () => {
      const { clock, sumo, call, take, calls, notifications } = await startWithMonitor();
      const id = notifications[0]?.notification.connectionId;
      const changed = { ...connection, url: "https://new.lambda-url.us-east-1.on.aws/" };
      await call("PUT", `v1/connections/${id}`, changed, { authorization, "if-match": '"1"' });
      await take("slow\n".repeat(6));
      clock.advance(3);

      await sumo.evaluateMonitors();

      expect(calls.map(([url]) => url)).to.deep.equal(["https://new.lambda-url.us-east-1.on.aws/"]);
    });

    it("evaluates each monitor by itself", async () => {
      const { clock, sumo, call, take, notifications } = await startWithMonitor();
      const email = [{ notification: emailNotification, runForTriggerTypes: ["Critical"] }];
      await call("POST", below, { ...monitor, name: "Second", notifications: email });
      await call("POST", below, { ...monitor, name: "Third", notifications });
      await take("slow\n".repeat(6));
      clock.advance(3);

      const sent = await sumo.evaluateMonitors();

      expect(sent.map(({ kind }) => kind)).to.deep.equal(["webhook", "email", "webhook"]);
    });

    it("calls the webhook once for each group, with its alert and rows only", async () => {
      const query =
        '_sourceCategory=web\n| json field=_raw "instance_id" as instance_id nodrop\n| count as slow_count by instance_id';
      const { clock, sumo, call, take, calls, notifications } = await startWithMonitor();
      const payloadOverride =
        '{"instance":"{{ResultsJson.instance_id}}","rows":"{{NumQueryResults}}","alert":"{{AlertResponseUrl}}"}';
      await call("POST", below, {
        ...monitor,
        name: "Grouped",
        queries: [{ rowId: "A", query }],
        notificationGroupFields: ["instance_id"],
        notifications: notifications.map((it) => ({
          ...it,
          notification: { ...it.notification, payloadOverride },
        })),
      });
      for (const id of ["i-1", "i-2", "i-3"]) {
        await take(`{"instance_id":"${id}"}\n`.repeat(id === "i-2" ? 5 : 6));
      }
      clock.advance(3);

      await sumo.evaluateMonitors();

      const bodies = calls.map(([, body]) => JSON.parse(body ?? ""));
      expect(bodies.map(({ instance, rows }) => [instance, rows])).to.deep.equal([
        ["i-1", "1"],
        ["i-3", "1"],
      ]);
      const urls = bodies.map(({ alert }) => alert);
      expect(new Set(urls).size).to.equal(2);
      for (const url of urls) expect(url).to.match(/\/alert\/\w{16}$/);
    });

    it("does not evaluate a monitor that is deleted", async () => {
      const { clock, sumo, call, take, path } = await startWithMonitor();
      await call("DELETE", path);
      await take("slow\n".repeat(6));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("does not evaluate a monitor that is disabled, until it is enabled", async () => {
      const { clock, sumo, call, take, path, notifications } = await startWithMonitor({
        isDisabled: true,
      });
      await take("slow\n".repeat(6));
      clock.advance(3);
      const whileDisabled = await sumo.evaluateMonitors();
      const enabled = { ...monitor, type: "MonitorsLibraryMonitorUpdate", notifications };
      await call(
        "PUT",
        path,
        { ...enabled, isDisabled: false },
        { authorization, "if-match": '"1"' },
      );

      const sent = await sumo.evaluateMonitors();

      expect(whileDisabled).to.deep.equal([]);
      expect(sent).to.have.lengthOf(1);
    });

    const silence = {
      name: "Silence",
      queries: [{ rowId: "A", query: "_sourceCategory=web" }],
      triggers: [missingData, resolvedMissingData],
      notifications: [
        {
          notification: { ...emailNotification, subject: "{{TriggerType}}" },
          runForTriggerTypes: ["MissingData", "ResolvedMissingData"],
        },
      ],
    };

    it("writes an e-mail when no line comes, once, and one with the next line", async () => {
      const { clock, sumo, take } = await startWithMonitor(silence);
      const subjects: [number, string][] = [];
      for (let minute = 0; minute < 40; minute++) {
        if (minute === 0 || minute === 20) await take("line\n");
        clock.advance(1);
        for (const it of await sumo.evaluateMonitors()) {
          subjects.push([minute + 1, it.kind === "email" ? it.subject : it.kind]);
        }
      }

      expect(subjects).to.deep.equal([
        // Before the clock reaches the first line.
        [1, "Missing Data"],
        [2, "ResolvedMissingData"],
        [12, "Missing Data"],
        [22, "ResolvedMissingData"],
        [32, "Missing Data"],
      ]);
    });

    it("never reports missing data for a disabled monitor", async () => {
      const { clock, sumo } = await startWithMonitor({ ...silence, isDisabled: true });
      clock.advance(60);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("fails when a webhook cannot be called, and says why", async () => {
      const running = await startWithSource(async () => {
        throw new Error("connection refused");
      });
      const { body } = await running.call("POST", "v1/connections", connection);
      await running.call("POST", below, { ...monitor, notifications: webhook(body.id) });
      await running.take("slow\n".repeat(6));
      running.clock.advance(3);

      expect(await errorOf(running.sumo.evaluateMonitors())).to.equal("connection refused");
    });
  });
});
