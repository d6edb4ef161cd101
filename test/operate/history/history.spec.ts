import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { findIncident, incidentLines, readIncidents } from "../../../operate/history/history.ts";

const at = (text: string) => ({ N: String(Date.parse(text)) });

/** A table that responds to a scan with these pages of items. */
function table(...pages: object[][]) {
  const scans: { input: Record<string, unknown> }[] = [];
  const db = Object.assign(Object.create(DynamoDBClient.prototype), {
    config: {},
    async send(command: (typeof scans)[number]) {
      scans.push(command);
      const Items = pages.shift() ?? [];
      return { Items, ...(pages.length > 0 && { LastEvaluatedKey: { id: { S: "x" } } }) };
    },
  }) as DynamoDBClient;
  return { db, scans };
}

const alert = {
  id: { S: "incident#alert-1" },
  source: { S: "webhook" },
  why: { S: "Slow responses" },
  count: { S: "6" },
  windowStartMs: at("2026-01-01T11:45:00Z"),
  windowEndMs: at("2026-01-01T11:55:00Z"),
  claimedAt: at("2026-01-01T12:00:00Z"),
  rebootRequestedAt: at("2026-01-01T12:00:02Z"),
  resolvedAt: at("2026-01-01T12:12:07Z"),
  checkCount: { N: "4" },
  outcome: { S: "recovered" },
};
const manual = {
  id: { S: "incident#manual-1" },
  source: { S: "manual" },
  why: { S: "release" },
  instanceId: { S: "i-0123456789abcdef0" },
  claimedAt: at("2026-01-02T12:00:00Z"),
  failure: { S: "the instance is stopped" },
};

const quietPeriod = {
  id: { S: "incident#quiet-1767272400000" },
  source: { S: "quiet hours" },
  claimedAt: at("2026-01-01T12:00:00Z"),
  quietUntil: at("2026-01-01T13:00:00Z"),
  alerts: { L: [{ S: "alert-1" }] },
};

describe("readIncidents", () => {
  it("reads every page of the incidents alone, the latest first", async () => {
    const { db, scans } = table([alert], [manual]);

    const incidents = await readIncidents(db, "table");

    expect(incidents).to.deep.equal([
      {
        id: "manual-1",
        cause: { kind: "manual" },
        why: "release",
        instanceId: "i-0123456789abcdef0",
        arrivedAtMs: Date.parse("2026-01-02T12:00:00Z"),
        claimedAtMs: Date.parse("2026-01-02T12:00:00Z"),
        failure: "the instance is stopped",
        checkCount: 0,
        upCount: 0,
        mails: [],
      },
      {
        id: "alert-1",
        cause: {
          kind: "alert",
          triggerValue: 6,
          windowStartMs: Date.parse("2026-01-01T11:45:00Z"),
          windowEndMs: Date.parse("2026-01-01T11:55:00Z"),
        },
        why: "Slow responses",
        arrivedAtMs: Date.parse("2026-01-01T12:00:00Z"),
        claimedAtMs: Date.parse("2026-01-01T12:00:00Z"),
        rebootRequestedAtMs: Date.parse("2026-01-01T12:00:02Z"),
        resolvedAtMs: Date.parse("2026-01-01T12:12:07Z"),
        checkCount: 4,
        upCount: 0,
        outcome: "recovered",
        mails: [],
      },
    ]);
    expect(scans).to.have.length(2);
    expect(scans[0]?.input).to.include({
      TableName: "table",
      FilterExpression: "begins_with(id, :prefix)",
    });
  });
});

describe("incidentLines", () => {
  async function linesOf(...items: object[]) {
    return incidentLines(await readIncidents(table(items).db, "table"));
  }

  for (const [what, item, line] of [
    [
      "recovered",
      alert,
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, resolved after 12m05s, recovered",
    ],
    [
      "resolved without a successful request",
      { ...alert, outcome: { S: "recovery unconfirmed" } },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, resolved after 12m05s, unconfirmed: no successful request since",
    ],
    [
      "not recovered",
      { ...alert, outcome: { S: "not recovered" }, resolvedAt: undefined },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, NOT recovered",
    ],
    [
      "of an unknown outcome",
      { ...alert, outcome: { S: "constructor" }, resolvedAt: undefined },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, NOT recovered",
    ],
    [
      "resolved and not yet at its end",
      { ...alert, outcome: undefined },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, resolved after 12m05s, checks continue",
    ],
    [
      "rebooted just now",
      { ...alert, outcome: undefined, resolvedAt: undefined },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): rebooted, checks continue",
    ],
    [
      "failed",
      manual,
      "2026-01-02T12:00:00.000Z  manual-1  manual (release): not rebooted: the instance is stopped",
    ],
    [
      "claimed, and then nothing",
      { ...manual, why: { S: "" }, failure: undefined },
      "2026-01-02T12:00:00.000Z  manual-1  manual: claimed, but never confirmed",
    ],
    [
      "suppressed by quiet hours",
      {
        ...alert,
        rebootRequestedAt: undefined,
        resolvedAt: undefined,
        outcome: undefined,
        quietUntil: at("2026-01-01T13:00:00Z"),
      },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): not rebooted: quiet hours until 2026-01-01T13:00:00.000Z, not resolved",
    ],
    [
      "suppressed by quiet hours, and resolved",
      {
        ...alert,
        rebootRequestedAt: undefined,
        outcome: undefined,
        quietUntil: at("2026-01-01T13:00:00Z"),
      },
      "2026-01-01T12:00:00.000Z  alert-1  alert (Slow responses, count 6): not rebooted: quiet hours until 2026-01-01T13:00:00.000Z, resolved after 12m07s",
    ],
    [
      "a quiet period that has not ended",
      quietPeriod,
      "2026-01-01T12:00:00.000Z  quiet-1767272400000  quiet hours: 1 alert until 2026-01-01T13:00:00.000Z, waiting",
    ],
    [
      "a quiet period that has ended",
      { ...quietPeriod, alerts: { L: [{ S: "a" }, { S: "b" }] }, outcome: { S: "still slow" } },
      "2026-01-01T12:00:00.000Z  quiet-1767272400000  quiet hours: 2 alerts until 2026-01-01T13:00:00.000Z, still slow",
    ],
    [
      "manual, from before the source was called so",
      // prose-allow by-hand: an item of an older incident
      { ...manual, source: { S: "by-hand" } },
      "2026-01-02T12:00:00.000Z  manual-1  manual (release): not rebooted: the instance is stopped",
    ],
    [
      "of wrong types",
      { id: { S: "incident#x" }, claimedAt: { S: "now" }, source: { N: "1" } },
      "an unknown time  x  alert: claimed, but never confirmed",
    ],
  ] as const) {
    it(`shows an incident that is ${what}`, async () => {
      expect(await linesOf(item)).to.deep.equal([line]);
    });
  }

  it("says so when there are none", async () => {
    expect(await linesOf()).to.deep.equal(["no incidents in 90 days"]);
  });
});

describe("findIncident", () => {
  it("finds an incident by its id", async () => {
    const incidents = await readIncidents(table([alert, manual]).db, "table");

    expect(findIncident(incidents, "manual-1").why).to.equal("release");
  });

  it("says where the ids are if there is none", async () => {
    expect(() => findIncident([], 'alert-"2')).to.throw(
      'no incident "alert-\\"2": `npm run history` lists those of the last 90 days with their ids',
    );
  });
});
