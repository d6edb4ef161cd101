import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

const other = { type: "x:y:Z", props: {} };

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
    ["aws:ec2/instance:Instance", { launchTemplate: { id: "lt-1" } }, []],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ noDevice: "true" }, { virtualName: "ephemeral0" }] },
      [],
    ],
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
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { imageId: "ami-0123456789abcdef0" },
      ["blockDeviceMappings.ebs.encrypted"],
    ],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [] },
      ["blockDeviceMappings.ebs.encrypted"],
    ],
  ] as const) {
    it(`finds ${JSON.stringify(whats)} in ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("encrypted-volume", { type, props })).to.deep.equal(
        whats.map(
          (what) => `it: ${what}: it is not true, so the disk is not encrypted. Set it to true.`,
        ),
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
