import type { InstanceStatus } from "@aws-sdk/client-ec2";
import type { Clients } from "./clients.ts";
import { errorText } from "./error.ts";
import {
  describeEvent,
  pendingEvents,
  type ScheduledEvent,
  whyEventPrevents,
} from "./scheduled-events.ts";

/** What EC2 says of the instance. */
export type Seen =
  | { readonly kind: "unseen"; readonly error: string }
  | {
      readonly kind: "seen";
      /** For example `running`. */
      readonly state: string;
      /** The status checks: `ok`, `impaired`, `initializing` or another word of EC2. */
      readonly systemStatus: string;
      readonly instanceStatus: string;
      /** `unknown` for instance types that have no such check. */
      readonly attachedEbsStatus: string;
      /** What AWS has scheduled for the instance and neither completed nor canceled. */
      readonly events: readonly ScheduledEvent[];
    };

/** Asks EC2 for the instance's status, for at most `limitMs`. Never throws. */
export async function lookAt(instanceId: string, clients: Clients, limitMs: number): Promise<Seen> {
  try {
    const input = { InstanceIds: [instanceId], IncludeAllInstances: true };
    const { InstanceStatuses } = await clients.describeInstanceStatus(input, limitMs);
    const status: InstanceStatus =
      InstanceStatuses?.find((it) => it.InstanceId === instanceId) ?? {};
    return {
      kind: "seen",
      state: status.InstanceState?.Name ?? "unknown to EC2",
      systemStatus: status.SystemStatus?.Status ?? "unknown",
      instanceStatus: status.InstanceStatus?.Status ?? "unknown",
      attachedEbsStatus: status.AttachedEbsStatus?.Status ?? "unknown",
      events: pendingEvents(status.Events),
    };
  } catch (error) {
    return { kind: "unseen", error: errorText(error) };
  }
}

/**
 * Why a reboot at `nowMs` cannot help, or cannot be known to; nothing if it can.
 *
 * A failed system check is a fault of the host, and a failed check of the attached EBS volumes one of
 * the host or of EBS; a reboot leaves the instance on its host:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
export function whyNotReboot(seen: Seen, nowMs: number): string | undefined {
  if (seen.kind === "unseen") return `the instance's state cannot be seen: ${seen.error}`;
  if (seen.state !== "running") {
    return `the instance is ${seen.state}, and only a running one can be rebooted`;
  }
  if (seen.systemStatus === "impaired") {
    return "EC2's system check is impaired: the fault is the host's, where a reboot cannot help; AWS recovers it, or stop and start the instance";
  }
  if (seen.attachedEbsStatus === "impaired") {
    return "EC2's attached EBS status check is impaired: the instance cannot reach one of its volumes. A reboot will not help: stop and start the instance, or replace the volume";
  }
  return whyEventPrevents(seen.events, nowMs);
}

/** What people should know of the instance besides its reboot; nothing if there is nothing. */
export function noticeOf(seen: Seen): string | undefined {
  const notices = seen.kind === "seen" ? seen.events.map(describeEvent) : [];
  return notices.length > 0 ? notices.join("; ") : undefined;
}

/** True if the instance runs and its status checks are ok. Not every type has the check of EBS. */
export function isUp(seen: Seen): boolean {
  return (
    seen.kind === "seen" &&
    seen.state === "running" &&
    seen.systemStatus === "ok" &&
    seen.instanceStatus === "ok" &&
    seen.attachedEbsStatus !== "impaired"
  );
}

/** What was seen, in words. */
export function describeSeen(seen: Seen): string {
  if (seen.kind === "unseen") return `it cannot be seen: ${seen.error}`;
  return (
    `it is ${seen.state}, its system check is ${seen.systemStatus}, its instance check ` +
    `${seen.instanceStatus}, its attached EBS check ${seen.attachedEbsStatus}`
  );
}
