import { expect } from "chai";
import { runProgram } from "./mocks.ts";

const bucket = "reboot-automation-dev-evidence-123456789012";

describe("the setting evidence", () => {
  let run: Awaited<ReturnType<typeof runProgram>>;
  before(async () => {
    run = await runProgram({ evidence: "true" });
  });

  it("creates a private, encrypted bucket without versions that is emptied on destroy", () => {
    expect(run.inputsOf("aws:s3/bucket:Bucket")).to.deep.equal([{ bucket, forceDestroy: true }]);
    expect(run.inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).to.deep.equal([
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    ]);
    expect(
      run.inputsOf(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      ),
    ).to.deep.equal([
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    ]);
  });

  it("deletes evidence after 30 days", () => {
    expect(
      run.inputsOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
    ).to.deep.equal([
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
    ]);
  });

  it("refuses access without TLS", () => {
    const [{ policy }] = run.inputsOf("aws:s3/bucketPolicy:BucketPolicy");

    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("allows the function the console of its instance and one prefix of the bucket, and no more", async () => {
    const statementsOf = (it: typeof run) =>
      JSON.parse(it.inputsNamed("reboot-role-policy")[0].policy).Statement;

    const without = statementsOf(await runProgram());

    expect(statementsOf(run)).to.deep.equal([
      ...without,
      {
        Sid: "CaptureConsole",
        Effect: "Allow",
        Action: ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"],
        Resource: ["arn:instance"],
      },
      {
        Sid: "StoreEvidence",
        Effect: "Allow",
        Action: ["s3:PutObject"],
        Resource: ["arn:evidence/incident/*"],
      },
    ]);
  });

  it("gives the function the bucket's name", async () => {
    const variablesOf = (it: typeof run) =>
      it.inputsOf("aws:lambda/function:Function")[0].environment.variables;

    const without = variablesOf(await runProgram());

    expect(variablesOf(run)).to.deep.equal({ ...without, EVIDENCE_BUCKET: bucket });
  });
});
