/**
 * The function's timeout. The calls of one invocation have limits that add up to less than half of it;
 * the rest is room for a slow start in a storm of alerts.
 */
export const functionTimeoutSeconds = 60;

/** The most that each call may take, in milliseconds, with the retries of the SDK. */
export const timeLimitsMs = {
  /** All attempts together. */
  claim: 4_000,
  /** These run concurrently, with `readInstance`. */
  describeStatus: 3_000,
  queueCheck: 3_000,
  /** Console output and screenshot together, with storing them. */
  evidence: 3_000,
  rebootInstances: 5_000,
  /** Each attempt; a write that conflicts with a claim is tried up to three times. */
  updateIncident: 2_000,
  markNotified: 4_000,
  countCheck: 4_000,
  leaseIncident: 2_000,
  readNotified: 1_000,
  readIncident: 2_000,
  readInstance: 2_000,
  readGroup: 2_000,
  /** Each attempt, as of updateIncident. */
  updateGroup: 2_000,
  describeTargets: 3_000,
  /** All attempts together, without the last read of the group and of its targets. */
  claimInGroup: 6_000,
  /** Each attempt, as of updateIncident. */
  beginDecision: 2_000,
  publish: 4_000,
} as const;

/** Of one HTTP request of the SDK; a call's own limit ends it if that is sooner. */
export const connectionTimeoutMs = 1_000;
export const requestTimeoutMs = 4_000;

/** Kept free after the reboot to record it, send the e-mail and respond. */
const reserveAfterRebootMs = 7_000;

/** Kept free after capturing evidence, for the reboot and what follows it: evidence never prevents a reboot. */
export const reserveAfterEvidenceMs = timeLimitsMs.rebootInstances + reserveAfterRebootMs;

/** No reboot begins with less time left: it could not be reported. */
export const rebootNeedsMs =
  timeLimitsMs.claim + timeLimitsMs.describeStatus + reserveAfterEvidenceMs;

/** The same in a group, whose last attempt to claim can begin at the end of the time for all of them. */
export const rebootInGroupNeedsMs =
  timeLimitsMs.claimInGroup +
  timeLimitsMs.readGroup +
  timeLimitsMs.describeTargets +
  timeLimitsMs.describeStatus +
  reserveAfterEvidenceMs;

/** Kept free after the e-mail to record a failure, of the reboot or the e-mail, log and respond. */
export const reserveAfterNotificationMs = 2_500;

/** Kept free after the last e-mail of an incident to close the incident, log and respond. */
export const reserveAfterLastNotificationMs = 3_000;

/** Longer than the decision of an alert of a group can take by its limits. A crashed one loses it then. */
export const decisionLeaseMs = 55_000;

/** Longer than the last e-mail and closing the incident can take by their limits, 8 s in all. */
export const incidentLeaseMs = 10_000;
