import { expect } from "chai";
import { readDocument } from "../../../../policy/iam/document.ts";
import type { Keys } from "../../../rehearsal/authorizer/call.ts";
import { evaluate } from "../../../rehearsal/authorizer/evaluate.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/claims";

/** Statements as the emulator holds them. */
function statements(...all: object[]) {
  const document = readDocument(() => ({ Version: "2012-10-17", Statement: all }));
  if (document.kind !== "statements") throw new Error(document.kind);
  return document.statements;
}

const allow = (fields: object) => ({
  Sid: "Write",
  Effect: "Allow",
  Action: "dynamodb:PutItem",
  Resource: table,
  ...fields,
});
const call = { action: "dynamodb:PutItem", resource: table, keys: {} };

describe("evaluate", () => {
  it("allows what a statement has, and names it", () => {
    const verdict = evaluate(call, { statements: statements(allow({})) });

    expect(verdict).to.deep.equal({ isAllowed: true, statement: "Write" });
  });

  for (const [what, fields] of [
    ["another action", { Action: "dynamodb:GetItem" }],
    ["another resource", { Resource: `${table}s` }],
    ["a resource in another case", { Resource: table.replace("claims", "Claims") }],
    ["all actions but this", { Action: undefined, NotAction: "dynamodb:Put*" }],
    ["all resources but this", { Resource: undefined, NotResource: `${table}*` }],
  ] as const) {
    it(`does not allow it by a statement about ${what}`, () => {
      expect(evaluate(call, { statements: statements(allow(fields)) }).isAllowed).to.equal(false);
    });
  }

  it("supports wildcards, and compares actions case-insensitively", () => {
    const wide = statements(
      allow({ Action: "DynamoDB:put*", Resource: "arn:aws:dynamodb:*:*:table/cl?ims" }),
    );

    expect(evaluate(call, { statements: wide }).isAllowed).to.equal(true);
  });

  it("refuses what is denied expressly, whatever else allows it", () => {
    const both = statements(allow({}), allow({ Sid: "Never", Effect: "Deny" }));

    expect(evaluate(call, { statements: both })).to.deep.equal({
      isAllowed: false,
      statement: "Never",
    });
  });

  it("refuses what the boundary does not have", () => {
    const own = statements(allow({}));
    const boundary = statements(allow({ Action: "dynamodb:GetItem" }));

    expect(evaluate(call, { statements: own, boundary }).isAllowed).to.equal(false);
    expect(evaluate(call, { statements: own, boundary: own }).isAllowed).to.equal(true);
  });

  it("refuses by the boundary alone, which gives nothing", () => {
    const verdict = evaluate(call, { statements: [], boundary: statements(allow({})) });

    expect(verdict.isAllowed).to.equal(false);
  });

  for (const [what, Condition, keys, expected] of [
    [
      "an equal text",
      { StringEquals: { "aws:RequestTag/Stack": "dev" } },
      { "aws:requesttag/stack": "dev" },
      true,
    ],
    [
      "another text",
      { StringEquals: { "aws:RequestTag/Stack": "dev" } },
      { "aws:requesttag/stack": "prod" },
      false,
    ],
    ["an absent key", { StringEquals: { "aws:RequestTag/Stack": "dev" } }, {}, false],
    [
      "an absent key, if it exists",
      { StringEqualsIfExists: { "aws:RequestTag/Stack": "dev" } },
      {},
      true,
    ],
    [
      "an absent key that must not be so",
      { StringNotEquals: { "aws:RequestTag/Stack": "dev" } },
      {},
      true,
    ],
    ["a key that must be absent", { Null: { "aws:RequestTag/Stack": "true" } }, {}, true],
    [
      "an ARN like another",
      { ArnLike: { "lambda:FunctionArn": "arn:aws:lambda:*:*:function:a*" } },
      { "lambda:functionarn": "arn:aws:lambda:us-east-1:0:function:ab" },
      true,
    ],
    [
      "one of two keys that fails",
      { StringEquals: { "a:x": "1", "a:y": "2" } },
      { "a:x": "1", "a:y": "3" },
      false,
    ],
    [
      "any of several values",
      { "ForAnyValue:StringEquals": { "aws:TagKeys": ["Stack"] } },
      { "aws:tagkeys": ["Name", "Stack"] },
      true,
    ],
    [
      "all of several values, one foreign",
      { "ForAllValues:StringEquals": { "aws:TagKeys": ["Stack"] } },
      { "aws:tagkeys": ["Name", "Stack"] },
      false,
    ],
    ["TLS", { Bool: { "aws:SecureTransport": "true" } }, { "aws:securetransport": "TRUE" }, true],
  ] as readonly [string, object, Keys, boolean][]) {
    it(`${expected ? "allows" : "refuses"} by a condition on ${what}`, () => {
      const own = statements(allow({ Condition }));

      expect(evaluate({ ...call, keys }, { statements: own }).isAllowed).to.equal(expected);
    });
  }

  it("throws for what it cannot evaluate, rather than guess", () => {
    const variable = statements(allow({ Resource: `${table}/\${aws:username}` }));
    const operator = statements(allow({ Condition: { NumericLessThan: { "s3:max-keys": "10" } } }));

    expect(() => evaluate(call, { statements: variable })).to.throw("aws:username");
    expect(() =>
      evaluate({ ...call, keys: { "s3:max-keys": "5" } }, { statements: operator }),
    ).to.throw("numericlessthan is not evaluated here");
  });
});
