import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Registered, valueOfOutput } from "../../../sandbox/engine/mocks.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { everyOption, largestGroup, runBootstrap } from "./run-bootstrap.ts";

const { policyDocument } =
  loadProgram<typeof import("../../../infra/grants.ts")>("infra/grants.ts");
const { rebootGrants } =
  loadProgram<typeof import("../../../infra/reboot-grants.ts")>("infra/reboot-grants.ts");

/**
 * Characters that AWS accepts, less a tenth: a change that comes near should split the policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
const limits = { inlineOfRole: 9_216, managed: 5_529, trust: 1_843, bucket: 18_432 };

/** The longest that the settings accept with every option, in a region and partition with long names. */
const longest = {
  ...everyOption,
  // As long as EventBridge has them, in a region and partition of another account.
  eventBusArn: `arn:aws-us-gov:events:ap-northeast-3:210987654321:event-bus/${"b".repeat(256)}`,
  subjectPrefix: `repo:${"o".repeat(39)}@1234567890/${"r".repeat(100)}@1234567890`,
  repositoryId: "1234567890",
  // The bucket for evidence has the shortest name.
  project: "p".repeat(30),
  stack: "s".repeat(10),
  functionName: "f".repeat(64),
  branch: "b".repeat(200),
  environment: "e".repeat(100),
  instanceType: "u-12tb1.112xlarge",
  defaultTags: "true",
};

const instances = [
  {
    of: "for a created instance",
    settings: { vpcId: `vpc-${"0".repeat(17)}`, targetGroup: "false" },
    managed: ["server"],
    attachedToDeploy: 8,
  },
  { of: "for a group of 50 instances", settings: largestGroup, managed: [], attachedToDeploy: 7 },
];
for (const { of, settings, managed, attachedToDeploy } of instances) {
  describe(`the policies of bootstrap ${of}`, () => {
    let registered: readonly Registered[];
    before(async () => {
      registered = await runBootstrap({ ...longest, ...settings });
    });

    const documentsOf = (type: string, key: string) =>
      registered
        .filter((it) => it.type === type)
        .map(({ name, inputs }) => [name, sizeOf(inputs[key])] as const);

    it("keep the inline policies of each role within what IAM accepts", () => {
      // One for each role; IAM counts those of a role together.
      const sizes = documentsOf("aws:iam/rolePolicy:RolePolicy", "policy");

      expect(sizes.map(([name]) => name).sort()).to.deep.equal(["deploy-policy", "preview-policy"]);
      for (const [name, size] of sizes) expect(size, name).to.be.within(1, limits.inlineOfRole);
    });

    it("keep each managed policy within what IAM accepts", () => {
      const sizes = documentsOf("aws:iam/policy:Policy", "policy");

      expect(sizes.map(([name]) => name)).to.have.members([
        ...managed,
        "boundary",
        "boundary-bus-role",
        "boundary-chat-role",
        "boundary-events-pipe-role",
        "boundary-pager-role",
        "bus",
        "chat",
        "events",
        "pager",
        "read",
        "read-options",
        "tags",
      ]);
      for (const [name, size] of sizes) expect(size, name).to.be.within(1, limits.managed);
    });

    it("keep the managed policies of each role fewer than IAM accepts", () => {
      const attached = registered.filter(({ type }) => type.endsWith(":RolePolicyAttachment"));
      const counts = ["preview", "deploy"].map(
        (role) => attached.filter(({ name }) => name.startsWith(`${role}-`)).length,
      );

      // Ten: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(counts).to.deep.equal([2, attachedToDeploy]);
    });

    it("keep each trust policy within what IAM accepts", () => {
      const sizes = documentsOf("aws:iam/role:Role", "assumeRolePolicy");

      expect(sizes.map(([name]) => name).sort()).to.deep.equal(["deploy", "preview"]);
      for (const [name, size] of sizes) expect(size, name).to.be.within(1, limits.trust);
    });

    it("keep the bucket's policy within what S3 accepts", () => {
      const sizes = documentsOf("aws:s3/bucketPolicy:BucketPolicy", "policy");

      expect(sizes.map(([name]) => name)).to.deep.equal(["state-tls-only"]);
      for (const [name, size] of sizes) expect(size, name).to.be.within(1, limits.bucket);
    });
  });
}

describe("the sizes in pipeline/README.md", () => {
  it("are those of a group's boundary with ids, and with ARNs in their place", async () => {
    const registered = await runBootstrap({ ...longest, ...largestGroup });
    const boundary: string = registered.find(({ name }) => name === "boundary")?.inputs.policy;
    const withArns = JSON.parse(boundary);
    const reboot = withArns.Statement.find((it: { Sid: string }) => it.Sid === "RebootTheInstance");
    reboot.Resource = reboot.Condition.StringEquals["ec2:InstanceID"].map(
      (id: string) => `arn:aws-us-gov:ec2:ap-northeast-3:123456789012:instance/${id}`,
    );
    delete reboot.Condition.StringEquals;
    const shown = (document: string) => sizeOf(document).toLocaleString("en");

    const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
    expect(readme.replaceAll("\n", " ")).to.include(
      `the boundary has ${shown(boundary)}, and with the instances' ARNs it would have ${shown(JSON.stringify(withArns))}.`,
    );
  });
});

describe("the policy of the function's role", () => {
  it("is within what IAM accepts, with names as long as AWS has them", async () => {
    const arn = (name: number) =>
      `arn:aws-us-gov:service:ap-northeast-3:123456789012:${"n".repeat(name)}`;
    const document = policyDocument(
      rebootGrants({
        instances: [arn(30)],
        topic: arn(256),
        logGroup: arn(512),
        table: arn(255),
        checkQueue: arn(80),
        deadLetterQueue: arn(80),
      }),
    );

    expect(sizeOf(await valueOfOutput(document))).to.be.within(1, limits.inlineOfRole);
  });
});

/** The size as IAM counts it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function sizeOf(document: string): number {
  return document.replaceAll(/\s/g, "").length;
}
