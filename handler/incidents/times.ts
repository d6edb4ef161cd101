// Times and durations as text, for e-mails, the log and the commands of operate/.

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** False for a number that is no time: nanoseconds since 1970, for example, are too large. */
export function isTime(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}

/** Milliseconds since 1970 in ISO 8601, for example `2026-01-01T12:00:00.000Z`. */
export function timeText(ms: number): string {
  return isTime(ms) ? new Date(ms).toISOString() : "an unknown time";
}

/** To the minute, for example `11:06 UTC`; with the date if it is not the day of `nowMs`. */
export function clockText(ms: number, nowMs: number): string {
  return isTime(ms) ? `${minuteText(ms, nowMs)} UTC` : timeText(ms);
}

/** For example `between 11:06 and 11:16 UTC`; with dates if one is not the day of `nowMs`. */
export function periodText(startMs: number, endMs: number, nowMs: number): string {
  const end = clockText(endMs, nowMs);
  return `between ${isTime(startMs) ? minuteText(startMs, nowMs) : timeText(startMs)} and ${end}`;
}

/** For example `12m05s`. Two clocks can differ, so a negative duration counts as none. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

function minuteText(ms: number, nowMs: number): string {
  const [date = "", clock = ""] = new Date(ms).toISOString().split("T");
  const isToday = timeText(nowMs).startsWith(`${date}T`);
  return isToday ? clock.slice(0, 5) : `${date} ${clock.slice(0, 5)}`;
}
