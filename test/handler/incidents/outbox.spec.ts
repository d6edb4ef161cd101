import { expect } from "chai";
import fc from "fast-check";
import { setMode } from "../../../operate/mode/mode.ts";
import {
  alert,
  awsError,
  checkMessage,
  eventOf,
  failing,
  type Item,
  instanceId,
  makeHandler,
  nowMs,
  queueEvent,
  running,
} from "../support.ts";
import { detailProblems } from "./event-schema.ts";
import { type StreamRecord, TableModel } from "./table-model.ts";

const minute = 60_000;

const reboots = {
  accepted: async () => ({}),
  refused: failing(awsError("UnauthorizedOperation", 403)),
  "without a response": failing(awsError("TimeoutError")),
  "in a dry run": failing(awsError("DryRunOperation", 412)),
};
type Reboot = keyof typeof reboots;

/** A handler on a table in memory, which changes as the test says, and its kill switch. */
function onTable() {
  const table = new TableModel();
  const state = { nowMs, reboot: "accepted" as Reboot, isSnsDown: false, isStopped: false };
  /** The e-mails that SNS accepted, of incidents that the table had at that time. */
  const mails: { id: string; atMs: number; subject: string; text: string }[] = [];
  const handler = makeHandler({
    ...table.clients,
    rebootInstances: () => reboots[state.reboot](),
    describeInstanceStatus: async () => {
      const stopped = { ...running, InstanceState: { Name: "stopped" as const } };
      return { $metadata: {}, InstanceStatuses: [state.isStopped ? stopped : running] };
    },
    publish: async ({ Subject: subject = "", Message: text = "" }) => {
      if (state.isSnsDown) throw awsError("Throttled", 429);
      const id = /\nIncident: (.*)\n/.exec(text)?.[1] ?? "";
      if (table.items.has(`incident#${id}`)) mails.push({ id, atMs: state.nowMs, subject, text });
      return {};
    },
    options: { now: () => state.nowMs },
  });
  const alertAt = (index: number, fields: Record<string, unknown> = {}) =>
    alert({
      windowStartMs: String(state.nowMs - 10 * minute),
      windowEndMs: String(state.nowMs - 1),
      alertUrl: `https://service.sumologic.com/ui/#/alert/${index}`,
      ...fields,
    });
  return {
    table,
    state,
    mails,
    handler,
    send: (index: number) => handler.handle(alertAt(index)),
    resolve: (index: number) => {
      const counts = { requestCount: "9", failedCount: "0" };
      const lastSuccessMs = String(state.nowMs - 1);
      return handler.handle(
        alertAt(index, { triggerType: "ResolvedCritical", ...counts, lastSuccessMs }),
      );
    },
    /** A check of every incident of the table. */
    async check() {
      for (const [key, { nonce }] of [...table.items]) {
        if (nonce?.S === undefined) continue;
        await handler.check(queueEvent(checkMessage(key.replace("incident#", ""), nonce.S)));
      }
    },
    setMode: (mode: "on" | "dryrun" | "off") => {
      const db = { send: ({ input }: { input: never }) => table.clients.updateItem(input, 0) };
      const target = { db: db as never, tableName: "table", instanceId };
      return setMode(target, { mode, reason: "test", nowMs: state.nowMs, forMs: undefined });
    },
  };
}

const idsOf = (stream: readonly StreamRecord[]) =>
  stream.map(({ newImage }) => eventOf(newImage.event)?.id);

/** Whether a write is one that others are notified of, written in another way than the handler does. */
function isChange({ oldImage, newImage }: StreamRecord): boolean {
  const isNew = oldImage === undefined && newImage.nonce !== undefined;
  const notified = ["rebootRequestedAt", "failure", "turnUntil", "heldBackToldAt", "modeSince"];
  const differs = (name: string) =>
    JSON.stringify(oldImage?.[name]) !== JSON.stringify(newImage[name]);
  return isNew || notified.some(differs);
}

