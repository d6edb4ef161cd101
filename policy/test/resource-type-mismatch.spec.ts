import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, unknown } from "./support.ts";

const instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";
const queue = "arn:aws:sqs:us-east-1:111122223333:queue";
const topic = "arn:aws:sns:us-east-1:111122223333:topic";
const policyOf = (Action: unknown, Resource: unknown) =>
  rolePolicy({ Sid: "One", Effect: "Allow", Action, Resource });

describe("resource-type-mismatch", () => {
  for (const [actions, resources] of [
    ["sns:Publish", topic],
    ["sns:Publish", "*"],
    ["sns:Publish", "arn:aws:sns:*:*:alerts-*"],
    [
      ["sns:Publish", "sqs:SendMessage"],
      [topic, queue],
    ],
    ["s3:GetObject", "arn:aws:s3:::bucket/${aws:username}/*"],
    ["logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/web:*"],
    [
      ["dynamodb:Query"],
      [
        "arn:aws:dynamodb:us-east-1:111122223333:table/a",
        "arn:aws:dynamodb:us-east-1:111122223333:table/a/index/*",
      ],
    ],
    ["ssm:GetDocument", "arn:aws:ssm:*::document/AWS-RunShellScript"],
    ["apigateway:SetWebACL", "arn:aws:apigateway:us-east-1::/restapis/a/stages/b"],
    ["sns:*", queue],
    ["sns:NoSuchAction", queue],
  ] as const) {
    it(`lets ${actions} on ${resources} pass`, async () => {
      expect(await findings("resource-type-mismatch", policyOf(actions, resources))).to.deep.equal(
        [],
      );
    });
  }

  it("names the action that no resource is for, and the resource that no action is for", async () => {
    const policy = policyOf(["ec2:RebootInstances", "sns:Publish"], [instance, queue]);
    const instead = `Instead: {"Sid":"One","Effect":"Allow","Action":["ec2:RebootInstances"],"Resource":["${instance}"]}`;

    expect(await findings("resource-type-mismatch", policy)).to.deep.equal([
      `it: policy, statement One: Action sns:Publish and Resource ${queue}: ` +
        "it accepts no resource of the statement, so the statement does not allow it at all (Action sns:Publish); " +
        `no action of the statement accepts a resource of that type (Resource ${queue}). ` +
        "Use a resource of the format arn:${Partition}:sns:${Region}:${Account}:${TopicName}. " +
        `Remove it, or list the actions that are intended for it. ${instead}`,
    ]);
  });

  it("gives an action without resources its own statement", async () => {
    const policy = policyOf(["ec2:RebootInstances", "ec2:DescribeInstances"], instance);

    const [finding] = await findings("resource-type-mismatch", policy);

    // Advisory: AWS accepts some resources that its reference does not list.
    expect(finding).to.match(
      /^advisory: it: policy, statement One: Action ec2:DescribeInstances: /,
    );
    expect(finding?.split("Instead: ")[1]).to.equal(
      `{"Sid":"One","Effect":"Allow","Action":["ec2:RebootInstances"],"Resource":["${instance}"]}, ` +
        '{"Sid":"OneEverywhere","Effect":"Allow","Action":["ec2:DescribeInstances"],"Resource":["*"]}',
    );
  });

  it("waits for an ARN that is not known yet", async () => {
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [queue, unknown] };

    expect(await findings("resource-type-mismatch", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without an identity policy", async () => {
    expect(await isNotApplicable("resource-type-mismatch", { type: "x:y:Z", props: {} })).to.equal(
      true,
    );
  });
});
