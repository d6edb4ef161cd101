import type { InstanceStatusEvent } from "@aws-sdk/client-ec2";

/**
 * What AWS has scheduled for an instance and a reboot has to do with. The codes and their meaning:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html
 */
export interface ScheduledEvent {
  readonly code: "instance-retirement" | "instance-stop" | "system-reboot";
  /** When it begins, in milliseconds since 1970; absent if AWS does not say. */
  readonly notBeforeMs?: number;
}

/** The events that are still to come, of an instance's status. Their order is that of EC2. */
export function pendingEvents(events: readonly InstanceStatusEvent[] = []): ScheduledEvent[] {
  return events.flatMap(({ Code: code, Description = "", NotBefore }) => {
    // EC2 goes on to list an event for up to a week after it ended, with this before its description.
    const isOver = /^\[(Completed|Canceled)\]/i.test(Description);
    const isKnown =
      code === "instance-retirement" || code === "instance-stop" || code === "system-reboot";
    if (isOver || !isKnown) return [];
    const notBeforeMs = NotBefore?.getTime() ?? Number.NaN;
    return [{ code, ...(Number.isFinite(notBeforeMs) && { notBeforeMs }) }];
  });
}

/** Why a reboot at `nowMs` cannot help although the instance runs; nothing if it can. */
export function whyEventPrevents(
  events: readonly ScheduledEvent[],
  nowMs: number,
): string | undefined {
  const due = events.find(
    ({ code, notBeforeMs }) =>
      code !== "system-reboot" && notBeforeMs !== undefined && notBeforeMs <= nowMs,
  );
  if (!due) return undefined;
  return `${due.code} is due since ${dateText(due)}: its host is failing. A reboot will not help: stop and start the instance`;
}

/** The event, and what to do about it. */
export function describeEvent(event: ScheduledEvent): string {
  if (event.code === "system-reboot") {
    return `AWS has scheduled a system-reboot for ${dateText(event)}: EC2 may move the instance to new hardware`;
  }
  return `AWS has scheduled an ${event.code}: stop and start the instance before ${dateText(event)}`;
}

function dateText({ notBeforeMs }: ScheduledEvent): string {
  return notBeforeMs === undefined ? "an unknown time" : new Date(notBeforeMs).toISOString();
}
