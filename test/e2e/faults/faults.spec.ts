import { expect } from "chai";
import type { FaultKind } from "../../../sandbox/aws/faults.ts";
import { type Matrix, startMatrix } from "./matrix.ts";
import { calls, type Row } from "./rows.ts";
import type { Result } from "./run.ts";

type Fault = `${FaultKind} ${Row["when"]}`;

/** Each scenario and each kind of fault once. The long tier has every row. */
const expected: readonly [call: string, fault: Fault, result: Omit<Result, "row">][] = [
  [
    "reboot",
    "crash after",
    {
      reboots: 1,
      mails: ["Alert resolved", "Reboot claimed but never confirmed"],
      alarms: ["errors", "not-recovered"],
      notifiedMinutes: 5,
      repeat: "duplicate",
    },
  ],
  [
    "record why nothing was rebooted",
    "time-out after",
    {
      reboots: 0,
      mails: ["NOT rebooted: the reboot failed", "Alert resolved"],
      alarms: [],
      notifiedMinutes: 0,
      repeat: "duplicate",
    },
  ],
  [
    "send the e-mail about the suppressed alert",
    "5xx after",
    {
      reboots: 0,
      mails: ["NOT rebooted: suppressed", "NOT rebooted: suppressed", "Alert resolved"],
      alarms: ["notification-failed"],
      notifiedMinutes: 0,
      repeat: "cool-down",
    },
  ],
  [
    "record that the alert resolved",
    "throttled before",
    {
      reboots: 1,
      mails: ["Rebooted", "Alert resolved", "NOT recovered after the reboot"],
      alarms: ["not-recovered"],
      notifiedMinutes: 0,
      repeat: "duplicate",
    },
  ],
  [
    "send the e-mail that the alert resolved",
    "reset before",
    {
      reboots: 0,
      mails: ["NOT rebooted: suppressed"],
      alarms: ["notification-failed"],
      notifiedMinutes: 0,
      repeat: "cool-down",
    },
  ],
  [
    "send the last e-mail",
    "denied before",
    {
      reboots: 1,
      mails: ["Rebooted"],
      alarms: ["dead-letters", "notification-failed"],
      notifiedMinutes: 0,
      repeat: "duplicate",
    },
  ],
  [
    "queue the check of their end",
    "crash after",
    {
      reboots: 0,
      mails: ["Still slow after quiet hours"],
      alarms: ["errors"],
      notifiedMinutes: 5,
      repeat: "duplicate",
    },
  ],
  [
    "read the stored alert",
    "throttled before",
    {
      reboots: 0,
      mails: ["NOT rebooted: suppressed"],
      alarms: ["dead-letters"],
      notifiedMinutes: 0,
      repeat: "duplicate",
    },
  ],
];

function rowOf(name: string, fault: Fault): Row {
  const call = calls.find((it) => it.name === name);
  if (!call) throw new Error(`no call is named "${name}"`);
  const [kind, when] = fault.split(" ") as [FaultKind, Row["when"]];
  return { call, kind, when };
}

describe("an AWS call of the function with a fault", () => {
  let matrix: Matrix;
  let results: readonly Result[];
  before(async () => {
    matrix = await startMatrix(expected.length);
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
