import type { Item } from "./collection.ts";
import type { Row } from "./query.ts";

/** A notification that is due: what its text is made from. */
export interface Due {
  readonly triggerType: string;
  /** The monitor's trigger that fired or resolved. */
  readonly trigger: Item;
  readonly alertUrl: string;
  /** The rows that fired; for a resolution those of the resolving window, which may be none. */
  readonly rows: Row[];
  readonly value: number;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
}

const console = "https://service.sumologic.com/ui/#";

/**
 * Every variable that is documented for monitors, by its name in lower case.
 * https://help.sumologic.com/docs/alerts/monitors/alert-variables/
 */
export function variablesOf(monitor: Item, due: Due): ReadonlyMap<string, string> {
  const { trigger, rows, windowStartMs, windowEndMs } = due;
  // At most 200 aggregates or 10 messages are sent.
  const sentRows = rows.slice(0, "_raw" in (rows[0] ?? {}) ? 10 : 200);
  return new Map(
    Object.entries({
      name: monitor.name,
      description: monitor.description ?? "",
      alertname: monitor.alertName || monitor.name,
      monitortype: monitor.monitorType,
      detectionmethod: trigger.detectionMethod,
      query: monitor.queries[0].query,
      queryurl: `${console}/search/@${windowStartMs},${windowEndMs}`,
      id: monitor.id,
      triggertype: due.triggerType === "MissingData" ? "Missing Data" : due.triggerType,
      triggertimerange: `${dateText(windowStartMs)} to ${dateText(windowEndMs)}`,
      triggertimestart: String(windowStartMs),
      triggertimeend: String(windowEndMs),
      triggercondition: conditionText(trigger),
      triggervalue: String(due.value),
      numqueryresults: String(rows.length),
      resultsjson: JSON.stringify(sentRows, (_, value) =>
        typeof value === "bigint" ? Number(value) : value,
      ),
      ...resultFields(sentRows),
      alertresponseurl: due.alertUrl,
      sourceurl: `${console}/monitoring/unified-monitors/${monitor.id}`,
      playbook: monitor.playbook ?? "",
      slodashboardurl: "",
    }),
  );
}

/** "Unresolved variables are given empty quotes as a value." Same page. */
const unresolved = '""';

/**
 * A template with its `{{variables}}` filled in. Names are case-insensitive. For JSON each value becomes the
 * inside of a JSON string. An index behind the braces picks a row: `{{ResultsJson.field}}[0]`.
 */
export function render(
  template: string,
  variables: ReadonlyMap<string, string>,
  form: "json" | "text",
): string {
  return template.replaceAll(/\{\{([^{}]+)\}\}(\[\d+\])?/g, (_all, name: string, index = "") => {
    const key = name.trim().toLowerCase();
    const isField = key.startsWith("resultsjson.");
    const value = isField
      ? (variables.get(key + index) ?? unresolved)
      : (variables.get(key) ?? unresolved) + index;
    return form === "json" ? JSON.stringify(value).slice(1, -1) : value;
  });
}

/** `ResultsJson.field`: the value of one row, or the list of all rows' values; `…[0]`: of a row. */
function resultFields(rows: Row[]): Record<string, string> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(
    names.flatMap((name) => {
      const key = `resultsjson.${name.toLowerCase()}`;
      const texts = rows.map((row) => textOf(row, name));
      const values = rows.map((row, index) =>
        isNumeric(row[name]) ? Number(texts[index]) : (row[name] ?? null),
      );
      return [
        [key, texts.length === 1 ? texts[0] : JSON.stringify(values)],
        ...texts.map((value, index) => [`${key}[${index}]`, value]),
      ];
    }),
  );
}

/**
 * A field's value. Sumo Logic shows the Doubles of an aggregate with six digits:
 * https://help.sumologic.com/docs/search/search-query-language/search-operators/formatdate/
 */
function textOf(row: Row, name: string): string {
  const value = row[name] ?? "";
  const isDouble = typeof value === "number" && !("_messagetime" in row);
  if (!isDouble || Math.abs(value) < 1e6) return String(value);
  return value
    .toExponential(5)
    .replace(/\.?0+e/, "e")
    .replace(/e\+(\d)$/, "e+0$1");
}

function isNumeric(value: Row[string] | undefined): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

/** For example `Greater than or equal to 5.0 in the last 10 minutes`. */
function conditionText({
  detectionMethod,
  thresholdType = "",
  threshold,
  timeRange,
}: Item): string {
  const range = `in the last ${durationText(timeRange)}`;
  if (detectionMethod === "LogsMissingDataCondition") return `Missing data ${range}`;
  const words = thresholdType
    .replaceAll(/(?!^)[A-Z]/g, (it: string) => ` ${it.toLowerCase()}`)
    .replace(/equal$/, "equal to");
  return `${words} ${Number(threshold).toFixed(1)} ${range}`;
}

/** `10 minutes` of `10m` or `-10m`. */
function durationText(timeRange: string): string {
  const [, count, unit = ""] = /^-?(\d+)([mhd])$/.exec(timeRange) ?? [];
  const name = { m: "minute", h: "hour", d: "day" }[unit];
  return `${count} ${name}${count === "1" ? "" : "s"}`;
}

/** For example `07/13/2021 03:21:32 PM UTC`. */
function dateText(timeMs: number): string {
  const date = new Date(timeMs);
  const options = { timeZone: "UTC", hour12: true } as const;
  const day = date.toLocaleDateString("en-US", { ...options, dateStyle: "short" });
  const [month, dayOfMonth] = day.split("/").map((it) => it.padStart(2, "0"));
  const time = date.toLocaleTimeString("en-US", {
    ...options,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return `${month}/${dayOfMonth}/${date.getUTCFullYear()} ${time} UTC`;
}
