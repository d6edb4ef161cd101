import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { EC2Client, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { executionCredentials } from "../../sandbox/aws/execution-role.ts";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import { consoleText } from "../../sandbox/aws/middleware/console.ts";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import {
  failureOf,
  startTestEnvironment,
  type TestEnvironment,
  waived,
  writeConfig,
} from "../../sandbox/test-environment.ts";

describe("evidence", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let client: StackClient;
  let bucketName: string;
  let tableName: string;
  let functionName: string;
  let mailbox: Mailbox;
  let s3: S3Client;
  before(async () => {
    environment = await startTestEnvironment();
    s3 = new S3Client({ ...environment.aws, forcePathStyle: true });
    engine = await environment.createEngine({
      // The grants file has the lines of the default settings.
      policyPackConfig: writeConfig(environment, { ...waived, "unused-grant": { strict: true } }),
      settings: { evidence: { value: "true" }, instanceType: { value: "t3.micro" } },
    });
  });
  after(async () => {
    mailbox.stop();
    await environment.stop();
  });

  it("passes the policy pack in the first preview", async () => {
    await engine.preview();
  });

  it("passes the policy pack when it is deployed, and does not drift", async () => {
    await engine.up();
    const outputs = await engine.stack.outputs();
    client = new StackClient(environment, stackOutputs(outputs));
    bucketName = outputs.evidenceBucketName?.value;
    tableName = outputs.tableName?.value;
    functionName = outputs.functionName?.value;
    mailbox = await openMailbox(environment.aws, outputs.topicArn?.value);

    const { summary } = await engine.stack.refresh();

    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    expect(Object.keys((await engine.up()).changes)).to.deep.equal(["same"]);
  });

  it("has its bucket closed again after someone opened it", async () => {
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucketName }));

    await engine.stack.refresh();

    expect((await engine.up()).changes.create).to.equal(1);
  });

  it("is stored before the reboot; its text is nowhere else", async () => {
    const { body } = await client.postAlert(environment.webhookToken);

    const { outcome, incidentId } = JSON.parse(body);
    expect(outcome).to.equal("rebooted");
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketName }));
    expect(Contents.map(({ Key }) => Key)).to.have.members([
      `incident/${incidentId}/console.txt`,
      `incident/${incidentId}/screenshot.jpg`,
    ]);
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: bucketName, Key: `incident/${incidentId}/console.txt` }),
    );
    expect(await Body?.transformToString()).to.equal(consoleText);
    const mail = await mailbox.next();
    expect(mail.body).to.include(
      `Evidence: console output and screenshot, https://console.aws.amazon.com/s3/buckets/${bucketName}?prefix=incident%2F${incidentId}%2F`,
    );
    const { Items } = await new DynamoDBClient(environment.aws).send(
      new ScanCommand({ TableName: tableName }),
    );
    const elsewhere = JSON.stringify([body, mail, await client.logRecords(), Items]);
    expect(elsewhere).to.include("console output, screenshot");
    expect(elsewhere).not.to.include("text-of-the-console-only");
  });

  it("can be written by the function below one prefix, and neither read nor listed", async () => {
    const { Configuration } = await new LambdaClient(environment.aws).send(
      new GetFunctionCommand({ FunctionName: functionName }),
    );
    const { FunctionArn = "", Role = "" } = Configuration ?? {};
    const credentials = executionCredentials(environment.aws.credentials, FunctionArn, Role);
    const s3OfFunction = new S3Client({ ...environment.aws, credentials, forcePathStyle: true });
    const ec2OfFunction = new EC2Client({ ...environment.aws, credentials });
    const [Bucket, Key] = [bucketName, "incident/x/console.txt"];

    await s3OfFunction.send(new PutObjectCommand({ Bucket, Key, Body: "text" }));

    for (const call of [
      () =>
        s3OfFunction.send(new PutObjectCommand({ Bucket, Key: "other/console.txt", Body: "text" })),
      () => s3OfFunction.send(new GetObjectCommand({ Bucket, Key })),
      () => s3OfFunction.send(new ListObjectsV2Command({ Bucket })),
      () => ec2OfFunction.send(new GetConsoleOutputCommand({ InstanceId: "i-0123456789abcdef0" })),
    ]) {
      expect((await failureOf(call())).name).to.be.oneOf(["AccessDenied", "UnauthorizedOperation"]);
    }
  });

  it("does not prevent a reboot if it cannot be stored", async () => {
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: bucketName,
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: `arn:aws:s3:::${bucketName}/*`,
            },
          ],
        }),
      }),
    );

    const { response } = await client.invoke({ force: true, reason: "test" });

    expect(response.outcome).to.equal("rebooted");
    const mail = await mailbox.next();
    expect(mail.body).to.include("Evidence: none could be captured before the reboot; see the log");
  });

  it("is gone with the stack", async () => {
    await engine.destroy();

    const { name } = await failureOf(s3.send(new HeadBucketCommand({ Bucket: bucketName })));
    expect(name).to.equal("NotFound");
  });
});
