import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { incidentLines, readIncidents } from "../../../operate/history/history.ts";

const at = (text: string) => ({ N: String(Date.parse(text)) });

/** A table that answers a scan with these pages of items. */
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
  claimedAt: at("2026-01-01T12:00:00Z"),
  rebootRequestedAt: at("2026-01-01T12:00:02Z"),
  resolvedAt: at("2026-01-01T12:12:07Z"),
  checkCount: { N: "4" },
  outcome: { S: "recovered" },
};
const byHand = {
  id: { S: "incident#by-hand-1" },
  source: { S: "by-hand" },
  why: { S: "release" },
  claimedAt: at("2026-01-02T12:00:00Z"),
  failure: { S: "the instance is stopped" },
};

describe("readIncidents", () => {
  it("reads every page of the incidents alone, the latest first", async () => {
    const { db, scans } = table([alert], [byHand]);

    const incidents = await readIncidents(db, "table");

    expect(incidents).to.deep.equal([
      {
        id: "by-hand-1",
        source: "by-hand",
        why: "release",
        claimedAtMs: Date.parse("2026-01-02T12:00:00Z"),
        failure: "the instance is stopped",
      },
      {
        id: "alert-1",
        source: "webhook",
        why: "Slow responses",
        count: "6",
        claimedAtMs: Date.parse("2026-01-01T12:00:00Z"),
        rebootRequestedAtMs: Date.parse("2026-01-01T12:00:02Z"),
        resolvedAtMs: Date.parse("2026-01-01T12:12:07Z"),
        outcome: "recovered",
        checkCount: 4,
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
      "2026-01-01T12:00:00.000Z  webhook (Slow responses, count 6): rebooted, resolved after 12m05s, recovered",
    ],
    [
      "resolved without a successful request",
      { ...alert, outcome: { S: "recovery unconfirmed" } },
      "2026-01-01T12:00:00.000Z  webhook (Slow responses, count 6): rebooted, resolved after 12m05s, unconfirmed: no successful request since",
    ],
    [
      "not recovered",
      { ...alert, outcome: { S: "not recovered" }, resolvedAt: undefined },
      "2026-01-01T12:00:00.000Z  webhook (Slow responses, count 6): rebooted, NOT recovered",
    ],
    [
      "resolved and not yet at its end",
      { ...alert, outcome: undefined },
      "2026-01-01T12:00:00.000Z  webhook (Slow responses, count 6): rebooted, resolved after 12m05s, still looked at",
    ],
    [
      "rebooted just now",
      { ...alert, outcome: undefined, resolvedAt: undefined },
      "2026-01-01T12:00:00.000Z  webhook (Slow responses, count 6): rebooted, still looked at",
    ],
    [
      "failed",
      byHand,
      "2026-01-02T12:00:00.000Z  by-hand (release): not rebooted: the instance is stopped",
    ],
    [
      "claimed, and then nothing",
      { ...byHand, why: { S: "" }, failure: undefined },
      "2026-01-02T12:00:00.000Z  by-hand: claimed, but never confirmed",
    ],
    [
      "of wrong types",
      { id: { S: "incident#x" }, claimedAt: { S: "now" }, source: { N: "1" } },
      "at an unknown time  unknown: claimed, but never confirmed",
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
