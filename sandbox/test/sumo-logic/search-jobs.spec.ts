import { expect } from "chai";
import { startApi } from "../../sumo-logic/bodies.ts";
import type { LogMessage } from "../../sumo-logic/query.ts";

const jobs = "v1/search/jobs";
const messages = '_sourceCategory=web\n| json field=_raw "path", "n" as path, n nodrop';
const records = `${messages}\n| count as lines by path\n| sort by lines desc`;

/** A line of each path, one second after the other, the first at noon. */
function logOf(...paths: (string | undefined)[]): LogMessage[] {
  return paths.map((path, index) => ({
    raw: JSON.stringify({ path, n: index }),
    sourceCategory: "web",
    timeMs: 1767268800000 + index * 1_000,
  }));
}

const range = { from: "1767268800000", to: "1767272400000", timeZone: "UTC" };

/** A job with its cookie, asked for `asked` times. */
function start(query: string, log = logOf("/", "/api", "/api"), { asked = 0, body = {} } = {}) {
  const { call } = startApi(log);
  const created = call("POST", jobs, { ...range, query, ...body });
  const path = `${jobs}/${created.body.id}`;
  const headers = { cookie: `SUMO_SESSION=${created.body.id}` };
  const get = (part = "") => call("GET", path + part, {}, headers);
  for (let count = 0; count < asked; count++) get();
  return { call, created, path, headers, get };
}

const done = { asked: 2 };

