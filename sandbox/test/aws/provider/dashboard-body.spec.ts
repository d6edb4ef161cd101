import { expect } from "chai";
import { dashboardProblems } from "../../../aws/provider/dashboard-body.ts";

const arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a";
const text = { type: "text", properties: { markdown: "x" } };
const metric = ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1"];

const problemsOf = (body: object) => dashboardProblems(JSON.stringify(body));
const ofWidget = (...widgets: unknown[]) => problemsOf({ widgets });
const ofMetrics = (properties: object) =>
  ofWidget({
    type: "metric",
    properties: { metrics: [metric], region: "us-east-1", ...properties },
  });

describe("the body of a CloudWatch dashboard", () => {
  for (const [what, body] of [
    ["no widget", { widgets: [] }],
    ["500 widgets", { widgets: Array(500).fill(text) }],
    ["a time range", { start: "-P7D", periodOverride: "auto", widgets: [text] }],
    ["a time", { start: "2026-01-01T00:00:00.000Z", widgets: [text] }],
    ["100 alarms", { widgets: [{ type: "alarm", properties: { alarms: Array(100).fill(arn) } }] }],
    [
      "a place at the right edge",
      { widgets: [{ ...text, x: 18, y: 1_000_000, width: 6, height: 1_000 }] },
    ],
    [
      "500 metrics in a widget, 2,500 in all",
      {
        widgets: Array(5).fill({
          type: "metric",
          properties: { metrics: Array(500).fill(metric), region: "us-east-1" },
        }),
      },
    ],
  ] as const) {
    it(`may have ${what}`, () => {
      expect(problemsOf(body)).to.deep.equal([]);
    });
  }

  for (const [what, problems, expected] of [
    ["no JSON", dashboardProblems("{"), "it is not JSON"],
    ["a list", dashboardProblems("[]"), "it is not an object"],
    ["no widgets", problemsOf({}), "widgets must be a list"],
    ["501 widgets", ofWidget(...Array(501).fill(text)), "501 widgets; at most 500"],
    [
      "an unknown property",
      problemsOf({ widgets: [], title: "x" }),
      "the body has the unknown property title",
    ],
    [
      "a wrong start",
      problemsOf({ start: "7d", widgets: [] }),
      "start: got 7d; expected an ISO 8601 time or duration",
    ],
    [
      "a wrong override",
      problemsOf({ periodOverride: "on", widgets: [] }),
      "periodOverride: got on; expected auto, inherit",
    ],
    [
      "an unknown type",
      ofWidget({ ...text, type: "image" }),
      "widgets[0].type: got image; the sandbox knows text, alarm, log, metric",
    ],
    [
      "a widget without properties",
      ofWidget({ type: "text" }),
      "widgets[0].properties must be an object",
    ],
    [
      "a widget of text without Markdown",
      ofWidget({ type: "text", properties: {} }),
      "widgets[0].properties.markdown is missing",
    ],
    ["x without y", ofWidget({ ...text, x: 1 }), "widgets[0]: x and y must be set together"],
    ["x 24", ofWidget({ ...text, x: 24, y: 0 }), "widgets[0]: x: got 24; expected 0 to 23"],
    ["width 25", ofWidget({ ...text, width: 25 }), "widgets[0]: width: got 25; expected 1 to 24"],
    ["height 0", ofWidget({ ...text, height: 0 }), "widgets[0]: height: got 0; expected 1 to 1000"],
    [
      "a widget over the edge",
      ofWidget({ ...text, x: 13, y: 0, width: 12 }),
      "widgets[0]: it ends behind column 24",
    ],
    [
      "101 alarms",
      ofWidget({ type: "alarm", properties: { alarms: Array(101).fill(arn) } }),
      "widgets[0]: 101 alarms; at most 100",
    ],
    [
      "the name of an alarm",
      ofWidget({ type: "alarm", properties: { alarms: ["a"] } }),
      "widgets[0]: alarms: got a; expected the ARN of an alarm",
    ],
    [
      "a query without a log group",
      ofWidget({ type: "log", properties: { query: "fields @message", region: "us-east-1" } }),
      "widgets[0]: query must begin with SOURCE and a log group",
    ],
    [
      "a chart of single lines",
      ofWidget({
        type: "log",
        properties: { query: "SOURCE 'g' | fields @message", region: "us-east-1", view: "bar" },
      }),
      "widgets[0]: a view bar needs a query with stats",
    ],
    [
      "a period of 45 seconds",
      ofMetrics({ period: 45 }),
      "widgets[0]: period: got 45; expected 1, 5, 10, 30 or a multiple of 60 seconds",
    ],
    [
      "a metric without a value",
      ofMetrics({ metrics: [metric.slice(0, 3)] }),
      "widgets[0]: metrics[0] must be namespace, name, and pairs of dimension and value",
    ],
    [
      "a metric with an unknown option",
      ofMetrics({ metrics: [[...metric, { name: "x" }]] }),
      "widgets[0]: metrics[0] has the unknown property name",
    ],
    [
      "an unknown property of a widget",
      ofMetrics({ query: "x" }),
      "widgets[0]: properties has the unknown property query",
    ],
    [
      "501 metrics in a widget",
      ofMetrics({ metrics: Array(501).fill(metric) }),
      "widgets[0]: 501 metrics; at most 500",
    ],
  ] as const) {
    it(`may not have ${what}`, () => {
      expect(problems).to.include(expected);
    });
  }
});
