import type { Clients } from "./clients.ts";
import { errorText } from "./error.ts";

/** What EC2 says of the instance. */
export type Seen =
  | { readonly kind: "unseen"; readonly error: string }
  | {
      readonly kind: "seen";
      /** Such as `running`. */
      readonly state: string;
      /** Both status checks: `ok`, `impaired`, `initializing` or another word of EC2. */
      readonly systemStatus: string;
      readonly instanceStatus: string;
    };

/** Looks at the instance, for at most `limitMs`. Never throws. */
export async function lookAt(instanceId: string, clients: Clients, limitMs: number): Promise<Seen> {
  try {
    const input = { InstanceIds: [instanceId], IncludeAllInstances: true };
    const { InstanceStatuses } = await clients.describeInstanceStatus(input, limitMs);
    const status = InstanceStatuses?.find((it) => it.InstanceId === instanceId);
    return {
      kind: "seen",
      state: status?.InstanceState?.Name ?? "unknown to EC2",
      systemStatus: status?.SystemStatus?.Status ?? "unknown",
      instanceStatus: status?.InstanceStatus?.Status ?? "unknown",
    };
  } catch (error) {
    return { kind: "unseen", error: errorText(error) };
  }
}

/**
 * Why a reboot cannot help, or cannot be known to; nothing if it can.
 *
 * A failed *system* check is a fault of the host, on which a reboot leaves the instance:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
export function whyNotReboot(seen: Seen): string | undefined {
  if (seen.kind === "unseen") return `the instance's state cannot be seen: ${seen.error}`;
  if (seen.state !== "running") {
    return `the instance is ${seen.state}, and only a running one can be rebooted`;
  }
  if (seen.systemStatus === "impaired") {
    return "EC2's system check is impaired: the fault is the host's, where a reboot cannot help; AWS recovers it, or stop and start the instance";
  }
  return undefined;
}

/** True if the instance runs and both of its status checks are ok. */
export function isUp(seen: Seen): boolean {
  return (
    seen.kind === "seen" &&
    seen.state === "running" &&
    seen.systemStatus === "ok" &&
    seen.instanceStatus === "ok"
  );
}

/** What was seen, in words. */
export function describeSeen(seen: Seen): string {
  if (seen.kind === "unseen") return `it cannot be seen: ${seen.error}`;
  return `it is ${seen.state}, its system check is ${seen.systemStatus}, its instance check ${seen.instanceStatus}`;
}
