import { type EventFault, eventFaultKinds } from "../../../../sandbox/aws/events/event-fault.ts";
import { times } from "../rows.ts";

/** A call that brings events to the targets. */
export interface EventStep {
  readonly name: string;
  readonly action: string;
  /** A part of the ARN of what is called. */
  readonly resource: string;
}

export const eventSteps: readonly EventStep[] = [
  { name: "read the table's stream", action: "dynamodb:GetRecords", resource: "/stream/" },
  {
    name: "put the event on the stack's bus",
    action: "events:PutEvents",
    resource: ":event-bus/reboot-automation-",
  },
  { name: "publish to the chat", action: "sns:Publish", resource: ":sns:" },
  {
    name: "page",
    action: "events:InvokeApiDestination",
    resource: ":api-destination/",
  },
  {
    name: "forward to another event bus",
    action: "events:PutEvents",
    resource: ":event-bus/central",
  },
];

export interface EventRow extends EventFault {
  readonly step: EventStep;
}

/** Every call with every fault. */
export const eventRows: readonly EventRow[] = eventSteps.flatMap((step) =>
  eventFaultKinds.flatMap((kind) => times.map((when) => ({ step, kind, when }))),
);
