import { readFileSync } from "node:fs";
import { expect } from "chai";
import { faultsPage } from "../matrix.ts";
import { eventFaultsPart } from "./document.ts";
import { EventMatrix, type EventResult } from "./matrix.ts";
import { eventRows } from "./rows.ts";

describe("each call of the pipe and the rules with each fault", function () {
  this.timeout(1_800_000);
  let matrix: EventMatrix;
  let results: readonly EventResult[];
  before(async () => {
    matrix = await EventMatrix.start();
    results = await matrix.run(eventRows);
  });
  after(() => matrix.stop());

  it("never changes the function's outcome or its e-mail", () => {
    expect(results).to.have.length(eventRows.length);
    for (const { outcome, mails } of results) {
      expect({ outcome, mails }).to.deep.equal({
        outcome: "failed",
        mails: ["NOT rebooted: the reboot failed"],
      });
    }
  });

  it("either delivers everything or starts the alarm", () => {
    const silent = results.filter(
      ({ chat, pages, onBus, alarms }) =>
        alarms.length === 0 && (chat < 2 || pages < 1 || onBus < 2),
    );

    expect(silent.map(({ row }) => `${row.step.name}, ${row.kind} ${row.when}`)).to.deep.equal([]);
  });

  it("has the results in docs/faults.md (npm run faults)", () => {
    expect(readFileSync(faultsPage, "utf8").endsWith(`\n${eventFaultsPart(results)}`)).to.equal(
      true,
    );
  });
});
