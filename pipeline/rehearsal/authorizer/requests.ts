import type { Reader } from "./call.ts";
import { ec2 } from "./services/ec2.ts";
import { iam } from "./services/iam.ts";
import { lambda } from "./services/lambda.ts";
import { cloudwatch, dynamodb, kms, logs, sns, sqs, ssm, sts } from "./services/others.ts";
import { s3 } from "./services/s3.ts";

/** Readers by the service in a request's signature. */
const readers: Readonly<Record<string, Reader>> = {
  dynamodb,
  ec2,
  iam,
  kms,
  lambda,
  logs,
  monitoring: cloudwatch,
  s3,
  sns,
  sqs,
  ssm,
  sts,
};

/** What a request asks AWS's policies for; nothing for a request that is not known here. */
export const readRequest: Reader = async (request, place, lookUp) =>
  readers[request.service]?.(request, place, lookUp);
