import { expect } from "chai";
import { loadProgram } from "../../engine/program.ts";
import { critical, missingData, resolvedCritical } from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import type { Row } from "../../sumo-logic/query.ts";
import { type Due, render, variablesOf } from "../../sumo-logic/template.ts";

const { alertPayload } =
  loadProgram<typeof import("../../../infra/alert-payload.ts")>("infra/alert-payload.ts");

const monitor: Item = {
  id: "00000000000000A1",
  name: "Slow responses of api data",
  description: "Fires",
  monitorType: "Logs",
  queries: [{ rowId: "A", query: '_sourceCategory=web "slow"\n| count as slow_count by path' }],
  playbook: "# Check\nthe log",
};
const due: Due = {
  triggerType: "Critical",
  trigger: critical,
  alertUrl: "https://service.sumologic.com/ui/#/alert/00000000000000B1",
  rows: [{ instance_id: "i-0123456789abcdef0", slow_count: 6 }],
  value: 6,
  windowStartMs: 1626189692042,
  windowEndMs: 1626190592042,
};

const json = (template: string, change: Partial<Due> = {}, it: Item = monitor) =>
  render(template, variablesOf(it, { ...due, ...change }), "json");
const text = (template: string, change: Partial<Due> = {}, it: Item = monitor) =>
  render(template, variablesOf(it, { ...due, ...change }), "text");

const rowsOf = (...values: Row[string][]) => values.map((instance_id) => ({ instance_id }));

