import { expect } from "chai";
import { awsError, makeHandler, webhook } from "../support.ts";

/** A handler whose writes of single items meet a claim so often. */
function meeting(conflicts: number) {
  let calls = 0;
  return makeHandler({
    updateItem: async () => {
      if (++calls <= conflicts) throw awsError("TransactionConflictException", 400);
      return { $metadata: {} };
    },
  });
}

describe("a write that meets a claim of the same item", () => {
  it("is tried again, a little later each time", async () => {
    const { post, updates, waits, records } = meeting(2);

    await post(webhook());

    expect(updates).to.have.length(3);
    expect(waits).to.deep.equal([50, 100]);
    expect(records[0]?.incidentUpdate).to.equal("updated");
  });

  it("is given up after three tries", async () => {
    const { post, updates, records } = meeting(3);

    await post(webhook());

    expect(updates).to.have.length(3);
    expect(records[0]?.incidentUpdate).to.match(/^failed: TransactionConflictException: /);
  });
});
