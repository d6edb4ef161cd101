import { expect } from "chai";
import type { GroupAlert } from "../../../handler/incidents/group-item.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { hour, instancesOf, minute } from "./support.ts";

const { affectedInstances } = loadProgram<typeof import("../../../handler/group/affected.ts")>(
  "handler/group/affected.ts",
);

const [a, b = "", c = ""] = instancesOf(3);
const nowMs = 1_795_000_000_000;

/** The affected instances if the first one has this alert, with a window of 10 minutes. */
function affectedBy(alert: Omit<GroupAlert, "incidentId">, windowMinutes = 10) {
  const alerts = new Map([[a, { incidentId: "alert-1", ...alert }]]);
  const state = { version: 1, alerts, leases: new Map(), rebootsMs: [] };
  return affectedInstances(state, { instanceIds: [a, b, c], windowMinutes }, nowMs);
}

describe("an affected instance", () => {
  const edges: [string, Omit<GroupAlert, "incidentId">, boolean][] = [
    ["whose alert is open", { firedAtMs: nowMs - hour }, true],
    ["whose alert fired now", { firedAtMs: nowMs }, true],
    ["whose alert fires in the future, by another clock", { firedAtMs: nowMs + minute }, true],
    ["whose alert is open just below 24 h", { firedAtMs: nowMs - 24 * hour + 1 }, true],
    ["whose alert is open for 24 h", { firedAtMs: nowMs - 24 * hour }, false],
    [
      "that resolved, just below the window and 5 minutes after it fired",
      { firedAtMs: nowMs - 15 * minute + 1, resolvedAtMs: nowMs },
      true,
    ],
    [
      "that resolved, the window and 5 minutes after it fired",
      { firedAtMs: nowMs - 15 * minute, resolvedAtMs: nowMs },
      false,
    ],
    ["whose alert fired at an unreadable time", { firedAtMs: Number.NaN }, true],
    [
      "that resolved, whose alert fired at an unreadable time",
      { firedAtMs: Number.NaN, resolvedAtMs: nowMs },
      true,
    ],
    [
      "that resolved at an unreadable time",
      { firedAtMs: nowMs - 15 * minute, resolvedAtMs: Number.NaN },
      false,
    ],
  ];
  for (const [what, alert, isAffected] of edges) {
    it(`${isAffected ? "is" : "is not"} one ${what}`, () => {
      expect(affectedBy(alert)).to.deep.equal(isAffected ? [a] : []);
    });
  }

  it("counts for its whole window if that is longer than a day", () => {
    expect(affectedBy({ firedAtMs: nowMs - 24 * hour }, 1_440)).to.deep.equal([a]);
    expect(affectedBy({ firedAtMs: nowMs - 24 * hour - 5 * minute }, 1_440)).to.deep.equal([]);
  });

  it("is one of the group, in the group's order", () => {
    const alert = { incidentId: "alert-1", firedAtMs: nowMs };
    const alerts = new Map([c, "i-00000000000000099", a].map((id) => [id, alert]));
    const state = { version: 1, alerts, leases: new Map(), rebootsMs: [] };

    const affected = affectedInstances(state, { instanceIds: [a, b, c], windowMinutes: 10 }, nowMs);

    expect(affected).to.deep.equal([a, c]);
  });
});
