import { expect } from "chai";
import { text } from "../../../aws/provider/resource-type.ts";
import type { Value } from "../../../engine/values.ts";

describe("text", () => {
  it("returns a string property, even an empty one", () => {
    expect(text({ name: "it" }, "name")).to.equal("it");
    expect(text({ name: "" }, "name")).to.equal("");
  });

  for (const [value, shown] of [
    [1, "1"],
    [null, "null"],
    [["it"], '["it"]'],
  ] satisfies [Value, string][]) {
    it(`refuses ${shown}, naming the property`, () => {
      expect(() => text({ name: value }, "name")).to.throw(`name must be a string: got ${shown}`);
    });
  }

  it("refuses a property that is not there", () => {
    expect(() => text({}, "name")).to.throw("name must be a string: got undefined");
  });
});
