import type { Reader } from "./call.ts";
import { chatbot } from "./services/chatbot.ts";
import { ec2 } from "./services/ec2.ts";
import { events } from "./services/events.ts";
import { iam } from "./services/iam.ts";
import { lambda } from "./services/lambda.ts";
import {
  cloudwatch,
  dynamodb,
  elasticloadbalancing,
  kms,
  logs,
  sns,
  sqs,
  ssm,
  sts,
} from "./services/others.ts";
import { pipes } from "./services/pipes.ts";
import { s3 } from "./services/s3.ts";

/** Readers by the service in a request's signature. */
const readers: Readonly<Record<string, Reader>> = {
  chatbot,
  dynamodb,
  ec2,
  elasticloadbalancing,
  events,
  iam,
  kms,
  lambda,
  logs,
  monitoring: cloudwatch,
  pipes,
  s3,
  sns,
  sqs,
  ssm,
  sts,
};

/** What a request asks AWS's policies for; nothing for a request that is not known here. */
export const readRequest: Reader = async (request, place, lookUp) =>
  readers[request.service]?.(request, place, lookUp);
