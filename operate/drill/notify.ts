import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  type Change,
  type EventOutcome,
  eventAttribute,
  eventSource,
} from "../../handler/incidents/events.ts";
import type { Ports } from "./ports.ts";
import type { DrilledStack } from "./stack.ts";

/** What the test of the targets reaches out to. */
export interface NotifyPorts extends Pick<Ports, "events" | "now" | "sleep"> {
  readonly stack: Pick<DrilledStack, "instanceIds" | "eventBusName">;
}

/**
 * How long the test stays open. EventBridge does not keep the order of events, and PagerDuty drops the resolution of
 * what it does not know yet.
 */
const openMs = 20_000;

/**
 * Sends a test event to every target of the stack and resolves it. Returns what it did; throws what EventBridge
 * refused. It cannot see whether a target showed the event: a person must check that.
 */
export async function notifyTargets(ports: NotifyPorts): Promise<string> {
  const { stack, now, sleep } = ports;
  if (!stack.eventBusName) {
    return "the stack has no target: set slackWorkspaceId, teamsTenantId, pagerDutyRoutingKey or eventBusArn";
  }
  const incidentId = `drill-${now()}`;
  await send(ports, stack.eventBusName, incidentId, "test");
  await sleep(openMs);
  await send(ports, stack.eventBusName, incidentId, "test resolved");
  return `EventBridge accepted both events of ${incidentId}: check that each target shows them`;
}

async function send(
  { stack, events, now }: NotifyPorts,
  EventBusName: string,
  incidentId: string,
  outcome: Extract<EventOutcome, "test" | "test resolved">,
): Promise<void> {
  const [instanceId] = stack.instanceIds;
  const reason = "sent by npm run drill";
  const { type = "", ...detail } = textsOf({
    outcome,
    incidentId,
    instanceId,
    reason,
    atMs: now(),
  });
  const { FailedEntryCount, Entries = [] } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName,
          Source: eventSource,
          DetailType: type,
          Time: new Date(now()),
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  const [{ ErrorCode, ErrorMessage } = {}] = Entries;
  if (FailedEntryCount || ErrorCode) {
    throw new Error(`EventBridge refused "${type}": ${ErrorCode} ${ErrorMessage}`);
  }
}

/** The event as the pipe sends it: a map of strings. */
function textsOf(change: Change): Record<string, string> {
  const { M = {} } = eventAttribute(change);
  return Object.fromEntries(Object.entries(M).map(([key, { S = "" }]) => [key, S]));
}
