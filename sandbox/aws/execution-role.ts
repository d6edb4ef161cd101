import { createHash, createHmac } from "node:crypto";
import type { AccessKey } from "./signature.ts";

/**
 * The credentials that the emulator gives to a function's code (emulator.py). They follow from root's
 * secret and the two ARNs, so that the sandbox can tell which role a call came from, and can act as
 * that role itself, while nobody else can guess them.
 */
export function executionCredentials(
  root: AccessKey,
  functionArn: string,
  roleArn: string,
): Required<AccessKey> {
  const digest = createHmac("sha256", root.secretAccessKey)
    .update(`${functionArn}:${roleArn}`)
    .digest("hex");
  return {
    accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    secretAccessKey: sha256(`secret:${digest}`),
    sessionToken: sha256(`token:${digest}`),
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
