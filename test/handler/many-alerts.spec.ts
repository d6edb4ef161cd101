import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import {
  alert,
  awsError,
  cancelled,
  failing,
  type Item,
  makeHandler,
  nowMs,
  number,
  webhook,
} from "./support.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A table that keeps the times of the claims and the incidents, and refuses by its condition. */
function claimTable(): Clients["transactWrite"] {
  const times: number[] = [];
  const incidents = new Map<string, Item>();
  return async ({ TransactItems }) => {
    const values = TransactItems?.[0]?.Update?.ExpressionAttributeValues ?? {};
    const incident = TransactItems?.[1]?.Put?.Item ?? {};
    const id = String(incident.id?.S);
    const timeOf = (name: string) => Number(values[name]?.N);
    const [t0 = 0, , t2 = 0] = times;
    const isSuppressed = t0 > timeOf(":cooled") || t2 > timeOf(":dayAgo");
    const taken = incidents.get(id);
    if (isSuppressed || taken) {
      throw cancelled(isSuppressed ? { t0: number(t0), t2: number(t2) } : undefined, taken);
    }
    times.unshift(timeOf(":now"));
    incidents.set(id, incident);
  };
}

describe("a storm of alerts while the mode is dryrun", () => {
  it("asks EC2 and notifies people once", async () => {
    let held = 0;
    const { post, reboots, mails, records } = makeHandler({
      transactWrite: failing(cancelled({ mode: { S: "dryrun" } })),
      rebootInstances: failing(awsError("DryRunOperation", 412)),
      updateItem: async () => {
        if (++held > 1) throw awsError("ConditionalCheckFailedException", 400);
        return { $metadata: {} };
      },
    });

    const outcomes: string[] = [];
    for (let page = 0; page < 5; page++) {
      const { response } = await post(alert({ alertUrl: `https://x.sumologic.com/${page}` }));
      outcomes.push(response.outcome);
    }

    expect(outcomes).to.deep.equal(["dry-run", "skipped", "skipped", "skipped", "skipped"]);
    const limits = records.map(({ limit }) => limit);
    expect(limits).to.deep.equal([undefined, "mode", "mode", "mode", "mode"]);
    expect(reboots).to.have.length(1);
    expect(mails).to.have.length(1);
  });
});

/** The alert of a window that ended this long after the usual one, on its own page. */
function alertAt(afterMs: number) {
  return alert({
    windowStartMs: String(1795000000000 + afterMs),
    windowEndMs: String(1795000600000 + afterMs),
    alertUrl: `https://service.sumologic.com/ui/#/alert/${afterMs}`,
  });
}

describe("many alerts", () => {
  it("of a reboot loop reboot as often as the daily limit allows", async () => {
    let clock = nowMs;
    const { post, reboots } = makeHandler({
      transactWrite: claimTable(),
      options: { now: () => clock },
    });

    const reasons: string[] = [];
    for (let index = 0; index < 10; index++) {
      clock = nowMs + index * hour;
      reasons.push((await post(alertAt(index * hour))).response.reason);
    }

    expect(reboots).to.have.length(3);
    expect(reasons[3]).to.equal(
      "suppressed by the daily limit: the limit of 3 reboots in 24 hours is reached, until 2026-11-19T11:19:40.000Z",
    );
  });

  it("of a re-fire from the look-back window, whose slow responses are from before the reboot, reboot once", async () => {
    let clock = nowMs;
    const { post, reboots } = makeHandler({
      transactWrite: claimTable(),
      options: { now: () => clock },
    });
    await post(alertAt(0));
    clock = nowMs + 9 * minute;

    const { response } = await post(alertAt(9 * minute));

    expect(response.reason).to.equal(
      "suppressed by the cool-down: the last reboot was claimed at 2026-11-18T11:19:40.000Z, less than 30 minutes ago, until 2026-11-18T11:49:40.000Z",
    );
    expect(reboots).to.have.length(1);
  });

  it("of a double delivery reboot once and notify people once", async () => {
    const { post, reboots, messages, mails, records } = makeHandler({
      transactWrite: claimTable(),
    });
    await post(webhook());

    const { status, response } = await post(webhook());

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "skipped", false]);
    expect(response.reason).to.equal(
      "suppressed as a duplicate: this incident was already claimed at 2026-11-18T11:19:40.000Z",
    );
    expect([reboots.length, messages.length, mails.length]).to.deep.equal([1, 1, 1]);
    // The dashboard counts suppressed alerts by this field of the log.
    expect(records.map(({ limit }) => limit)).to.deep.equal([undefined, "duplicate"]);
  });

  it("of a suppressed alert storm send one e-mail", async () => {
    let isNotified = false;
    const { post, calls, mails } = makeHandler({
      transactWrite: failing(cancelled({ t0: number(nowMs - minute) })),
      updateItem: async () => {
        if (isNotified) throw awsError("ConditionalCheckFailedException", 400);
        isNotified = true;
        return { $metadata: {} };
      },
    });

    await Promise.all(Array.from({ length: 50 }, (_, index) => post(alertAt(index))));

    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
    ]);
    expect(calls).not.to.include("describeInstanceStatus");
    expect(calls).not.to.include("sendMessage");
  });
});
