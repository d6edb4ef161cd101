import { randomBytes } from "node:crypto";
import type { CallUrl } from "../function-url.ts";
import { type LogMessage, type Row, runQuery } from "./query.ts";
import type { Item } from "./store.ts";
import { type Due, renderPayload } from "./template.ts";

/** What the webhook answered to one notification. */
export interface Notification {
  readonly triggerType: string;
  readonly url: string;
  readonly payload: string;
  readonly status: number;
  readonly answer: string;
}

interface ActiveAlert {
  readonly alertUrl: string;
  readonly rows: Row[];
  /** Since when the resolution condition has held without a break; absent while it does not. */
  okSinceMs?: number;
}

/** Log monitors look this far behind the clock: https://help.sumologic.com/docs/alerts/monitors/ */
const lagMs = 2 * 60_000;

/**
 * Evaluates a monitor once and says which notification is due: one when its alert begins and one
 * when it has resolved; none while it stays as it is.
 */
export class MonitorState {
  private active: ActiveAlert | undefined;

  evaluate(monitor: Item, messages: readonly LogMessage[], nowMs: number): Due | undefined {
    const critical = triggerOf(monitor, "Critical");
    const windowEndMs = nowMs - lagMs;
    const windowStartMs = windowEndMs - milliseconds(critical.timeRange);
    const inWindow = messages.filter((it) => it.timeMs > windowStartMs && it.timeMs <= windowEndMs);
    const rows = runQuery(monitor.queries[0].query, inWindow);
    const window = { windowStartMs, windowEndMs };
    const firing = rows.filter((row) => exceeds(row[critical.field], critical));
    if (!this.active) {
      if (firing.length === 0) return undefined;
      const alertUrl = `https://service.sumologic.com/ui/#/alert/${randomBytes(8).toString("hex")}`;
      this.active = { alertUrl, rows: firing };
      const value = Number(firing[0]?.[critical.field]);
      return { triggerType: "Critical", alertUrl, rows: firing, value, ...window };
    }
    return this.resolve(monitor, rows, window, nowMs);
  }

  private resolve(
    monitor: Item,
    rows: Row[],
    window: { windowStartMs: number; windowEndMs: number },
    nowMs: number,
  ): Due | undefined {
    const { active } = this;
    const resolution = triggerOf(monitor, "ResolvedCritical");
    const values = rows.map((row) => row[resolution.field] ?? null);
    const isOk = values.every((value) => exceeds(value, resolution));
    if (!active || !isOk) {
      if (active) active.okSinceMs = undefined;
      return undefined;
    }
    active.okSinceMs ??= nowMs;
    if (nowMs - active.okSinceMs < milliseconds(resolution.resolutionWindow)) return undefined;
    this.active = undefined;
    const { alertUrl } = active;
    const value = Number(values[0] ?? 0);
    return { triggerType: "ResolvedCritical", alertUrl, rows: active.rows, value, ...window };
  }
}

/** Calls the monitor's webhooks for a notification that is due. */
export async function notify(
  monitor: Item,
  due: Due,
  connections: ReadonlyMap<string, Item>,
  callUrl: CallUrl,
): Promise<Notification[]> {
  const wanted = (monitor.notifications as Item[]).filter((it) =>
    it.runForTriggerTypes.includes(due.triggerType),
  );
  return Promise.all(
    wanted.map(async ({ notification }) => {
      const connection = connections.get(notification.connectionId);
      if (!connection) throw new Error(`no connection ${notification.connectionId}`);
      const isResolution = due.triggerType.startsWith("Resolved");
      const template = isResolution ? connection.resolutionPayload : connection.defaultPayload;
      const payload = renderPayload(template, monitor, due);
      const headers = ((connection.headers ?? []) as Item[]).map(({ name, value }) => [
        name,
        value,
      ]);
      const { status, body: answer } = await callUrl(connection.url, {
        headers: { "content-type": "application/json", ...Object.fromEntries(headers) },
        body: payload,
      });
      const { triggerType } = due;
      return { triggerType, url: connection.url, payload, status, answer };
    }),
  );
}

function triggerOf(monitor: Item, type: string): Item {
  const trigger = (monitor.triggers as Item[]).find((it) => it.triggerType === type);
  if (!trigger) throw new Error(`monitor ${monitor.name} has no trigger ${type}`);
  return trigger;
}

function exceeds(value: Row[string] | undefined, { threshold, thresholdType }: Item): boolean {
  if (value === null || value === undefined) return false;
  if (thresholdType === "GreaterThan") return Number(value) > threshold;
  if (thresholdType === "LessThanOrEqual") return Number(value) <= threshold;
  throw new Error(`the sandbox does not compare with ${thresholdType}`);
}

function milliseconds(range: string): number {
  const minutes = /^-?(\d+)m$/.exec(range)?.[1];
  if (!minutes) throw new Error(`the sandbox knows time ranges in minutes only: got ${range}`);
  return Number(minutes) * 60_000;
}
