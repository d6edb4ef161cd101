import { expect } from "chai";
import { component, findings, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("star-resource", () => {
  for (const statement of [
    { Effect: "Allow", Action: "ec2:RebootInstances", Resource: arn },
    { Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
    { Effect: "Allow", Action: "EC2:describeinstances", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ec2:DescribeInstances", "xray:PutTraceSegments"],
      Resource: ["*"],
    },
    { Effect: "Deny", Action: "ec2:RebootInstances", Resource: "*" },
  ]) {
    it(`lets ${JSON.stringify(statement)} pass`, async () => {
      expect(await findings("star-resource", rolePolicy(statement))).to.deep.equal([]);
    });
  }

  it("names resource, statement, action, reason and fix", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "ec2:RebootInstances", Resource: "*" });

    expect(await findings("star-resource", policy)).to.deep.equal([
      'it: policy, statement number 1: Resource "*" with ec2:RebootInstances: the action takes a resource (instance). Name the ARNs instead.',
    ]);
  });

  for (const statement of [
    { Effect: "Allow", Action: "sns:Publish", Resource: ["*"] },
    { Effect: "Allow", Action: "sns:Publish", Resource: [arn, "*"] },
    { Effect: "Allow", Action: ["ec2:DescribeInstances", "sns:Publish"], Resource: "*" },
    { Effect: "Allow", Action: "sns:Publish", Resource: "**" },
    { effect: "Allow", action: "sns:Publish", resource: "*" },
    { Effect: "Allow", Action: "ec2:*", Resource: "*" },
    { Effect: "Allow", Action: "ec2:NoSuchAction", Resource: "*" },
    { Effect: "Allow", Action: "nosuchservice:Do", Resource: "*" },
    { Effect: "Allow", Action: "text", Resource: "*" },
    { Effect: "Allow", Action: "sns:Publish", NotResource: arn },
    {
      Effect: "Allow",
      Action: "sns:Publish",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    },
  ]) {
    it(`reports ${JSON.stringify(statement)}`, async () => {
      expect(await findings("star-resource", rolePolicy(statement))).to.have.length(1);
    });
  }

  it("judges a known leaf of grants beside an unknown one", async () => {
    const grant = { sid: "Wide", actions: ["sns:Publish"], resources: [unknown, "*"] };

    expect(await findings("star-resource", component(grant))).to.deep.equal([
      'component: grants, statement Wide: Resource "*" with sns:Publish: the action takes a resource (topic). Name the ARNs instead.',
    ]);
  });

  it("leaves an unknown leaf of grants to the deployment, where it is judged before creation", async () => {
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [unknown] };

    expect(await findings("star-resource", component(grant))).to.deep.equal([]);
  });

  it("reports `*` with an unknown action", async () => {
    const grant = { sid: "Late", actions: [unknown], resources: ["*"] };

    expect(await findings("star-resource", component(grant))).to.have.length(1);
  });
});
