import { expect } from "chai";
import type { FaultKind } from "../../../../sandbox/aws/faults.ts";
import { type GroupMatrix, startGroupMatrix } from "./matrix.ts";
import { type GroupRow, groupCalls } from "./rows.ts";
import type { GroupResult } from "./run.ts";

type Fault = `${FaultKind} ${GroupRow["when"]}`;

/** Each scenario and each kind of fault once. The long tier has every row. */
const expected: readonly [call: string, fault: Fault, result: Omit<GroupResult, "row">][] = [
  [
    "store the alert",
    "throttled before",
    {
      reboots: 1,
      mails: ["NOT rebooted: the reboot failed", "Alert resolved"],
      alarms: ["dead-letters"],
      notifiedMinutes: 0,
      repeat: "waiting",
    },
  ],
  [
    "reboot",
    "crash after",
    {
      reboots: 1,
      mails: ["Reboot claimed but never confirmed", "Alert resolved"],
      alarms: ["errors", "not-recovered"],
      notifiedMinutes: 3,
      repeat: "duplicate",
    },
  ],
  [
    "queue the next decision",
    "time-out after",
    {
      reboots: 0,
      mails: [],
      alarms: ["dead-letters"],
      notifiedMinutes: 12,
      repeat: "duplicate",
    },
  ],
  [
    "close the suppressed alert",
    "5xx before",
    {
      reboots: 0,
      mails: ["NOT rebooted: suppressed"],
      alarms: ["dead-letters"],
      notifiedMinutes: 1,
      repeat: "duplicate",
    },
  ],
  [
    "record in the group's item that the alert resolved",
    "reset before",
    {
      reboots: 1,
      mails: ["Rebooted", "Recovered"],
      alarms: [],
      notifiedMinutes: 1,
      repeat: "duplicate",
    },
  ],
  [
    "release the lease",
    "denied before",
    {
      reboots: 1,
      mails: ["Rebooted", "Recovered"],
      alarms: [],
      notifiedMinutes: 1,
      repeat: "duplicate",
    },
  ],
  [
    "begin the shared cause",
    "crash after",
    {
      reboots: 0,
      mails: ["NOT rebooting, shared cause suspected"],
      alarms: ["errors", "shared-cause"],
      notifiedMinutes: 4,
      repeat: "duplicate",
    },
  ],
  [
    "send its e-mail",
    "denied before",
    {
      reboots: 0,
      mails: [],
      alarms: ["dead-letters", "notification-failed", "shared-cause"],
      notifiedMinutes: 6,
      repeat: "duplicate",
    },
  ],
  [
    "close it",
    "throttled before",
    {
      reboots: 0,
      mails: ["NOT rebooting, shared cause suspected"],
      alarms: ["dead-letters", "shared-cause"],
      notifiedMinutes: 2,
      repeat: "duplicate",
    },
  ],
];

function rowOf(name: string, fault: Fault): GroupRow {
  const call = groupCalls.find((it) => it.name === name);
  if (!call) throw new Error(`no call is named "${name}"`);
  const [kind, when] = fault.split(" ") as [FaultKind, GroupRow["when"]];
  return { call, kind, when };
}

describe("an AWS call that only a group makes with a fault", () => {
  let matrix: GroupMatrix;
  let results: readonly GroupResult[];
  before(async () => {
    matrix = await startGroupMatrix(4);
    results = await matrix.run(expected.map(([name, fault]) => rowOf(name, fault)));
  });
  after(() => matrix.stop());

  for (const [index, [name, fault, result]] of expected.entries()) {
    it(`ends as docs/faults.md says: ${name}, ${fault}`, () => {
      const { row: _, ...end } = results[index] ?? { row: undefined };

      expect(end).to.deep.equal(result);
    });
  }
});
