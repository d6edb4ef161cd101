import { expect } from "chai";
import { problemsOf } from "../../pager-duty/event.ts";

const payload = {
  summary: "NOT recovered after the reboot",
  source: "i-0123456789abcdef0",
  severity: "critical",
  timestamp: "2026-01-31T12:00:00.000Z",
  component: "api",
  group: "web",
  class: "Instance Not Recovered",
  custom_details: { reason: "slow" },
};
const trigger = {
  routing_key: "0123456789abcdef0123456789abcdef",
  event_action: "trigger",
  dedup_key: "alert-1",
  payload,
};
const resolve = { ...trigger, event_action: "resolve", payload: undefined };

const check = (value: unknown) => problemsOf(JSON.stringify(value));

describe("problemsOf", () => {
  for (const [what, event] of [
    ["a trigger with every member of the payload", trigger],
    ["a trigger without dedup_key", { ...trigger, dedup_key: undefined }],
    [
      "a trigger with the required members only",
      { ...trigger, payload: { summary: "s", source: "i", severity: "info" } },
    ],
    ["a dedup_key of 255 characters", { ...trigger, dedup_key: "k".repeat(255) }],
    [
      "a summary of 1,024 characters",
      { ...trigger, payload: { ...payload, summary: "s".repeat(1_024) } },
    ],
    ["a link", { ...trigger, links: [{ href: "https://example.com" }] }],
    ["a resolve", resolve],
    ["an acknowledge", { ...resolve, event_action: "acknowledge" }],
  ] as const) {
    it(`accepts ${what}`, () => {
      expect(check(event)).to.deep.equal([]);
    });
  }

  for (const [event, problem] of [
    [[], "the event is not a JSON object"],
    [{ ...trigger, routing_key: undefined }, "'routing_key' has 32 characters"],
    [{ ...trigger, routing_key: "0".repeat(31) }, "'routing_key' has 32 characters"],
    [{ ...trigger, routing_key: "0".repeat(33) }, "'routing_key' has 32 characters"],
    [
      { ...trigger, event_action: "alert" },
      "'event_action' is one of trigger, acknowledge, resolve",
    ],
    [
      { ...trigger, event_action: undefined },
      "'event_action' is one of trigger, acknowledge, resolve",
    ],
    [{ ...trigger, dedup_key: "k".repeat(256) }, "'dedup_key' has at most 255 characters"],
    [{ ...trigger, payload: undefined }, "'payload' is required to trigger"],
    [
      { ...trigger, payload: { ...payload, summary: "" } },
      "'payload.summary' has 1 to 1024 characters",
    ],
    [
      { ...trigger, payload: { ...payload, summary: "s".repeat(1_025) } },
      "'payload.summary' has 1 to 1024 characters",
    ],
    [{ ...trigger, payload: { ...payload, source: undefined } }, "'payload.source' is a string"],
    [
      { ...trigger, payload: { ...payload, severity: "fatal" } },
      "'payload.severity' is one of critical, error, warning, info",
    ],
    [
      { ...trigger, payload: { ...payload, timestamp: "yesterday" } },
      "'payload.timestamp' is an ISO 8601 time",
    ],
    [
      { ...trigger, payload: { ...payload, class: 1 } },
      "'payload.component', 'payload.group' and 'payload.class' are strings",
    ],
    [
      { ...trigger, payload: { ...payload, custom_details: "text" } },
      "'payload.custom_details' is an object",
    ],
    [{ ...trigger, payload: { ...payload, reason: "slow" } }, "'payload.reason' is unknown"],
    [{ ...trigger, severity: "critical" }, "'severity' is unknown"],
    [{ ...resolve, dedup_key: undefined }, "'dedup_key' is required to acknowledge and to resolve"],
  ] as const) {
    it(`refuses ${problem}`, () => {
      expect(check(event)).to.deep.equal([problem]);
    });
  }

  it("refuses what is not JSON, and more than 512 KB", () => {
    expect(problemsOf("{")).to.deep.equal(["the event is not a JSON object"]);
    expect(problemsOf(" ".repeat(512 * 1_024 + 1))).to.deep.equal([
      "the event has more than 512 KB",
    ]);
  });
});
