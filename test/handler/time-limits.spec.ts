import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const {
  decisionLeaseMs,
  functionTimeoutSeconds,
  incidentLeaseMs,
  rebootInGroupNeedsMs,
  rebootNeedsMs,
  reserveAfterEvidenceMs,
  reserveAfterLastNotificationMs,
  reserveAfterNotificationMs,
  timeLimitsMs: limits,
} = loadProgram<typeof import("../../handler/time-limits.ts")>("handler/time-limits.ts");

/** A write that conflicts with claims is tried three times, 150 ms of waiting included. */
const tried = (limitMs: number) => 3 * limitMs + 150;
const email = limits.readInstance + limits.publish;
const concurrently = Math.max(limits.describeStatus, limits.queueCheck + limits.readInstance);

/** The group's state and the targets, tried until the time for a claim is over, then once more in full. */
const groupClaim = limits.claimInGroup + limits.readGroup + limits.describeTargets;
const beginDecision = [tried(limits.beginDecision), tried(limits.updateGroup)];

/** The longest decisions about an alert of a group. */
const decisions = {
  "an alert of a group that waits": [...beginDecision, groupClaim, limits.queueCheck],
  "an alert of a group that is rebooted": [
    ...beginDecision,
    groupClaim,
    concurrently,
    limits.evidence,
    limits.rebootInstances,
    tried(limits.updateIncident),
    limits.publish,
    tried(limits.updateIncident),
  ],
  "an alert of a group whose reboot fails": [
    ...beginDecision,
    groupClaim,
    concurrently,
    limits.rebootInstances,
    tried(limits.updateGroup),
    limits.publish,
    tried(limits.updateIncident),
  ],
  "an alert of a group that begins a shared cause": [
    ...beginDecision,
    limits.claimInGroup + limits.readGroup + limits.readIncident + limits.queueCheck + limits.claim,
    tried(limits.updateIncident),
    tried(limits.updateIncident),
  ],
  "an alert of a group that quiet hours suppress after it waited": [
    ...beginDecision,
    limits.claim,
    limits.readIncident,
    limits.queueCheck,
    tried(limits.markNotified),
    limits.readNotified,
    email,
  ],
};

/** The calls of the longest invocations, if each uses all of its time and attempts. */
const paths = {
  ...decisions,
  "the webhook of a group's alert": [limits.queueCheck, limits.claim, tried(limits.updateGroup)],
  "the first check of a shared cause": [
    limits.readIncident,
    tried(limits.leaseIncident),
    email,
    tried(limits.updateIncident),
    limits.readGroup,
    limits.queueCheck,
    tried(limits.countCheck),
  ],
  "the end of a shared cause": [
    limits.readIncident,
    limits.readGroup,
    limits.readIncident,
    tried(limits.updateGroup),
    tried(limits.leaseIncident),
    email,
    tried(limits.updateIncident),
    tried(limits.updateGroup),
  ],
  "a reboot": [
    limits.claim,
    concurrently,
    limits.evidence,
    limits.rebootInstances,
    tried(limits.updateIncident),
    limits.publish,
  ],
  "a reboot whose e-mail fails": [
    limits.claim,
    concurrently,
    limits.evidence,
    limits.rebootInstances,
    tried(limits.updateIncident),
    limits.publish,
    tried(limits.updateIncident),
  ],
  "a reboot that fails": [
    limits.claim,
    concurrently,
    limits.rebootInstances,
    limits.publish,
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
    tried(limits.updateIncident),
  ],
  "a check that queues the next one": [
    limits.describeStatus,
    tried(limits.countCheck),
    limits.queueCheck,
  ],
  "an alert in quiet hours": [
    limits.claim,
    limits.readIncident,
    limits.queueCheck,
    tried(limits.markNotified),
    limits.readNotified,
    email,
  ],
  "an alert in quiet hours whose end cannot be checked": [
    limits.claim,
    limits.readIncident,
    limits.queueCheck,
    email,
    tried(limits.updateIncident),
  ],
  "the end of quiet hours": [
    tried(limits.countCheck),
    limits.readIncident,
    tried(limits.leaseIncident),
    email,
    tried(limits.updateIncident),
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

  it("of a group's decision end before another delivery may decide, and that is before the next one", () => {
    for (const parts of Object.values(decisions)) expect(sum(parts)).to.be.below(decisionLeaseMs);
    expect(decisionLeaseMs).to.be.below(60_000);
  });

  it("of a reboot without conflicts add up to less than half of the timeout", () => {
    expect(
      sum([
        limits.claim,
        concurrently,
        limits.evidence,
        limits.rebootInstances,
        limits.updateIncident,
        limits.publish,
      ]),
    ).to.be.below((functionTimeoutSeconds * 1_000) / 2);
  });

  it("let a reboot begin only if its calls, the update and most of the e-mail fit", () => {
    expect(rebootNeedsMs).to.equal(19_000);
    expect(rebootNeedsMs).to.be.at.least(
      sum([limits.claim, concurrently, limits.rebootInstances, limits.updateIncident]) +
        reserveAfterNotificationMs,
    );
  });

  it("let a reboot of a group begin only if also the longest claim fits", () => {
    expect(rebootInGroupNeedsMs).to.equal(26_000);
    expect(rebootInGroupNeedsMs).to.be.at.least(
      sum([groupClaim, concurrently, limits.rebootInstances, limits.updateIncident]) +
        reserveAfterNotificationMs,
    );
  });

  it("leave out evidence before they leave out the reboot or its report", () => {
    expect(reserveAfterEvidenceMs).to.equal(12_000);
    expect(reserveAfterEvidenceMs).to.be.at.least(
      sum([limits.rebootInstances, limits.updateIncident]) + reserveAfterNotificationMs,
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
