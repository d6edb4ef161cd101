import { expect } from "chai";
import { pipeInput, targetInput } from "../../../aws/events/template.ts";

const record = {
  dynamodb: {
    NewImage: { event: { M: { id: { S: "a/1" }, title: { S: 'he said "no"\n' } } } },
    Keys: [{ S: "first" }, { S: "second" }],
    count: 3,
  },
};

describe("pipeInput", () => {
  for (const [template, expected] of [
    ['{"id":<$.dynamodb.NewImage.event.M.id.S>}', '{"id":"a/1"}'],
    ['{"title":<$.dynamodb.NewImage.event.M.title.S>}', '{"title":"he said \\"no\\"\\n"}'],
    ['{"n":<$.dynamodb.count>,"fixed":"text"}', '{"n":3,"fixed":"text"}'],
    ['{"key":<$.dynamodb.Keys[1].S>}', '{"key":"second"}'],
    ['{"key":<$.dynamodb.Keys[1]>}', '{"key":{"S":"second"}}'],
    ['{"text":"id <$.dynamodb.NewImage.event.M.id.S>!"}', '{"text":"id a/1!"}'],
    ['{"text":"<$.dynamodb.missing>"}', '{"text":""}'],
    ['{"text":"keys: <$.dynamodb.Keys[1]>"}', '{"text":"keys: {S:second}"}'],
    ['{"text":"\\"<$.dynamodb.count>\\""}', '{"text":"\\"3\\""}'],
    ["[<$.dynamodb.count>]", "[3]"],
  ] as const) {
    it(`fills ${template}`, () => {
      expect(pipeInput(template, record)).to.equal(expected);
    });
  }

  for (const [template, problem] of [
    ['{"id":<$.dynamodb.missing>}', "the filled input template is not JSON"],
    // A value in a string is not escaped.
    ['{"title":"<$.dynamodb.NewImage.event.M.title.S>"}', "the filled input template is not JSON"],
    ['{"id":<$.dynamodb.*.S>}', 'unsupported JSON path: got "$.dynamodb.*.S"'],
    ['{"id":<id>}', 'unsupported JSON path: got "id"'],
    ["<$.dynamodb.count>", "expected a JSON object or list"],
    ["plain text", "expected a JSON object or list"],
    [`{"long":"${"x".repeat(8_182)}"}`, "input template too long: got 8193; at most 8192"],
  ] as const) {
    it(`refuses ${template.slice(0, 60)}`, () => {
      expect(() => pipeInput(template, record)).to.throw(problem);
    });
  }

  it("accepts a template of 8,192 characters", () => {
    const template = `{"long":"${"x".repeat(8_181)}"}`;

    expect(pipeInput(template, record)).to.equal(template);
  });
});

describe("targetInput", () => {
  const event = { "detail-type": "Reboot Failed", detail: { title: "a <b> c", reason: null } };
  const InputPathsMap = {
    type: "$.detail-type",
    title: "$.detail.title",
    reason: "$.detail.reason",
    missing: "$.detail.nothing",
  };
  const fill = (InputTemplate: string) => targetInput({ InputPathsMap, InputTemplate }, event);

  it("inserts the event's values as JSON", () => {
    expect(fill('{"type":<type>,"reason":<reason>,"list":[<title>]}')).to.equal(
      '{"type":"Reboot Failed","reason":null,"list":["a <b> c"]}',
    );
  });

  it("inserts values into strings", () => {
    expect(fill('{"text":"<type>: <title>"}')).to.equal('{"text":"Reboot Failed: a <b> c"}');
  });

  it("refuses a missing value that is not within a string", () => {
    expect(() => fill('{"text":<missing>}')).to.throw("the filled input template is not JSON");
  });

  it("refuses an unknown placeholder", () => {
    expect(() => fill('{"text":<titel>}')).to.throw(
      "unknown placeholder <titel>; the input paths are: type, title, reason, missing",
    );
    expect(() => targetInput({ InputTemplate: '{"a":<b>}' }, event)).to.throw(
      "unknown placeholder <b>; the input paths are: none",
    );
  });
});
