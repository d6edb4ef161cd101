import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { component, documentOf, messagesOf, type Resource, rules, startPack } from "./support.ts";

const fix =
  "Use pulumi.interpolate or pulumi.jsonStringify (Python: Output.concat or Output.json_dumps).";
const why =
  'it contains "Calling [toString] on an [Output<T>] is not supported", which Pulumi writes for an Output that is used as a string';

const arn = pulumi.output("arn:aws:s3:::data");
const inPython = `Calling __str__ on an Output[T] is not supported.

To get the value of an Output[T] as an Output[str] consider:
1. o.apply(lambda v: f"prefix{v}suffix")`;

/** All that the pack finds in a stack of this resource. */
async function found(resource: Resource): Promise<string[]> {
  const pack = startPack({ rules });
  const { verdicts } = await pack.analyze(resource);
  return messagesOf([...verdicts, ...(await pack.analyzeStack([resource])).verdicts]);
}

const policy = (Resource: unknown): Resource => ({
  type: "aws:iam/policy:Policy",
  props: {
    policy: documentOf({ Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource }),
  },
});

describe("an Output that a program uses as a string", () => {
  for (const [what, value] of [
    ["in a template literal", `${arn}/*`],
    ["in the middle of an ARN", `arn:aws:s3:::${arn}/*`],
    ["in JSON.stringify", arn],
    ["in a list", ["arn:aws:s3:::other/*", `${arn}/*`]],
    ["in Python", `${inPython}/*`],
  ] as const) {
    it(`is one finding with an explanation: ${what}`, async () => {
      expect(await found(policy(value))).to.deep.equal([`it: unreadable policy: ${why}. ${fix}`]);
    });
  }

  it("is one in the grants of a component", async () => {
    const grants = component({ sid: "Read", actions: ["s3:GetObject"], resources: [`${arn}/*`] });

    expect(await found(grants)).to.deep.equal([`component: unreadable grants: ${why}. ${fix}`]);
  });

  it("is one in a Lambda permission", async () => {
    const permission: Resource = {
      type: "aws:lambda/permission:Permission",
      props: {
        action: "lambda:InvokeFunction",
        principal: "s3.amazonaws.com",
        sourceArn: `${arn}`,
      },
    };

    expect(await found(permission)).to.deep.equal([`it: unreadable permission: ${why}. ${fix}`]);
  });

  it("is one in the ARN of an attached policy", async () => {
    const attached: Resource = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { role: "worker", policyArn: `arn:aws:iam::aws:policy/${arn}` },
    };

    expect(await found(attached)).to.deep.equal([`it: unreadable policyArn: ${why}. ${fix}`]);
  });
});

describe("a Promise that a program passes to JSON.stringify", () => {
  const promise = Promise.resolve("111122223333");
  const allow = { Sid: "Read", Effect: "Allow" };
  const key = (statement: object): Resource => ({
    type: "aws:kms/key:Key",
    props: { policy: documentOf({ ...allow, Action: "kms:*", Resource: "*", ...statement }) },
  });

  for (const [what, statement] of [
    ["as a principal", { Principal: { AWS: promise } }],
    ["in a list of principals", { Principal: { AWS: ["111122223333", promise] } }],
    ["as an action", { Principal: { AWS: "111122223333" }, Action: promise }],
    ["as a resource", { Principal: { AWS: "111122223333" }, Resource: promise }],
    [
      "in a condition",
      { Principal: "*", Condition: { StringEquals: { "aws:SourceAccount": promise } } },
    ],
  ] as const) {
    it(`is one finding with an explanation: ${what}`, async () => {
      expect(await found(key(statement))).to.deep.equal([
        "it: unreadable policy: it contains {} in place of a string, which JSON.stringify writes for a Promise. Use pulumi.jsonStringify, or await the Promise.",
      ]);
    });
  }

  it("is not an empty Condition or Principal", async () => {
    const statement = { Principal: { AWS: "arn:aws:iam::111122223333:root" }, Condition: {} };

    expect(await found(key(statement))).to.deep.equal([]);
  });
});
