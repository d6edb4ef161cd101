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
        'it: metadataOptions.httpTokens: IMDSv1 is enabled. Set it to "required".',
      ]);
      expect(await found({})).to.have.length(1);
      expect(await found()).to.have.length(1);
    });
  }

  it("allows an instance whose service is off, or that has it from its template", async () => {
    const type = "aws:ec2/instance:Instance";
    const off = { metadataOptions: { httpEndpoint: "disabled" } };
    const ofTemplate = { launchTemplate: { id: unknown } };

    expect(await findings("imds-v2", { type, props: off })).to.deep.equal([]);
    expect(await findings("imds-v2", { type, props: ofTemplate })).to.deep.equal([]);
  });

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
