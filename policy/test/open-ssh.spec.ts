import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

const other = { type: "x:y:Z", props: {} };

describe("open-ssh", () => {
  const group = "aws:ec2/securityGroup:SecurityGroup";
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };

  it("names rule, range, reason and fix", async () => {
    expect(await findings("open-ssh", { type: group, props: { ingress: [ssh] } })).to.deep.equal([
      "it: ingress[0] from 0.0.0.0/0: anyone can reach port 22. Allow only the network that needs SSH, or use Session Manager.",
    ]);
  });

  for (const [rule, count] of [
    [{ ...ssh, cidrBlocks: ["10.0.0.0/8"] }, 0],
    [{ ...ssh, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }, 1],
    [{ ...ssh, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }, 1],
    [{ ...ssh, cidrBlocks: [], ipv6CidrBlocks: ["::/0"] }, 1],
    [{ ...ssh, fromPort: 80, toPort: 80 }, 0],
    [{ ...ssh, fromPort: 21, toPort: 22 }, 1],
    [{ ...ssh, fromPort: 22, toPort: 23 }, 1],
    [{ ...ssh, fromPort: 23, toPort: 65535 }, 0],
    [{ ...ssh, fromPort: 0, toPort: 21 }, 0],
    [{ ...ssh, fromPort: 0, toPort: 65535 }, 1],
    [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }, 1],
    [{ ...ssh, protocol: "6" }, 1],
    [{ ...ssh, protocol: "06" }, 1],
    [{ ...ssh, protocol: "17" }, 0],
    [{ ...ssh, protocol: "udp" }, 0],
    [{ ...ssh, cidrBlocks: [unknown] }, 1],
    [{ ...ssh, cidrBlocks: unknown }, 1],
    [{ ...ssh, fromPort: unknown, toPort: unknown }, 1],
    [{ ...ssh, protocol: unknown }, 1],
    [unknown, 1],
  ] as const) {
    it(`finds ${count} in a group with ${JSON.stringify(rule)}`, async () => {
      expect(
        await findings("open-ssh", { type: group, props: { ingress: [rule] } }),
      ).to.have.length(count);
    });
  }

  it("says what is not known yet", async () => {
    const rule = { ...ssh, cidrBlocks: [unknown] };

    expect(await findings("open-ssh", { type: group, props: { ingress: [rule] } })).to.deep.equal([
      "it: ingress[0] from (not known before deployment): who can reach port 22 is not known before deployment. Allow only the network that needs SSH, or use Session Manager.",
    ]);
  });

  it("says of a rule that is not known yet what it could be", async () => {
    expect(
      await findings("open-ssh", { type: group, props: { ingress: [unknown] } }),
    ).to.deep.equal([
      "it: ingress[0] from (not known before deployment): who can reach port 22 is not known before deployment. Allow only the network that needs SSH, or use Session Manager.",
    ]);
  });

  for (const [type, props, count] of [
    ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [ssh] }, 1],
    ["aws:ec2/securityGroupRule:SecurityGroupRule", { ...ssh, type: "ingress" }, 1],
    ["aws:ec2/securityGroupRule:SecurityGroupRule", { ...ssh, type: "egress" }, 0],
    [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
      1,
    ],
    [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      { ipProtocol: "-1", cidrIpv6: "::/0" },
      1,
    ],
    [group, {}, 0],
  ] as const) {
    it(`finds ${count} in ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("open-ssh", { type, props })).to.have.length(count);
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("open-ssh", other)).to.equal(true);
  });
});
