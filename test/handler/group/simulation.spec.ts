import { expect } from "chai";
import type { Scenario } from "./simulation/settings.ts";
import { simulate } from "./simulation/simulate.ts";

/** Repeats a run: it is in the title, and in the error of a promise that was broken. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const scenarios: readonly Omit<Scenario, "seed">[] = [
  { instanceCount: 2, days: 60 },
  { instanceCount: 6, days: 110 },
  { instanceCount: 50, days: 30 },
];

describe(`a group with alerts, faults and lost messages (SEED=${seed})`, () => {
  for (const { instanceCount, days } of scenarios) {
    it(`of ${instanceCount} instances keeps every limit and ends every alert for ${days} days`, async () => {
      for (let day = 0; day < days; day += 10) {
        await simulate({ instanceCount, days: 10, seed: seed + day });
      }
    });
  }

  it("keeps its promises with deployments, mode changes and quiet hours together", async () => {
    await simulate({ instanceCount: 6, days: 20, seed, hasAll: true });
  });
});

describe("the simulation of a group", () => {
  it("has everything that the promises are about", async () => {
    const counts: Record<string, number> = {};
    for (const fixed of [1, 2, 3]) {
      const run = await simulate({ instanceCount: 6, days: 20, seed: fixed, hasAll: true });
      for (const [what, count] of Object.entries(run)) counts[what] = (counts[what] ?? 0) + count;
    }

    for (const what of [
      ...["alerts", "reboots", "shared causes", "deployments", "mode off", "quiet periods"],
      ...["waited until quiet hours", "in the dead-letter queue"],
      ...["end: recovered", "end: removed", "end: resolved", "end: suppressed"],
    ]) {
      expect(counts[what], what).to.be.above(0);
    }
  });
});
