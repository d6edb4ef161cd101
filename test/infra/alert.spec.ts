import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runQuery } from "../../sandbox/sumo-logic/query.ts";

const { accessLogQuery, instancesQuery, logCheckQuery, monitorQuery, savedSearchQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");
const { describeRule, monitorName } =
  loadProgram<typeof import("../../infra/alert-rule.ts")>("infra/alert-rule.ts");
const { alertPayload } =
  loadProgram<typeof import("../../infra/alert-payload.ts")>("infra/alert-payload.ts");

const scope = {
  rule: { apiPath: "/v2/orders", slowResponseSeconds: 1, maxSlowResponses: 20, windowMinutes: 30 },
  logSourceCategory: "prod/web",
  instanceIds: ["i-01234567"],
};

const number = String.raw`\d+\.?\d*`;
const responseTime = [
  '| concat(response_time_s, ", 0, 0, 0, 0, 0, 0, 0") as times',
  [
    String.raw`| parse regex field=times "^(?:[,: -]* )?(?<s1>-?${number}(?:[eE][-+]?\d+)?)`,
    ...[2, 3, 4, 5, 6, 7, 8].map((index) => `[,: -]* (?<s${index}>${number})`),
    '" nodrop',
  ].join(""),
  "| s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 as response_time_s",
];

const instanceLines = [
  '_sourceCategory=prod/web "i-01234567"',
  '| json field=_raw "path", "status", "response_time_s", "instance_id" as path, status, response_time_s, instance_id nodrop',
  '| where instance_id = "i-01234567"',
  ...responseTime,
];

describe("monitorQuery", () => {
  it("has one row for the instance's lines, with the slow, all and failed responses of exactly the path", () => {
    expect(monitorQuery(scope).split("\n")).to.deep.equal([
      ...instanceLines,
      '| if(path = "/v2/orders", 1, 0) as is_request',
      "| if(is_request = 1 and response_time_s > 1, 1, 0) as is_slow",
      '| if(is_request = 1 and (status matches "5*" or status = "499"), 1, 0) as is_failed',
      '| if(is_request = 1 and is_slow = 0 and response_time_s >= 0 and (isNull(status) or status matches "2*" or status matches "3*"), _messagetime, 0) as success_ms',
      "| sum(is_slow) as slow_count, sum(is_request) as request_count, sum(is_failed) as failed_count, max(success_ms) as last_success_ms by instance_id",
      "| toLong(last_success_ms)",
    ]);
  });
});

describe("monitorQuery of the root path", () => {
  it("counts slow responses of exactly /, which it finds by the instance", () => {
    const query = monitorQuery({ ...scope, rule: { ...scope.rule, apiPath: "/" } });
    const message = (path: string) => ({
      sourceCategory: "prod/web",
      timeMs: 0,
      raw: JSON.stringify({ path, response_time_s: "2.5", instance_id: "i-01234567" }),
    });

    const [row] = runQuery(query, ["/", "/v2/orders", "/", "//"].map(message));

    expect(query.split("\n")[0]).to.equal('_sourceCategory=prod/web "i-01234567"');
    expect(Number(row?.slow_count)).to.equal(2);
  });
});

describe("monitorName", () => {
  for (const [apiPath, name] of [
    ["/", "Slow responses of the root path"],
    ["/api/data", "Slow responses of api data"],
    ["/api/", "Slow responses of api"],
  ] as const) {
    it(`is "${name}" for ${apiPath}`, () => {
      expect(monitorName({ ...scope.rule, apiPath })).to.equal(name);
    });
  }
});

describe("savedSearchQuery", () => {
  it("shows the same slow responses in slices of the window", () => {
    expect(savedSearchQuery(scope).split("\n")).to.deep.equal([
      ...instanceLines,
      '| where path = "/v2/orders" and response_time_s > 1',
      "| timeslice 30m",
      "| count as slow_count, max(response_time_s) as worst_s by _timeslice, instance_id",
      "| sort by _timeslice asc",
    ]);
  });
});

describe("accessLogQuery", () => {
  it("finds every line of the stack's instance, whatever its path", () => {
    expect(accessLogQuery(scope).split("\n")).to.deep.equal([
      '_sourceCategory=prod/web "i-01234567"',
      '| json field=_raw "instance_id" as instance_id nodrop',
      '| where instance_id = "i-01234567"',
    ]);
  });
});

describe("the queries of several instances", () => {
  const group = { ...scope, instanceIds: ["i-01234567", "i-0123456789abcdef0"] };

  it("find the lines of each of them", () => {
    expect(accessLogQuery(group).split("\n")).to.deep.equal([
      '_sourceCategory=prod/web ("i-01234567" or "i-0123456789abcdef0")',
      '| json field=_raw "instance_id" as instance_id nodrop',
      '| where instance_id in ("i-01234567", "i-0123456789abcdef0")',
    ]);
  });

  it("are otherwise those of one instance", () => {
    for (const query of [monitorQuery, savedSearchQuery]) {
      const [, fields, , ...rest] = query(scope).split("\n");
      const [, fieldsOfGroup, , ...restOfGroup] = query(group).split("\n");

      expect([fieldsOfGroup, ...restOfGroup]).to.deep.equal([fields, ...rest]);
    }
  });
});

describe("instancesQuery", () => {
  it("counts slow and all responses of an instance, and has the slowest", () => {
    const messages = ["0.5", "2.5", "1.5"].map((seconds) => ({
      sourceCategory: "prod/web",
      timeMs: 0,
      raw: JSON.stringify({
        path: "/v2/orders",
        response_time_s: seconds,
        instance_id: "i-01234567",
      }),
    }));

    const rows = runQuery(instancesQuery(scope), messages);

    expect(rows).to.have.length(1);
    const [{ instance_id, slow_count, request_count, worst_s } = {}] = rows;
    expect(instance_id).to.equal("i-01234567");
    expect([slow_count, request_count, worst_s].map(Number)).to.deep.equal([2, 3, 2.5]);
  });
});

describe("logCheckQuery", () => {
  it("shows who logs which paths, lines without the fields included", () => {
    expect(logCheckQuery("prod/web").split("\n")).to.deep.equal([
      "_sourceCategory=prod/web",
      '| json field=_raw "path", "status", "response_time_s", "instance_id" as path, status, response_time_s, instance_id nodrop',
      ...responseTime,
      "| count as lines, max(response_time_s) as worst_s by path, instance_id",
      "| sort by lines desc",
    ]);
  });
});

describe("describeRule", () => {
  it("says the rule in words", () => {
    expect(describeRule(scope.rule)).to.equal(
      "more than 20 responses of /v2/orders over 1 s in 30 minutes",
    );
  });
});

describe("alertPayload", () => {
  it("has each field that the handler reads, with a variable in quotes", () => {
    expect(JSON.parse(alertPayload)).to.deep.equal({
      schema: "1",
      monitorId: "{{Id}}",
      triggerType: "{{TriggerType}}",
      triggerValue: "{{TriggerValue}}",
      windowStartMs: "{{TriggerTimeStart}}",
      windowEndMs: "{{TriggerTimeEnd}}",
      instanceId: "{{ResultsJson.instance_id}}",
      requestCount: "{{ResultsJson.request_count}}",
      failedCount: "{{ResultsJson.failed_count}}",
      lastSuccessMs: "{{ResultsJson.last_success_ms}}",
      alertUrl: "{{AlertResponseUrl}}",
    });
  });
});
