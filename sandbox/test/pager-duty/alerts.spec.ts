import { expect } from "chai";
import { Alerts } from "../../pager-duty/alerts.ts";
import type { PagerEvent } from "../../pager-duty/event.ts";

const event = (
  event_action: PagerEvent["event_action"],
  dedup_key = "a",
  routing_key = "1".repeat(32),
): PagerEvent => ({
  routing_key,
  event_action,
  dedup_key,
  ...(event_action === "trigger" && {
    payload: { summary: "down", source: "i-1", severity: "critical" },
  }),
});

describe("Alerts", () => {
  let alerts: Alerts;
  beforeEach(() => {
    alerts = new Alerts();
  });

  const states = () =>
    alerts.all.map(({ dedupKey, state, triggerCount }) => [dedupKey, state, triggerCount]);

  it("opens one alert for each dedup_key, and counts further triggers", () => {
    for (const key of ["a", "b", "a"]) alerts.process(event("trigger", key));

    expect(states()).to.deep.equal([
      ["a", "triggered", 2],
      ["b", "triggered", 1],
    ]);
    expect(alerts.all[0]).to.include({ summary: "down", severity: "critical" });
  });

  it("opens an alert for each trigger without dedup_key, and returns its own", () => {
    const keys = [1, 2].map(() =>
      alerts.process({ ...event("trigger"), dedup_key: undefined } as never),
    );

    expect(new Set(keys).size).to.equal(2);
    expect(alerts.all).to.have.length(2);
  });

  it("acknowledges and resolves", () => {
    alerts.process(event("trigger"));
    alerts.process(event("acknowledge"));
    expect(states()).to.deep.equal([["a", "acknowledged", 1]]);

    alerts.process(event("resolve"));

    expect(states()).to.deep.equal([["a", "resolved", 1]]);
  });

  it("opens a new alert after a resolved one", () => {
    for (const action of ["trigger", "resolve", "trigger"] as const) alerts.process(event(action));

    expect(states()).to.deep.equal([
      ["a", "resolved", 1],
      ["a", "triggered", 1],
    ]);
  });

  it("drops events that resolve no open alert, also those with another routing_key", () => {
    alerts.process(event("resolve"));
    alerts.process(event("trigger"));
    alerts.process(event("resolve", "a", "2".repeat(32)));

    expect(states()).to.deep.equal([["a", "triggered", 1]]);
    expect(alerts.dropped).to.have.length(2);
  });
});
