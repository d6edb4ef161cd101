import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SandboxClock, VirtualClock } from "../clock.ts";

describe("VirtualClock", () => {
  it("does not move until it is advanced, by minutes", () => {
    const clock = new VirtualClock(1_000);

    expect(clock.now()).to.equal(1_000);
    clock.advance(2);
    expect(clock.now()).to.equal(121_000);
  });
});

describe("SandboxClock", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "clock-"));
    file = join(folder, "clock");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** How far it is ahead, as the functions read it, and as it says itself in whole seconds. */
  const aheadOf = (clock: SandboxClock) => [
    readFileSync(file, "utf8"),
    Math.round((clock.now() - Date.now()) / 1_000),
  ];

  it("starts behind, is put forward by minutes, and catches up with this machine", () => {
    const clock = new SandboxClock(file, 70);

    expect(aheadOf(clock)).to.deep.equal(["-4200000", -4_200]);
    clock.advance(12);
    expect(aheadOf(clock)).to.deep.equal(["-3480000", -3_480]);
    clock.catchUp();
    expect(aheadOf(clock)).to.deep.equal(["0", 0]);
  });
});
