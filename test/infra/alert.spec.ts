import { expect } from "chai";
import { loadProgram } from "../../sandbox/program.ts";

const { accessLogQuery, logCheckQuery, monitorQuery, savedSearchQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");
const { describeRule } =
  loadProgram<typeof import("../../infra/alert-rule.ts")>("infra/alert-rule.ts");
const { alertPayload } =
  loadProgram<typeof import("../../infra/alert-payload.ts")>("infra/alert-payload.ts");

const scope = {
  rule: { apiPath: "/v2/orders", slowResponseSeconds: 1, maxSlowResponses: 20, windowMinutes: 30 },
  logSourceCategory: "prod/web",
  instanceId: "i-01234567",
};

const slowLines = [
  '_sourceCategory=prod/web "/v2/orders"',
  '| json field=_raw "path", "response_time_s", "instance_id" as path, response_time_s, instance_id nodrop',
  '| where path = "/v2/orders" and instance_id = "i-01234567"',
  "| num(response_time_s)",
  "| where response_time_s > 1",
];

describe("monitorQuery", () => {
  it("counts the own instance's slow responses of exactly the path, without timeslice", () => {
    expect(monitorQuery(scope).split("\n")).to.deep.equal([
      ...slowLines,
      "| count as slow_count by instance_id",
    ]);
  });
});

describe("savedSearchQuery", () => {
  it("shows the same responses in slices of the window", () => {
    expect(savedSearchQuery(scope).split("\n")).to.deep.equal([
      ...slowLines,
      "| timeslice 30m",
      "| count as slow_count, max(response_time_s) as worst_s by _timeslice, instance_id",
      "| sort by _timeslice asc",
    ]);
  });
});

describe("accessLogQuery", () => {
  it("finds every line of the own instance, whatever its path", () => {
    expect(accessLogQuery(scope).split("\n")).to.deep.equal([
      '_sourceCategory=prod/web "i-01234567"',
      '| json field=_raw "instance_id" as instance_id nodrop',
      '| where instance_id = "i-01234567"',
    ]);
  });
});

describe("logCheckQuery", () => {
  it("shows who logs which paths, lines without the fields included", () => {
    expect(logCheckQuery("prod/web").split("\n")).to.deep.equal([
      "_sourceCategory=prod/web",
      '| json field=_raw "path", "response_time_s", "instance_id" as path, response_time_s, instance_id nodrop',
      "| num(response_time_s)",
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
      monitorName: "{{Name}}",
      triggerType: "{{TriggerType}}",
      triggerValue: "{{TriggerValue}}",
      windowStartMs: "{{TriggerTimeStart}}",
      windowEndMs: "{{TriggerTimeEnd}}",
      instanceId: "{{ResultsJson.instance_id}}",
      alertUrl: "{{AlertResponseUrl}}",
    });
  });
});
