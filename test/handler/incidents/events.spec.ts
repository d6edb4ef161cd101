import { expect } from "chai";
import fc from "fast-check";
import type { EventOutcome, EventType } from "../../../handler/incidents/events.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import {
  awsError,
  cancelled,
  eventOf,
  failing,
  type Item,
  leaving,
  makeHandler,
  nowMs,
  number,
  webhook,
} from "../support.ts";
import { detailProblems, eventsPage, eventSchema as schema } from "./event-schema.ts";

const { eventAttribute, eventKinds, eventSource, eventTypes } = loadProgram<
  typeof import("../../../handler/incidents/events.ts")
>("handler/incidents/events.ts");

const instanceId = "i-0123456789abcdef0";
const minute = 60_000;

/** Type, severity, title without the instance's id, next step. */
const outcomes: Readonly<Record<EventOutcome, readonly [EventType, string, string, string]>> = {
  claimed: ["Reboot Claimed", "info", "Reboot claimed: EC2 instance", "Wait for the result."],
  rebooted: ["Instance Rebooted", "warning", "Rebooted EC2 instance", "Wait for the result."],
  failed: [
    "Reboot Failed",
    "critical",
    "NOT rebooted: the reboot failed for EC2 instance",
    "Check the instance now. The reason says what failed.",
  ],
  recovered: ["Instance Recovered", "info", "Recovered: EC2 instance", "Nothing."],
  "instance up": [
    "Instance Recovered",
    "info",
    "Up after the manual reboot: EC2 instance",
    "Check that the API is fast.",
  ],
  "not recovered": [
    "Instance Not Recovered",
    "critical",
    "NOT recovered after the reboot: EC2 instance",
    "Check the instance now: its status checks, its system log, then the API.",
  ],
  unconfirmed: [
    "Reboot Unconfirmed",
    "critical",
    "Reboot claimed but never confirmed: EC2 instance",
    "Check the instance now. If it is still slow, reboot it manually.",
  ],
  "recovery unconfirmed": [
    "Reboot Unconfirmed",
    "critical",
    "Unconfirmed: no successful request since the reboot of EC2 instance",
    "Check that the API responds.",
  ],
  suppressed: [
    "Alert Suppressed",
    "warning",
    "NOT rebooted: suppressed for EC2 instance",
    "Check the instance now. The reason says what prevented the reboot.",
  ],
  "still slow": [
    "Alert Suppressed",
    "warning",
    "Still slow after quiet hours: EC2 instance",
    "Check the instance now. If it is still slow, reboot it manually.",
  ],
  "waited too long": [
    "Alert Suppressed",
    "warning",
    "NOT rebooted, waited too long: EC2 instance",
    "Check the instance now. If it is still slow, reboot it manually.",
  ],
  resolved: [
    "Alert Resolved",
    "info",
    "Alert resolved for EC2 instance",
    "Check that the API responds: a server that is down has no slow responses.",
  ],
  removed: [
    "Instance Removed",
    "info",
    "No longer in the group: EC2 instance",
    "Check the instance if it is still in use.",
  ],
  "shared cause": [
    "Shared Cause Suspected",
    "critical",
    "NOT rebooting, shared cause suspected: EC2 instance",
    "Find what the instances share, for example a database. The reason names them.",
  ],
  "still affected": [
    "Shared Cause Over",
    "warning",
    "Still slow after a shared cause: EC2 instance",
    "Check the instances now. If they are still slow, reboot them manually.",
  ],
  "shared cause over": ["Shared Cause Over", "info", "Shared cause over: EC2 instance", "Nothing."],
  on: ["Mode Changed", "info", "The mode is on: EC2 instance", "Nothing."],
  dryrun: [
    "Mode Changed",
    "info",
    "The mode is dryrun, no reboots: EC2 instance",
    "To allow reboots again: npm run mode -- on",
  ],
  off: [
    "Mode Changed",
    "info",
    "The mode is off, no reboots: EC2 instance",
    "To allow reboots again: npm run mode -- on",
  ],
  test: ["Notification Test", "info", "Notification test for EC2 instance", "Nothing."],
  "test resolved": [
    "Notification Test Resolved",
    "info",
    "Notification test resolved for EC2 instance",
    "Nothing.",
  ],
};
const everyOutcome = Object.keys(outcomes) as EventOutcome[];

