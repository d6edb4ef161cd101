import { expect } from "chai";
import { loadProgram } from "../../sandbox/program.ts";
import { type LogMessage, type Row, runQuery } from "../../sandbox/sumo-logic/query.ts";

const { monitorQuery, savedSearchQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");

const scope = {
  rule: { apiPath: "/api/data", slowResponseSeconds: 3, maxSlowResponses: 5, windowMinutes: 10 },
  logSourceCategory: "web/access",
  instanceId: "i-0123456789abcdef0",
};
const noon = Date.parse("2026-01-01T12:00:00Z");

/** A slow response of the watched instance, except for what the test says. */
function slow(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    path: "/api/data",
    response_time_s: 4.2,
    instance_id: "i-0123456789abcdef0",
    ...fields,
  });
}

function message(raw: string, timeMs = noon, sourceCategory = "web/access"): LogMessage {
  return { raw, sourceCategory, timeMs };
}

describe("runQuery, with the monitor's query", () => {
  const one: Row[] = [{ instance_id: "i-0123456789abcdef0", slow_count: 1 }];
  const none: Row[] = [];
  const cases: [string, string, Row[]][] = [
    ["a response of 4.2 s", slow(), one],
    ["a response of 2.999 s", slow({ response_time_s: 2.999 }), none],
    ["a response of exactly 3 s", slow({ response_time_s: 3 }), none],
    ["a response of 3.001 s", slow({ response_time_s: 3.001 }), one],
    ["a time that is a number as text", slow({ response_time_s: "4.2" }), one],
    ["a time that is 3 as text", slow({ response_time_s: "3.000" }), none],
    ["a time that is no number", slow({ response_time_s: "slow" }), none],
    ["a time that is empty text", slow({ response_time_s: "" }), none],
    ["a time that is null", slow({ response_time_s: null }), none],
    ["a time that is true", slow({ response_time_s: true }), none],
    ["the path /api/database", slow({ path: "/api/database" }), none],
    ["the path /v2/api/data", slow({ path: "/v2/api/data" }), none],
    ["the path /api/data/", slow({ path: "/api/data/" }), none],
    ["the path /api/data?page=1", slow({ path: "/api/data?page=1" }), none],
    ["the path /API/DATA", slow({ path: "/API/DATA" }), none],
    ["another path, with /api/data as referer", slow({ path: "/", referer: "/api/data" }), none],
    ["another instance", slow({ instance_id: "i-0123456789abcdef1" }), none],
    ["no path", slow({ path: undefined, referer: "/api/data" }), none],
    ["no time", slow({ response_time_s: undefined }), none],
    ["no instance", slow({ instance_id: undefined }), none],
    [
      "a key in another letter case",
      slow({ response_time_s: undefined, Response_Time_S: 9 }),
      none,
    ],
    ["a line that is not JSON", "GET /api/data 200 4.2 i-0123456789abcdef0", none],
    ["a line that is a JSON text", '"/api/data"', none],
    ["a line that is a JSON list", '["/api/data", 4.2]', none],
  ];
  for (const [what, raw, expected] of cases) {
    it(`${expected.length === 1 ? "counts" : "does not count"} ${what}`, () => {
      expect(runQuery(monitorQuery(scope), [message(raw)])).to.deep.equal(expected);
    });
  }

  for (const category of ["web/access2", "web", "Web/Access"]) {
    it(`does not count a message of the category ${category}`, () => {
      const messages = [message(slow(), noon, category)];

      expect(runQuery(monitorQuery(scope), messages)).to.deep.equal([]);
    });
  }

  it("answers one row with the number of slow responses", () => {
    const messages = [slow(), slow({ response_time_s: 3.5 }), slow({ response_time_s: 0.1 })];

    const rows = runQuery(
      monitorQuery(scope),
      messages.map((raw) => message(raw)),
    );

    expect(rows).to.deep.equal([{ instance_id: "i-0123456789abcdef0", slow_count: 2 }]);
  });

  it("answers no row when there is no message", () => {
    expect(runQuery(monitorQuery(scope), [])).to.deep.equal([]);
  });
});

describe("runQuery, with the saved search's query", () => {
  const firstMs = 1767268800000;

  it("answers a row for each window on the clock, the earliest first", () => {
    const messages = [
      message(slow({ response_time_s: 3.5 }), firstMs + 11 * 60_000),
      message(slow({ response_time_s: 3.2 }), firstMs + 60_000),
      message(slow({ response_time_s: "10.5" }), firstMs + 2 * 60_000),
      message(slow({ response_time_s: 9 }), firstMs + 3 * 60_000),
    ];

    const rows = runQuery(savedSearchQuery(scope), messages);

    expect(rows).to.deep.equal([
      {
        _timeslice: 1767268800000,
        instance_id: "i-0123456789abcdef0",
        slow_count: 3,
        worst_s: 10.5,
      },
      {
        _timeslice: 1767269400000,
        instance_id: "i-0123456789abcdef0",
        slow_count: 1,
        worst_s: 3.5,
      },
    ]);
  });

  for (const [timeMs, slice] of [
    [1767268799999, 1767268200000],
    [1767268800000, 1767268800000],
    [1767269399999, 1767268800000],
    [1767269400000, 1767269400000],
  ] as const) {
    it(`puts a message of ${timeMs} ms into the slice of ${slice} ms`, () => {
      const [row] = runQuery(savedSearchQuery(scope), [message(slow(), timeMs)]);

      expect(row?._timeslice).to.equal(slice);
    });
  }
});

describe("runQuery", () => {
  it("does not look at the keyword's letter case", () => {
    const rows = runQuery('_sourceCategory=web/access "/API/data"', [message("GET /api/DATA")]);

    expect(rows).to.deep.equal([{ _raw: "GET /api/DATA", _messagetime: 1767268800000 }]);
  });

  for (const line of ['_sourceHost=web "/api/data"', "_sourceCategory=web/access", "", "*"]) {
    it(`refuses the scope ${JSON.stringify(line)}, naming it`, () => {
      expect(() => runQuery(line, [])).to.throw(
        `the sandbox does not run this query scope: ${line}`,
      );
    });
  }

  for (const line of [
    '| json field=_raw "path" as path',
    '| json "path" as path nodrop',
    '| parse "path=*" as path',
    "| timeslice 1h",
    "| count by instance_id",
    "| count as slow_count",
    "| sort by slow_count desc",
    "| limit 10",
    "where path = 1",
  ]) {
    it(`refuses the line ${line}, naming it`, () => {
      expect(() => runQuery(`_sourceCategory=web/access "/api/data"\n${line}`, [])).to.throw(
        `the sandbox does not run this line of a query: ${line}`,
      );
    });
  }

  for (const condition of ["!isNull(path)", 'response_time_s > "3"', "response_time_s >= 3"]) {
    it(`refuses the condition ${condition}, naming it`, () => {
      const query = `_sourceCategory=web/access "/api/data"\n| where path = "/" and ${condition}`;

      expect(() => runQuery(query, [])).to.throw(
        `the sandbox does not run this condition of a query: ${condition}`,
      );
    });
  }
});
