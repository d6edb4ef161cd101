import { expect } from "chai";
import type { CallUrl, HttpRequest } from "../../sandbox/function-url.ts";
import { MonitorState, notify } from "../../sandbox/sumo-logic/monitors.ts";
import type { LogMessage } from "../../sandbox/sumo-logic/query.ts";
import type { Item } from "../../sandbox/sumo-logic/store.ts";
import type { Due } from "../../sandbox/sumo-logic/template.ts";
import { errorOf } from "./support.ts";

const minute = 60_000;
const start = Date.parse("2026-01-01T12:00:00Z");

/** More than five messages in ten minutes, resolved when it is five or fewer for five minutes. */
function monitor(change: { critical?: object; resolved?: object } = {}): Item {
  return {
    id: "00000000000000A1",
    name: "Slow responses",
    queries: [{ rowId: "A", query: '_sourceCategory=web "slow"\n| count as slow_count by _raw' }],
    triggers: [
      {
        triggerType: "Critical",
        timeRange: "10m",
        field: "slow_count",
        threshold: 5,
        thresholdType: "GreaterThan",
        ...change.critical,
      },
      {
        triggerType: "ResolvedCritical",
        timeRange: "10m",
        field: "slow_count",
        threshold: 5,
        thresholdType: "LessThanOrEqual",
        resolutionWindow: "5m",
        ...change.resolved,
      },
    ],
  };
}

function slow(count: number, timeMs: number): LogMessage[] {
  return Array<LogMessage>(count).fill({ raw: "slow", sourceCategory: "web", timeMs });
}

describe("MonitorState", () => {
  it("says nothing when there are five", () => {
    const due = new MonitorState().evaluate(monitor(), slow(5, start), start + 3 * minute);

    expect(due).to.equal(undefined);
  });

  it("says nothing when there is no message", () => {
    expect(new MonitorState().evaluate(monitor(), [], start)).to.equal(undefined);
  });

  it("alerts when there are six, with the value, the row and the window", () => {
    const due = new MonitorState().evaluate(monitor(), slow(6, start), start + 3 * minute);

    expect(due).to.deep.equal({
      triggerType: "Critical",
      alertUrl: due?.alertUrl,
      rows: [{ _raw: "slow", slow_count: 6 }],
      value: 6,
      windowStartMs: Date.parse("2026-01-01T11:51:00Z"),
      windowEndMs: Date.parse("2026-01-01T12:01:00Z"),
    });
    expect(due?.alertUrl).to.match(/^https:\/\/service\.sumologic\.com\/ui\/#\/alert\/\w{16}$/);
  });

  // The window of an evaluation at minute 12 is from minute 0 to minute 10: logs come late.
  for (const [what, timeMs, isIn] of [
    ["exactly at the window's start", start, false],
    ["a millisecond after its start", start + 1, true],
    ["exactly at its end", start + 10 * minute, true],
    ["a millisecond after its end", start + 10 * minute + 1, false],
  ] as const) {
    it(`${isIn ? "counts" : "does not count"} a message ${what}`, () => {
      const messages = [...slow(5, start + 5 * minute), ...slow(1, timeMs)];

      const due = new MonitorState().evaluate(monitor(), messages, start + 12 * minute);

      expect(due?.triggerType).to.equal(isIn ? "Critical" : undefined);
    });
  }

  it("looks at only the rows above the threshold", () => {
    const other = { raw: "slow too", sourceCategory: "web", timeMs: start };
    const messages = [other, ...slow(6, start)];

    const due = new MonitorState().evaluate(monitor(), messages, start + 3 * minute);

    expect(due?.rows).to.deep.equal([{ _raw: "slow", slow_count: 6 }]);
  });

  it("alerts once while the alert is active, however many more there are", () => {
    const state = new MonitorState();
    state.evaluate(monitor(), slow(6, start), start + 3 * minute);

    expect(state.evaluate(monitor(), slow(6, start), start + 4 * minute)).to.equal(undefined);
    expect(state.evaluate(monitor(), slow(60, start), start + 5 * minute)).to.equal(undefined);
  });

  /** Evaluates in each minute and tells in which ones what is due. */
  function timeline(messages: LogMessage[], minutes: number, it = monitor()) {
    const state = new MonitorState();
    const dues: [number, Due][] = [];
    for (let at = 0; at <= minutes; at++) {
      const due = state.evaluate(it, messages, start + at * minute);
      if (due) dues.push([at, due]);
    }
    return dues;
  }

  function typesOf(dues: [number, Due][]) {
    return dues.map(([at, { triggerType }]) => [at, triggerType]);
  }

  it("resolves when the condition has held for the whole resolution window", () => {
    const dues = timeline(slow(6, start), 30);

    // In the window until minute 11; gone from minute 12, and five minutes more.
    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [17, "ResolvedCritical"],
    ]);
  });

  it("resolves while as many as the threshold go on", () => {
    const messages = [...slow(1, start), ...slow(5, start + 8 * minute)];

    const dues = timeline(messages, 30);

    expect(typesOf(dues)).to.deep.equal([
      [10, "Critical"],
      [17, "ResolvedCritical"],
    ]);
    expect(dues[1]?.[1].value).to.equal(5);
  });

  it("begins the resolution window anew when the condition breaks in between", () => {
    const messages = [...slow(6, start), ...slow(6, start + 14 * minute)];

    const dues = timeline(messages, 40);

    // Quiet from minute 12; the second burst is seen at 16 and gone at 26.
    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [31, "ResolvedCritical"],
    ]);
  });

  it("tells the same alert and its rows when it resolves", () => {
    const [alert, resolution] = timeline(slow(6, start), 30).map(([, due]) => due);

    expect(resolution).to.deep.equal({
      triggerType: "ResolvedCritical",
      alertUrl: alert?.alertUrl,
      rows: [{ _raw: "slow", slow_count: 6 }],
      value: 0,
      windowStartMs: Date.parse("2026-01-01T12:05:00Z"),
      windowEndMs: Date.parse("2026-01-01T12:15:00Z"),
    });
  });

  it("alerts again after the resolution, as another alert", () => {
    const messages = [...slow(6, start), ...slow(6, start + 20 * minute)];

    const dues = timeline(messages, 25);

    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [17, "ResolvedCritical"],
      [22, "Critical"],
    ]);
    expect(dues[2]?.[1].alertUrl).not.to.equal(dues[0]?.[1].alertUrl);
  });

  it("takes a time range with a minus sign as the same range", () => {
    const it = monitor({ critical: { timeRange: "-10m" } });

    const due = new MonitorState().evaluate(it, slow(6, start), start + 12 * minute - 1);

    expect(due?.triggerType).to.equal("Critical");
  });

  for (const [what, change, error] of [
    ["type", { thresholdType: "LessThan" }, "the sandbox does not compare with LessThan"],
    ["range", { timeRange: "1h" }, "the sandbox knows time ranges in minutes only: got 1h"],
    ["trigger", { triggerType: "Warning" }, "monitor Slow responses has no trigger Critical"],
  ] as const) {
    it(`refuses a ${what} that it does not know, naming it`, () => {
      const it = monitor({ critical: change });

      expect(() => new MonitorState().evaluate(it, slow(6, start), start + 3 * minute)).to.throw(
        error,
      );
    });
  }
});

