import { expect } from "chai";
import { type Scenario, simulate } from "./simulation/simulate.ts";

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
      const counts: Record<string, number> = {};
      for (let day = 0; day < days; day += 10) {
        const run = await simulate({ instanceCount, days: 10, seed: seed + day });
        for (const [what, count] of Object.entries(run)) counts[what] = (counts[what] ?? 0) + count;
      }

      expect(counts.alerts).to.be.above(days);
      expect(counts.reboots).to.be.above(days / 10);
      expect(counts["shared causes"]).to.be.above(days / 20);
    });
  }
});
