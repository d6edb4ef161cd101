import { randomBytes } from "node:crypto";
import type { Item } from "./collection.ts";
import { type LogMessage, type Row, runQuery } from "./query.ts";
import type { Due } from "./template.ts";

// https://help.sumologic.com/docs/alerts/monitors/create-monitor/ and …/monitor-faq/

/** Log monitors query this far behind the clock, and further by their evaluation delay. */
const lagMs = 2 * 60_000;

/**
 * How many groups can have an alert in one run: the first that fire.
 * https://help.sumologic.com/docs/alerts/monitors/alert-grouping/
 */
const mostGroups = 1_000;

interface Window {
  readonly windowStartMs: number;
  readonly windowEndMs: number;
}

interface ActiveAlert {
  readonly alertUrl: string;
  /** Since when the resolution condition has held without a break; absent while it does not. */
  okSinceMs?: number;
}

/** The active alerts of a monitor: one for each trigger type and group that is active. */
export class MonitorState {
  private readonly active = new Map<string, ActiveAlert>();

  /**
   * Evaluates a monitor at a full minute and returns the notifications that are due: one when an
   * alert begins and one when it has resolved, none while it stays as it is.
   */
  evaluate(monitor: Item, messages: readonly LogMessage[], nowMs: number): Due[] {
    return alertTriggers(monitor)
      .filter((trigger) => Math.floor(nowMs / 60_000) % frequencyMinutes(trigger.timeRange) === 0)
      .flatMap((trigger) => {
        const windowEndMs = nowMs - lagMs - milliseconds(monitor.evaluationDelay || "0m");
        const windowStartMs = windowEndMs - milliseconds(trigger.timeRange);
        const isIn = ({ timeMs }: LogMessage) => timeMs > windowStartMs && timeMs <= windowEndMs;
        const rows = runQuery(monitor.queries[0].query, messages.filter(isIn));
        const window = { windowStartMs, windowEndMs };
        const groups = this.groups(monitor, trigger, rows);
        const firing = new Map(
          groups
            .flatMap(([key, group]): [string, Row[]][] => {
              const those = firingRows(trigger, group);
              return those ? [[key, those]] : [];
            })
            .slice(0, mostGroups),
        );
        return groups.flatMap(([key, group]) => {
          if (this.active.has(key)) return this.resolve(key, monitor, trigger, group, window);
          const those = firing.get(key);
          return those ? this.begin(key, trigger, those, window) : [];
        });
      });
  }

  /**
   * The rows of each group that has any now, or has an active alert; and of the one group without
   * group fields, where no row at all is a result too.
   */
  private groups(monitor: Item, trigger: Item, rows: Row[]): [string, Row[]][] {
    const fields: string[] = monitor.notificationGroupFields ?? [];
    const keyOf = (row: Row) => JSON.stringify([trigger.triggerType, fields.map((it) => row[it])]);
    const groups = Map.groupBy(rows, keyOf);
    const isRowCount = !trigger.field && fields.length === 0;
    if (isMissingData(trigger) || isRowCount) groups.set(keyOf({}), rows);
    for (const key of this.active.keys()) {
      if (key.startsWith(`["${trigger.triggerType}"`) && !groups.has(key)) groups.set(key, []);
    }
    return [...groups];
  }

  private begin(key: string, trigger: Item, rows: Row[], window: Window): Due {
    const alertUrl = `https://service.sumologic.com/ui/#/alert/${randomBytes(8).toString("hex")}`;
    this.active.set(key, { alertUrl });
    const value = triggerValue(trigger, rows);
    return { triggerType: trigger.triggerType, trigger, alertUrl, rows, value, ...window };
  }

  private resolve(key: string, monitor: Item, alert: Item, rows: Row[], window: Window): Due[] {
    const active = this.active.get(key);
    const trigger = resolutionOf(monitor, alert);
    const isOk = isMissingData(alert) ? rows.length > 0 : isResolved(trigger, rows);
    if (!active || !isOk) {
      if (active) active.okSinceMs = undefined;
      return [];
    }
    active.okSinceMs ??= window.windowEndMs;
    // Without any row the condition must hold for the whole window.
    const needed = rows.length > 0 && trigger.resolutionWindow;
    const neededMs = isMissingData(alert) ? 0 : milliseconds(needed || trigger.timeRange);
    if (window.windowEndMs - active.okSinceMs < neededMs) return [];
    this.active.delete(key);
    const { alertUrl } = active;
    const value = triggerValue(trigger, rows);
    return [{ triggerType: trigger.triggerType, trigger, alertUrl, rows, value, ...window }];
  }
}

function alertTriggers(monitor: Item): Item[] {
  return (monitor.triggers as Item[]).filter((it) => !it.triggerType.startsWith("Resolved"));
}

function resolutionOf(monitor: Item, { triggerType }: Item): Item {
  return (
    (monitor.triggers as Item[]).find((it) => it.triggerType === `Resolved${triggerType}`) ?? {}
  );
}

function isMissingData({ detectionMethod }: Item): boolean {
  return detectionMethod === "LogsMissingDataCondition";
}

/**
 * The rows that fire, which may be none; undefined if nothing fires. Without a field it is the
 * number of rows that is compared.
 */
function firingRows(trigger: Item, rows: Row[]): Row[] | undefined {
  if (isMissingData(trigger)) return rows.length === 0 ? rows : undefined;
  if (!trigger.field) return meets(trigger, rows.length) ? rows : undefined;
  const firing = rows.filter((row) => meets(trigger, fieldOf(row, trigger)));
  return firing.length > 0 ? firing : undefined;
}

function isResolved(trigger: Item, rows: Row[]): boolean {
  if (!trigger.field) return meets(trigger, rows.length);
  return rows.every((row) => meets(trigger, fieldOf(row, trigger)));
}

/** Not a number where the row has no such field, which meets no condition. */
function fieldOf(row: Row, { field }: Item): number {
  return Number(row[field] ?? Number.NaN);
}

function triggerValue({ field }: Item, rows: Row[]): number {
  return field ? Number(rows[0]?.[field] ?? 0) : rows.length;
}

function meets({ threshold, thresholdType }: Item, value: number): boolean {
  if (thresholdType === "GreaterThan") return value > threshold;
  if (thresholdType === "GreaterThanOrEqual") return value >= threshold;
  if (thresholdType === "LessThan") return value < threshold;
  return value <= threshold;
}

/** The longer the window, the rarer it is evaluated. An hour is in two classes; this is the slower one. */
function frequencyMinutes(timeRange: string): number {
  const minutes = milliseconds(timeRange) / 60_000;
  if (minutes <= 15) return 1;
  if (minutes < 60) return 2;
  return minutes <= 360 ? 10 : 20;
}

/** A duration such as `10m`, `-10m` or `1m30s`. */
function milliseconds(duration: string): number {
  const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...duration.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
}
