import { expect } from "chai";
import { loadProgram } from "../../sandbox/program.ts";
import { type Due, renderPayload } from "../../sandbox/sumo-logic/template.ts";

const { alertPayload } =
  loadProgram<typeof import("../../infra/alert-payload.ts")>("infra/alert-payload.ts");

const monitor = { id: "00000000000000A1", name: "Slow responses of api data" };
const due: Due = {
  triggerType: "Critical",
  alertUrl: "https://service.sumologic.com/ui/#/alert/00000000000000B1",
  rows: [{ instance_id: "i-0123456789abcdef0", slow_count: 6 }],
  value: 6,
  windowStartMs: 1767268200000,
  windowEndMs: 1767268800000,
};

describe("renderPayload", () => {
  it("renders every variable of the program's payload as text", () => {
    expect(JSON.parse(renderPayload(alertPayload, monitor, due))).to.deep.equal({
      schema: "1",
      monitorId: "00000000000000A1",
      monitorName: "Slow responses of api data",
      triggerType: "Critical",
      triggerValue: "6",
      windowStartMs: "1767268200000",
      windowEndMs: "1767268800000",
      instanceId: "i-0123456789abcdef0",
      alertUrl: "https://service.sumologic.com/ui/#/alert/00000000000000B1",
    });
  });

  for (const [what, name, expected] of [
    ["quotes", 'a "b"', '{"name":"a \\"b\\""}'],
    ["newlines", "a\nb", '{"name":"a\\nb"}'],
    ["backslashes", "a\\b", '{"name":"a\\\\b"}'],
    ["dollar signs as they are", "$& $1", '{"name":"$& $1"}'],
    ["other scripts as they are", "länger", '{"name":"länger"}'],
  ] as const) {
    it(`escapes ${what} for JSON`, () => {
      expect(renderPayload('{"name":"{{Name}}"}', { ...monitor, name }, due)).to.equal(expected);
    });
  }

  it("does not render the variables that a value holds", () => {
    const name = "{{TriggerType}}";

    expect(renderPayload("{{Name}}", { ...monitor, name }, due)).to.equal("{{TriggerType}}");
  });

  for (const variable of ["{{TriggerType}}", "{{triggertype}}", "{{TRIGGERTYPE}}"]) {
    it(`knows ${variable}, whatever its letter case`, () => {
      expect(renderPayload(variable, monitor, due)).to.equal("Critical");
    });
  }

  it("renders a field of several rows as the list of its values", () => {
    const rows = [
      { instance_id: "i-1", slow_count: 6 },
      { instance_id: "i-2", slow_count: 7 },
    ];

    const payload = renderPayload(alertPayload, monitor, { ...due, rows });

    expect(JSON.parse(payload).instanceId).to.equal('["i-1","i-2"]');
  });

  for (const name of ["Query", "ResultsJson.other", "constructor"]) {
    it(`refuses the variable ${name}, naming it`, () => {
      expect(() => renderPayload(`"{{${name}}}"`, monitor, due)).to.throw(
        `the sandbox does not have the variable {{${name}}}`,
      );
    });
  }
});
