import { expect } from "chai";
import { loadProgram } from "../../engine/program.ts";
import { type LogMessage, runQuery } from "../../sumo-logic/query.ts";

const {
  monitorQuery,
  savedSearchQuery,
  accessLogQuery,
  logCheckQuery,
  slowResponsesQuery,
  responseTimesQuery,
  logLinesQuery,
  latestLineQuery,
} = loadProgram<typeof import("../../../infra/alert-query.ts")>("infra/alert-query.ts");

const own = "i-0123456789abcdef0";
const other = "i-0123456789abcdef1";
const scope = {
  rule: { apiPath: "/api/data", slowResponseSeconds: 3, maxSlowResponses: 5, windowMinutes: 10 },
  logSourceCategory: "web/access",
  instanceIds: [own],
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

const messagesOf = (...lines: string[]) => lines.map((raw) => message(raw));

describe("runQuery, with the monitor's query", () => {
  /** How many slow responses the query counts. */
  const slowIn = (messages: LogMessage[]) =>
    runQuery(monitorQuery(scope), messages).reduce((sum, row) => sum + Number(row.slow_count), 0);
  const [one, none] = [1, 0];
  const cases: [string, string, number][] = [
    ["a response of 4.2 s", slow(), one],
    ["a response of 2.999 s", slow({ response_time_s: 2.999 }), none],
    ["a response of exactly 3 s", slow({ response_time_s: 3 }), none],
    ["a response of 3.001 s", slow({ response_time_s: 3.001 }), one],
    ["a response of 60 s", slow({ response_time_s: 60 }), one],
    ["a time of -1, which says that there was no response", slow({ response_time_s: -1 }), none],
    ["a time of 0", slow({ response_time_s: 0 }), none],
    ["a time that is a number as text", slow({ response_time_s: "4.2" }), one],
    ["a time as text with spaces around it", slow({ response_time_s: " 4.2 " }), one],
    ["a time that is 3 as text", slow({ response_time_s: "3.000" }), none],
    ["a time that is 3.001 as text", slow({ response_time_s: "3.001" }), one],
    ["a time that is no number", slow({ response_time_s: "soon" }), none],
    ["a time with a unit", slow({ response_time_s: "4.2s" }), none],
    ["a time that is a list of numbers as text", slow({ response_time_s: "2.2, 1.1" }), one],
    ["a time that is a JSON list of numbers", slow({ response_time_s: [2.2, 1.1] }), none],
    ["a time that is Infinity", slow({ response_time_s: "Infinity" }), none],
    ["a time that is empty text", slow({ response_time_s: "" }), none],
    ["a time that is a space", slow({ response_time_s: " " }), none],
    ["a time that is null", slow({ response_time_s: null }), none],
    ["a time that is true", slow({ response_time_s: true }), none],
    ["a time that is an object", slow({ response_time_s: { seconds: 4.2 } }), none],
    ["the path /api/database", slow({ path: "/api/database" }), none],
    ["the path /v2/api/data", slow({ path: "/v2/api/data" }), none],
    ["the path /api/data/", slow({ path: "/api/data/" }), none],
    ["the path /api/data?page=1", slow({ path: "/api/data?page=1" }), none],
    ["the path /API/DATA", slow({ path: "/API/DATA" }), none],
    ["the path with a space behind it", slow({ path: "/api/data " }), none],
    ["another path, with /api/data as referer", slow({ path: "/", referer: "/api/data" }), none],
    ["a path that is null", slow({ path: null, referer: "/api/data" }), none],
    ["a path that is a list", slow({ path: ["/api/data", "/"] }), none],
    ["another instance", slow({ instance_id: "i-0123456789abcdef1" }), none],
    ["the instance in another case", slow({ instance_id: "I-0123456789ABCDEF0" }), none],
    ["an instance that is null", slow({ instance_id: null }), none],
    ["an instance that is empty", slow({ instance_id: "" }), none],
    ["no path", slow({ path: undefined, referer: "/api/data" }), none],
    ["no time", slow({ response_time_s: undefined }), none],
    ["no instance", slow({ instance_id: undefined }), none],
    ["a key in another case", slow({ response_time_s: undefined, Response_Time_S: 9 }), none],
    ["fields that the query does not ask for", slow({ status: 200, method: "GET" }), one],
    ["fields one level below", `{"request":${slow()}}`, none],
    ["a line that is not JSON", "GET /api/data 200 4.2 i-0123456789abcdef0", none],
    ["a line of broken JSON", slow().slice(0, -1), none],
    ["a line with text before its JSON", `12:00:00 ${slow()}`, none],
    ["a line that is a JSON text", '"/api/data"', none],
    ["a line that is a JSON list", '["/api/data", 4.2]', none],
    ["a line that is a list of such objects", `[${slow()}]`, none],
    ["a line without the keyword", '{"path":"\\/api\\/data"}', none],
  ];
  for (const [what, raw, expected] of cases) {
    it(`${expected === 1 ? "counts" : "does not count"} ${what}`, () => {
      expect(slowIn([message(raw)])).to.equal(expected);
    });
  }

  for (const category of ["web/access2", "web", "Web/Access", "", "web/access "]) {
    it(`does not count a message of the category "${category}"`, () => {
      const messages = [message(slow(), noon, category)];

      expect(runQuery(monitorQuery(scope), messages)).to.deep.equal([]);
    });
  }

  for (const count of [1, 5, 6, 200]) {
    it(`returns one row with the count ${count} when as many are slow`, () => {
      const messages = Array<LogMessage>(count).fill(message(slow()));

      expect(runQuery(monitorQuery(scope), messages)).to.deep.equal([
        {
          instance_id: "i-0123456789abcdef0",
          slow_count: count,
          request_count: count,
          failed_count: 0,
          last_success_ms: 0n,
        },
      ]);
    });
  }

  it("counts the slow responses alone", () => {
    const messages = messagesOf(
      slow(),
      slow({ response_time_s: 3.5 }),
      slow({ response_time_s: 0.1 }),
      slow({ path: "/" }),
      slow({ instance_id: other }),
      "not JSON, /api/data",
    );

    expect(runQuery(monitorQuery(scope), messages)).to.deep.equal([
      {
        instance_id: "i-0123456789abcdef0",
        slow_count: 2,
        request_count: 3,
        failed_count: 0,
        last_success_ms: 1767268800000n,
      },
    ]);
  });

  for (const [what, fields, isFailed, isSuccess] of [
    ["no status", {}, false, true],
    ["status 200", { status: "200" }, false, true],
    ["status 200 as a number", { status: 200 }, false, true],
    ["status 204", { status: "204" }, false, true],
    ["status 301", { status: "301" }, false, true],
    ["status 304 as a number", { status: 304 }, false, true],
    ["status 101", { status: "101" }, false, false],
    ["status 400", { status: "400" }, false, false],
    ["status 404", { status: "404" }, false, false],
    ["status 404 as a number", { status: 404 }, false, false],
    ["status 429", { status: "429" }, false, false],
    ["status 000", { status: "000" }, false, false],
    ["an empty status", { status: "" }, false, false],
    ["a status that is no number", { status: "OK" }, false, false],
    ["status 498", { status: "498" }, false, false],
    ["status 499, a client that gave up", { status: "499" }, true, false],
    ["status 500", { status: "500" }, true, false],
    ["status 502 as a number", { status: 502 }, true, false],
    ["status 504", { status: "504" }, true, false],
    ["status null", { status: null }, false, true],
    ["status 200 and no time", { status: "200", response_time_s: undefined }, false, false],
    ["status 200 and 3.001 s", { status: "200", response_time_s: 3.001 }, false, false],
    ["no time", { response_time_s: undefined }, false, false],
    ["a time that says that there was no response", { response_time_s: -1 }, false, false],
    ["exactly 3 s", { response_time_s: 3 }, false, true],
    ["3.001 s", { response_time_s: 3.001 }, false, false],
  ] as const) {
    it(`counts a response with ${what} ${isFailed ? "as failed" : "as not failed"}, and it ${isSuccess ? "proves" : "does not prove"} that the API works`, () => {
      const raw = slow({ response_time_s: 0.1, ...fields });

      const [row] = runQuery(monitorQuery(scope), [message(raw)]);

      expect(row).to.include({
        request_count: 1,
        failed_count: isFailed ? 1 : 0,
        last_success_ms: isSuccess ? 1767268800000n : 0n,
      });
    });
  }

  it("has a row while any line of the instance comes, with the latest success", () => {
    const messages = [
      message(slow({ response_time_s: 0.1 }), noon - 2_000),
      message(slow({ response_time_s: 0.2 }), noon - 1_000),
      message(slow({ response_time_s: 0.1, status: "502" }), noon),
    ];
    const heartbeat = message(slow({ path: "/heartbeat", response_time_s: "" }));

    expect(runQuery(monitorQuery(scope), [heartbeat])).to.deep.equal([
      {
        instance_id: "i-0123456789abcdef0",
        slow_count: 0,
        request_count: 0,
        failed_count: 0,
        last_success_ms: 0n,
      },
    ]);
    expect(runQuery(monitorQuery(scope), [...messages, heartbeat])).to.deep.equal([
      {
        instance_id: "i-0123456789abcdef0",
        slow_count: 0,
        request_count: 3,
        failed_count: 1,
        last_success_ms: 1767268799000n,
      },
    ]);
  });

  it("does not treat a missing path as a success of the API", () => {
    const messages = messagesOf(
      slow({ path: "/", status: "200", response_time_s: 0.1 }),
      slow({ status: "404", response_time_s: 0.1 }),
    );

    expect(runQuery(monitorQuery(scope), messages)).to.deep.equal([
      {
        instance_id: "i-0123456789abcdef0",
        slow_count: 0,
        request_count: 1,
        failed_count: 0,
        last_success_ms: 0n,
      },
    ]);
  });

  it("returns no row when there is no message", () => {
    expect(runQuery(monitorQuery(scope), [])).to.deep.equal([]);
  });
});

describe("runQuery, with the saved search's query", () => {
  const firstMs = 1767268800000;

  it("returns a row for each window on the clock, the earliest first", () => {
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

  it("returns no row for a window without slow responses", () => {
    const messages = [
      message(slow(), firstMs),
      message(slow({ response_time_s: 3 }), firstMs + 10 * 60_000),
      message(slow(), firstMs + 20 * 60_000),
    ];

    const slices = runQuery(savedSearchQuery(scope), messages).map((row) => row._timeslice);

    expect(slices).to.deep.equal([1767268800000, 1767270000000]);
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

describe("runQuery, with the access log's query", () => {
  for (const [what, raw, isFound] of [
    ["a slow response", slow(), true],
    ["a fast response", slow({ response_time_s: 0.01 }), true],
    ["another path", slow({ path: "/" }), true],
    ["a line with the instance alone", '{"instance_id":"i-0123456789abcdef0"}', true],
    ["another instance", slow({ instance_id: other }), false],
    ["another instance, with this one as referer", slow({ instance_id: other, by: own }), false],
    ["the instance in another case", slow({ instance_id: own.toUpperCase() }), false],
    ["no instance", slow({ instance_id: undefined }), false],
    ["a line that is not JSON but names the instance", `started ${own}`, false],
    ["a JSON text that is the instance", `"${own}"`, false],
  ] as const) {
    it(`${isFound ? "finds" : "does not find"} ${what}`, () => {
      const rows = runQuery(accessLogQuery(scope), [message(raw)]);

      expect(rows).to.deep.equal(
        isFound
          ? [{ _raw: raw, _messagetime: 1767268800000, instance_id: "i-0123456789abcdef0" }]
          : [],
      );
    });
  }

  it("does not find another category's lines", () => {
    const messages = [message(slow(), noon, "web/error")];

    expect(runQuery(accessLogQuery(scope), messages)).to.deep.equal([]);
  });
});

describe("runQuery, with the log check's query", () => {
  const check = (...lines: string[]) =>
    runQuery(logCheckQuery(scope.logSourceCategory), messagesOf(...lines));

  it("returns a row for each path and instance, the one with most lines first", () => {
    const rows = check(
      slow({ path: "/" }),
      slow({ instance_id: other, response_time_s: 0.5 }),
      slow({ response_time_s: 1 }),
      slow({ response_time_s: "9.5" }),
      slow({ response_time_s: 3 }),
      slow({ instance_id: other, response_time_s: 0.25 }),
    );

    expect(rows).to.deep.equal([
      { path: "/api/data", instance_id: "i-0123456789abcdef0", lines: 3, worst_s: 9.5 },
      { path: "/api/data", instance_id: "i-0123456789abcdef1", lines: 2, worst_s: 0.5 },
      { path: "/", instance_id: "i-0123456789abcdef0", lines: 1, worst_s: 4.2 },
    ]);
  });

  for (const [what, raw, expected] of [
    [
      "has no path",
      slow({ path: undefined }),
      { path: null, instance_id: "i-0123456789abcdef0", lines: 1, worst_s: 4.2 },
    ],
    [
      "has no instance",
      slow({ instance_id: undefined }),
      { path: "/api/data", instance_id: null, lines: 1, worst_s: 4.2 },
    ],
    [
      "has no time",
      slow({ response_time_s: undefined }),
      { path: "/api/data", instance_id: "i-0123456789abcdef0", lines: 1, worst_s: null },
    ],
    [
      "has a time that is no number",
      slow({ response_time_s: "soon" }),
      { path: "/api/data", instance_id: "i-0123456789abcdef0", lines: 1, worst_s: null },
    ],
    [
      "has a negative time",
      slow({ response_time_s: -1 }),
      { path: "/api/data", instance_id: "i-0123456789abcdef0", lines: 1, worst_s: -1 },
    ],
    [
      "is not JSON",
      "GET /api/data 200",
      { path: null, instance_id: null, lines: 1, worst_s: null },
    ],
    ["is a JSON list", "[4.2]", { path: null, instance_id: null, lines: 1, worst_s: null }],
    ["is a JSON text", '"text"', { path: null, instance_id: null, lines: 1, worst_s: null }],
    ["is null", "null", { path: null, instance_id: null, lines: 1, worst_s: null }],
  ] as const) {
    it(`shows a line that ${what}`, () => {
      expect(check(raw)).to.deep.equal([expected]);
    });
  }

  it("keeps null apart from the text null", () => {
    const rows = check(slow({ path: null }), slow({ path: "null" }));

    expect(rows.map(({ path }) => path)).to.deep.equal([null, "null"]);
  });

  it("leaves times that are no numbers out of the worst", () => {
    const rows = check(
      slow({ response_time_s: null }),
      slow({ response_time_s: -1 }),
      slow({ response_time_s: "soon" }),
      slow({ response_time_s: -2 }),
    );

    expect(rows).to.deep.equal([
      { path: "/api/data", instance_id: "i-0123456789abcdef0", lines: 4, worst_s: -1 },
    ]);
  });

  it("finds the worst of more lines than a call has arguments", () => {
    const messages = Array<LogMessage>(130_000).fill(message(slow({ response_time_s: 1 })));
    const worst = message(slow({ response_time_s: 7 }));

    const [row] = runQuery(logCheckQuery("web/access"), [worst, ...messages]);

    expect(row).to.include({ lines: 130_001, worst_s: 7 });
  });
});

describe("runQuery, with the dashboard's queries", () => {
  const at = (minutes: number, fields: Record<string, unknown>) =>
    message(slow(fields), noon + minutes * 60_000);
  /** Four requests in the first window of ten minutes, one of them slow; two in the next. */
  const messages = [
    at(0, { response_time_s: 0.1 }),
    at(1, { response_time_s: 0.2 }),
    at(2, { response_time_s: 0.3 }),
    at(9, { response_time_s: 5 }),
    at(10, { response_time_s: 4 }),
    at(19, { response_time_s: 6 }),
    at(3, { path: "/other", response_time_s: 9 }),
    at(4, { instance_id: other, response_time_s: 9 }),
  ];

  it("counts slow responses beside the threshold, the rate and the share of slow ones", () => {
    expect(runQuery(slowResponsesQuery(scope), messages)).to.deep.equal([
      {
        _timeslice: noon,
        slow_count: 1,
        request_count: 4,
        threshold: 5,
        requests_per_minute: 0.4,
        slow_percent: 25,
      },
      {
        _timeslice: noon + 600_000,
        slow_count: 2,
        request_count: 2,
        threshold: 5,
        requests_per_minute: 0.2,
        slow_percent: 100,
      },
    ]);
  });

  it("shows median, 95th percentile and maximum", () => {
    expect(runQuery(responseTimesQuery(scope), messages)).to.deep.equal([
      { _timeslice: noon, p50_s: 0.2, p95_s: 5, max_s: 5 },
      { _timeslice: noon + 600_000, p50_s: 4, p95_s: 6, max_s: 6 },
    ]);
  });

  it("counts all lines of the instance per five minutes", () => {
    expect(runQuery(logLinesQuery(scope), messages)).to.deep.equal([
      { _timeslice: noon, lines: 4 },
      { _timeslice: noon + 300_000, lines: 1 },
      { _timeslice: noon + 600_000, lines: 1 },
      { _timeslice: noon + 900_000, lines: 1 },
    ]);
  });

  it("shows the time of the latest line", () => {
    expect(runQuery(latestLineQuery(scope), messages)).to.deep.equal([
      { instance_id: own, latest_ms: noon + 19 * 60_000, latest_line: "2026-01-01 12:19:00" },
    ]);
  });

  it("has no row without a line", () => {
    for (const query of [slowResponsesQuery, responseTimesQuery, logLinesQuery, latestLineQuery]) {
      expect(runQuery(query(scope), [])).to.deep.equal([]);
    }
  });
});
