import { type QuietWindow, readWindow } from "../handler/quiet-hours.ts";

const minuteMs = 60_000;
const weekMinutes = 7 * 24 * 60;
const mostWindows = 20;

const form =
  "windows separated by commas or semicolons, each with its time zone, for example Sat 02:00-04:00 Europe/Berlin, " +
  "Mon-Fri 22:00-06:00 America/New_York, Fri 18:00-Mon 06:00 UTC, or Daily 02:00-03:00 UTC";

/**
 * What quiet hours must be and are not; empty if they are valid. At most 20 windows, none of them empty,
 * cover at most half of a week: a stack that is quiet most of the time would only seem to reboot.
 */
export function quietHoursProblems(text: string): string[] {
  const texts = text.split(/[,;]/).map((it) => it.trim());
  const unread = texts.filter((it) => !readWindow(it));
  const unknownZones = unread.filter((it) => readWindow(it.replace(/\S+$/, "UTC")));
  const malformed = unread.filter((it) => !unknownZones.includes(it));
  const windows = texts.map(readWindow).filter((it) => it !== undefined);
  const empty = texts.filter((it) => readWindow(it)?.spans.some(({ minutes }) => minutes === 0));
  const quietMinutes = Math.max(...weeksOfYear.map((ms) => minutesOfWeek(windows, ms)));
  return [
    ...(texts.length > mostWindows ? [`at most ${mostWindows} windows, not ${texts.length}`] : []),
    ...(malformed.length > 0
      ? [texts.length === 1 ? form : `${form}; not ${quoted(malformed)}`]
      : []),
    ...(unknownZones.length > 0
      ? [
          `an IANA time zone in each window, for example Europe/Berlin; unknown: ${quoted(unknownZones)}`,
        ]
      : []),
    ...(empty.length > 0
      ? [`an end that differs from the start (a whole day is 00:00-24:00), not ${quoted(empty)}`]
      : []),
    ...(quietMinutes > weekMinutes / 2
      ? [`at most 84 hours a week in total, not ${hoursText(quietMinutes)}`]
      : []),
  ];
}

function quoted(texts: readonly string[]): string {
  return texts.map((it) => JSON.stringify(it)).join(", ");
}

/** Two zones are not always equally far apart, so a week in each month of a year is counted. */
const weeksOfYear = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 15));

/**
 * How many minutes of a week are quiet, with each overlap counted once, if every zone keeps the offset that
 * it has at `ms`.
 */
function minutesOfWeek(windows: readonly QuietWindow[], ms: number): number {
  const quiet = new Set<number>();
  for (const { spans, localMinute } of windows) {
    const offsetMinutes = localMinute(ms) - ms / minuteMs;
    for (const { startMinute, minutes } of spans) {
      const first = startMinute - offsetMinutes + weekMinutes;
      for (let it = 0; it < minutes; it++) quiet.add((first + it) % weekMinutes);
    }
  }
  return quiet.size;
}

function hoursText(minutes: number): string {
  const rest = minutes % 60;
  const restText = rest === 0 ? "" : ` and ${rest} minute${rest === 1 ? "" : "s"}`;
  return `${Math.floor(minutes / 60)} hours${restText}`;
}
