import type { Incident } from "../../../handler/incidents/table.ts";
import { isTime, minuteMs } from "../../../handler/incidents/times.ts";
import type { Records } from "../../drill/sumo-logic.ts";

/** The condition of the alert, as the stack's output `alertRule` has it. */
export interface Rule {
  readonly apiPath: string;
  readonly slowResponseSeconds: number;
  /** More than this many slow responses in a window fire the alert. */
  readonly maxSlowResponses: number;
  readonly windowMinutes: number;
}

/** Slow responses per slice of time around an incident. */
export interface SlowResponses {
  readonly rule: Rule;
  /** The period that a chart shows, aligned with the slices. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly sliceMinutes: number;
  /** In order, from one window before `fromMs` on; slices without a slow response are left out. */
  readonly slices: readonly Slice[];
}

export interface Slice {
  readonly startMs: number;
  readonly count: number;
  /** The slowest response. */
  readonly worstSeconds: number;
}

/** What must be asked of Sumo Logic for the chart of an incident. */
export interface Question {
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One page of the search API has 1,000 rows, and a window before the chart has at most 30. */
const mostSlices = 960;

type Period = Omit<SlowResponses, "slices">;

/**
 * The period around an incident: from one window (at least ten minutes) before its alert's window to half
 * of that after its last event, at most until `nowMs`. Undefined if the item has no time.
 */
export function periodOf(incident: Incident, rule: Rule, nowMs: number): Period | undefined {
  const { cause, arrivedAtMs, claimedAtMs, rebootRequestedAtMs, resolvedAtMs, closedAtMs } =
    incident;
  const windowMs = rule.windowMinutes * minuteMs;
  const aroundMs = Math.max(windowMs, 10 * minuteMs);
  const starts = cause.kind === "alert" ? [cause.windowStartMs, arrivedAtMs] : [arrivedAtMs];
  const ends = [claimedAtMs, rebootRequestedAtMs, resolvedAtMs, closedAtMs];
  const startMs = Math.min(...starts.filter(isTime)) - aroundMs;
  const lastMs = Math.max(...ends.filter((it) => it !== undefined).filter(isTime));
  if (!isTime(startMs) || !isTime(lastMs)) return undefined;
  // Each of Sumo Logic's windows of more than 30 minutes is a multiple of 30 minutes.
  const sliceMinutes = Math.max(1, rule.windowMinutes / 30);
  const sliceMs = sliceMinutes * minuteMs;
  const fromMs = Math.floor(startMs / sliceMs) * sliceMs;
  const wantedMs = Math.ceil(Math.min(lastMs + aroundMs / 2, nowMs) / sliceMs) * sliceMs;
  const toMs = Math.min(Math.max(wantedMs, fromMs + sliceMs), fromMs + mostSlices * sliceMs);
  return { rule, fromMs, toMs, sliceMinutes };
}

/** The ids of instances in the saved search: one, or a list that `or` or a comma separates. */
const idsInQuery = /"i-[0-9a-f]{8,17}"(?:(?: or |, )"i-[0-9a-f]{8,17}")*/g;

/**
 * The saved search of the stack, with the chart's slices and for the incident's instance, which may be one of
 * a group or may have been replaced since. Throws if the search was changed so that it has no slices.
 */
export function questionOf(
  savedQuery: string,
  { fromMs, toMs, rule, sliceMinutes }: Period,
  instanceId: string | undefined,
): Question {
  const sliced = savedQuery.replace(/\| timeslice \d+m\b/, `| timeslice ${sliceMinutes}m`);
  if (!/\| timeslice \d+m\b/.test(savedQuery)) {
    throw new Error("the stack's saved search has no timeslice: run `pulumi up --refresh`");
  }
  // Others may write the table: what is no id must not become part of a query.
  const isId = /^i-[0-9a-f]{8,17}$/.test(instanceId ?? "");
  const query = isId ? sliced.replaceAll(idsInQuery, `"${instanceId}"`) : sliced;
  return { query, fromMs: fromMs - rule.windowMinutes * minuteMs, toMs };
}

/** The rows of the response. Those with other values than numbers are left out. */
export function readSlices(period: Period, rows: Records): SlowResponses {
  const slices = rows
    .map(({ _timeslice, slow_count, worst_s }) => ({
      startMs: Number(_timeslice),
      count: Number(slow_count),
      worstSeconds: Number(worst_s),
    }))
    .filter(({ startMs, count }) => isTime(startMs) && Number.isInteger(count) && count > 0)
    .sort((a, b) => a.startMs - b.startMs);
  return { ...period, slices };
}

/** Each slice of the chart with its count and that of the window which ends with it. */
export function countsOf({ rule, fromMs, toMs, sliceMinutes, slices }: SlowResponses) {
  const sliceMs = sliceMinutes * minuteMs;
  const windowMs = rule.windowMinutes * minuteMs;
  const counts = new Map(slices.map(({ startMs, count }) => [startMs, count]));
  return Array.from({ length: (toMs - fromMs) / sliceMs }, (_, index) => {
    const startMs = fromMs + index * sliceMs;
    const endMs = startMs + sliceMs;
    const inWindow = slices
      .filter((it) => it.startMs >= endMs - windowMs && it.startMs < endMs)
      .reduce((sum, it) => sum + it.count, 0);
    return { startMs, count: counts.get(startMs) ?? 0, inWindow };
  });
}

/** When the first slow response of a window was logged, to the slice; undefined if none is known. */
export function firstSlowMs(
  { slices, sliceMinutes }: SlowResponses,
  { startMs, endMs }: { startMs: number; endMs: number },
): number | undefined {
  const sliceMs = sliceMinutes * minuteMs;
  const first = slices.find((it) => it.startMs + sliceMs > startMs && it.startMs < endMs);
  // The slice may have begun before the window.
  return first && Math.max(first.startMs, startMs);
}
