import { minuteMs, timeText } from "../handler/incidents/times.ts";
import { parseQuietHours, type QuietWindow, quietUntil } from "../handler/quiet-hours.ts";

/** The current and the next quiet hours of a stack's setting, as one line for a person. */
export function describeQuietHours(text: string, nowMs: number): string {
  const windows = parseQuietHours(text);
  const name = `quiet hours (${text})`;
  if (windows === "unreadable") return `${name} cannot be read, so no alert reboots`;
  const untilMs = quietUntil(windows, nowMs);
  const current = untilMs === undefined ? "" : `now, until ${timeText(untilMs)}; `;
  return `${name}: ${current}next ${nextText(windows, untilMs ?? nowMs)}`;
}

/** The window in its second week may begin later than a week from now, after a change of the clock. */
const longestMs = 15 * 24 * 60 * minuteMs;

/** The first quiet hours that begin after `nowMs`, which is not quiet. */
function nextText(windows: readonly QuietWindow[], nowMs: number): string {
  for (let ms = Math.ceil(nowMs / minuteMs) * minuteMs; ms <= nowMs + longestMs; ms += minuteMs) {
    const untilMs = quietUntil(windows, ms);
    if (untilMs !== undefined) return `from ${timeText(ms)} until ${timeText(untilMs)}`;
  }
  return "in more than two weeks";
}
