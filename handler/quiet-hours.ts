/**
 * A window of quiet hours: these minutes of each week, by a wall clock in its zone. So daylight saving
 * needs no special rule: an hour that the clock skips is not quiet, and one that it shows twice is
 * quiet twice.
 */
export interface QuietWindow {
  /** Each part of the window: from this minute of the week (Monday 00:00 is 0), and its length in minutes. */
  readonly spans: readonly { readonly startMinute: number; readonly minutes: number }[];
  /** What a wall clock in the zone shows, as minutes since 1970 in a zone without an offset. */
  readonly localMinute: (ms: number) => number;
}

/** The windows of quiet hours. If they cannot be read, nobody knows when it is quiet. */
export type QuietHours = readonly QuietWindow[] | "unreadable";

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Windows, separated by commas or semicolons; infra/quiet-hours.ts limits them before a deployment. */
export function parseQuietHours(text: string): QuietHours {
  const windows = text.split(/[,;]/).map((it) => readWindow(it.trim()));
  return windows.every((it) => it !== undefined) ? windows : "unreadable";
}

/**
 * When the quiet hours end, in milliseconds since 1970, if it is quiet at `nowMs`: their start is, their end
 * is not. Windows that leave no minute of the week end after eight days, so that this ends too.
 */
export function quietUntil(windows: readonly QuietWindow[], nowMs: number): number | undefined {
  let ms = Math.floor(nowMs / minuteMs) * minuteMs;
  for (;;) {
    const minutes = Math.max(...windows.map((it) => quietMinutes(it, ms)));
    if (minutes <= 0) return ms > nowMs ? ms : undefined;
    if (ms > nowMs + 8 * dayMinutes * minuteMs) return ms;
    ms += minutes * minuteMs;
  }
}

/** For how many minutes the window certainly lasts; none if it is not quiet. */
function quietMinutes({ spans, localMinute }: QuietWindow, ms: number): number {
  const now = localMinute(ms);
  // 1 January 1970 was a Thursday.
  const minute = now + 3 * dayMinutes;
  const left = spans.map((it) => it.minutes - ((minute - it.startMinute) % weekMinutes));
  const most = Math.max(...left);
  // One by one if the clock is changed before the end.
  const isSteady = localMinute(ms + most * minuteMs) === now + most;
  return isSteady ? most : Math.min(most, 1);
}

const day = `(${days.join("|")})`;
const hour = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const form = new RegExp(
  `^(?:Daily|${day}(?:-${day})?) (${hour})-(?:${day} )?(${hour}|24:00) ([A-Za-z][\\w+/-]*)$`,
);

/**
 * Reads one window: `DAYS HH:MM-HH:MM ZONE`, where the days are `Sat`, `Mon-Fri` or `Daily`, and an end that
 * is earlier than the start is of the next day; or `DAY HH:MM-DAY HH:MM ZONE`. The zone is one of the IANA
 * database. Returns `undefined` for everything else.
 */
export function readWindow(text: string): QuietWindow | undefined {
  const [, first, last = first, start, endDay, end, zone = ""] = form.exec(text) ?? [];
  const localMinute = wallClock(zone);
  const isOneDay = first !== undefined && first === last;
  if (!localMinute || (endDay && !isOneDay)) return undefined;
  const startMinute = minuteOf(first, start);
  const length = minuteOf(endDay ?? first, end) - startMinute;
  const minutes = length < 0 ? length + (endDay ? weekMinutes : dayMinutes) : length;
  const count = first ? ((dayIndex(last) - dayIndex(first) + 7) % 7) + 1 : 7;
  const spans = Array.from({ length: count }, (_, index) => ({
    startMinute: startMinute + index * dayMinutes,
    minutes,
  }));
  return { spans, localMinute };
}

/** The minute of the week of `HH:MM` on a day, which is Monday if there is none. */
function minuteOf(day: string | undefined, time = ""): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return dayIndex(day) * dayMinutes + hours * 60 + minutes;
}

function dayIndex(day = "Mon"): number {
  return days.indexOf(day);
}

/** The wall clock of a zone; `undefined` if Node.js does not know the zone. */
function wallClock(timeZone: string): QuietWindow["localMinute"] | undefined {
  try {
    const style = { dateStyle: "short", timeStyle: "short" } as const;
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone, ...style });
    // Swedish is written almost as in ISO 8601: 2026-11-28 02:30.
    const localMinute = (ms: number) =>
      Date.parse(`${format.format(ms).replace(" ", "T")}Z`) / minuteMs;
    return Number.isNaN(localMinute(0)) ? undefined : localMinute;
  } catch {
    return undefined;
  }
}
