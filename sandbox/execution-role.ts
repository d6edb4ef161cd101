import { createHash } from "node:crypto";

/**
 * The credentials that the emulator gives to a function's code. They are a fixed function of the
 * two ARNs (ministack 1.5.33, core/lambda_runtime.py, `execution_credentials`), so that the sandbox
 * can tell which role a call came from, and can act as that role itself.
 */
export function executionCredentials(functionArn: string, roleArn: string) {
  const digest = sha256(`${functionArn}:${roleArn}`);
  return {
    accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    secretAccessKey: sha256(`secret:${digest}`),
    sessionToken: sha256(`token:${digest}`),
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
