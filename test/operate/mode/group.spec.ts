import { expect } from "chai";
import { showGroup } from "../../../operate/mode/group.ts";

const nowMs = Date.parse("2026-01-01T12:00:00Z");
const minute = 60_000;
const members = { instanceIds: ["i-0000000a", "i-0000000b", "i-0000000c"], windowMinutes: 10 };
const ago = (minutes: number) => ({ N: String(nowMs - minutes * minute) });

function show(Item?: object, sharedCause?: object): Promise<string[]> {
  const items = new Map([
    ["group", Item],
    ["incident#shared-1767268000000", sharedCause],
  ]);
  const db = {
    async send({ input: { Key, ...input } }: { input: { Key: { id: { S: string } } } }) {
      expect(input).to.deep.equal({ TableName: "table", ConsistentRead: true });
      expect(items.has(Key.id.S), Key.id.S).to.equal(true);
      return { Item: items.get(Key.id.S) };
    },
  };
  return showGroup({ db: db as never, tableName: "table" }, members, nowMs);
}

describe("showGroup", () => {
  it("says so when nothing has happened", async () => {
    expect(await show()).to.deep.equal([
      "group: 0 of 3 instances affected, 0 being rebooted, 0 rebooted in 24 hours",
    ]);
  });

  it("lists the affected instances, the leases, the shared cause and the reboots of a day", async () => {
    const group = {
      id: { S: "group" },
      version: { N: "9" },
      "alert#i-0000000a": { S: "alert-a" },
      "firedAt#i-0000000a": ago(120),
      "windowEnd#i-0000000a": ago(121),
      "alert#i-0000000b": { S: "alert-b" },
      "firedAt#i-0000000b": ago(10),
      "windowEnd#i-0000000b": ago(11),
      "resolvedAt#i-0000000b": ago(1),
      // Resolved, and longer ago than the window and five minutes.
      "alert#i-0000000c": { S: "alert-c" },
      "firedAt#i-0000000c": ago(15),
      "windowEnd#i-0000000c": ago(16),
      "resolvedAt#i-0000000c": ago(2),
      "lease#i-0000000a": { S: "alert-a" },
      "leaseUntil#i-0000000a": ago(-20),
      "lease#i-0000000c": { S: "alert-c" },
      "leaseUntil#i-0000000c": ago(0),
      sharedCause: { S: "shared-1767268000000" },
      reboots: { L: [ago(24 * 60), ago(24 * 60 - 1), ago(100)] },
    };
    const lines = await show(group, { claimedAt: ago(12), checkedAt: ago(1) });

    expect(lines).to.deep.equal([
      "group: 2 of 3 instances affected, 1 being rebooted, 2 rebooted in 24 hours",
      "last shared cause, not closed: shared-1767268000000, suspected at 2026-01-01T11:48:00.000Z, last checked at 2026-01-01T11:59:00.000Z",
      "affected: i-0000000a, alert-a, fired at 2026-01-01T10:00:00.000Z, open",
      "affected: i-0000000b, alert-b, fired at 2026-01-01T11:50:00.000Z, resolved at 2026-01-01T11:59:00.000Z",
      "being rebooted: i-0000000a, alert-a, until it is verified or 2026-01-01T12:20:00.000Z",
      "reboot in the group claimed at 2025-12-31T12:01:00.000Z",
      "reboot in the group claimed at 2026-01-01T10:20:00.000Z",
    ]);
  });

  it("shows a shared cause that was never checked, and none that is closed", async () => {
    const group = { sharedCause: { S: "shared-1767268000000" } };
    const [, ...lines] = await show(group, { claimedAt: ago(20) });

    expect(lines).to.deep.equal([
      "last shared cause, not closed: shared-1767268000000, suspected at 2026-01-01T11:40:00.000Z, not checked yet",
    ]);
    expect(await show(group, { claimedAt: ago(20), closedAt: ago(1) })).to.deep.equal([
      "group: 0 of 3 instances affected, 0 being rebooted, 0 rebooted in 24 hours",
    ]);
  });

  it("shows what it cannot read, which allows no reboot", async () => {
    const text = { S: "soon" };

    expect(
      await show({
        "alert#i-0000000a": { N: "1" },
        "firedAt#i-0000000a": text,
        "lease#i-0000000b": { S: "alert-b" },
        "leaseUntil#i-0000000b": text,
        reboots: { L: [text] },
      }),
    ).to.deep.equal([
      "group: 1 of 3 instances affected, 1 being rebooted, 1 rebooted in 24 hours",
      "affected: i-0000000a, , fired at an unknown time, open",
      "being rebooted: i-0000000b, alert-b, until it is verified or an unknown time",
      "reboot in the group claimed at an unknown time",
    ]);
  });
});
