import { isTime } from "../../../handler/incidents/times.ts";

/** A time for people, to the second, for example `2026-01-01 12:00:00 UTC`. */
export function momentText(ms: number): string {
  return isTime(ms) ? `${dayText(ms)} ${timeOfDay(ms)} UTC` : "an unknown time";
}

/** For example `2026-01-01`. */
export function dayText(ms: number): string {
  return new Date(ms).toISOString().split("T")[0] ?? "";
}

/** For example `12:00:00`. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** For example `12:00`. */
export function minuteOfDay(ms: number): string {
  return timeOfDay(ms).slice(0, 5);
}
