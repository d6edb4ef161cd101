import { expect } from "chai";
import { VirtualClock } from "../../sandbox/clock.ts";

describe("VirtualClock", () => {
  it("stands still until it is advanced, by minutes", () => {
    const clock = new VirtualClock(1_000);

    expect(clock.now()).to.equal(1_000);
    clock.advance(2);
    expect(clock.now()).to.equal(121_000);
  });
});
