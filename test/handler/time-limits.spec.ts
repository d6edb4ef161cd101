import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const {
  functionTimeoutSeconds,
  incidentLeaseMs,
  rebootNeedsMs,
  reserveAfterLastNotificationMs,
  reserveAfterNotificationMs,
  timeLimitsMs: limits,
} = loadProgram<typeof import("../../handler/time-limits.ts")>("handler/time-limits.ts");

/** A write that conflicts with claims is tried three times, 150 ms of waiting included. */
const tried = (limitMs: number) => 3 * limitMs + 150;
const email = limits.readInstance + limits.publish;
const concurrently = Math.max(limits.describeStatus, limits.queueCheck);

/** The calls of the longest invocations, if each uses all of its time and attempts. */
const paths = {
  "a reboot": [
    limits.claim,
    concurrently,
    limits.rebootInstances,
    tried(limits.updateIncident),
    email,
  ],
  "a reboot that fails": [
    limits.claim,
    concurrently,
    limits.rebootInstances,
    email,
    tried(limits.updateIncident),
  ],
  "a dry run by the kill switch": [
    limits.claim,
    tried(limits.markNotified),
    limits.readNotified,
    limits.rebootInstances,
    email,
  ],
  "a suppressed alert": [limits.claim, tried(limits.markNotified), limits.readNotified, email],
  "a resolution": [
    tried(limits.updateIncident),
    tried(limits.markNotified),
    limits.readNotified,
    email,
  ],
  "a check that queues the next one": [
    limits.describeStatus,
    tried(limits.countCheck),
    limits.queueCheck,
  ],
  "the last check": [
    limits.describeStatus,
    tried(limits.countCheck),
    tried(limits.leaseIncident),
    email,
    tried(limits.updateIncident),
  ],
};

const sum = (parts: readonly number[]) => parts.reduce((total, it) => total + it, 0);

describe("the time limits", () => {
  for (const [what, parts] of Object.entries(paths)) {
    it(`of ${what} add up to less than the function's timeout`, () => {
      expect(sum(parts)).to.be.below(functionTimeoutSeconds * 1_000);
    });
  }

  it("of a reboot without conflicts add up to less than half of the timeout", () => {
    expect(
      sum([limits.claim, concurrently, limits.rebootInstances, limits.updateIncident, email]),
    ).to.be.below((functionTimeoutSeconds * 1_000) / 2);
  });

  it("let a reboot begin only if its calls, the update and most of the e-mail fit", () => {
    expect(rebootNeedsMs).to.equal(19_000);
    expect(rebootNeedsMs).to.be.at.least(
      sum([limits.claim, concurrently, limits.rebootInstances, limits.updateIncident]) +
        reserveAfterNotificationMs,
    );
  });

  it("leave time to update the incident after an e-mail", () => {
    expect(reserveAfterNotificationMs).to.be.above(limits.updateIncident);
    expect(reserveAfterLastNotificationMs).to.be.above(limits.updateIncident);
  });

  it("of the last e-mail and the closing update end before the lease", () => {
    expect(email + limits.updateIncident).to.be.below(incidentLeaseMs);
  });
});
