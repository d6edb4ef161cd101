import { ec2Functions, ec2Resources } from "./aws-ec2.ts";
import { iamResources } from "./aws-iam.ts";
import { lambdaResources } from "./aws-lambda.ts";
import { logsResources, snsResources } from "./aws-sns-logs.ts";
import type { Provider } from "./resource-type.ts";

/** How the sandbox's AWS SDK clients reach the emulator: root's credentials, on loopback. */
export interface AwsTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Package `aws`: exactly the resource types and functions that the program uses. */
export function awsProvider(target: AwsTarget, sdkLayerArn: string): Provider {
  return {
    configure(settings) {
      const region = settings.get("region");
      if (region !== target.region) {
        throw new Error(`aws:region must be ${target.region} in the sandbox: got ${region}`);
      }
    },
    resources: {
      ...ec2Resources(target),
      ...snsResources(target),
      ...logsResources(target),
      ...iamResources(target),
      ...lambdaResources(target, sdkLayerArn),
    },
    functions: ec2Functions(target),
  };
}

/** The result of a read, or nothing where AWS says that the thing does not exist. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && /NotFound|NoSuchEntity/.test(error.name)) return undefined;
    throw error;
  }
}
