import { isValues, type Value, type Values } from "../../engine/values.ts";

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html for the
// structure, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html for the limits.
// AWS accepts some of what is wrong here with a warning, and then shows an empty widget: the sandbox refuses both.

const maxWidgets = 500;
const maxMetricsOfWidget = 500;
const maxMetrics = 2_500;
const maxAlarmsOfWidget = 100;
const gridColumns = 24;
const maxHeight = 1_000;

interface Form {
  /** Properties that the widget must have. */
  readonly required: readonly string[];
  /** Other properties that it may have, as far as the program uses any. */
  readonly optional: readonly string[];
  readonly check: (properties: Values) => string[];
}

/** What is wrong with the body of a dashboard, one line each; empty if it is right. */
export function dashboardProblems(body: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return ["it is not JSON"];
  }
  if (!isValues(parsed)) return ["it is not an object"];
  const { widgets } = parsed;
  if (!Array.isArray(widgets)) return ["widgets must be a list"];
  const metrics = widgets.map(metricsOf).reduce((sum, it) => sum + it, 0);
  return [
    ...unknownKeys("the body", parsed, ["start", "end", "periodOverride", "widgets"]),
    ...oneOf("periodOverride", parsed.periodOverride ?? "auto", ["auto", "inherit"]),
    ...unless(
      isStart(parsed.start),
      `start: got ${parsed.start}; expected an ISO 8601 time or duration`,
    ),
    ...unless(widgets.length <= maxWidgets, `${widgets.length} widgets; at most ${maxWidgets}`),
    ...unless(metrics <= maxMetrics, `${metrics} metrics; at most ${maxMetrics}`),
    ...widgets.flatMap((it, index) => widgetProblems(it, `widgets[${index}]`)),
  ];
}

function widgetProblems(widget: Value, where: string): string[] {
  if (!isValues(widget)) return [`${where} must be an object`];
  const { type, x, y, width = 6, height = 6, properties } = widget;
  const form = typeof type === "string" ? forms[type] : undefined;
  if (!form)
    return [`${where}.type: got ${type}; the sandbox knows ${Object.keys(forms).join(", ")}`];
  if (!isValues(properties)) return [`${where}.properties must be an object`];
  const missing = form.required.filter((key) => properties[key] === undefined);
  if (missing.length > 0) return missing.map((key) => `${where}.properties.${key} is missing`);
  return [
    ...unknownKeys(where, widget, ["type", "x", "y", "width", "height", "properties"]),
    ...unless((x === undefined) === (y === undefined), "x and y must be set together"),
    ...unless(isWhole(x ?? 0, 0, gridColumns - 1), `x: got ${x}; expected 0 to 23`),
    ...unless(isWhole(y ?? 0, 0, Number.MAX_SAFE_INTEGER), `y: got ${y}; expected 0 or more`),
    ...unless(isWhole(width, 1, gridColumns), `width: got ${width}; expected 1 to 24`),
    ...unless(Number(x ?? 0) + Number(width) <= gridColumns, "it ends behind column 24"),
    ...unless(isWhole(height, 1, maxHeight), `height: got ${height}; expected 1 to 1000`),
    ...unknownKeys("properties", properties, [...form.required, ...form.optional]),
    ...form.check(properties),
  ].map((problem) => `${where}: ${problem}`);
}