describe("SearchJobs", () => {
  it("responds with 202 with an id and a cookie", () => {
    const { created } = start(records);

    expect(created.status).to.equal(202);
    expect(created.body).to.have.all.keys("id");
    expect(created.body.id).to.match(/^[0-9A-F]{16}$/);
    expect(created.headers).to.deep.equal({
      "set-cookie": `SUMO_SESSION=${created.body.id}; Path=/`,
    });
  });

  for (const [what, cookie] of [
    ["no cookie", undefined],
    ["another cookie", "other=1"],
    ["another job's cookie", "SUMO_SESSION=00000000000000B9"],
  ] as const) {
    for (const [method, part] of [
      ["GET", ""],
      ["GET", "/records?offset=0&limit=1"],
      ["DELETE", ""],
    ] as const) {
      it(`responds with 404 to ${method} of ${part || "the job"} with ${what}`, () => {
        const { call, path, get } = start(records, undefined, done);

        const { status, code, message } = call(method, path + part, {}, cookie ? { cookie } : {});

        expect([status, code, message]).to.deep.equal([404, "jobid.invalid", "Job ID is invalid."]);
        expect(get()).to.include({ status: 200 });
      });
    }
  }

  it("accepts the cookie among others", () => {
    const { call, path, headers } = start(records);

    const { status } = call("GET", path, {}, { cookie: `a=1; ${headers.cookie}; b=2` });

    expect(status).to.equal(200);
  });

  it("responds with 404 to a job that does not exist", () => {
    const headers = { cookie: "SUMO_SESSION=00000000000000B9" };

    const { status } = startApi().call("GET", `${jobs}/00000000000000B9`, {}, headers);

    expect(status).to.equal(404);
  });

  it("is gathering at first, without any count", () => {
    expect(start(records).get().body).to.deep.equal({
      state: "GATHERING RESULTS",
      messageCount: 0,
      recordCount: 0,
      pendingErrors: [],
      pendingWarnings: [],
    });
  });

  for (const [what, query, counts] of [
    ["records of an aggregating query", records, { messageCount: 0, recordCount: 2 }],
    ["messages of another query", messages, { messageCount: 3, recordCount: 0 }],
  ] as const) {
    it(`has gathered later, and counts the ${what}`, () => {
      const { get } = start(query, undefined, { asked: 1 });

      const expected = {
        state: "DONE GATHERING RESULTS",
        ...counts,
        pendingErrors: [],
        pendingWarnings: [],
      };
      expect([get().body, get().body]).to.deep.equal([expected, expected]);
    });
  }

  it("gives a Long with all of its digits, as text", () => {
    const query = `${messages}\n| max(_messagetime) as last by path\n| toLong(last)`;

    const { body } = start(query, logOf("/api"), done).get("/records?offset=0&limit=1");

    expect(body.records).to.deep.equal([{ map: { path: "/api", last: "1767268800000" } }]);
  });

  for (const asked of [0, 1]) {
    it(`gives no rows to a client that has polled ${asked} times`, () => {
      const { get } = start(records, undefined, { asked });

      expect(get("/records?offset=0&limit=10").body).to.deep.equal({ fields: [], records: [] });
    });
  }

  it("returns records as text, in the query's order", () => {
    const { get } = start(records, logOf("/", "/api", "/api", undefined), done);

    expect(get("/records?offset=0&limit=10").body.records).to.deep.equal([
      { map: { path: "/api", lines: "2" } },
      { map: { path: "/", lines: "1" } },
      { map: { path: "", lines: "1" } },
    ]);
  });

  it("returns messages as text, with their fields", () => {
    const { get } = start(messages, logOf("/"), done);

    expect(get("/messages?offset=0&limit=10").body.messages).to.deep.equal([
      {
        map: {
          _raw: '{"path":"/","n":0}',
          _messagetime: "1767268800000",
          path: "/",
          n: "0",
        },
      },
    ]);
  });

  for (const [offset, limit, expected] of [
    [0, 2, ["0", "1"]],
    [2, 2, ["2", "3"]],
    [4, 2, ["4"]],
    [5, 2, []],
    [0, 100, ["0", "1", "2", "3", "4"]],
    [4, 1, ["4"]],
  ] as const) {
    it(`returns the page from ${offset} of ${limit}`, () => {
      const { get } = start(messages, logOf("/", "/", "/", "/", "/"), done);

      const { body } = get(`/messages?offset=${offset}&limit=${limit}`);

      expect(body.messages.map(({ map }: { map: { n: string } }) => map.n)).to.deep.equal(expected);
    });
  }

  for (const [query, error] of [
    ["", "offset.missing"],
    ["?limit=10", "offset.missing"],
    ["?offset=-1&limit=10", "offset.missing"],
    ["?offset=first&limit=10", "offset.missing"],
    ["?offset=0", "limit.missing"],
    ["?offset=0&limit=0", "limit.missing"],
    ["?offset=0&limit=all", "limit.missing"],
  ] as const) {
    it(`refuses a page of "${query}"`, () => {
      const { status, code } = start(records, undefined, done).get(`/records${query}`);

      expect([status, code]).to.deep.equal([400, error]);
    });
  }

  it("refuses records of a query that does not aggregate", () => {
    const { status, code } = start(messages, undefined, done).get("/records?offset=0&limit=10");

    expect([status, code]).to.deep.equal([400, "no.records.not.an.aggregation.query"]);
  });

  // The first message is at noon.
  for (const [what, from, to, count] of [
    ["whose first moment is the message's", "1767268800000", "1767268800001", 1],
    ["that begins behind the message", "1767268800001", "1767268900000", 0],
    ["that ends with the message, which is out", "1767268700000", "1767268800000", 0],
    ["of dates", "2026-01-01T12:00:00", "2026-01-01T12:00:01", 1],
    ["of dates in UTC", "2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z", 1],
    ["of an hour before", "2026-01-01T11:00:00", "2026-01-01T12:00:00", 0],
    ["of a moment", "1767268800000", "1767268800000", 0],
  ] as const) {
    it(`queries a range ${what}`, () => {
      const { get } = start(messages, logOf("/"), { asked: 1, body: { from, to } });

      expect(get().body.messageCount).to.equal(count);
    });
  }

  for (const [what, body, code, message] of [
    [
      "a range that ends before it begins",
      { to: "1767268799999" },
      "to.smaller.than.from",
      "from is after to",
    ],
    ["no begin", { from: undefined }, "invalid.timestamp.from", "not a time: undefined"],
    ["no end", { to: undefined }, "invalid.timestamp.to", "not a time: undefined"],
    ["words as begin", { from: "-1h" }, "invalid.timestamp.from", "not a time: -1h"],
    ["seconds as end", { to: "1767268800" }, "invalid.timestamp.to", "not a time: 1767268800"],
    ["no time zone", { timeZone: undefined }, "empty.timezone", "timeZone is missing"],
    ["no query", { query: undefined }, "no.query", "query is missing"],
    ["an empty query", { query: "" }, "no.query", "query is missing"],
    [
      "an unknown scope",
      { query: "*" },
      "parse.error",
      "the sandbox does not run this query scope: *",
    ],
    [
      "an unknown line",
      { query: "_sourceCategory=web\n| limit 1" },
      "parse.error",
      "the sandbox does not run this line of a query: | limit 1",
    ],
  ] as const) {
    it(`refuses a search with ${what}`, () => {
      const { created } = start(records, logOf(), { body });

      expect([created.status, created.code, created.message]).to.deep.equal([400, code, message]);
    });
  }

  it("does not see messages that came after the search", () => {
    const log = logOf("/");
    const { get } = start(messages, log, { asked: 1 });
    log.push(...logOf("/"));

    expect(get().body.messageCount).to.equal(1);
  });

  it("keeps jobs apart", () => {
    const { call } = startApi(logOf("/"));
    const [first, second] = [messages, records].map((query) => {
      const { id } = call("POST", jobs, { ...range, query }).body;
      return () => call("GET", `${jobs}/${id}`, {}, { cookie: `SUMO_SESSION=${id}` }).body;
    });
    first?.();

    expect([first?.().state, second?.().state]).to.deep.equal([
      "DONE GATHERING RESULTS",
      "GATHERING RESULTS",
    ]);
  });

  it("has a job no more when it is deleted", () => {
    const { call, path, headers, created, get } = start(records);

    const { status, body } = call("DELETE", path, {}, headers);

    expect([status, body]).to.deep.equal([200, { id: created.body.id }]);
    expect(get().status).to.equal(404);
    expect(call("DELETE", path, {}, headers).status).to.equal(404);
  });

  for (const [method, part] of [
    ["GET", undefined],
    ["DELETE", undefined],
    ["PUT", ""],
    ["POST", ""],
    ["GET", "/histogram"],
    ["DELETE", "/records"],
    ["POST", "/messages"],
  ] as const) {
    it(`responds with 501 to ${method} of ${part === undefined ? "all jobs" : `a job${part}`}`, () => {
      const { call, path, headers } = start(records, undefined, done);
      const target = part === undefined ? jobs : path + part;

      const { status, code, message } = call(method, target, {}, headers);

      expect([status, code]).to.deep.equal([501, "sandbox"]);
      expect(message).to.equal(`the sandbox's Sumo Logic does not have ${method} ${target}`);
    });
  }
});
