import { expect } from "chai";
import { loadProgram } from "../../engine/program.ts";
import { runQuery } from "../../sumo-logic/query.ts";

const { logCheckQuery, monitorQuery, savedSearchQuery } =
  loadProgram<typeof import("../../../infra/alert-query.ts")>("infra/alert-query.ts");

function messagesOf(...lines: string[]) {
  return lines.map((raw) => ({ raw, sourceCategory: "web/access", timeMs: 1767268800000 }));
}

/** A line with the field as it is, in quotes or not. */
function line(responseTime: string): string {
  return `{"path":"/api/data","response_time_s":${responseTime},"instance_id":"i-0123456789abcdef0"}`;
}

function secondsOf(raw: string) {
  return runQuery(logCheckQuery("web/access"), messagesOf(raw))[0]?.worst_s;
}

describe("response_time_s, in the queries", () => {
  for (const [what, field, seconds] of [
    ["a number", "4.002", 4.002],
    ["a whole number", "4", 4],
    ["a number in quotes", '"4.002"', 4.002],
    ["the earlier form for nginx, where it was not asked", "-1", -1],
    ["the earlier form for Apache", "3501640e-6", 3.50164],
    ["a small number, as JSON libraries write it", "5e-7", 5e-7],
    ["a small number, as Java writes it", '"5.0E-7"', 5e-7],
    ["two servers", '"4.059, 0.092"', 4.151],
    ["two servers, one after an internal redirect", '"3.503 : 0.001"', 3.504],
    ["three servers", '"1.5, 1.25 : 1.25"', 4],
    ["eight servers", '"0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 60.5"', 60.5],
    ["nine servers, as eight", '"1, 1, 1, 1, 1, 1, 1, 1, 9"', 8],
    ["a first server without a time", '"-, 0.5"', 0.5],
    ["a server without a time between others", '"1.5, -, 2.5"', 4],
    ["a last server without a time", '"1.5 : -"', 1.5],
    ["an empty first part", '", 0.5"', 0.5],
    ["an empty last part", '"0.5, "', 0.5],
  ] as const) {
    it(`is ${seconds} for ${what}: ${field}`, () => {
      expect(secondsOf(line(field))).to.be.closeTo(seconds, 1e-9);
    });
  }

  for (const field of [
    '""',
    '"-"',
    '"- : -"',
    "null",
    "true",
    '"soon"',
    '"350ms"',
    '"350 ms"',
    '"4.2s"',
    '"PT4.2S"',
    '"4.2.1"',
    '"00:00:04"',
    '"2026-01-01"',
    '"0x10"',
    "[4.2]",
    '{"seconds":4.2}',
  ]) {
    it(`is nothing for ${field}`, () => {
      expect(secondsOf(line(field))).to.equal(null);
    });
  }

  it("is the same in the monitor's query and in the saved search's", () => {
    const scope = {
      rule: {
        apiPath: "/api/data",
        slowResponseSeconds: 3,
        maxSlowResponses: 5,
        windowMinutes: 10,
      },
      logSourceCategory: "web/access",
      instanceIds: ["i-0123456789abcdef0"],
    };
    const messages = messagesOf(line('"2.5, 1"'), line('"2.5, 0.5"'), line('""'), line("4"));

    const [alert] = runQuery(monitorQuery(scope), messages);
    const [saved] = runQuery(savedSearchQuery(scope), messages);

    expect(alert).to.include({ slow_count: 2 });
    expect(saved).to.include({ slow_count: 2, worst_s: 4 });
  });
});

describe("runQuery", () => {
  const run = (...lines: string[]) =>
    runQuery(
      ["_sourceCategory=web/access", '| json field=_raw "a", "b" as a, b nodrop', ...lines].join(
        "\n",
      ),
      messagesOf('{"a":"x1y22","b":"2"}', '{"a":"none"}'),
    );

  it("treats null as an empty string where it joins strings", () => {
    expect(run('| concat(b, "!") as c').map(({ c }) => c)).to.deep.equal(["2!", "!"]);
  });

  it("has null in the fields of a pattern that does not match", () => {
    const rows = run(String.raw`| parse regex field=a "x(?<one>\d)y(?<two>\d+)" nodrop`);

    expect(rows.map(({ one, two }) => [one, two])).to.deep.equal([
      ["1", "22"],
      [null, null],
    ]);
  });

  it("adds numbers, and has null where one is missing", () => {
    expect(run("| b + b as twice").map(({ twice }) => twice)).to.deep.equal([4, null]);
  });

  for (const stage of [
    // Sumo Logic refuses groups without a name.
    String.raw`| parse regex field=a "(\d)(?<two>\d)" nodrop`,
    // It would drop messages that do not match.
    String.raw`| parse regex field=a "(?<one>\d)"`,
    "| a - b as c",
    "| a + 1 as c",
    "| concat(a, b) as c",
  ]) {
    it(`refuses ${stage}`, () => {
      expect(() => run(stage)).to.throw("the sandbox does not run this line of a query");
    });
  }
});
