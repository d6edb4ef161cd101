import { expect } from "chai";
import { runBootstrap, settings } from "./run-bootstrap.ts";

describe("bootstrap in an account without a default VPC", () => {
  for (const [what, more] of [
    ["an existing instance", { instanceId: "i-0123456789abcdef0" }],
    ["a VPC of yours", { vpcId: "vpc-0123456789abcdef0" }],
  ] as const) {
    it(`creates the roles for ${what}`, async () => {
      const registered = await runBootstrap({ ...settings, ...more }, { hasDefaultVpc: false });

      const roles = registered.filter(({ type }) => type === "aws:iam/role:Role");
      expect(roles.map(({ name }) => name)).to.have.members(["preview", "deploy"]);
    });
  }
});
