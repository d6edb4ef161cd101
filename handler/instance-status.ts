import type { InstanceStatus as Ec2Status, InstanceStatusEvent } from "@aws-sdk/client-ec2";
import type { Clients } from "./aws-clients.ts";
import { errorText } from "./errors.ts";
import { timeText } from "./incidents/times.ts";
import { timeLimitsMs } from "./time-limits.ts";

/** What EC2 says of the instance. */
export type InstanceStatus =
  | { readonly kind: "unknown"; readonly error: string }
  | {
      readonly kind: "known";
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

/**
 * An event that AWS has scheduled for an instance and that concerns reboots. The codes and their meaning:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html
 */
interface ScheduledEvent {
  readonly code: "instance-retirement" | "instance-stop" | "system-reboot";
  /** When it begins, in milliseconds since 1970; `NaN` if AWS does not say. */
  readonly notBeforeMs: number;
}

/** Reads the instance's status from EC2, for at most three seconds. Never throws. */
export async function readInstanceStatus(
  instanceId: string,
  clients: Clients,
): Promise<InstanceStatus> {
  try {
    const input = { InstanceIds: [instanceId], IncludeAllInstances: true };
    const { InstanceStatuses } = await clients.describeInstanceStatus(
      input,
      timeLimitsMs.describeStatus,
    );
    const status: Ec2Status = InstanceStatuses?.find((it) => it.InstanceId === instanceId) ?? {};
    return {
      kind: "known",
      state: status.InstanceState?.Name ?? "unknown to EC2",
      systemStatus: status.SystemStatus?.Status ?? "unknown",
      instanceStatus: status.InstanceStatus?.Status ?? "unknown",
      attachedEbsStatus: status.AttachedEbsStatus?.Status ?? "unknown",
      events: pendingEvents(status.Events),
    };
  } catch (error) {
    return { kind: "unknown", error: errorText(error) };
  }
}

/** The events that are still to come. Their order is that of EC2. */
function pendingEvents(events: readonly InstanceStatusEvent[] = []): ScheduledEvent[] {
  return events.flatMap(({ Code: code, Description = "", NotBefore }) => {
    // EC2 lists an event for up to a week after its end, with this before its description.
    const isOver = /^\[(Completed|Canceled)\]/i.test(Description);
    const isKnown =
      code === "instance-retirement" || code === "instance-stop" || code === "system-reboot";
    return isOver || !isKnown ? [] : [{ code, notBeforeMs: NotBefore?.getTime() ?? Number.NaN }];
  });
}

/**
 * Why a reboot at `nowMs` cannot help, or cannot be known to; `undefined` if it can.
 *
 * A failed system check is a fault of the host, and a failed check of the attached EBS volumes is one of
 * the host or of EBS. A reboot leaves the instance on its host:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
export function whyNotReboot(status: InstanceStatus, nowMs: number): string | undefined {
  if (status.kind === "unknown") return `the instance status is unknown: ${status.error}`;
  if (status.state !== "running") {
    return `the instance is ${status.state}; only a running instance can be rebooted`;
  }
  if (status.systemStatus === "impaired") {
    return "EC2 system status check failed (AWS host problem). A reboot will not help: stop and start the instance";
  }
  if (status.attachedEbsStatus === "impaired") {
    return "EC2 attached EBS status check failed: the instance cannot reach one of its volumes. A reboot will not help: stop and start the instance, or replace the volume";
  }
  const due = status.events.find(
    ({ code, notBeforeMs }) => code !== "system-reboot" && notBeforeMs <= nowMs,
  );
  if (!due) return undefined;
  return `${due.code} was due at ${timeText(due.notBeforeMs)}: the host is failing. A reboot will not help: stop and start the instance`;
}

/** What people should know about the instance besides its reboot. */
export function noticesOf(status: InstanceStatus): string[] {
  return status.kind === "known" ? status.events.map(describeEvent) : [];
}

/** The event, and what to do about it. */
function describeEvent({ code, notBeforeMs }: ScheduledEvent): string {
  const time = timeText(notBeforeMs);
  return code === "system-reboot"
    ? `AWS has scheduled a system-reboot for ${time}: EC2 may move the instance to new hardware`
    : `AWS has scheduled an ${code}: stop and start the instance before ${time}`;
}

/** Whether the instance is running and its status checks are ok. Not every type has the EBS check. */
export function healthOf(status: InstanceStatus): "up" | "not up" {
  const isUp =
    status.kind === "known" &&
    status.state === "running" &&
    status.systemStatus === "ok" &&
    status.instanceStatus === "ok" &&
    status.attachedEbsStatus !== "impaired";
  return isUp ? "up" : "not up";
}

/** The status in words, for the log. */
export function describeStatus(status: InstanceStatus): string {
  if (status.kind === "unknown") return `unknown: ${status.error}`;
  const { state, systemStatus, instanceStatus, attachedEbsStatus } = status;
  return `${state}, system check ${systemStatus}, instance check ${instanceStatus}, attached EBS check ${attachedEbsStatus}`;
}
