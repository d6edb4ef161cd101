import { expect } from "chai";
import { loadProgram } from "../../engine/program.ts";
import { isAggregate, type LogMessage, runQuery } from "../../sumo-logic/query.ts";

const { monitorQuery, savedSearchQuery, accessLogQuery, logCheckQuery } =
  loadProgram<typeof import("../../../infra/alert-query.ts")>("infra/alert-query.ts");

const own = "i-0123456789abcdef0";
const scope = {
  rule: { apiPath: "/api/data", slowResponseSeconds: 3, maxSlowResponses: 5, windowMinutes: 10 },
  logSourceCategory: "web/access",
  instanceIds: [own],
};
const noon = Date.parse("2026-01-01T12:00:00Z");

function message(raw: string, timeMs = noon, sourceCategory = "web/access"): LogMessage {
  return { raw, sourceCategory, timeMs };
}

const messagesOf = (...lines: string[]) => lines.map((raw) => message(raw));

describe("runQuery", () => {
  const orderOf = (order: string) =>
    runQuery(
      `_sourceCategory=web/access\n| json field=_raw "n" as n nodrop\n| max(n) as n by _raw\n| sort by n ${order}`,
      messagesOf('{"n":10}', '{"n":9}', '{"n":-1}', '{"n":"9.5"}'),
    ).map(({ n }) => n);

  it("sorts numbers as numbers, the smallest first", () => {
    expect(orderOf("asc")).to.deep.equal([-1, 9, 9.5, 10]);
  });

  it("sorts the largest first when requested", () => {
    expect(orderOf("desc")).to.deep.equal([10, 9.5, 9, -1]);
  });

  it("compares the keyword case-insensitively", () => {
    const rows = runQuery('_sourceCategory=web/access "/API/data"', [message("GET /api/DATA")]);

    expect(rows).to.deep.equal([{ _raw: "GET /api/DATA", _messagetime: 1767268800000 }]);
  });

  it("finds all of a category when there is no keyword", () => {
    const messages = [message("a"), message(""), message("b", noon, "other")];

    const rows = runQuery("_sourceCategory=web/access", messages);

    expect(rows.map(({ _raw }) => _raw)).to.deep.equal(["a", ""]);
  });

  for (const scope of [
    '_sourceCategory=web/access ("i-1" or "i-2")',
    '_sourceCategory=web/access ("i-1" OR "i-2")',
  ]) {
    it(`finds the messages of the category with a keyword of ${scope}`, () => {
      const messages = [
        ...messagesOf("of i-1", "of I-2", "of i-3", "of both i-1 and i-2"),
        message("of i-2", noon, "other"),
      ];

      const rows = runQuery(scope, messages);

      expect(rows.map(({ _raw }) => _raw)).to.deep.equal([
        "of i-1",
        "of I-2",
        "of both i-1 and i-2",
      ]);
    });
  }

  it("finds the messages of 50 instances by keyword and field, and no other's", () => {
    const ids = Array.from({ length: 50 }, (_, index) => `i-${String(index).padStart(17, "0")}`);
    const quoted = ids.map((id) => `"${id}"`);
    const query = [
      `_sourceCategory=web/access (${quoted.join(" or ")})`,
      '| json field=_raw "instance_id" as instance_id nodrop',
      `| where instance_id in (${quoted.join(", ")})`,
      "| count as lines by instance_id",
    ].join("\n");
    const line = (id: string) => JSON.stringify({ instance_id: id, path: ids[0] });

    const rows = runQuery(query, messagesOf(...[...ids, "i-00000000000000050"].map(line)));

    expect(rows.map(({ instance_id }) => instance_id)).to.deep.equal(ids);
  });

  it("accepts spaces at either end of a line", () => {
    const rows = runQuery('_sourceCategory=web/access  \n  | where path = "/" ', []);

    expect(rows).to.deep.equal([]);
  });

  for (const [raw, expected] of [
    ['{"n":"1767268800000"}', 1767268800000n],
    ['{"n":7}', 7n],
    ['{"n":"-7"}', -7n],
    ['{"n":0}', 0n],
    ['{"n":"soon"}', null],
    ['{"n":""}', null],
    ['{"n":null}', null],
    ["{}", null],
  ] as const) {
    it(`casts n of ${raw} to ${expected === null ? "null" : `the Long ${expected}`} in place`, () => {
      const query = '_sourceCategory=web/access\n| json field=_raw "n" as n nodrop\n| toLong(n)';

      expect(runQuery(query, [message(raw)])).to.deep.equal([
        { _raw: raw, _messagetime: 1767268800000, n: expected },
      ]);
    });
  }

  it("casts the Double of an aggregate to a Long, and leaves the other columns", () => {
    const rows = runQuery(
      '_sourceCategory=web/access\n| json field=_raw "a" as a nodrop\n| max(_messagetime) as last, count as lines by a\n| toLong(last)',
      [message('{"a":"x"}'), message('{"a":"x"}', noon + 1)],
    );

    expect(rows).to.deep.equal([{ a: "x", last: 1767268800001n, lines: 2 }]);
  });

  it("sorts, compares and adds up Longs as numbers", () => {
    const fields = '_sourceCategory=web/access\n| json field=_raw "n" as n nodrop\n| toLong(n)';
    const messages = messagesOf('{"n":"10"}', '{"n":"9"}', '{"n":"8"}');

    const sorted = runQuery(`${fields}\n| sort by n asc`, messages);
    const found = runQuery(`${fields}\n| where n > 8 and n <= 10`, messages);
    const added = runQuery(`${fields}\n| sum(n) as n, max(n) as most by _messagetime`, messages);

    expect(sorted.map(({ n }) => n)).to.deep.equal([8n, 9n, 10n]);
    expect(found.map(({ n }) => n)).to.deep.equal([10n, 9n]);
    expect(added).to.deep.equal([{ _messagetime: 1767268800000, n: 27, most: 10 }]);
  });

  it("groups by several fields, in the order of their first messages", () => {
    const rows = runQuery(
      '_sourceCategory=web/access\n| json field=_raw "a", "b" as a, b nodrop\n| count as lines by a, b',
      messagesOf('{"a":"x","b":"1"}', '{"a":"x","b":"2"}', '{"a":"x","b":"1"}'),
    );

    expect(rows).to.deep.equal([
      { a: "x", b: "1", lines: 2 },
      { a: "x", b: "2", lines: 1 },
    ]);
  });

  for (const line of [
    '_sourceHost=web "/api/data"',
    '_sourceCategory=web "/api/data" "more"',
    "_sourceCategory=web /api/data",
    "_sourceCategory=web*",
    '_sourceCategory=web "i-1" or "i-2"',
    "_sourceCategory=web ()",
    '_sourceCategory=web ("i-1" or )',
    '_sourceCategory=web ("i-1" "i-2")',
    '_sourceCategory=web ("i-1", "i-2")',
    '_sourceCategory=web ("i-1" or "i-2"',
    '_sourceCategory=web ("i-1" or "i-2") "more"',
    '_sourcecategory=web ("i-1" or "i-2")',
    "_sourceCategory=web and /api/data",
    "",
    "*",
  ]) {
    it(`refuses the scope ${JSON.stringify(line)}, naming it`, () => {
      expect(() => runQuery(line, [])).to.throw(
        `the sandbox does not run this query scope: ${line}`,
      );
    });
  }

  for (const line of [
    '| json field=_raw "path" as path',
    '| json "path" as path nodrop',
    "| json auto",
    '| parse "path=*" as path',
    "| timeslice 1h",
    "| count by instance_id",
    "| count as slow_count",
    "| count(path) as lines by path",
    "| avg(response_time_s) as mean by path",
    "| sort by slow_count",
    "| toLong()",
    "| toLong(a, b)",
    "| toLong(a) as b",
    "| tolong(a)",
    "| limit 10",
    "where path = 1",
    "|where path = 1",
    "",
  ]) {
    it(`refuses the line ${JSON.stringify(line)}, naming it`, () => {
      expect(() => runQuery(`_sourceCategory=web/access "/api/data"\n${line}`, [])).to.throw(
        `the sandbox does not run this line of a query: ${line}`,
      );
    });
  }

  for (const condition of [
    "!isNull(path)",
    "isNull path",
    "isNull()",
    "isNull(path",
    "isNull(path, status)",
    'isNull(path) = "/"',
    "response_time_s < 3",
    'path != "/"',
    "path",
    "path =",
    'path = "/" path',
    '(path = "/"',
    'path = "/" or',
    "path in ()",
    'path in "/"',
    'path in ("/"',
    'path in ("/",)',
    'path in ("/" "/api")',
    "path in (status)",
    'path not in ("/")',
    'path IN ("/")',
  ]) {
    it(`refuses the condition ${condition}, naming it`, () => {
      const query = `_sourceCategory=web/access "/api/data"\n| where ${condition}`;

      expect(() => runQuery(query, [])).to.throw(
        `the sandbox does not run this condition of a query: ${condition}`,
      );
    });
  }
});

describe("isAggregate", () => {
  for (const [what, query, expected] of [
    ["the monitor's query", monitorQuery(scope), true],
    ["the saved search's query", savedSearchQuery(scope), true],
    ["the log check's query", logCheckQuery("web/access"), true],
    ["the access log's query", accessLogQuery(scope), false],
    ["a scope alone", "_sourceCategory=web", false],
    ["a keyword that looks like an aggregate", '_sourceCategory=web "| count "', false],
    [
      "an aggregate with a cast behind it",
      "_sourceCategory=web\n| max(n) as n by a\n| toLong(n)",
      true,
    ],
    ["a cast alone", "_sourceCategory=web\n| toLong(n)", false],
    ["an indented aggregate", "_sourceCategory=web\n  | count as lines by path", true],
  ] as const) {
    it(`says ${expected ? "yes" : "no"} to ${what}`, () => {
      expect(isAggregate(query)).to.equal(expected);
    });
  }
});
