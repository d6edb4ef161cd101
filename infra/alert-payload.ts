import { columns } from "./alert-query.ts";

/**
 * The webhook's body with the variables of Sumo Logic, which renders each as an escaped JSON string; so
 * each is in quotes. handler/requests/webhook.ts reads exactly these fields. Long variables (query,
 * results) are left out, since Sumo Logic documents no limit for the size of the body. So are strings that
 * the function knows, for example the monitor's name: anyone with the token could send another one.
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
