import { expect } from "chai";
import type { ClaimContext } from "../../../handler/incidents/claim.ts";
import { setMode, showMode } from "../../../operate/mode/mode.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { claimInput } = loadProgram<typeof import("../../../handler/incidents/claim.ts")>(
  "handler/incidents/claim.ts",
);
const nowMs = Date.parse("2026-01-01T12:00:00Z");
const hour = 3_600_000;
const instanceId = "i-0123456789abcdef0";

/** A table whose instance's item is this one, and what is asked of it. */
function target(Item?: Record<string, unknown>) {
  const sent: { constructor: { name: string }; input: Record<string, unknown> }[] = [];
  const db = {
    async send(command: (typeof sent)[number]) {
      sent.push(command);
      return { Item };
    },
  };
  return { sent, target: { db: db as never, tableName: "table", instanceId } };
}

const number = (value: number) => ({ N: String(value) });

describe("setMode", () => {
  it("writes mode, time, reason and end into the item that the claim reads", async () => {
    const { sent, target: it } = target();

    await setMode(it, { mode: "off", reason: "release", nowMs, forMs: 2 * hour });

    const claim = claimInput(
      { kind: "manual", incidentId: "manual-1", reason: "", force: false } as never,
      {
        reason: "manual invocation",
        instanceId,
        tableName: "table",
        limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
        nowMs,
      } as ClaimContext,
    );
    expect(sent.map((it) => it.constructor.name)).to.deep.equal(["UpdateItemCommand"]);
    expect(sent[0]?.input.Key).to.deep.equal(claim.TransactItems?.[0]?.Update?.Key);
    expect(sent[0]?.input).to.deep.include({
      TableName: "table",
      UpdateExpression:
        "SET #mode = :mode, modeSince = :now, modeReason = :reason, modeUntil = :until, event = :event",
      ExpressionAttributeValues: {
        ":mode": { S: "off" },
        ":now": number(nowMs),
        ":reason": { S: "release" },
        ":until": number(nowMs + 2 * hour),
        ":event": {
          M: {
            id: { S: "mode-1767268800000/off" },
            type: { S: "Mode Changed" },
            schemaVersion: { S: "1" },
            time: { S: "2026-01-01T12:00:00.000Z" },
            incidentId: { S: "mode-1767268800000" },
            instanceId: { S: "i-0123456789abcdef0" },
            outcome: { S: "off" },
            severity: { S: "info" },
            title: { S: "The mode is off, no reboots: EC2 instance i-0123456789abcdef0" },
            reason: { S: "until 2026-01-01T14:00:00.000Z, release" },
            nextStep: { S: "To allow reboots again: npm run mode -- on" },
          },
        },
      },
    });
  });

  it("stores a reason without the escapes that a terminal acts on", async () => {
    const { sent, target: it } = target();

    await setMode(it, { mode: "off", reason: "\u001b]0;owned\u0007x", nowMs, forMs: undefined });

    expect(sent[0]?.input.ExpressionAttributeValues).to.deep.include({
      ":reason": { S: "\\u001b]0;owned\\u0007x" },
    });
  });

  it("removes an older end if it has none", async () => {
    const { sent, target: it } = target();

    await setMode(it, { mode: "on", reason: "", nowMs, forMs: undefined });

    expect(sent[0]?.input.UpdateExpression).to.equal(
      "SET #mode = :mode, modeSince = :now, modeReason = :reason, event = :event REMOVE modeUntil",
    );
  });
});

describe("the kill switch of a group", () => {
  it("is in the group's item, so it leaves those of the instances as they are", async () => {
    const { sent, target: it } = target();

    await setMode({ ...it, otherCount: 5 }, { mode: "off", reason: "x", nowMs, forMs: undefined });

    expect(sent.map(({ input }) => input.Key)).to.deep.equal([{ id: { S: "group" } }]);
    expect(sent[0]?.input.ExpressionAttributeValues).to.have.nested.property(
      ":event.M.title.S",
      "The mode is off, no reboots: EC2 instance i-0123456789abcdef0 and 5 others",
    );
  });

  it("is shown as that of all instances", async () => {
    const { target: it } = target({ mode: { S: "off" }, modeSince: number(nowMs) });

    expect(await showMode({ ...it, otherCount: 5 }, nowMs)).to.deep.equal([
      "all 6 instances: off since 2026-01-01T12:00:00.000Z, until it is changed",
    ]);
  });
});

describe("showMode", () => {
  for (const [what, item, expected] of [
    ["there is no item", undefined, ["on (never switched)"]],
    [
      "it is on again",
      { mode: { S: "on" }, modeSince: number(nowMs), modeReason: { S: "done" } },
      ["on since 2026-01-01T12:00:00.000Z: done"],
    ],
    [
      "it is off until something changes it",
      { mode: { S: "off" }, modeSince: number(nowMs), modeReason: { S: "release" } },
      ["off since 2026-01-01T12:00:00.000Z: release, until it is changed"],
    ],
    [
      "it is off for a time",
      { mode: { S: "off" }, modeSince: number(nowMs), modeUntil: number(nowMs + hour) },
      ["off since 2026-01-01T12:00:00.000Z, until 2026-01-01T13:00:00.000Z"],
    ],
    [
      "its time has ended",
      { mode: { S: "off" }, modeUntil: number(nowMs) },
      ["on: off ended at 2026-01-01T12:00:00.000Z"],
    ],
    [
      "the mode is unknown",
      { mode: { S: "Off" } },
      ["off (the item's mode is unknown) since an unknown time, until it is changed"],
    ],
    [
      "there were reboots",
      { t0: number(nowMs), t1: number(nowMs - hour), t2: number(0), incident: { S: "x" } },
      [
        "on (never switched)",
        "reboot claimed at 2026-01-01T12:00:00.000Z",
        "reboot claimed at 2026-01-01T11:00:00.000Z",
      ],
    ],
  ] as const) {
    it(`says so when ${what}`, async () => {
      const [first = "", ...others] = await showMode(target(item).target, nowMs);

      expect([first.replace(`${instanceId}: `, ""), ...others]).to.deep.equal(expected);
      expect(first).to.include(instanceId);
    });
  }
});