const forms: Readonly<Record<string, Form>> = {
  text: {
    required: ["markdown"],
    optional: ["background"],
    check: ({ markdown }) => text("markdown", markdown),
  },
  alarm: {
    required: ["alarms"],
    optional: ["title", "sortBy", "states"],
    check({ alarms }) {
      const arns = Array.isArray(alarms) ? alarms : [];
      const wrong = arns.filter(
        (it) => !/^arn:aws[\w-]*:cloudwatch:[\w-]+:\d{12}:alarm:.+$/.test(String(it)),
      );
      return [
        ...unless(arns.length > 0, "alarms must be a list of ARNs"),
        ...unless(
          arns.length <= maxAlarmsOfWidget,
          `${arns.length} alarms; at most ${maxAlarmsOfWidget}`,
        ),
        ...wrong.map((it) => `alarms: got ${it}; expected the ARN of an alarm`),
      ];
    },
  },
  log: {
    required: ["query", "region"],
    optional: ["title", "view", "stacked"],
    check: ({ query, region, view }) => [
      ...text("query", query),
      ...unless(
        /^SOURCE '[^']+'/.test(String(query)),
        "query must begin with SOURCE and a log group",
      ),
      ...text("region", region),
      ...oneOf("view", view ?? "table", ["table", "timeSeries", "bar", "pie"]),
      // A chart needs an aggregation.
      ...unless(
        (view ?? "table") === "table" || /\| stats /.test(String(query)),
        `a view ${view} needs a query with stats`,
      ),
    ],
  },
  metric: {
    required: ["metrics", "region"],
    optional: ["title", "view", "stat", "period", "stacked", "yAxis", "legend"],
    check({ metrics, region, view, period }) {
      const list = Array.isArray(metrics) ? metrics : [];
      return [
        ...unless(list.length > 0, "metrics must be a list"),
        ...unless(
          list.length <= maxMetricsOfWidget,
          `${list.length} metrics; at most ${maxMetricsOfWidget}`,
        ),
        ...text("region", region),
        ...oneOf("view", view ?? "timeSeries", [
          "timeSeries",
          "singleValue",
          "gauge",
          "bar",
          "pie",
        ]),
        ...unless(
          isWhole(period ?? 300, 1, 86_400) &&
            ([1, 5, 10, 30].includes(Number(period ?? 300)) || Number(period ?? 300) % 60 === 0),
          `period: got ${period}; expected 1, 5, 10, 30 or a multiple of 60 seconds`,
        ),
        ...list.flatMap(metricProblems),
      ];
    },
  },
};

/** `[namespace, name, dimension, value, …, options]`; at most 30 dimensions. */
function metricProblems(metric: Value, index: number): string[] {
  const parts = Array.isArray(metric) ? [...metric] : [];
  const options = isValues(parts.at(-1)) ? (parts.pop() as Values) : {};
  const isRight =
    parts.length >= 2 &&
    parts.length % 2 === 0 &&
    parts.length <= 62 &&
    parts.every((it) => typeof it === "string" && it !== "");
  return [
    ...unless(
      isRight,
      `metrics[${index}] must be namespace, name, and pairs of dimension and value`,
    ),
    ...unknownKeys(`metrics[${index}]`, options, [
      "label",
      "yAxis",
      "stat",
      "period",
      "color",
      "visible",
      "id",
      "region",
    ]),
    ...oneOf(`metrics[${index}].yAxis`, options.yAxis ?? "left", ["left", "right"]),
  ];
}

function metricsOf(widget: Value): number {
  const properties = isValues(widget) && isValues(widget.properties) ? widget.properties : {};
  return Array.isArray(properties.metrics) ? properties.metrics.length : 0;
}

/** Absent, a time, or a duration before now such as `-PT6H` or `-P7D`. */
function isStart(start: Value | undefined): boolean {
  if (start === undefined) return true;
  return /^(-P(\d+[YMWD])*(T(\d+[HMS])+)?|\d{4}-\d\d-\d\dT[\d:.]+Z)$/.test(String(start));
}

function unless(isRight: boolean, problem: string): string[] {
  return isRight ? [] : [problem];
}

function text(key: string, value: Value | undefined): string[] {
  return unless(typeof value === "string" && value !== "", `${key} must be a string`);
}

function oneOf(key: string, value: Value, allowed: readonly string[]): string[] {
  const isRight = typeof value === "string" && allowed.includes(value);
  return unless(isRight, `${key}: got ${value}; expected ${allowed.join(", ")}`);
}

function unknownKeys(where: string, values: Values, known: readonly string[]): string[] {
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${where} has the unknown property ${key}`);
}

function isWhole(value: Value, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
