import type { Agent } from "node:http";
import type { AccessKey } from "../signature.ts";

/** How the sandbox's AWS SDK clients reach the gateway, on loopback. */
export interface AwsTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AccessKey;
  readonly requestHandler?: { readonly httpAgent: Agent };
}

/** The target that the environment names, as the AWS SDKs and the CLI read it. */
export function targetFrom(env: Readonly<Record<string, string | undefined>>): AwsTarget {
  const [endpoint, region, accessKeyId, secretAccessKey] = [
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
  ].map((name) => {
    const value = env[name];
    if (!value) throw new Error(`${name} must be set for the sandbox's AWS provider`);
    return value;
  }) as [string, string, string, string];
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return { endpoint, region, credentials };
}

/** The result of a read, or nothing where AWS says that the thing does not exist. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && /NotFound|^NoSuch/.test(error.name)) return undefined;
    throw error;
  }
}
