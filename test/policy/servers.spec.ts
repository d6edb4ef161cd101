import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

const other = { type: "x:y:Z", props: {} };

describe("imds-v2", () => {
  const types = [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ];
  for (const type of types) {
    it(`asks ${type} for tokens`, async () => {
      const found = (metadataOptions?: unknown) =>
        findings("imds-v2", {
          type,
          props: metadataOptions === undefined ? {} : { metadataOptions },
        });

      expect(await found({ httpTokens: "required" })).to.deep.equal([]);
      expect(await found({ httpTokens: "optional" })).to.deep.equal([
        'it: metadataOptions.httpTokens: version 1 of the metadata service answers, too. Set it to "required".',
      ]);
      expect(await found({})).to.have.length(1);
      expect(await found()).to.have.length(1);
    });
  }

  for (const metadataOptions of [unknown, { httpTokens: unknown }]) {
    it(`reports ${JSON.stringify(metadataOptions)}, which is not known yet`, async () => {
      const instance = { type: "aws:ec2/instance:Instance", props: { metadataOptions } };

      expect(await findings("imds-v2", instance)).to.deep.equal([
        'it: metadataOptions.httpTokens: it is not known before deployment. Set it to "required".',
      ]);
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("imds-v2", other)).to.equal(true);
  });
});

describe("encrypted-volume", () => {
  for (const [type, props, whats] of [
    ["aws:ec2/instance:Instance", { rootBlockDevice: { encrypted: true } }, []],
    ["aws:ec2/instance:Instance", {}, ["rootBlockDevice.encrypted"]],
    ["aws:ec2/instance:Instance", { rootBlockDevice: {} }, ["rootBlockDevice.encrypted"]],
    [
      "aws:ec2/instance:Instance",
      { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] },
      ["ebsBlockDevices[1].encrypted"],
    ],
    ["aws:ec2/launchConfiguration:LaunchConfiguration", {}, ["rootBlockDevice.encrypted"]],
    ["aws:ebs/volume:Volume", { encrypted: true }, []],
    ["aws:ebs/volume:Volume", { encrypted: false }, ["encrypted"]],
    ["aws:ebs/volume:Volume", {}, ["encrypted"]],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }] },
      [],
    ],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ ebs: {} }] },
      ["blockDeviceMappings[0].ebs.encrypted"],
    ],
  ] as const) {
    it(`finds ${JSON.stringify(whats)} in ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("encrypted-volume", { type, props })).to.deep.equal(
        whats.map((what) => `it: ${what}: it is not set, so the disk is plain. Set it to true.`),
      );
    });
  }

  for (const props of [{ rootBlockDevice: unknown }, { rootBlockDevice: { encrypted: unknown } }]) {
    it(`reports ${JSON.stringify(props)}, which is not known yet`, async () => {
      expect(
        await findings("encrypted-volume", { type: "aws:ec2/instance:Instance", props }),
      ).to.deep.equal([
        "it: rootBlockDevice.encrypted: it is not known before deployment. Set it to true.",
      ]);
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("encrypted-volume", other)).to.equal(true);
  });
});

describe("open-ssh", () => {
  const group = "aws:ec2/securityGroup:SecurityGroup";
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };

  it("names rule, range, reason and fix", async () => {
    expect(await findings("open-ssh", { type: group, props: { ingress: [ssh] } })).to.deep.equal([
      "it: ingress[0] from 0.0.0.0/0: anybody can reach port 22. Name the network that needs SSH, or use Session Manager.",
    ]);
  });

  for (const [rule, count] of [
    [{ ...ssh, cidrBlocks: ["10.0.0.0/8"] }, 0],
    [{ ...ssh, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }, 1],
    [{ ...ssh, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }, 2],
    [{ ...ssh, cidrBlocks: [], ipv6CidrBlocks: ["::/0"] }, 1],
    [{ ...ssh, fromPort: 80, toPort: 80 }, 0],
    [{ ...ssh, fromPort: 21, toPort: 22 }, 1],
    [{ ...ssh, fromPort: 22, toPort: 23 }, 1],
    [{ ...ssh, fromPort: 23, toPort: 65535 }, 0],
    [{ ...ssh, fromPort: 0, toPort: 21 }, 0],
    [{ ...ssh, fromPort: 0, toPort: 65535 }, 1],
    [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }, 1],
    [{ ...ssh, protocol: "6" }, 1],
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
      "it: ingress[0] from (not known before deployment): who can reach port 22 is not known before deployment. Name the network that needs SSH, or use Session Manager.",
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

describe("log-retention", () => {
  const type = "aws:cloudwatch/logGroup:LogGroup";

  for (const [retentionInDays, why] of [
    [30, undefined],
    [0, "the events are kept for ever"],
    [undefined, "the events are kept for ever"],
    [unknown, "it is not known before deployment"],
  ] as const) {
    it(`says of ${retentionInDays}: ${why}`, async () => {
      const props = retentionInDays === undefined ? {} : { retentionInDays };

      expect(await findings("log-retention", { type, props })).to.deep.equal(
        why === undefined ? [] : [`it: retentionInDays: ${why}. Set the number of days.`],
      );
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("log-retention", other)).to.equal(true);
  });
});
