import type {
  GetConsoleOutputCommandInput,
  GetConsoleOutputCommandOutput,
  GetConsoleScreenshotCommandInput,
  GetConsoleScreenshotCommandOutput,
} from "@aws-sdk/client-ec2";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { type Call, httpSettings, keep, within } from "./aws-clients.ts";

/** The AWS calls that capture and store evidence. */
export interface EvidenceClients {
  /** Loads the AWS SDK, which uses the whole processor: do it before the time of the calls counts. */
  readonly load: () => Promise<unknown>;
  readonly getConsoleOutput: Call<GetConsoleOutputCommandInput, GetConsoleOutputCommandOutput>;
  readonly getConsoleScreenshot: Call<
    GetConsoleScreenshotCommandInput,
    GetConsoleScreenshotCommandOutput
  >;
  readonly putObject: Call<PutObjectCommandInput>;
}

/**
 * The clients of evidence. Only a function that captures evidence has this code in its package, so no other
 * one has these calls.
 */
export function createEvidenceClients(): EvidenceClients {
  const sdk = keep(async () => {
    const [ec2, s3] = await Promise.all([
      import("@aws-sdk/client-ec2"),
      import("@aws-sdk/client-s3"),
    ]);
    const settings = { maxAttempts: 2, requestHandler: httpSettings };
    return { ec2, s3, ec2Client: new ec2.EC2Client(settings), s3Client: new s3.S3Client(settings) };
  });
  return {
    load: sdk,
    async getConsoleOutput(input, limitMs) {
      const { ec2, ec2Client } = await sdk();
      return ec2Client.send(new ec2.GetConsoleOutputCommand(input), within(limitMs));
    },
    async getConsoleScreenshot(input, limitMs) {
      const { ec2, ec2Client } = await sdk();
      return ec2Client.send(new ec2.GetConsoleScreenshotCommand(input), within(limitMs));
    },
    async putObject(input, limitMs) {
      const { s3, s3Client } = await sdk();
      return s3Client.send(new s3.PutObjectCommand(input), within(limitMs));
    },
  };
}
