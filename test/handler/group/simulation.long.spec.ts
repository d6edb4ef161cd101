import { simulate } from "./simulation/simulate.ts";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Runs of ten days, each with other settings and faults: 10,000 days in all. */
const runs: readonly { readonly instanceCount: number; readonly count: number }[] = [
  { instanceCount: 2, count: 300 },
  { instanceCount: 6, count: 400 },
  { instanceCount: 50, count: 300 },
];

describe(`a group with alerts, faults and lost messages, for 10,000 days (SEED=${seed})`, () => {
  for (const { instanceCount, count } of runs) {
    it(`keeps every limit and ends every alert with ${instanceCount} instances`, async function () {
      this.timeout(3_600_000);
      for (let run = 0; run < count; run++) {
        await simulate({ instanceCount, days: 10, seed: seed + run });
      }
    });
  }
});
