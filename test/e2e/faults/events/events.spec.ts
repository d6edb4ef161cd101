import { expect } from "chai";
import { EventMatrix, type EventResult } from "./matrix.ts";
import { type EventRow, eventSteps } from "./rows.ts";

/** Each call and each kind of fault once. The long tier has every row. */
const expected: readonly [
  call: string,
  fault: Pick<EventRow, "kind" | "when">,
  result: Pick<EventResult, "chat" | "pages" | "onBus" | "alarms">,
][] = [
  [
    "read the table's stream",
    { kind: "5xx", when: "before" },
    { chat: 0, pages: 0, onBus: 0, alarms: ["lost-events"] },
  ],
  [
    "put the event on the stack's bus",
    { kind: "throttled", when: "before" },
    { chat: 0, pages: 0, onBus: 0, alarms: ["lost-events"] },
  ],
  [
    "publish to the chat",
    { kind: "denied", when: "before" },
    { chat: 0, pages: 1, onBus: 2, alarms: ["lost-events"] },
  ],
  [
    "page",
    { kind: "time-out", when: "before" },
    { chat: 2, pages: 0, onBus: 2, alarms: ["lost-events"] },
  ],
  [
    "forward to another event bus",
    { kind: "denied", when: "after" },
    { chat: 2, pages: 1, onBus: 2, alarms: ["lost-events"] },
  ],
];

describe("a call of the pipe or a rule with a fault", () => {
  let matrix: EventMatrix;
  let results: readonly EventResult[];
  before(async () => {
    matrix = await EventMatrix.start();
    results = await matrix.run(
      expected.map(([name, fault]) => {
        const step = eventSteps.find((it) => it.name === name);
        if (!step) throw new Error(`no call is named "${name}"`);
        return { step, ...fault };
      }),
    );
  });
  after(() => matrix.stop());

  for (const [index, [name, { kind, when }, result]] of expected.entries()) {
    it(`ends as docs/faults.md says: ${name}, ${kind} ${when}`, () => {
      const { row: _, ...end } = results[index] ?? { row: undefined };

      expect(end).to.deep.equal({
        outcome: "failed",
        mails: ["NOT rebooted: the reboot failed"],
        ...result,
      });
    });
  }
});
