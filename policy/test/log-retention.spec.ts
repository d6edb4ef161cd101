import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

const other = { type: "x:y:Z", props: {} };

describe("log-retention", () => {
  const type = "aws:cloudwatch/logGroup:LogGroup";

  for (const [retentionInDays, why] of [
    [30, undefined],
    [0, "the events never expire"],
    [undefined, "the events never expire"],
    [unknown, "it is not known before deployment"],
  ] as const) {
    it(`says of ${retentionInDays}: ${why}`, async () => {
      const props = retentionInDays === undefined ? {} : { retentionInDays };

      expect(await findings("log-retention", { type, props })).to.deep.equal(
        why === undefined ? [] : [`it: retentionInDays: ${why}. Set the number of days.`],
      );
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("log-retention", other)).to.equal(true);
  });
});