describe("notify", () => {
  const connection = {
    id: "00000000000000C1",
    url: "https://abc.lambda-url.us-east-1.on.aws/",
    headers: [{ name: "Authorization", value: "Bearer token" }],
    defaultPayload: '{"type":"{{TriggerType}}","count":"{{ResultsJson.slow_count}}"}',
    resolutionPayload: '{"resolved":"{{Name}}"}',
  };
  const connections = new Map<string, Item>([[connection.id, connection]]);

  function notifying(...runForTriggerTypes: string[]): Item {
    const notification = { connectionType: "Webhook", connectionId: connection.id };
    return { ...monitor(), notifications: [{ notification, runForTriggerTypes }] };
  }

  function due(triggerType: string): Due {
    const rows = [{ instance_id: "i-1", slow_count: 6 }];
    return { triggerType, alertUrl: "", rows, value: 6, windowStartMs: 0, windowEndMs: 1 };
  }

  function recorder() {
    const calls: [string, HttpRequest][] = [];
    const callUrl: CallUrl = async (url, request) => {
      calls.push([url, request]);
      return { status: 202, body: "accepted" };
    };
    return { calls, callUrl };
  }

  it("posts the rendered payload with the connection's headers", async () => {
    const { calls, callUrl } = recorder();

    await notify(notifying("Critical"), due("Critical"), connections, callUrl);

    expect(calls).to.deep.equal([
      [
        "https://abc.lambda-url.us-east-1.on.aws/",
        {
          headers: { "content-type": "application/json", Authorization: "Bearer token" },
          body: '{"type":"Critical","count":"6"}',
        },
      ],
    ]);
  });

  it("returns what the webhook answered", async () => {
    const { callUrl } = recorder();

    const sent = await notify(notifying("Critical"), due("Critical"), connections, callUrl);

    expect(sent).to.deep.equal([
      {
        triggerType: "Critical",
        url: "https://abc.lambda-url.us-east-1.on.aws/",
        payload: '{"type":"Critical","count":"6"}',
        status: 202,
        answer: "accepted",
      },
    ]);
  });

  it("posts the resolution's payload when the alert has resolved", async () => {
    const { calls, callUrl } = recorder();
    const both = notifying("Critical", "ResolvedCritical");

    await notify(both, due("ResolvedCritical"), connections, callUrl);

    expect(calls.map(([, { body }]) => body)).to.deep.equal(['{"resolved":"Slow responses"}']);
  });

  it("calls nothing for a type that the notification does not run for", async () => {
    const { calls, callUrl } = recorder();

    const sent = await notify(notifying("Critical"), due("ResolvedCritical"), connections, callUrl);

    expect(sent).to.deep.equal([]);
    expect(calls).to.deep.equal([]);
  });

  it("fails when the connection is gone, naming it", async () => {
    const { callUrl } = recorder();

    const error = await errorOf(notify(notifying("Critical"), due("Critical"), new Map(), callUrl));

    expect(error).to.equal("no connection 00000000000000C1");
  });
});
