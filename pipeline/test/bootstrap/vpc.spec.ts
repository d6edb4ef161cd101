import { expect } from "chai";
import { runBootstrap } from "./run-bootstrap.ts";

const settings = {
  subjectPrefix: "repo:acme@123456/watchdog@456789",
  repositoryId: "456789",
  project: "reboot-automation",
  stack: "dev",
  functionName: "Reboot",
  branch: "main",
  environment: "production",
  instanceType: "t2.micro",
  defaultTags: "false",
};

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