/** What is wrong with what targets receive of an event: its type, and all else as the detail. */
function problemsOf({ type, ...detail }: Record<string, unknown> = {}) {
  expect(type).to.be.oneOf(eventTypes);
  return detailProblems(detail);
}

const change = { incidentId: "alert-1", instanceId, reason: "slow", atMs: nowMs };

describe("an event", () => {
  it("has only strings, and exactly these keys", () => {
    expect(eventAttribute({ ...change, outcome: "not recovered" })).to.deep.equal({
      M: {
        id: { S: "alert-1/not-recovered" },
        type: { S: "Instance Not Recovered" },
        schemaVersion: { S: "1" },
        time: { S: "2026-11-18T11:19:40.000Z" },
        incidentId: { S: "alert-1" },
        instanceId: { S: "i-0123456789abcdef0" },
        outcome: { S: "not recovered" },
        severity: { S: "critical" },
        title: { S: "NOT recovered after the reboot: EC2 instance i-0123456789abcdef0" },
        reason: { S: "slow" },
        nextStep: {
          S: "Check the instance now: its status checks, its system log, then the API.",
        },
      },
    });
  });

  it("has a type of a closed list, and a source", () => {
    expect(eventSource).to.equal("reboot-automation");
    expect(eventTypes).to.deep.equal([
      "Reboot Claimed",
      "Instance Rebooted",
      "Reboot Failed",
      "Instance Recovered",
      "Instance Not Recovered",
      "Reboot Unconfirmed",
      "Alert Suppressed",
      "Alert Resolved",
      "Instance Removed",
      "Shared Cause Suspected",
      "Shared Cause Over",
      "Mode Changed",
      "Notification Test",
      "Notification Test Resolved",
    ]);
    expect(Object.keys(eventKinds)).to.deep.equal(everyOutcome);
  });

  for (const outcome of everyOutcome) {
    it(`of the outcome "${outcome}" has fixed words, and the schema accepts it`, () => {
      const event = eventOf(eventAttribute({ ...change, outcome }));

      const [type, severity, title, nextStep] = outcomes[outcome];
      expect(event).to.deep.include({
        outcome,
        type,
        severity,
        title: `${title} i-0123456789abcdef0`,
        nextStep,
      });
      expect(problemsOf(event)).to.deep.equal([]);
    });
  }

  it("of a reboot that recurs asks for the cause", () => {
    const event = eventAttribute({ ...change, outcome: "rebooted", isRecurring: true });

    expect(eventOf(event)).to.deep.include({
      title: "Rebooted AGAIN, find the cause: EC2 instance i-0123456789abcdef0",
      nextStep: "Rebooting is not fixing this. Find the root cause.",
    });
  });

  it("of a suppressed alert has the instance and the time in its id, since it represents all of a cool-down", () => {
    expect(eventOf(eventAttribute({ ...change, outcome: "suppressed" }))?.id).to.equal(
      "i-0123456789abcdef0/suppressed/2026-11-18T11:19:40.000Z",
    );
  });

  for (const [what, reason, expected] of [
    ["defuses links", "see https://evil.example/a", "see https[:]//evil[.]example/a"],
    ["keeps one line without escapes", "a\r\nb\u001b[31m\u202e\u2028c", "a  b [31m  c"],
    ["is kept to 500 characters", "🐌".repeat(501), "🐌".repeat(500)],
    ["is kept to 500 characters with its defused links", ".a".repeat(400), "[.]a".repeat(125)],
    ["has no half characters", "a\ud800", "a\ufffd"],
  ] as const) {
    it(`has a reason that ${what}`, () => {
      expect(eventOf(eventAttribute({ ...change, outcome: "failed", reason }))?.reason).to.equal(
        expected,
      );
    });
  }

  it("is one that the schema accepts, whatever its reason", () => {
    const text = fc.string({ unit: "binary", maxLength: 5_000 });

    fc.assert(
      fc.property(fc.constantFrom(...everyOutcome), text, (outcome, reason) => {
        expect(problemsOf(eventOf(eventAttribute({ ...change, outcome, reason })))).to.deep.equal(
          [],
        );
      }),
    );
  });
});

