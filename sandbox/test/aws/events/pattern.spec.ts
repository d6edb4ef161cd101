import { expect } from "chai";
import { anyOf, parsePattern } from "../../../aws/events/pattern.ts";

describe("parsePattern", () => {
  const event = {
    source: "reboot-automation",
    "detail-type": "Instance Rebooted",
    resources: ["a", "b"],
    detail: { severity: "critical", count: 3, isLast: true, group: null, empty: {} },
  };

  for (const [pattern, expected] of [
    [{ source: ["reboot-automation"] }, true],
    [{ source: ["other"] }, false],
    [{ source: ["other", "reboot-automation"] }, true],
    [{ source: ["Reboot-Automation"] }, false],
    [{ source: ["reboot-automation"], "detail-type": ["Instance Rebooted"] }, true],
    [{ source: ["reboot-automation"], "detail-type": ["Reboot Failed"] }, false],
    [{ detail: { severity: ["critical"] } }, true],
    [{ detail: { severity: ["warning"] } }, false],
    [{ detail: { severity: { nested: ["critical"] } } }, false],
    [{ detail: { count: [3] } }, true],
    [{ detail: { count: ["3"] } }, false],
    [{ detail: { isLast: [true] } }, true],
    [{ detail: { group: [null] } }, true],
    [{ detail: { missing: [null] } }, false],
    [{ resources: ["b"] }, true],
    [{ resources: ["c"] }, false],
    [{ detail: { severity: [{ exists: true }] } }, true],
    [{ detail: { severity: [{ exists: false }] } }, false],
    [{ detail: { missing: [{ exists: true }] } }, false],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ missing: { severity: [{ exists: false }] } }, true],
    [{ detail: [{ exists: true }] }, false],
    [{ detail: { empty: [{ exists: true }] } }, false],
    [{ "detail-type": [{ prefix: "Instance " }] }, true],
    [{ "detail-type": [{ prefix: "Reboot " }] }, false],
    [{ detail: { count: [{ prefix: "3" }] } }, false],
    [{ detail: { toString: [{ exists: true }] } }, false],
  ] as const) {
    it(`${expected ? "matches" : "does not match"} ${JSON.stringify(pattern)}`, () => {
      expect(parsePattern(JSON.stringify(pattern))(event)).to.equal(expected);
    });
  }

  for (const [pattern, part] of [
    ["[]", "got []; expected a JSON object"],
    ["{}", "got {}; expected at least one field"],
    ['{"detail":{}}', "got {}; expected at least one field"],
    ['{"source":"reboot-automation"}', 'got "reboot-automation"; expected an object, or a list'],
    ['{"source":[]}', "got []; expected an object, or a list"],
    ['{"source":[["a"]]}', 'got ["a"]; expected a value or an operator'],
    ['{"source":[{"suffix":"n"}]}', 'got {"suffix":"n"}; expected exists'],
    ['{"source":[{"anything-but":"n"}]}', 'got {"anything-but":"n"}; expected exists'],
    ['{"source":[{"exists":"true"}]}', 'got {"exists":"true"}; expected exists'],
    ['{"source":[{"prefix":1}]}', 'got {"prefix":1}; expected exists'],
    ['{"source":[{"exists":true,"prefix":"a"}]}', "expected one operator"],
    ['{"source":[{}]}', "got {}; expected exists"],
    ["not JSON", "is not valid JSON"],
  ] as const) {
    it(`refuses ${pattern}`, () => {
      expect(() => parsePattern(pattern)).to.throw(part);
    });
  }
});

describe("anyOf", () => {
  it("matches everything without a pattern, else what one of the patterns matches", () => {
    expect(anyOf([])({})).to.equal(true);
    expect(anyOf(['{"a":[1]}', '{"a":[2]}'])({ a: 2 })).to.equal(true);
    expect(anyOf(['{"a":[1]}', '{"a":[2]}'])({ a: 3 })).to.equal(false);
  });
});
