import { createRequire } from "node:module";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runQuery } from "../../sandbox/sumo-logic/query.ts";
import { logsPageBlocks } from "../logs-page.ts";

const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };
const { logCheckQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");

interface Operator {
  readonly type: "regex_parser" | "filter" | "add";
  readonly regex?: string;
  readonly expr?: string;
  readonly if?: string;
  readonly field?: string;
  readonly value?: string;
}

interface Entry {
  body: string;
  readonly attributes: Record<string, string>;
}

/**
 * The operators of the receiver in docs/logs.md, for an instance with this private address. Without the collector,
 * this evaluates their documented behavior. The expected lines below are literals that a real
 * collector (pkg/stanza 0.159.0) wrote for the same entries.
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/stanza/docs/operators
 */
function operatorsFor(address: string): Operator[] {
  const [block = ""] = logsPageBlocks("yaml");
  if (!block.includes("10.0.1.12"))
    throw new Error("docs/logs.md has no private address 10.0.1.12");
  const config = yaml.load(block.replace("10.0.1.12", address)) as {
    receivers: { file_log: { operators: Operator[] } };
  };
  return config.receivers.file_log.operators;
}

/** The line that is shipped for an entry of the load balancer's log, or `null`. */
function shipped(line: string, address = "10.0.1.12"): string | null {
  const entry: Entry = { body: line, attributes: {} };
  for (const operator of operatorsFor(address)) {
    if (operator.if && evaluate(operator.if, entry) !== true) continue;
    if (operator.type === "filter") {
      if (evaluate(operator.expr ?? "", entry) === true) return null;
    } else if (operator.type === "regex_parser") {
      // Go's syntax for a named group. An entry that does not match continues without attributes.
      const expression = new RegExp((operator.regex ?? "").replaceAll("(?P<", "(?<"));
      Object.assign(entry.attributes, expression.exec(entry.body)?.groups);
    } else {
      const [, expression = ""] = /^EXPR\((.*)\)$/.exec(operator.value ?? "") ?? [];
      const value = String(evaluate(expression, entry));
      const [, attribute] = /^attributes\.(\w+)$/.exec(operator.field ?? "") ?? [];
      if (attribute) entry.attributes[attribute] = value;
      else entry.body = value;
    }
  }
  return entry.body;
}

/** Evaluates the part of https://expr-lang.org that the page uses; times are in microseconds. */
function evaluate(expression: string, { attributes }: Entry): unknown {
  const code = expression
    .replaceAll(" and ", " && ")
    .replace(/(attributes\.\w+) in (\[[^\]]*\])/g, "$2.includes($1)")
    .replaceAll(".Seconds()", " / 1e6");
  const date = (text: string) => {
    const [, toSecond = "", fraction = ""] = /^(.*:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
    return Date.parse(`${toSecond}Z`) * 1_000 + Number(fraction.padEnd(6, "0"));
  };
  return new Function("attributes", "date", "string", `return ${code}`)(attributes, date, String);
}

/** An entry as https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html documents it. */
function entry({
  type = "http",
  time = "2018-07-02T22:23:00.186641Z",
  target = "10.0.1.12:80",
  times = "0.000 0.001 0.000",
  statuses = "200 200",
  request = "GET http://www.example.com:80/api/data HTTP/1.1",
  userAgent = "curl/7.46.0",
  created = "2018-07-02T22:22:48.364000Z",
} = {}): string {
  return (
    `${type} ${time} app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 ${target} ${times} ` +
    `${statuses} 34 366 "${request}" "${userAgent}" - - ` +
    "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 " +
    `"Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 ${created} "forward" "-" "-" ` +
    `"${target}" "-" "-" "-" TID_dc57cebed65b444ebc8177bb698fe166`
  );
}

/** The fields of a line that the queries read. */
function rowOf(line: string | null) {
  const messages = [{ raw: line ?? "", sourceCategory: "web/access", timeMs: 0 }];
  return runQuery(logCheckQuery("web/access"), messages)[0];
}

/** The seconds of an entry that count. */
function secondsOf(fields: Parameters<typeof entry>[0], address?: string) {
  return rowOf(shipped(entry(fields), address))?.worst_s;
}

describe("the load balancer format in docs/logs.md", () => {
  // The literals are the real collector's output.
  for (const [what, fields, expected] of [
    [
      "a response",
      {
        times: "0.000 4.001 0.000",
        request: "GET http://www.example.com:80/api/data?a=1 HTTP/1.1",
      },
      '{"time":"2018-07-02T22:23:00.186641Z","method":"GET","path":"/api/data","status":"200","response_time_s":"4.001","instance_id":"i-0123456789abcdef0"}',
    ],
    [
      "a target that does not accept a connection",
      {
        type: "h2",
        time: "2023-01-07T09:22:52.872365Z",
        times: "-1 -1 -1",
        statuses: "504 -",
        request: "GET https://example.com:443/api/data HTTP/2.0",
        created: "2023-01-07T09:22:42.870000Z",
      },
      '{"time":"2023-01-07T09:22:52.872365Z","method":"GET","path":"/api/data","status":"504","response_time_s":"10.002365","instance_id":"i-0123456789abcdef0"}',
    ],
    [
      "a client that gave up",
      {
        time: "2019-10-11T15:01:12.376735Z",
        times: "-1 -1 -1",
        statuses: "460 -",
        created: "2019-10-11T15:01:06.657000Z",
      },
      '{"time":"2019-10-11T15:01:12.376735Z","method":"GET","path":"/api/data","status":"460","response_time_s":"-1","instance_id":"i-0123456789abcdef0"}',
    ],
  ] as const) {
    it(`writes the line of ${what}`, () => {
      expect(shipped(entry(fields))).to.equal(expected);
    });
  }

  const never = { times: "0.001 -1 -1", created: "2018-07-02T22:22:00.186641Z" };
  for (const [what, fields, seconds] of [
    ["a slow response", { times: "0.000 12.345 0.000" }, 12.345],
    ["a target that does not respond before the idle timeout", { ...never, statuses: "504 -" }, 60],
    ["a target that closes the connection in the end", { ...never, statuses: "502 -" }, 60],
    [
      "a target that closes it at once",
      { ...never, statuses: "502 -", created: "2018-07-02T22:23:00.182641Z" },
      0.004,
    ],
    [
      "a slow 504 of the target itself",
      { times: "0.000 30.001 0.000", statuses: "504 504" },
      30.001,
    ],
    ["a client that gives up", { ...never, statuses: "460 -" }, -1],
    ["a client that does not send its request", { ...never, statuses: "408 -" }, -1],
    ["a request that the load balancer refuses", { ...never, statuses: "400 -" }, -1],
    [
      "a user agent with a time",
      { ...never, statuses: "504 -", userAgent: "2017-01-01T00:00:00Z \\x22" },
      60,
    ],
  ] as const) {
    it(`counts ${seconds} s for ${what}`, () => {
      expect(secondsOf(fields)).to.equal(seconds);
    });
  }

  it("ships the lines for an IPv6 target", () => {
    const fields = { target: "[2001:db8::1]:80", times: "0.000 4.001 0.000" };

    expect(secondsOf(fields, "2001:db8::1")).to.equal(4.001);
  });

  for (const target of ["10.0.1.1:80", "10.0.1.120:80", "[2001:db8::1]:80", "-"]) {
    it(`ships no line for the target ${target}`, () => {
      expect(shipped(entry({ target }))).to.equal(null);
    });
  }

  it("ships no line for another IPv6 target", () => {
    expect(shipped(entry({ target: "[2001:db8::12]:80" }), "2001:db8::1")).to.equal(null);
  });

  it("ships nothing for a malformed request", () => {
    expect(
      shipped(entry({ target: "-", times: "-1 -1 -1", request: "- http://h:80- -" })),
    ).to.equal(null);
  });
});