describe("the schema of events", () => {
  const [valid] = schema.examples;

  it("accepts its examples", () => {
    expect(schema.examples.map(detailProblems)).to.deep.equal([[], []]);
  });

  it("is named by its version, which the events have", () => {
    expect(schema.$id).to.equal("urn:reboot-automation:event:1");
    expect(schema.properties.schemaVersion.const).to.equal("1");
  });

  it("lists every outcome", () => {
    expect(schema.properties.outcome.enum).to.deep.equal(everyOutcome);
  });

  it("accepts a key that a later version adds", () => {
    expect(detailProblems({ ...valid, group: "web" })).to.deep.equal([]);
  });

  for (const [key, value] of [
    ["id", "alert-1"],
    ["schemaVersion", "2"],
    ["schemaVersion", 1],
    ["time", "2026-11-18T11:19:40Z"],
    ["incidentId", ""],
    ["instanceId", "i-1"],
    ["outcome", "rebooting"],
    ["severity", "error"],
    ["title", ""],
    ["title", "x".repeat(100)],
    ["reason", "x".repeat(501)],
    ["nextStep", ""],
  ] as const) {
    it(`refuses the ${key} ${JSON.stringify(value).slice(0, 30)}`, () => {
      expect(detailProblems({ ...valid, [key]: value })).to.have.length(1);
    });
  }

  for (const key of Object.keys(valid)) {
    it(`refuses an event without ${key}`, () => {
      const { [key]: _, ...others } = valid;

      expect(detailProblems(others)).to.deep.equal([` must have required property '${key}'`]);
    });
  }
});

/** The event of the docs page's example. */
describe("the example in docs/events/", () => {
  it("is an event that the handler writes", () => {
    const [, json = ""] =
      /```json\n(\{\n {2}"source".*?"detail-type".*?)```/s.exec(eventsPage) ?? [];
    const { source, "detail-type": type, detail } = JSON.parse(json);

    expect([source, type]).to.deep.equal(["reboot-automation", "Instance Not Recovered"]);
    expect({ type, ...detail }).to.deep.equal(
      eventOf(
        eventAttribute({
          outcome: "not recovered",
          incidentId: "alert-dcb8bb778c60d551",
          instanceId,
          reason:
            "after 8 checks the instance was not up twice in a row, and the alert has not resolved",
          atMs: nowMs + 24 * minute,
        }),
      ),
    );
  });
});

const alertEvent = {
  schemaVersion: "1",
  time: "2026-11-18T11:19:40.000Z",
  incidentId: "alert-dcb8bb778c60d551",
  instanceId: "i-0123456789abcdef0",
};
const slow = "6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC";

