import { readFileSync } from "node:fs";
import { expect } from "chai";
import { notificationsText } from "../document.ts";
import { faultsPage } from "../matrix.ts";
import { groupFaultsPart } from "./document.ts";
import { type GroupMatrix, startGroupMatrix } from "./matrix.ts";
import { groupRows } from "./rows.ts";
import type { GroupResult } from "./run.ts";

describe("each AWS call that only a group makes with each fault", function () {
  this.timeout(1_800_000);
  let matrix: GroupMatrix;
  let results: readonly GroupResult[];
  before(async () => {
    matrix = await startGroupMatrix(8);
    results = await matrix.run(groupRows);
  });
  after(() => matrix.stop());

  const named = (result: GroupResult) =>
    `${result.row.call.name}, ${result.row.kind} ${result.row.when}: ${notificationsText(result)}`;

  it("never reboots twice, even if the alert is repeated", () => {
    expect(results).to.have.length(groupRows.length);
    expect(results.filter(({ reboots }) => reboots > 1).map(named)).to.deep.equal([]);
  });

  it("never reboots when a cause is shared", () => {
    const shared = results.filter(({ row }) => row.call.scenario.includes("shared cause"));

    expect(shared).not.to.deep.equal([]);
    expect(shared.filter(({ reboots }) => reboots > 0).map(named)).to.deep.equal([]);
  });

  // An alert waits for 32 minutes at most, and is then closed within one.
  it("always causes an e-mail or an alarm within 33 minutes", () => {
    const silent = results.filter(({ notifiedMinutes }) => notifiedMinutes > 33);

    expect(silent.map(named)).to.deep.equal([]);
  });

  it("has the results in docs/faults.md (npm run faults)", () => {
    expect(readFileSync(faultsPage, "utf8")).to.include(`\n${groupFaultsPart(results)}\n`);
  });
});
