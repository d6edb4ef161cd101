import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { Item } from "../../sandbox/sumo-logic/collection.ts";
import { triggersOf } from "../../sandbox/sumo-logic/monitor-requests.ts";
import { MonitorState } from "../../sandbox/sumo-logic/monitors.ts";
import type { LogMessage } from "../../sandbox/sumo-logic/query.ts";
import { type Due, render, variablesOf } from "../../sandbox/sumo-logic/template.ts";
import { runProgram } from "../infra/mocks.ts";
import { instanceId, number, token } from "./support.ts";

const { parseWebhook } = loadProgram<typeof import("../../handler/requests/webhook.ts")>(
  "handler/requests/webhook.ts",
);
const { readIncident, resolutionAttributes } = loadProgram<
  typeof import("../../handler/incidents/table.ts")
>("handler/incidents/table.ts");
const { evaluateIncident } =
  loadProgram<typeof import("../../handler/verdict.ts")>("handler/verdict.ts");

const minuteMs = 60_000;
const startMs = Date.parse("2026-01-01T00:00:00Z");
const tokenSha256 = "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

/** A response, with the seconds it took. */
type Line = { readonly path?: string; readonly status?: number; readonly seconds: number };

const slow: Line = { seconds: 4.2, status: 200 };
const fast: Line = { seconds: 0.1, status: 200 };
const heartbeat: Line = { path: "/heartbeat", seconds: -1, status: 204 };

/** What the server does once it is up again, two minutes after the reboot; a line this often a minute. */
const afterwards: Readonly<Record<string, (perMinute: number, upMinutes: number) => Line[]>> = {
  "is fast": (count) => [...Array<Line>(count).fill(fast), heartbeat],
  "is fast, in lines without a status": (count) => Array<Line>(count).fill({ seconds: 0.1 }),
  "stays slow": (count) => [...Array<Line>(count).fill(slow), heartbeat],
  "hangs until the proxy gives up": (count) =>
    Array<Line>(count).fill({ seconds: 60, status: 504 }),
  "responds to each request with a fast 502": (count) =>
    Array<Line>(count).fill({ seconds: 0.001, status: 502 }),
  "hangs, and clients give up before it is slow": (count) =>
    Array<Line>(count).fill({ seconds: 2, status: 499 }),
  "is fast for five minutes and then responds with 502": (count, upMinutes) =>
    Array<Line>(count).fill(upMinutes < 5 ? fast : { seconds: 0.001, status: 502 }),
  "responds to each request with a fast 404": (count) =>
    Array<Line>(count).fill({ seconds: 0.001, status: 404 }),
  "gets no request but heartbeats": () => [heartbeat],
  "logs nothing at all": () => [],
};

/** The monitor and the webhook's body as this program provisions them. */
async function provisioned(windowMinutes: number, maxChecks: number) {
  const run = await runProgram({
    windowMinutes: String(windowMinutes),
    checkEveryMinutes: "1",
    maxChecks: String(maxChecks),
    cooldownMinutes: String(maxChecks + 1),
    instanceId,
  });
  const [{ triggerConditions, ...monitor }] = run.inputsNamed("latency");
  const [{ defaultPayload }] = run.inputsNamed("latency-connection");
  return { monitor: { ...monitor, triggers: triggersOf(triggerConditions) }, defaultPayload };
}

/**
 * Plays one incident minute by minute: slow responses for two windows, the alert, a reboot that stops the
 * server for two minutes, and then the given behavior. Returns the verdict and the minutes after the
 * reboot at which it came.
 */
function play(
  { monitor, defaultPayload }: { monitor: Item; defaultPayload: string },
  options: { windowMinutes: number; perMinute: number; maxChecks: number; behavior: string },
) {
  const { windowMinutes, perMinute, maxChecks, behavior } = options;
  const state = new MonitorState();
  const messages: LogMessage[] = [];
  let rebootMinute: number | undefined;
  let item: ReturnType<typeof resolutionAttributes> = {};
  for (let minute = -2 * windowMinutes; minute < 1_000; minute++) {
    const nowMs = startMs + minute * minuteMs;
    const sinceReboot = minute - (rebootMinute ?? Number.POSITIVE_INFINITY);
    const lines =
      rebootMinute === undefined
        ? [...Array<Line>(perMinute).fill(slow), fast, heartbeat]
        : sinceReboot < 2
          ? []
          : (afterwards[behavior]?.(perMinute, sinceReboot - 2) ?? []);
    messages.push(...lines.map((line, index) => message(line, nowMs + index * 1_000)));
    if (minute < 0) continue;
    for (const due of state.evaluate(monitor, messages, nowMs)) {
      const alert = receive(render(defaultPayload, variablesOf(monitor, due), "json"), due);
      if (due.triggerType === "Critical" && rebootMinute === undefined) {
        rebootMinute = minute;
        item = { source: { S: "webhook" }, rebootRequestedAt: number(nowMs) };
      } else if (due.triggerType === "ResolvedCritical") {
        item = { ...item, ...resolutionAttributes(alert, nowMs) };
      }
    }
    const checkCount = rebootMinute === undefined ? 0 : minute - rebootMinute;
    if (checkCount === 0) continue;
    item = {
      ...item,
      checkCount: number(checkCount),
      upCount: number(Math.max(0, checkCount - 2)),
    };
    const verdict = evaluateIncident(readIncident(item), maxChecks);
    if (verdict.kind === "end") return { ...verdict, minutes: checkCount };
  }
  throw new Error("no verdict");
}

