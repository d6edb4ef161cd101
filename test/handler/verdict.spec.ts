import { expect } from "chai";
import type { Incident } from "../../handler/incidents/table.ts";
import type { Verdict } from "../../handler/verdict.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { nowMs } from "./support.ts";

const { evaluateIncident } =
  loadProgram<typeof import("../../handler/verdict.ts")>("handler/verdict.ts");

const byAlert: Incident = {
  id: "alert-1",
  why: "Slow responses",
  arrivedAtMs: nowMs,
  claimedAtMs: nowMs,
  cause: {
    kind: "alert",
    triggerValue: 6,
    windowStartMs: 1795000000000,
    windowEndMs: 1795000600000,
    alertUrl: "https://service.sumologic.com/ui/#/alert/1",
  },
  rebootRequestedAtMs: nowMs,
  checkCount: 2,
  upCount: 2,
  mails: [],
};
const manual: Incident = { ...byAlert, cause: { kind: "manual" } };
const { rebootRequestedAtMs: _, ...claimed } = byAlert;
const notRequested: Incident = { ...claimed, checkCount: 1, upCount: 1 };
/** Resolved with fast, successful responses after the reboot. */
const resolved = {
  resolvedAtMs: nowMs + 725_000,
  responses: { requestCount: 20, failedCount: 3, lastSuccessMs: nowMs + 600_000 },
};

const wait = (reason: string): Verdict => ({ kind: "pending", reason });
const recovered = (reason: string): Verdict => ({ kind: "end", end: "recovered", reason });
const notRecovered = (reason: string): Verdict => ({
  kind: "end",
  end: "not recovered",
  reason,
});
const unconfirmed: Verdict = {
  kind: "end",
  end: "unconfirmed",
  reason: "the function ended, or could not write, before it recorded EC2's response",
};
const afterTwelveMinutes =
  "both status checks were ok twice, requests succeed, and the alert resolved 12m05s after the reboot";

