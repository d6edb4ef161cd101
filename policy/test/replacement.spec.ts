import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { documentOf, type Resource, rolePolicy, startPack } from "./support.ts";

const { matches } = loadProgram<typeof import("../iam/pattern.ts")>("policy/iam/pattern.ts");

const account = "us-east-1:111122223333";
/** Pairs of an action and a resource that it takes. */
const uses = [
  ["ec2:RebootInstances", `arn:aws:ec2:${account}:instance/i-0123456789abcdef0`],
  ["sns:Publish", `arn:aws:sns:${account}:alerts`],
  ["sqs:SendMessage", `arn:aws:sqs:${account}:checks`],
  ["dynamodb:GetItem", `arn:aws:dynamodb:${account}:table/claims`],
  ["s3:GetObject", "arn:aws:s3:::bucket/object"],
] as const;

interface Plain {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** The statements that a finding gives to put in place. */
function replacementIn(message: string): Plain[] {
  const [, json] = message.split(" Instead: ");
  return json === undefined ? [] : JSON.parse(`[${json}]`);
}

const allows = (statements: readonly Plain[], action: string, resource: string) =>
  statements.some(
    (it) =>
      it.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      it.Resource.some((pattern) => matches(pattern, resource)),
  );

async function findingsOf(resource: Resource): Promise<string[]> {
  // A stack of a policy alone has not the resources that it names.
  const settings = { "foreign-arn": { external: ["arn:*"] } };
  const pack = startPack({ settings });
  const one = await pack.analyze(resource);
  const stack = await pack.analyzeStack([resource]);
  return [...one.verdicts, ...stack.verdicts].map(({ message }) => message);
}

/** One defect put into a good statement. */
const defects: Readonly<Record<string, (action: string, resource: string) => object>> = {
  "a wildcard in the action": (action, resource) => ({
    Action: [`${action.slice(0, -1)}?`],
    Resource: [resource],
  }),
  "a mistyped action": (action, resource) => ({
    Action: [action.replace(/.$/, "")],
    Resource: [resource],
  }),
  "a * beside the ARN": (action, resource) => ({ Action: [action], Resource: [resource, "*"] }),
  "an action of another type": (action, resource) => ({
    Action: [action, "kms:Decrypt"],
    Resource: [resource],
  }),
  "a resource of another type": (action, resource) => ({
    Action: [action],
    Resource: [resource, `arn:aws:kms:${account}:key/12345678-1234-1234-1234-123456789012`],
  }),
  "an action without resources": (action, resource) => ({
    Action: [action, "ec2:DescribeInstances"],
    Resource: [resource],
  }),
  "a condition that narrows nothing": (action, resource) => ({
    Action: [action],
    Resource: [resource],
    Condition: { StringLike: { "aws:PrincipalArn": "*" } },
  }),
};

describe("the statement that a finding gives", () => {
  for (const [what, make] of Object.entries(defects)) {
    it(`passes the pack and still allows what was used, for ${what}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...uses),
          fc.boolean(),
          async ([action, resource], hasSid) => {
            const sid = hasSid ? { Sid: "Own" } : {};
            const bad = rolePolicy({ ...sid, Effect: "Allow", ...make(action, resource) });

            const found = await findingsOf(bad);
            const [replacement = []] = found.map(replacementIn).filter((it) => it.length > 0);

            expect(found, "the defect is found").not.to.deep.equal([]);
            expect(replacement, found.join("\n")).not.to.deep.equal([]);
            const good = { ...bad, props: { policy: documentOf(...replacement) } };
            expect(await findingsOf(good)).to.deep.equal([]);
            expect(allows(replacement, action, resource)).to.equal(true);
          },
        ),
        { numRuns: 20 },
      );
    });
  }

  it("is left out where a value that stays could be a secret", async () => {
    const bad = rolePolicy({
      Effect: "Allow",
      Action: "sns:Publis?",
      Resource: `arn:aws:sns:${account}:alerts`,
      Condition: { StringEquals: { "aws:Referer": "open sesame" } },
    });

    expect((await findingsOf(bad)).flatMap(replacementIn)).to.deep.equal([]);
  });
});
