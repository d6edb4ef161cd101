import { expect } from "chai";
import { loadProgram, loadProgramAnew } from "../../sandbox/program.ts";
import { pulumi, type Registered, valueOfOutput } from "../infra/mocks.ts";

const { policyDocument } = loadProgram<typeof import("../../infra/grants.ts")>("infra/grants.ts");
const { rebootGrants } =
  loadProgram<typeof import("../../infra/reboot-grants.ts")>("infra/reboot-grants.ts");

/**
 * Characters that AWS accepts, less a tenth: a change that comes near should split the policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
const limits = { inlineOfRole: 9_216, managed: 5_529, trust: 1_843, bucket: 18_432 };

/** The longest that the settings accept, in a region and partition with long names. */
const longest = {
  subjectPrefix: `repo:${"o".repeat(39)}@1234567890/${"r".repeat(100)}@1234567890`,
  project: "p".repeat(31),
  stack: "s".repeat(12),
  functionName: "f".repeat(64),
  branch: "b".repeat(200),
  environment: "e".repeat(100),
  vpcId: `vpc-${"0".repeat(17)}`,
  defaultTags: "true",
};

describe("the policies of bootstrap", () => {
  let registered: readonly Registered[];
  before(async () => {
    registered = await runBootstrap(longest);
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

    expect(sizes.map(([name]) => name).sort()).to.deep.equal(["boundary", "read", "tags"]);
    for (const [name, size] of sizes) expect(size, name).to.be.within(1, limits.managed);
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

describe("the policy of the function's role", () => {
  it("is within what IAM accepts, with names as long as AWS has them", async () => {
    const arn = (name: number) =>
      `arn:aws-us-gov:service:ap-northeast-3:123456789012:${"n".repeat(name)}`;
    const document = policyDocument(
      rebootGrants({
        instance: arn(30),
        topic: arn(256),
        logGroup: arn(512),
        table: arn(255),
        checkQueue: arn(80),
        deadLetters: arn(80),
      }),
    );

    expect(sizeOf(await valueOfOutput(document))).to.be.within(1, limits.inlineOfRole);
  });
});

/** The size as IAM counts it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function sizeOf(document: string): number {
  return document.replaceAll(/\s/g, "").length;
}

/** Runs bootstrap's program with these settings, and returns what it registered. */
async function runBootstrap(settings: Readonly<Record<string, string>>): Promise<Registered[]> {
  const project = "reboot-automation-bootstrap";
  const functions: Readonly<Record<string, Record<string, string>>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getRegion:getRegion": { region: "ap-northeast-3" },
    "aws:index/getPartition:getPartition": { partition: "aws-us-gov" },
    "aws:ec2/getVpc:getVpc": { id: "vpc-00000000000000000" },
  };
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        const arn = `arn:aws-us-gov:service:ap-northeast-3:123456789012:${inputs.name ?? name}`;
        return { id: name, state: { arn, keyId: "0".repeat(36), ...inputs } };
      },
      call({ token }) {
        const result = functions[token];
        if (!result) throw new Error(`the program called the unexpected function ${token}`);
        return result;
      },
    },
    project,
    "dev",
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value]),
    ),
  );
  for (const output of Object.values(loadProgramAnew("bootstrap/index.ts"))) {
    await valueOfOutput(output as string);
  }
  await pulumi.runtime.disconnect();
  return registered;
}
