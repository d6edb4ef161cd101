import { randomInt } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { faultsDocument, notificationsText } from "./document.ts";
import { committedResults, type Matrix, runAllRows, startMatrix } from "./matrix.ts";
import { type Row, rows } from "./rows.ts";
import type { Result } from "./run.ts";

/** Selects the rows that run again; see the test's title. */
const seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31));

/** A random tenth of the rows, the same for the same seed. */
function tenthOf(all: readonly Row[]): Row[] {
  const length = Math.ceil(all.length / 10);
  const tenths = fc.shuffledSubarray([...all], { minLength: length, maxLength: length });
  return fc.sample(tenths, { seed, numRuns: 1 })[0] ?? [];
}

describe("each AWS call of the function with each fault", function () {
  this.timeout(1_800_000);
  let matrix: Matrix;
  let results: readonly Result[];
  before(async () => {
    matrix = await startMatrix(12);
    results = await runAllRows(matrix);
  });
  after(() => matrix.stop());

  const named = ({ row, ...result }: Result) =>
    `${row.call.name}, ${row.kind} ${row.when}: ${notificationsText({ row, ...result })}`;

  const endOf = ({ row: _, ...end }: Result) => JSON.stringify(end);

  it("never reboots twice, even if the alert is repeated", () => {
    expect(results).to.have.length(rows.length);
    expect(results.filter(({ reboots }) => reboots > 1).map(named)).to.deep.equal([]);
  });

  it("always causes an e-mail or an alarm within 20 minutes", () => {
    const silent = results.filter(({ notifiedMinutes }) => notifiedMinutes > 20);

    expect(silent.map(named)).to.deep.equal([]);
  });

  it("always reports the result of a reboot", () => {
    const ends = [
      "Recovered",
      "NOT recovered after the reboot",
      "Reboot claimed but never confirmed",
    ];
    const unreported = results.filter(
      ({ mails, alarms }) =>
        mails.some((it) => it.startsWith("Rebooted")) &&
        alarms.length === 0 &&
        !mails.some((it) => ends.includes(it)),
    );

    expect(unreported.map(named)).to.deep.equal([]);
  });

  it("has the results in docs/faults.md (npm run faults)", () => {
    expect(committedResults()).to.equal(faultsDocument(results));
  });

  // A row that differs runs again, so a row with two possible results could pass for years.
  it(`has the same results when a random tenth of the rows runs again (repeat it with FAULTS_SEED=${seed})`, async () => {
    const again = await matrix.run(tenthOf(rows), 4);

    expect(again).not.to.deep.equal([]);
    const other = again.filter((second) => {
      const first = results.find(({ row }) => row === second.row);
      return first && endOf(first) !== endOf(second);
    });
    expect(other.map(named)).to.deep.equal([]);
  });
});
