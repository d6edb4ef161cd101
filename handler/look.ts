import type { DescribeInstanceStatusCommandOutput } from "@aws-sdk/client-ec2";
import type { Clients } from "./clients.ts";
import { errorText } from "./error.ts";

/**
 * Looks whether a reboot can help, and returns why not; nothing if it can. Never throws: what
 * cannot be seen is a reason.
 *
 * A failed *system* check is a fault of the host, on which a reboot leaves the instance:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
export async function whyNotReboot(
  clients: Clients,
  instanceId: string,
  limitMs: number,
): Promise<string | undefined> {
  let found: DescribeInstanceStatusCommandOutput;
  try {
    const input = { InstanceIds: [instanceId], IncludeAllInstances: true };
    found = await clients.describeInstanceStatus(input, limitMs);
  } catch (error) {
    return `the instance's state cannot be seen: ${errorText(error)}`;
  }
  const status = found.InstanceStatuses?.find((it) => it.InstanceId === instanceId);
  const state = status?.InstanceState?.Name ?? "unknown to EC2";
  if (state !== "running")
    return `the instance is ${state}, and only a running one can be rebooted`;
  if (status?.SystemStatus?.Status === "impaired") {
    return "EC2's system check is impaired: the fault is the host's, where a reboot cannot help; AWS recovers it, or stop and start the instance";
  }
  return undefined;
}