describe("variablesOf", () => {
  for (const [name, expected] of [
    ["Name", "Slow responses of api data"],
    ["Description", "Fires"],
    ["AlertName", "Slow responses of api data"],
    ["MonitorType", "Logs"],
    ["DetectionMethod", "LogsStaticCondition"],
    ["Query", '_sourceCategory=web "slow"\n| count as slow_count by path'],
    ["QueryURL", "https://service.sumologic.com/ui/#/search/@1626189692042,1626190592042"],
    ["Id", "00000000000000A1"],
    ["TriggerType", "Critical"],
    ["TriggerTimeRange", "07/13/2021 03:21:32 PM UTC to 07/13/2021 03:36:32 PM UTC"],
    ["TriggerTimeStart", "1626189692042"],
    ["TriggerTimeEnd", "1626190592042"],
    ["TriggerCondition", "Greater than 5.0 in the last 10 minutes"],
    ["TriggerValue", "6"],
    ["NumQueryResults", "1"],
    ["ResultsJson", '[{"instance_id":"i-0123456789abcdef0","slow_count":6}]'],
    ["ResultsJson.instance_id", "i-0123456789abcdef0"],
    ["ResultsJson.slow_count", "6"],
    ["AlertResponseUrl", "https://service.sumologic.com/ui/#/alert/00000000000000B1"],
    [
      "SourceURL",
      "https://service.sumologic.com/ui/#/monitoring/unified-monitors/00000000000000A1",
    ],
    ["Playbook", "# Check\nthe log"],
    ["SloDashboardUrl", ""],
  ] as const) {
    it(`has ${name}`, () => {
      expect(text(`<{{${name}}}>`)).to.equal(`<${expected}>`);
    });
  }

  // Legacy ones and those of other products; TriggerTime is on the webhook page alone.
  for (const name of [
    "SearchName",
    "SearchQuery",
    "TimeRange",
    "FireTime",
    "AggregateResultsJson",
    "NumRawResults",
    "AlertID",
    "AlertStatus",
    "AlertThreshold",
    "Results.instance_id",
    "TriggerTime",
    "TriggerQueryUrl",
    "AlertGroup",
    "ResultsJson.other",
    "ResultsJson.",
    "instance_id",
    "constructor",
    "no such thing",
  ]) {
    it(`has no ${name}, which becomes empty quotes`, () => {
      expect(text(`<{{${name}}}>`)).to.equal('<"">');
    });
  }

  it("has nothing for a description and a playbook that the monitor does not have", () => {
    const { description: _, playbook: __, ...bare } = monitor;

    expect(text("<{{Description}}{{Playbook}}>", {}, bare)).to.equal("<>");
  });

  it("has the alert's own name where the monitor has one", () => {
    const named = { ...monitor, alertName: "Slow API" };

    expect(text("{{AlertName}} of {{Name}}", {}, named)).to.equal(
      "Slow API of Slow responses of api data",
    );
  });

  for (const [triggerType, expected] of [
    ["Critical", "Critical"],
    ["Warning", "Warning"],
    ["MissingData", "Missing Data"],
    ["ResolvedCritical", "ResolvedCritical"],
    ["ResolvedWarning", "ResolvedWarning"],
    ["ResolvedMissingData", "ResolvedMissingData"],
  ] as const) {
    it(`calls the trigger type ${triggerType} "${expected}"`, () => {
      expect(text("{{TriggerType}}", { triggerType })).to.equal(expected);
    });
  }

  for (const [what, trigger, expected] of [
    ["a resolution", resolvedCritical, "Less than or equal to 5.0 in the last 10 minutes"],
    [
      "the example of the documentation",
      { ...critical, thresholdType: "GreaterThanOrEqual", threshold: 1, timeRange: "15m" },
      "Greater than or equal to 1.0 in the last 15 minutes",
    ],
    [
      "less than",
      { ...critical, thresholdType: "LessThan", threshold: 0.5, timeRange: "-2m" },
      "Less than 0.5 in the last 2 minutes",
    ],
    ["one hour", { ...critical, timeRange: "1h" }, "Greater than 5.0 in the last 1 hour"],
    ["some hours", { ...critical, timeRange: "12h" }, "Greater than 5.0 in the last 12 hours"],
    ["one day", { ...critical, timeRange: "1d" }, "Greater than 5.0 in the last 1 day"],
    ["missing data", missingData, "Missing data in the last 10 minutes"],
  ] as const) {
    it(`reports the condition of ${what}`, () => {
      expect(text("{{TriggerCondition}}", { trigger })).to.equal(expected);
    });
  }

  for (const [time, expected] of [
    ["2021-07-13T15:21:32.042Z", "07/13/2021 03:21:32 PM UTC"],
    ["2026-01-02T00:00:00Z", "01/02/2026 12:00:00 AM UTC"],
    ["2026-01-02T09:05:07.999Z", "01/02/2026 09:05:07 AM UTC"],
    ["2026-12-31T11:59:59Z", "12/31/2026 11:59:59 AM UTC"],
    ["2026-12-31T12:00:00Z", "12/31/2026 12:00:00 PM UTC"],
    ["2026-12-31T23:59:59Z", "12/31/2026 11:59:59 PM UTC"],
  ] as const) {
    it(`writes ${time} as a date`, () => {
      const at = Date.parse(time);

      const range = text("{{TriggerTimeRange}}", { windowStartMs: at, windowEndMs: at });

      expect(range).to.equal(`${expected} to ${expected}`);
    });
  }

  it("has a value that is not whole as it is", () => {
    expect(text("{{TriggerValue}}", { value: 6.5 })).to.equal("6.5");
  });

  it("has the detection method of missing data", () => {
    expect(text("{{DetectionMethod}}", { trigger: missingData })).to.equal(
      "LogsMissingDataCondition",
    );
  });

  it("has empty results when there is no row", () => {
    const template = "{{NumQueryResults}}{{ResultsJson}}{{ResultsJson.slow_count}}";

    expect(text(template, { rows: [] })).to.equal('0[]""');
  });

  describe("with several rows", () => {
    const rows = [
      { instance_id: "i-1", slow_count: 6 },
      { instance_id: null, slow_count: 7 },
    ];

    for (const [name, expected] of [
      ["{{ResultsJson.instance_id}}", '["i-1",null]'],
      ["{{ResultsJson.slow_count}}", "[6,7]"],
      ["{{ResultsJson.instance_id}}[0]", "i-1"],
      ["{{ResultsJson.instance_id}}[1]", ""],
      ["{{ResultsJson.slow_count}}[1]", "7"],
      ["{{ResultsJson.slow_count}}[2]", '""'],
      ["{{resultsjson.SLOW_COUNT}}[0]", "6"],
      ["{{ ResultsJson.slow_count }}[0]", "6"],
      ["{{ResultsJson.slow_count}}[0][1]", "6[1]"],
      ["{{ResultsJson.slow_count}}[-1]", "[6,7][-1]"],
      ["{{ResultsJson.slow_count}} [0]", "[6,7] [0]"],
      ["{{ResultsJson.other}}[0]", '""'],
      ["{{NumQueryResults}}", "2"],
      [
        "{{ResultsJson}}",
        '[{"instance_id":"i-1","slow_count":6},{"instance_id":null,"slow_count":7}]',
      ],
    ] as const) {
      it(`renders ${name}`, () => {
        expect(text(name, { rows })).to.equal(expected);
      });
    }
  });

  for (const [name, expected] of [
    ["{{ResultsJson.instance_id}}[0]", "i-0123456789abcdef0"],
    ["{{ResultsJson.instance_id}}[1]", '""'],
    ["{{TriggerType}}[0]", "Critical[0]"],
  ] as const) {
    it(`renders ${name} of one row`, () => {
      expect(text(name)).to.equal(expected);
    });
  }

  for (const [what, value, expected] of [
    ["null", null, ""],
    ["a number", 0, "0"],
    ["text that looks like a list", "[1,2]", "[1,2]"],
    ["text that begins like a list", "[i-1", "[i-1"],
  ] as const) {
    it(`renders ${what} in the only row as it is, with an index and without`, () => {
      const rows = rowsOf(value);

      const template = "<{{ResultsJson.instance_id}}><{{ResultsJson.instance_id}}[0]>";

      expect(text(template, { rows })).to.equal(`<${expected}><${expected}>`);
    });
  }

  for (const [value, expected] of [
    [0, "0"],
    [6, "6"],
    [0.5, "0.5"],
    [999999, "999999"],
    [1000000, "1e+06"],
    [1200000, "1.2e+06"],
    [1234567, "1.23457e+06"],
    [1234000000, "1.234e+09"],
    [10000000000, "1e+10"],
    [1626190500000, "1.62619e+12"],
    [1795000000000, "1.795e+12"],
    [-1234567, "-1.23457e+06"],
    [0n, "0"],
    [1234567n, "1234567"],
    [1626190500000n, "1626190500000"],
  ] as const) {
    it(`renders the ${typeof value === "bigint" ? "Long" : "Double"} ${value} of an aggregate as ${expected}, with an index and without`, () => {
      const rows = [{ last: value }];

      expect(text("<{{ResultsJson.last}}><{{ResultsJson.last}}[0]>", { rows })).to.equal(
        `<${expected}><${expected}>`,
      );
    });
  }

  it("renders the numbers of a message with all of their digits", () => {
    const rows = [{ _raw: "slow", _messagetime: 1626190500123 }];

    expect(text("{{ResultsJson._messagetime}}", { rows })).to.equal("1626190500123");
  });

  it("lists Doubles of several rows with six digits, and Longs with all", () => {
    const rows = [
      { double: 1626190500123, long: 1626190500123n },
      { double: 6, long: 0n },
      { double: null, long: null },
    ];

    expect(text("{{ResultsJson.double}}", { rows })).to.equal("[1626190000000,6,null]");
    expect(text("{{ResultsJson.long}}", { rows })).to.equal("[1626190500123,0,null]");
    expect(text("{{ResultsJson.long}}[1]", { rows })).to.equal("0");
    expect(text("<{{ResultsJson.long}}[2]>", { rows })).to.equal("<>");
  });

  it("has Longs as numbers in the results", () => {
    const rows = [{ slow_count: 6, last_success_ms: 1626190500000n }];

    expect(text("{{ResultsJson}}", { rows })).to.equal(
      '[{"slow_count":6,"last_success_ms":1626190500000}]',
    );
  });

  for (const [what, row, count, expected] of [
    ["200 aggregates", { slow_count: 6 }, 200, 200],
    ["201 aggregates", { slow_count: 6 }, 201, 200],
    ["10 messages", { _raw: "slow", slow_count: 6 }, 10, 10],
    ["11 messages", { _raw: "slow", slow_count: 6 }, 11, 10],
  ] as const) {
    it(`sends ${expected} of ${what}, and says how many there were`, () => {
      const rows = Array<Row>(count).fill(row);

      expect(JSON.parse(text("{{ResultsJson}}", { rows }))).to.have.lengthOf(expected);
      expect(JSON.parse(text("{{ResultsJson.slow_count}}", { rows }))).to.have.lengthOf(expected);
      expect(text(`{{ResultsJson.slow_count}}[${expected}]`, { rows })).to.equal('""');
      expect(text("{{NumQueryResults}}", { rows })).to.equal(String(count));
    });
  }
});

