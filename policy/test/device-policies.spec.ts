import { expect } from "chai";
import { documentOf, findings, stackFindings } from "./support.ts";

const arn = (rest: string) => `arn:aws:iot:us-east-1:111122223333:${rest}`;
const device = (Action: unknown, Resource: unknown) => ({
  type: "aws:iot/policy:Policy",
  props: { policy: documentOf({ Effect: "Allow", Action, Resource }) },
});

describe("a policy for devices", () => {
  it("is checked like an identity's", async () => {
    const open = device("iot:*", "*");

    expect(await findings("star-action", open)).to.have.length(1);
    expect(await findings("star-resource", open)).to.have.length(1);
    expect(await findings("broad-arn", device("iot:Publish", arn("topic/*")))).to.have.length(1);
    expect(await findings("unknown-action", device("iot:Pubish", arn("topic/a")))).to.have.length(
      1,
    );
  });

  it("passes with actions, and with resources by the name of the device", async () => {
    const narrow = device("iot:Connect", arn("client/${iot:Connection.Thing.ThingName}"));

    for (const rule of ["star-action", "star-resource", "broad-arn", "resource-type-mismatch"]) {
      expect(await findings(rule, narrow)).to.deep.equal([]);
    }
  });

  it("belongs to no identity of IAM: its topics are no resources of the stack", async () => {
    const policy = device("iot:Publish", arn("topic/measurements"));

    expect(await stackFindings("foreign-arn", [policy])).to.deep.equal([]);
  });
});

describe("a policy of an organization", () => {
  const policy = (props: Record<string, unknown>) => ({
    type: "aws:organizations/policy:Policy",
    props,
  });
  const content = documentOf({ Effect: "Deny", Action: "ec2:StopInstanzes", Resource: "*" });

  it("is checked for mistyped actions if it is about permissions", async () => {
    for (const type of ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", ""]) {
      expect(await findings("unknown-action", policy({ content, type }))).to.have.length(1);
    }
  });

  it("is not read if it is about something else", async () => {
    const tags = policy({ content: '{"tags":{}}', type: "TAG_POLICY" });

    expect(await findings("unknown-action", tags)).to.deep.equal([]);
    expect(await stackFindings("unknown-document", [tags])).to.deep.equal([]);
  });
});
