import { columns } from "./alert-query.ts";

/**
 * The body of the webhook, with the variables that Sumo Logic renders: each as an escaped JSON
 * string, so each is in quotes. handler/webhook.ts reads exactly these fields. Long variables
 * (query, results) are left out, since Sumo Logic states no limit for the body's size. So are texts that
 * the function knows itself, the monitor's name for example: with the token, anyone can send any.
 * Source: https://help.sumologic.com/docs/alerts/monitors/alert-variables/
 */
export const alertPayload = JSON.stringify({
  schema: "1",
  monitorId: "{{Id}}",
  triggerType: "{{TriggerType}}",
  triggerValue: "{{TriggerValue}}",
  windowStartMs: "{{TriggerTimeStart}}",
  windowEndMs: "{{TriggerTimeEnd}}",
  instanceId: result(columns.instance),
  requestCount: result(columns.requests),
  failedCount: result(columns.failed),
  lastSuccessMs: result(columns.lastSuccess),
  alertUrl: "{{AlertResponseUrl}}",
});

/** The value of a column of the monitor's row. */
function result(column: string): string {
  return `{{ResultsJson.${column}}}`;
}
