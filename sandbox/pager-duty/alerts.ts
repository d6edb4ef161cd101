import { randomUUID } from "node:crypto";
import type { PagerEvent } from "./event.ts";

/** An alert of PagerDuty. */
export interface Alert {
  readonly dedupKey: string;
  readonly summary: string;
  readonly severity: string;
  readonly state: "triggered" | "acknowledged" | "resolved";
  /** How many events triggered it. */
  readonly triggerCount: number;
}

/**
 * The alerts of the services with these routing keys. A trigger opens an alert, or adds to the open alert of its
 * `dedup_key`; a resolved alert stays closed, and a new trigger opens another. Events that acknowledge or resolve
 * no open alert are dropped.
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export class Alerts {
  /** The alerts, the oldest first. */
  readonly all: Alert[] = [];
  /** The events that no alert was open for. */
  readonly dropped: PagerEvent[] = [];
  private readonly routingKeys = new Map<Alert, string>();

  /** Processes a valid event; returns its `dedup_key`, which PagerDuty makes if there is none. */
  process(event: PagerEvent): string {
    const { routing_key, event_action, dedup_key = randomUUID().replaceAll("-", "") } = event;
    const index = this.all.findIndex(
      (it) =>
        it.dedupKey === dedup_key &&
        it.state !== "resolved" &&
        this.routingKeys.get(it) === routing_key,
    );
    const open = this.all[index];
    if (event_action === "trigger") {
      if (open) this.replace(index, { ...open, triggerCount: open.triggerCount + 1 });
      else this.open(dedup_key, event);
    } else if (!open) this.dropped.push(event);
    else {
      const state = event_action === "resolve" ? "resolved" : "acknowledged";
      this.replace(index, { ...open, state });
    }
    return dedup_key;
  }

  private open(dedupKey: string, { routing_key, payload }: PagerEvent): void {
    const { summary = "", severity = "" } = payload ?? {};
    const alert: Alert = { dedupKey, summary, severity, state: "triggered", triggerCount: 1 };
    this.all.push(alert);
    this.routingKeys.set(alert, routing_key);
  }

  private replace(index: number, alert: Alert): void {
    const [before] = this.all.splice(index, 1, alert);
    const routingKey = before && this.routingKeys.get(before);
    if (routingKey) this.routingKeys.set(alert, routingKey);
  }
}