describe("render", () => {
  it("renders every variable of the program's payload as text", () => {
    const counts = { request_count: 20, failed_count: 0, last_success_ms: 1626190500000n };
    const rows = rowsOf("i-0123456789abcdef0").map((row) => ({ ...row, ...counts }));

    expect(JSON.parse(json(alertPayload, { rows }))).to.deep.equal({
      schema: "1",
      monitorId: "00000000000000A1",
      triggerType: "Critical",
      triggerValue: "6",
      windowStartMs: "1626189692042",
      windowEndMs: "1626190592042",
      instanceId: "i-0123456789abcdef0",
      requestCount: "20",
      failedCount: "0",
      lastSuccessMs: "1626190500000",
      alertUrl: "https://service.sumologic.com/ui/#/alert/00000000000000B1",
    });
  });

  it("renders a million braces in linear time: quadratic time would be half an hour", () => {
    expect(render("{".repeat(1_000_000), new Map(), "text")).to.have.length(1_000_000);
  });

  it("renders columns of a row that is not there as empty quotes", () => {
    const { instanceId, requestCount } = JSON.parse(json(alertPayload, { rows: [] }));

    expect([instanceId, requestCount]).to.deep.equal(['""', '""']);
  });

  it("renders a field of several rows as the list of its values", () => {
    const payload = json(alertPayload, { rows: rowsOf("i-1", "i-2") });

    expect(JSON.parse(payload).instanceId).to.equal('["i-1","i-2"]');
  });

  for (const [what, name, expected] of [
    ["quotes", 'a "b"', '{"name":"a \\"b\\""}'],
    ["newlines", "a\nb", '{"name":"a\\nb"}'],
    ["tabs", "a\tb", '{"name":"a\\tb"}'],
    ["control characters", "a\u0001b", '{"name":"a\\u0001b"}'],
    ["backslashes", "a\\b", '{"name":"a\\\\b"}'],
    ["dollar signs as they are", "$& $1", '{"name":"$& $1"}'],
    ["other scripts as they are", "länger", '{"name":"länger"}'],
  ] as const) {
    it(`escapes ${what} for JSON`, () => {
      expect(json('{"name":"{{Name}}"}', {}, { ...monitor, name })).to.equal(expected);
      expect(JSON.parse(expected).name).to.equal(name);
    });

    it(`leaves ${what.replace(" as they are", "")} in text as they are`, () => {
      expect(text("({{Name}})", {}, { ...monitor, name })).to.equal(`(${name})`);
    });
  }

  it("escapes results for JSON, so that they are decoded twice", () => {
    const payload = json('{"rows":"{{ResultsJson}}"}');

    expect(payload).to.equal(
      '{"rows":"[{\\"instance_id\\":\\"i-0123456789abcdef0\\",\\"slow_count\\":6}]"}',
    );
  });

  it("does not render the variables that a value holds", () => {
    const name = "{{TriggerType}}";

    expect(json("{{Name}}", {}, { ...monitor, name })).to.equal("{{TriggerType}}");
  });

  for (const variable of [
    "{{TriggerType}}",
    "{{triggertype}}",
    "{{TRIGGERTYPE}}",
    "{{ TriggerType }}",
  ]) {
    it(`knows ${variable}, whatever its case and spaces`, () => {
      expect(json(variable)).to.equal("Critical");
    });
  }

  for (const template of ["{TriggerType}", "{{}}", "{{TriggerType", "TriggerType}}", ""]) {
    it(`leaves ${JSON.stringify(template)} as it is`, () => {
      expect(text(template)).to.equal(template);
    });
  }
});
