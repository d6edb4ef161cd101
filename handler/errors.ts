import { isRecord } from "./record.ts";
import { cleanText, quote } from "./text.ts";

/** True for an error of this name, by which AWS's errors differ. */
export function isNamed(error: unknown, name: string): boolean {
  return isRecord(error) && error.name === name;
}

/** The limit for an error in characters. The action, resource and reason of a refusal fit. */
const longestError = 1_000;

/**
 * An error as one line of clean text: its name and message, or whatever else was thrown. EC2 appends
 * about 1,000 encoded characters to a refusal. They are replaced by how to find and decode them.
 */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : describeThrown(error);
  return cleanText(text.replace(encodedPart, decodeHint), longestError);
}

function describeThrown(value: unknown): string {
  return typeof value === "string" ? value : quote(value);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
const encodedPart = /Encoded authorization failure message: ?[\w+/=-]+/g;
const decodeHint =
  "The encoded failure message is in CloudTrail's event of this call; decode it with `aws sts decode-authorization-message --encoded-message TEXT`";

/** An error of this name: subclasses lose their message when Pulumi serializes them. */
export function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
