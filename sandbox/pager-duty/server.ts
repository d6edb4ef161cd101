import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { serveLocally } from "../access.ts";
import { type Alert, Alerts } from "./alerts.ts";
import { type PagerEvent, problemsOf } from "./event.ts";

/** The local PagerDuty. */
export interface PagerDuty {
  readonly port: number;
  /** The alerts, the oldest first. */
  readonly alerts: readonly Alert[];
  /** The events that no alert was open for. */
  readonly dropped: readonly PagerEvent[];
  /** What was refused: the status and the reason. */
  readonly refused: readonly { readonly status: number; readonly reason: string }[];
  /** How it responds to every event: as usual, with an error, or not at all. */
  condition: "up" | "overloaded" | "failing" | "silent";
  stop(): void;
}

/**
 * Starts PagerDuty's Events API v2 on a free port of loopback. It responds as the real one: 202, 400 with the
 * reasons, 429 or 500.
 * https://developer.pagerduty.com/docs/events-api-v2-overview
 */
export async function startPagerDuty(): Promise<PagerDuty> {
  const alerts = new Alerts();
  const refused: { status: number; reason: string }[] = [];
  const { server, port } = await serveLocally(async (request, response) => {
    const body = await text(request);
    if (pagerDuty.condition === "silent") return;
    const refusal = refusalOf(request, body, pagerDuty.condition);
    if (refusal) {
      const { status, reason } = refusal;
      refused.push({ status, reason });
      return respond(response, status, refusal.body);
    }
    const dedup_key = alerts.process(JSON.parse(body));
    respond(response, 202, { status: "success", message: "Event processed", dedup_key });
  });
  const pagerDuty: PagerDuty = {
    port,
    alerts: alerts.all,
    dropped: alerts.dropped,
    refused,
    condition: "up",
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
  return pagerDuty;
}

function refusalOf(
  { method, url }: IncomingMessage,
  body: string,
  condition: PagerDuty["condition"],
): { status: number; reason: string; body: unknown } | undefined {
  if (method !== "POST" || url !== "/v2/enqueue") {
    const reason = `there is no ${method} ${url}`;
    return { status: 404, reason, body: { error: { message: "Not Found", code: 2100 } } };
  }
  if (condition === "overloaded") {
    const reason = "too many events";
    const message = "Requests for this service are arriving too quickly.";
    return { status: 429, reason, body: { status: "throttle exceeded", message } };
  }
  if (condition === "failing") return { status: 500, reason: "a failure", body: {} };
  const errors = problemsOf(body);
  if (errors.length === 0) return undefined;
  const invalid = { status: "invalid event", message: "Event object is invalid", errors };
  return { status: 400, reason: errors.join("; "), body: invalid };
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