describe("evaluateIncident", () => {
  for (const [what, incident, verdict] of [
    [
      "waits when an alert's instance was up once and the alert resolved",
      { ...byAlert, upCount: 1, ...resolved },
      wait("the instance was not up twice in a row"),
    ],
    [
      "waits when an alert's instance was up twice and the alert did not resolve",
      byAlert,
      wait("the alert has not resolved"),
    ],
    [
      "waits when an alert's instance was not up and the alert did not resolve",
      { ...byAlert, upCount: 0 },
      wait("the instance was not up twice in a row, and the alert has not resolved"),
    ],
    [
      "waits when an instance rebooted manually was up once",
      { ...manual, upCount: 1 },
      wait("the instance was not up twice in a row"),
    ],
    [
      "says recovered when an alert's instance was up twice and the alert resolved",
      { ...byAlert, ...resolved },
      recovered(afterTwelveMinutes),
    ],
    [
      "says recovered when it was up more often than twice",
      { ...byAlert, checkCount: 5, upCount: 5, ...resolved },
      recovered(afterTwelveMinutes),
    ],
    [
      "says only that the instance is up after a manual reboot, with no alert to wait for",
      manual,
      { kind: "end", end: "instance up", reason: "both status checks were ok twice" },
    ],
    [
      "says recovered at the last check",
      { ...byAlert, checkCount: 8, ...resolved },
      recovered(afterTwelveMinutes),
    ],
    [
      "waits at the last check but one",
      { ...byAlert, checkCount: 7, upCount: 7 },
      wait("the alert has not resolved"),
    ],
    [
      "says not recovered at the last check of an alert that did not resolve",
      { ...byAlert, checkCount: 8, upCount: 8 },
      notRecovered("after 8 checks the alert has not resolved"),
    ],
    [
      "says not recovered at the last check of an instance that was up once",
      { ...byAlert, checkCount: 8, upCount: 1, ...resolved },
      notRecovered("after 8 checks the instance was not up twice in a row"),
    ],
    [
      "says not recovered, naming both, at the last check of what got nowhere",
      { ...byAlert, checkCount: 8, upCount: 0 },
      notRecovered(
        "after 8 checks the instance was not up twice in a row, and the alert has not resolved",
      ),
    ],
    [
      "says not recovered at the last check of a manual reboot that was up once",
      { ...manual, checkCount: 8, upCount: 1 },
      notRecovered("after 8 checks the instance was not up twice in a row"),
    ],
    [
      "says not recovered when it was counted past the last check",
      { ...byAlert, checkCount: 9, upCount: 0 },
      notRecovered(
        "after 9 checks the instance was not up twice in a row, and the alert has not resolved",
      ),
    ],
    ["says unconfirmed when no reboot was recorded", notRequested, unconfirmed],
    [
      "says unconfirmed when no reboot was recorded, although everything else is well",
      { ...notRequested, checkCount: 2, upCount: 2, ...resolved },
      unconfirmed,
    ],
    [
      "says failed when a failure was recorded",
      { ...notRequested, failure: "no access" },
      { kind: "end", end: "failed", reason: "no access" },
    ],
    [
      "says failed when a failure was recorded, although everything else is well",
      { ...byAlert, failure: "no access", ...resolved },
      { kind: "end", end: "failed", reason: "no access" },
    ],
    [
      "says over when it is closed",
      { ...byAlert, closedAtMs: nowMs, ...resolved },
      { kind: "already closed", reason: "the result was already reported" },
    ],
    [
      "says over when it is closed, although a failure was recorded",
      { ...notRequested, failure: "no access", closedAtMs: nowMs },
      { kind: "already closed", reason: "the result was already reported" },
    ],
  ] as [string, Incident, Verdict][]) {
    it(what, () => {
      expect(evaluateIncident(incident, 8)).to.deep.equal(verdict);
    });
  }

  for (const [afterMs, text] of [
    [-60_000, "0m00s"],
    [0, "0m00s"],
    [499, "0m00s"],
    [59_499, "0m59s"],
    [59_500, "1m00s"],
    [725_000, "12m05s"],
    [3_600_000, "60m00s"],
  ] as const) {
    it(`says "${text}" of an alert that resolved ${afterMs} ms after the reboot`, () => {
      const incident = { ...byAlert, ...resolved, resolvedAtMs: nowMs + afterMs };

      expect(evaluateIncident(incident, 8).reason).to.equal(
        `both status checks were ok twice, requests succeed, and the alert resolved ${text} after the reboot`,
      );
    });
  }

  for (const [what, responses, reason] of [
    ["no counts", undefined, "Sumo Logic reported no responses of the API"],
    [
      "no request to the API",
      { requestCount: 0, failedCount: 0, lastSuccessMs: 0 },
      "there was no request to the API",
    ],
    [
      "failed requests alone",
      { requestCount: 30, failedCount: 30, lastSuccessMs: 0 },
      "30 of 30 requests in the alert's last window failed, and none since the reboot was fast and successful",
    ],
    [
      "a success before the reboot alone",
      { requestCount: 30, failedCount: 2, lastSuccessMs: nowMs - 1 },
      "2 of 30 requests in the alert's last window failed, and none since the reboot was fast and successful",
    ],
    [
      "a success while the server may still have been shutting down",
      { requestCount: 30, failedCount: 2, lastSuccessMs: nowMs + 120_000 },
      "2 of 30 requests in the alert's last window failed, and none since the reboot was fast and successful",
    ],
  ] as const) {
    const incident = { ...byAlert, resolvedAtMs: nowMs + 725_000, ...(responses && { responses }) };

    it(`says that the recovery is unconfirmed when the resolving window had ${what}`, () => {
      expect(evaluateIncident(incident, 8)).to.deep.equal({
        kind: "end",
        end: "recovery unconfirmed",
        reason: `both status checks were ok twice and the alert resolved 12m05s after the reboot, but ${reason}`,
      });
    });

    it(`says not recovered when it had ${what} and the instance does not come up`, () => {
      expect(evaluateIncident({ ...incident, checkCount: 8, upCount: 1 }, 8)).to.deep.equal(
        notRecovered("after 8 checks the instance was not up twice in a row"),
      );
    });
  }

  for (const [requestCount, failedCount, end, reason] of [
    [1, 1, "not recovered", "1 of 1 requests in its last window failed"],
    [20, 10, "not recovered", "10 of 20 requests in its last window failed"],
    [20, 19, "not recovered", "19 of 20 requests in its last window failed"],
    [20, 9, "recovered", undefined],
    [3, 1, "recovered", undefined],
  ] as const) {
    it(`says ${end} when ${failedCount} of ${requestCount} requests failed although one succeeded`, () => {
      const responses = { requestCount, failedCount, lastSuccessMs: nowMs + 600_000 };

      expect(evaluateIncident({ ...byAlert, ...resolved, responses }, 8)).to.deep.equal(
        reason === undefined
          ? recovered(afterTwelveMinutes)
          : notRecovered(`the alert resolved 12m05s after the reboot, but ${reason}`),
      );
    });
  }

  it("says recovered when the latest success came just after the shutdown", () => {
    const responses = { requestCount: 1, failedCount: 0, lastSuccessMs: nowMs + 120_001 };

    expect(evaluateIncident({ ...byAlert, ...resolved, responses }, 8)).to.include({
      end: "recovered",
    });
  });
});
