import { expect } from "chai";
import { isAllowed } from "../../../aws/events/policy.ts";

const rule = "arn:aws:events:us-east-1:000000000000:rule/bus/pager";
const topic = "arn:aws:sns:us-east-1:000000000000:chat";

describe("isAllowed", () => {
  const request = {
    action: "sns:Publish",
    resource: topic,
    service: "events.amazonaws.com",
    context: { "aws:sourcearn": rule },
  };
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topic,
    Condition: { ArnEquals: { "aws:SourceArn": rule } },
  };

  for (const [what, changes, expected] of [
    ["everything matches", {}, true],
    ["the action is a pattern", { Action: ["sns:Get*", "sns:Pub*"] }, true],
    ["the action differs", { Action: "sns:Subscribe" }, false],
    ["the resource differs", { Resource: `${topic}2` }, false],
    ["the resource is a pattern", { Resource: "arn:aws:sns:*:000000000000:chat" }, true],
    ["the service differs", { Principal: { Service: "pipes.amazonaws.com" } }, false],
    ["everyone is the principal", { Principal: "*" }, true],
    ["an account is the principal", { Principal: { AWS: "000000000000" } }, false],
    ["there is no principal", { Principal: undefined }, false],
    [
      "another rule is the source",
      { Condition: { ArnEquals: { "aws:SourceArn": `${rule}2` } } },
      false,
    ],
    [
      "any rule may be the source",
      { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*" } } },
      true,
    ],
    [
      "a key is missing",
      { Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } } },
      false,
    ],
    ["there is no condition", { Condition: undefined }, true],
  ] as const) {
    it(`is ${expected} for a topic's policy if ${what}`, () => {
      expect(isAllowed([{ Statement: [{ ...statement, ...changes }] }], request)).to.equal(
        expected,
      );
    });
  }

  it("is false without a statement", () => {
    expect(isAllowed([], request)).to.equal(false);
    expect(isAllowed([{}], request)).to.equal(false);
  });

  it("is false if one statement denies it", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "sns:*", Resource: "*" } as const;

    expect(isAllowed([{ Statement: statement }, { Statement: deny }], request)).to.equal(false);
  });

  it("needs no principal in a role's policy", () => {
    const grant = { Effect: "Allow", Action: "events:PutEvents", Resource: rule };

    expect(
      isAllowed([{ Statement: [grant] }], { action: "events:PutEvents", resource: rule }),
    ).to.equal(true);
  });

  it("throws for what it does not know", () => {
    const notAction = { Effect: "Allow", NotAction: "sns:Publish", Resource: "*" };
    const operator = { ...statement, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };

    expect(() => isAllowed([{ Statement: notAction }], request)).to.throw(
      "unsupported element of a policy: NotAction",
    );
    expect(() => isAllowed([{ Statement: operator }], request)).to.throw(
      "unsupported condition operator of a policy: IpAddress",
    );
  });
});
