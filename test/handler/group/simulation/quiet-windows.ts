import type { Random } from "./random.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Quiet hours without a gap. */
export interface QuietSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Zone {
  readonly name: string;
  /** From UTC, in minutes. */
  readonly offset: number;
}

/** Zones without daylight saving time. */
const zones: readonly [Zone, ...Zone[]] = [
  { name: "UTC", offset: 0 },
  { name: "Asia/Kolkata", offset: 330 },
  { name: "Asia/Tokyo", offset: 540 },
  { name: "America/Bogota", offset: -300 },
];

/** Quiet hours as the setting writes them, and when they are in the given days: computed without the handler. */
export function quietWindowsOf(
  random: Random,
  { startMs, days }: { startMs: number; days: number },
): { text: string; spans: QuietSpan[] } {
  const windows = Array.from({ length: random.pick([1, 2]) }, () => ({
    daysOfWeek: random.pick(["Daily", "Mon-Fri"]),
    startMinute: random.whole(0, 1_439),
    minutes: random.pick([20, 120, 420]),
    zone: random.pick(zones),
  }));
  const text = windows.map(({ daysOfWeek, startMinute, minutes, zone }) => {
    const end = clock((startMinute + minutes) % 1_440);
    return `${daysOfWeek} ${clock(startMinute)}-${end} ${zone.name}`;
  });
  const spans = windows.flatMap(({ daysOfWeek, startMinute, minutes, zone }) =>
    Array.from({ length: days + 4 }, (_, index) => startMs + (index - 2) * dayMs)
      .filter((midnightMs) => daysOfWeek === "Daily" || isWorkday(midnightMs))
      .map((midnightMs) => midnightMs + (startMinute - zone.offset) * minuteMs)
      .map((fromMs) => ({ fromMs, untilMs: fromMs + minutes * minuteMs })),
  );
  return { text: text.join(", "), spans: joined(spans) };
}

/** For example `09:05`. */
function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((it) => String(it).padStart(2, "0")).join(":");
}

/** Whether a day is from Monday to Friday, by its midnight as if its zone had no offset. */
function isWorkday(midnightMs: number): boolean {
  const day = new Date(midnightMs).getUTCDay();
  return day >= 1 && day <= 5;
}

/** Spans that overlap or follow each other at once are one. */
function joined(spans: readonly QuietSpan[]): QuietSpan[] {
  const result: QuietSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last && span.fromMs <= last.untilMs) {
      const untilMs = Math.max(last.untilMs, span.untilMs);
      result.splice(-1, 1, { ...last, untilMs });
    } else result.push(span);
  }
  return result;
}
