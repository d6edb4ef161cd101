import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import type { AwsTarget } from "../aws/provider/aws-target.ts";

/** Runs instances that belong to no stack, and returns their ids. */
export async function runInstances(aws: AwsTarget, count: number): Promise<string[]> {
  const { Instances = [] } = await new EC2Client(aws).send(
    new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      MinCount: count,
      MaxCount: count,
    }),
  );
  return Instances.map(({ InstanceId = "" }) => InstanceId);
}