function message({ path = "/api/data", status, seconds }: Line, timeMs: number): LogMessage {
  const line = { path, status, response_time_s: seconds, instance_id: instanceId };
  return { raw: JSON.stringify(line), sourceCategory: "web/access", timeMs };
}

/** The alert in a webhook's body. */
function receive(body: string, { triggerType }: Due) {
  const event = { headers: { authorization: `Bearer ${token}` }, body };
  const request = parseWebhook(
    event,
    { method: "POST" },
    { instanceIds: [instanceId], tokenDigests: [tokenSha256] },
  );
  if (request.kind !== "alert") throw new Error(`${triggerType}: ${JSON.stringify(request)}`);
  return request;
}

const unconfirmed = "recovery unconfirmed";

/**
 * The smallest `maxChecks` for each window with a check each minute; and how many minutes after the reboot
 * its alerts resolve, with and without a row, of six slow responses a minute and of one.
 */
const windows = [
  { windowMinutes: 2, maxChecks: 12, dense: { row: 9, noRow: 6 } },
  { windowMinutes: 5, maxChecks: 15, dense: { row: 12, noRow: 12 } },
  {
    windowMinutes: 10,
    maxChecks: 25,
    dense: { row: 17, noRow: 22 },
    sparse: { row: 12, noRow: 12 },
  },
  {
    windowMinutes: 15,
    maxChecks: 35,
    dense: { row: 22, noRow: 32 },
    sparse: { row: 17, noRow: 17 },
  },
  {
    windowMinutes: 30,
    maxChecks: 67,
    dense: { row: 38, noRow: 62 },
    sparse: { row: 34, noRow: 58 },
  },
  {
    windowMinutes: 60,
    maxChecks: 143,
    dense: { row: 80, noRow: 130 },
    sparse: { row: 70, noRow: 120 },
  },
] as const;

describe("the verdict", function () {
  // The program is loaded for each window.
  this.timeout(120_000);

  for (const { windowMinutes, maxChecks, ...resolved } of windows) {
    describe(`in a window of ${windowMinutes} minutes, with a check each minute and the fewest checks`, () => {
      let provided: Awaited<ReturnType<typeof provisioned>>;
      before(async () => {
        provided = await provisioned(windowMinutes, maxChecks);
      });

      it("could not come with one check less", async () => {
        const error = await provisioned(windowMinutes, maxChecks - 1).catch((it) => it.message);

        expect(error).to.include(`maxChecks: got ${maxChecks - 1}; expected`);
      });

      for (const [traffic, { row, noRow }] of Object.entries(resolved)) {
        const perMinute = traffic === "dense" ? 6 : 1;
        for (const [behavior, end, minutes] of [
          ["is fast", "recovered", row],
          ["is fast, in lines without a status", "recovered", row],
          ["stays slow", "not recovered", maxChecks],
          ["hangs until the proxy gives up", "not recovered", maxChecks],
          ["responds to each request with a fast 502", unconfirmed, row],
          ["responds to each request with a fast 404", unconfirmed, row],
          ["hangs, and clients give up before it is slow", unconfirmed, row],
          ["gets no request but heartbeats", unconfirmed, row],
          ["logs nothing at all", unconfirmed, noRow],
        ] as const) {
          it(`is "${end}" after ${minutes} minutes if, after ${traffic} slow traffic, the server ${behavior}`, () => {
            const verdict = play(provided, { windowMinutes, perMinute, maxChecks, behavior });

            expect(verdict).to.include({ end, minutes });
            const timed = end === "not recovered" ? "" : `resolved ${minutes}m00s after the reboot`;
            expect(verdict.reason).to.include(timed);
          });
        }
      }
    });
  }

  it('is "not recovered" if the server works for five minutes and then fails', async () => {
    const provided = await provisioned(10, 25);
    const behavior = "is fast for five minutes and then responds with 502";
    const options = { windowMinutes: 10, perMinute: 6, maxChecks: 25, behavior };

    expect(play(provided, options)).to.deep.equal({
      kind: "end",
      end: "not recovered",
      reason:
        "the alert resolved 17m00s after the reboot, but 49 of 60 requests in its last window failed",
      minutes: 17,
    });
  });
});