describe("the event of a write", () => {
  it("of a claim is in the new incident, not in the instance's item, whose last event it removes", async () => {
    const { claims, post } = makeHandler();

    await post(webhook());

    const [instance, incident] = claims[0]?.TransactItems ?? [];
    expect(eventOf(incident?.Put?.Item?.event)).to.deep.equal({
      ...alertEvent,
      id: "alert-dcb8bb778c60d551/claimed",
      type: "Reboot Claimed",
      outcome: "claimed",
      severity: "info",
      title: "Reboot claimed: EC2 instance i-0123456789abcdef0",
      reason: slow,
      nextStep: "Wait for the result.",
    });
    expect(instance?.Update?.UpdateExpression).to.match(/, incident = :incident REMOVE event$/);
    expect(instance?.Update?.ExpressionAttributeValues).not.to.have.property(":event");
  });

  it("of a claim has the id of each attempt of the claim", async () => {
    const conflict = Object.assign(new Error("conflict"), {
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "TransactionConflict" }],
    });
    const { claims, post } = makeHandler({ transactWrite: failing(conflict) });

    await post(webhook());

    const ids = claims.map((it) => eventOf(it.TransactItems?.[1]?.Put?.Item?.event)?.id);
    expect(ids).to.deep.equal(Array(4).fill("alert-dcb8bb778c60d551/claimed"));
  });

  it("of a reboot has the subject and the next step of its e-mail", async () => {
    const { updates, mails, post } = makeHandler();

    await post(webhook());

    const event = eventOf(updates[0]?.ExpressionAttributeValues?.[":event"]);
    expect(event).to.deep.equal({
      ...alertEvent,
      id: "alert-dcb8bb778c60d551/rebooted",
      type: "Instance Rebooted",
      outcome: "rebooted",
      severity: "warning",
      title: "Rebooted EC2 instance i-0123456789abcdef0",
      reason: slow,
      nextStep: "Wait for the result.",
    });
    expect(mails[0]?.Subject).to.equal(event?.title);
    expect(mails[0]?.Message).to.include(`\nTo do:    ${event?.nextStep}\n`);
  });

  it("of a second reboot within 24 hours asks for the cause", async () => {
    const Item = { t0: number(nowMs), t1: number(nowMs - 60 * minute) };
    const { updates, mails, post } = makeHandler({
      getItem: async () => ({ $metadata: {}, Item }),
    });

    await post(webhook());

    const event = eventOf(updates[0]?.ExpressionAttributeValues?.[":event"]);
    expect(event).to.deep.include({
      title: "Rebooted AGAIN, find the cause: EC2 instance i-0123456789abcdef0",
      nextStep: "Rebooting is not fixing this. Find the root cause.",
    });
    expect(mails[0]?.Subject).to.equal(event?.title);
  });

  it("of a manual reboot quotes the person, with links defused", async () => {
    const { updates, invoke } = makeHandler();

    await invoke({ reason: "see www.evil.example" });

    expect(eventOf(updates[0]?.ExpressionAttributeValues?.[":event"])).to.deep.include({
      id: "manual-request-1/rebooted",
      incidentId: "manual-request-1",
      reason: "manual invocation: see www[.]evil[.]example",
    });
  });

  for (const [what, publish] of [
    ["", async () => ({})],
    [", although its e-mail was refused", failing(awsError("Throttled", 429))],
  ] as const) {
    it(`of a failure says why nothing was rebooted${what}`, async () => {
      const { updates, post } = makeHandler({
        rebootInstances: failing(awsError("UnauthorizedOperation", 403)),
        publish,
      });

      await post(webhook());

      expect(eventOf(updates[0]?.ExpressionAttributeValues?.[":event"])).to.deep.equal({
        ...alertEvent,
        id: "alert-dcb8bb778c60d551/failed",
        type: "Reboot Failed",
        outcome: "failed",
        severity: "critical",
        title: "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
        reason: `UnauthorizedOperation: UnauthorizedOperation happened (${slow})`,
        nextStep: "Check the instance now. The reason says what failed.",
      });
    });
  }

  it("of the first suppressed alert says which limit suppressed it", async () => {
    const { updates, post } = makeHandler({
      transactWrite: failing(cancelled({ t0: number(nowMs - minute) })),
    });

    await post(webhook());

    expect(updates).to.have.length(1);
    expect(eventOf(updates[0]?.ExpressionAttributeValues?.[":event"])).to.deep.equal({
      ...alertEvent,
      id: "i-0123456789abcdef0/suppressed/2026-11-18T11:19:40.000Z",
      type: "Alert Suppressed",
      outcome: "suppressed",
      severity: "warning",
      title: "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
      reason:
        "suppressed by the cool-down: the last reboot was claimed at 2026-11-18T11:18:40.000Z, less than 30 minutes ago, until 2026-11-18T11:48:40.000Z",
      nextStep: "Check the instance now. The reason says what prevented the reboot.",
    });
  });

  it("of the first alert while the mode is dryrun says so", async () => {
    const { updates, post } = makeHandler({
      transactWrite: failing(cancelled({ mode: { S: "dryrun" }, modeSince: number(nowMs) })),
      rebootInstances: failing(awsError("DryRunOperation", 412)),
    });

    await post(webhook());

    expect(updates).to.have.length(1);
    expect(eventOf(updates[0]?.ExpressionAttributeValues?.[":event"])).to.deep.include({
      id: "i-0123456789abcdef0/suppressed/2026-11-18T11:19:40.000Z",
      type: "Alert Suppressed",
      reason: "suppressed by the kill switch: the mode is dryrun since 2026-11-18T11:19:40.000Z",
    });
  });

  const open: Item = {
    id: { S: "incident#alert-dcb8bb778c60d551" },
    source: { S: "webhook" },
    claimedAt: number(nowMs - 6 * minute),
    rebootRequestedAt: number(nowMs - 6 * minute),
    checkCount: number(2),
    upCount: number(2),
  };
  const resolved: Item = { ...open, resolvedAt: number(nowMs - 2 * minute) };
  const { rebootRequestedAt: _, ...claimed } = open;
  for (const [outcome, item, reason] of [
    [
      "recovered",
      {
        ...resolved,
        requestCount: number(20),
        failedCount: number(0),
        lastSuccessAt: number(nowMs - 3 * minute),
      },
      "both status checks were ok twice, requests succeed, and the alert resolved 4m00s after the reboot",
    ],
    ["instance up", { ...open, source: { S: "manual" } }, "both status checks were ok twice"],
    [
      "not recovered",
      { ...open, checkCount: number(8) },
      "after 8 checks the alert has not resolved",
    ],
    [
      "recovery unconfirmed",
      resolved,
      "both status checks were ok twice and the alert resolved 4m00s after the reboot, but Sumo Logic reported no responses of the API",
    ],
    [
      "unconfirmed",
      claimed,
      "the function ended, or could not write, before it recorded EC2's response",
    ],
    ["failed", { ...claimed, failure: { S: "no access" } }, "no access"],
  ] as [EventOutcome, Item, string][]) {
    it(`of the end "${outcome}" is in the lease, before the last e-mail, and in no other write`, async () => {
      const { updates, calls, mails, check } = makeHandler({ updateItem: leaving(item) });

      await check();

      const [type, severity, title, nextStep] = outcomes[outcome];
      const events = updates.map((it) => eventOf(it.ExpressionAttributeValues?.[":event"]));
      expect(events).to.deep.equal([
        undefined,
        {
          ...alertEvent,
          id: `alert-dcb8bb778c60d551/${outcome.replaceAll(" ", "-")}`,
          type,
          outcome,
          severity,
          title: `${title} i-0123456789abcdef0`,
          reason,
          nextStep,
        },
        undefined,
      ]);
      for (const index of [0, 2]) {
        expect(updates[index]?.UpdateExpression).to.match(/ REMOVE event$/);
      }
      expect(calls.lastIndexOf("publish")).to.be.above(calls.indexOf("updateItem") + 1);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([`${title} i-0123456789abcdef0`]);
    });
  }

  it("of an end is written although SNS refuses the last e-mail", async () => {
    const { updates, check } = makeHandler({
      updateItem: leaving(resolved),
      publish: failing(awsError("Throttled", 429)),
    });

    expect(await check()).to.deep.equal(["message-1"]);

    const ids = updates.map((it) => eventOf(it.ExpressionAttributeValues?.[":event"])?.id);
    expect(ids).to.deep.equal([
      undefined,
      "alert-dcb8bb778c60d551/recovery-unconfirmed",
      undefined,
    ]);
  });
});
