import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Grant } from "../../infra/grants.ts";
import type { Grant as PackGrant } from "../../policy/grants.ts";

describe("Grant", () => {
  it("of the program is a Grant of the policy pack", () => {
    const arn = "arn:aws:sns:us-east-1:111122223333:alerts";
    const grant: Grant = { sid: "Notify", actions: ["sns:Publish"], resources: [arn] };

    // The type check proves it: the pack has a separate type and imports nothing of the program.
    const ofPack: PackGrant<pulumi.Input<string>> = grant;

    expect(ofPack).to.equal(grant);
  });
});
