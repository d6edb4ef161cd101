import { expect } from "chai";
import { valueOfOutput } from "../../sandbox/engine/mocks.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { policyDocument, trustPolicy } =
  loadProgram<typeof import("../../infra/grants.ts")>("infra/grants.ts");

describe("policyDocument", () => {
  it("writes one Allow statement a grant, with conditions only where there are some", async () => {
    const text = await valueOfOutput(
      policyDocument([
        { sid: "One", actions: ["sns:Publish"], resources: ["arn:a", "arn:b"] },
        {
          sid: "Two",
          actions: ["ec2:RebootInstances", "ec2:StopInstances"],
          resources: ["arn:c"],
          conditions: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        },
      ]),
    );

    expect(text).to.equal(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"One","Effect":"Allow","Action":["sns:Publish"],"Resource":["arn:a","arn:b"]},' +
        '{"Sid":"Two","Effect":"Allow","Action":["ec2:RebootInstances","ec2:StopInstances"],"Resource":["arn:c"],"Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}' +
        "]}",
    );
  });
});

describe("trustPolicy", () => {
  it("trusts one service", async () => {
    expect(await valueOfOutput(trustPolicy("lambda.amazonaws.com"))).to.equal(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}',
    );
  });

  it("trusts it on behalf of one account only, if there is one", async () => {
    expect(await valueOfOutput(trustPolicy("pipes.amazonaws.com", "123456789012"))).to.equal(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"pipes.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}',
    );
  });
});
