import { expect } from "chai";
import { text } from "../../../aws/provider/resource-type.ts";
import type { Value } from "../../../engine/values.ts";

describe("text", () => {
  it("answers a property that is text, be it empty", () => {
    expect(text({ name: "it" }, "name")).to.equal("it");
    expect(text({ name: "" }, "name")).to.equal("");
  });

  for (const [value, shown] of [
    [1, "1"],
    [null, "null"],
    [["it"], '["it"]'],
  ] satisfies [Value, string][]) {
    it(`refuses ${shown}, naming the property`, () => {
      expect(() => text({ name: value }, "name")).to.throw(`name must be text: got ${shown}`);
    });
  }

  it("refuses a property that is not there", () => {
    expect(() => text({}, "name")).to.throw("name must be text: got undefined");
  });
});