describe("the stream of the table", () => {
  it("has the events of an incident that recovers, and its other writes have none", async () => {
    const { table, state, send, check, resolve } = onTable();

    await send(1);
    state.nowMs += 3 * minute;
    await check();
    await resolve(1);
    state.nowMs += 3 * minute;
    await check();
    await check();

    const id = [...table.items.keys()][1]?.replace("incident#", "");
    expect(idsOf(table.stream)).to.deep.equal([
      // The instance's part of the claim.
      undefined,
      `${id}/claimed`,
      `${id}/rebooted`,
      // The first check and the resolution.
      undefined,
      undefined,
      // The last check: count, lease, closing.
      undefined,
      `${id}/recovered`,
      undefined,
      // A check of the closed incident.
      undefined,
    ]);
  });

  it("repeats the id of an incident's end if its e-mail fails, and has the end although SNS is down", async () => {
    const { table, state, send, check } = onTable();
    await send(1);
    Object.assign(state, { isSnsDown: true, isStopped: true });

    for (let index = 0; index < 10; index++) {
      state.nowMs += 3 * minute;
      await check();
    }

    const id = [...table.items.keys()][1]?.replace("incident#", "");
    expect(idsOf(table.stream).filter((it) => it !== undefined)).to.deep.equal([
      `${id}/claimed`,
      `${id}/rebooted`,
      `${id}/not-recovered`,
      `${id}/not-recovered`,
      `${id}/not-recovered`,
    ]);
  });

  it("repeats the id of a failure whose e-mail was refused", async () => {
    const { table, state, send, check } = onTable();
    Object.assign(state, { isSnsDown: true, reboot: "refused" });
    await send(1);
    Object.assign(state, { isSnsDown: false });
    await check();

    const id = [...table.items.keys()][1]?.replace("incident#", "");
    expect(idsOf(table.stream).filter((it) => it !== undefined)).to.deep.equal([
      `${id}/claimed`,
      `${id}/failed`,
      `${id}/failed`,
    ]);
  });

  for (const [what, prepare, id] of [
    [
      "suppressed alerts",
      (it: ReturnType<typeof onTable>) => it.send(0),
      "i-0123456789abcdef0/suppressed/2026-11-18T11:20:40.000Z",
    ],
    [
      "alerts while the mode is dryrun",
      (it: ReturnType<typeof onTable>) => {
        it.state.reboot = "in a dry run";
        return it.setMode("dryrun");
      },
      "i-0123456789abcdef0/suppressed/2026-11-18T11:20:40.000Z",
    ],
    [
      "alerts that EC2 would refuse while the mode is dryrun",
      (it: ReturnType<typeof onTable>) => {
        it.state.reboot = "refused";
        return it.setMode("dryrun");
      },
      "i-0123456789abcdef0/suppressed/2026-11-18T11:20:40.000Z",
    ],
  ] as const) {
    it(`has one write and one event of a storm of ${what}`, async () => {
      const it = onTable();
      await prepare(it);
      it.state.nowMs += minute;
      const before = it.table.stream.length;

      await Promise.all(Array.from({ length: 100 }, (_, index) => it.send(index + 1)));

      expect(idsOf(it.table.stream.slice(before))).to.deep.equal([id]);
    });
  }

  it("has an event again once the cool-down has ended", async () => {
    const it = onTable();
    await it.setMode("off");
    for (let index = 0; index < 4; index++) {
      await it.send(index);
      it.state.nowMs += 15 * minute;
    }

    expect(idsOf(it.table.stream)).to.deep.equal([
      "mode-1795000780000/off",
      "i-0123456789abcdef0/suppressed/2026-11-18T11:19:40.000Z",
      "i-0123456789abcdef0/suppressed/2026-11-18T11:49:40.000Z",
    ]);
  });

  const action = fc.oneof(
    fc.record({ kind: fc.constant("send"), index: fc.nat(3) } as const),
    fc.record({ kind: fc.constant("resolve"), index: fc.nat(3) } as const),
    fc.record({ kind: fc.constant("check") } as const),
    fc.record({ kind: fc.constant("invoke"), force: fc.boolean() } as const),
    fc.record({
      kind: fc.constant("mode"),
      mode: fc.constantFrom("on", "on", "dryrun", "off"),
    } as const),
    fc.record({ kind: fc.constant("wait"), minutes: fc.integer({ min: 1, max: 40 }) } as const),
    fc.record({
      kind: fc.constant("reboots"),
      are: fc.constantFrom(...(Object.keys(reboots) as Reboot[])),
    } as const),
    fc.record({ kind: fc.constant("sns"), isDown: fc.boolean() } as const),
    fc.record({ kind: fc.constant("instance"), isStopped: fc.boolean() } as const),
  );

  it("has an event exactly where a write is a change, and the item has the e-mails that were sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        const it = onTable();
        for (const [index, step] of actions.entries()) {
          it.state.nowMs += 1_000;
          if (step.kind === "send") await it.send(step.index);
          if (step.kind === "resolve") await it.resolve(step.index);
          if (step.kind === "check") await it.check();
          if (step.kind === "mode") await it.setMode(step.mode);
          if (step.kind === "wait") it.state.nowMs += step.minutes * minute;
          if (step.kind === "reboots") it.state.reboot = step.are;
          if (step.kind === "sns") it.state.isSnsDown = step.isDown;
          if (step.kind === "instance") it.state.isStopped = step.isStopped;
          if (step.kind === "invoke") {
            it.handler.context.awsRequestId = `request-${index}`;
            await it.handler.handle({ force: step.force }).catch(() => {});
          }
        }

        for (const record of it.table.stream) {
          expect(record.newImage.event !== undefined, JSON.stringify(record)).to.equal(
            isChange(record),
          );
        }
        const kinds = new Map<string, string>();
        for (const { newImage } of it.table.stream) {
          const { type, ...detail } = eventOf(newImage.event) ?? {};
          const { id, outcome, incidentId } = detail;
          if (id === undefined) continue;
          expect(detailProblems(detail)).to.deep.equal([]);
          const kind = `${type} ${outcome} ${incidentId}`;
          expect(kinds.get(id) ?? kind).to.equal(kind);
          kinds.set(id, kind);
        }
        for (const [key, item] of it.table.items) {
          if (item.nonce === undefined) continue;
          const sent = it.mails.filter(({ id }) => key === `incident#${id}`).slice(0, 10);
          expect(textsOf(item)).to.deep.equal(sent.map(({ text }) => text));
        }
      }),
      { numRuns: 200 },
    );
  });
});

function textsOf({ emails }: Item): (string | undefined)[] {
  return (emails?.L ?? []).map(({ M }) => M?.text?.S);
}
