/**
 * The body of the webhook, with the variables that Sumo Logic renders: each as an escaped JSON
 * string, so each stands in quotes. handler/webhook.ts reads exactly these fields. Long variables
 * (query, results) are left out, since Sumo Logic states no limit for the body's size.
 * Source: https://help.sumologic.com/docs/alerts/monitors/alert-variables/
 */
export const alertPayload = JSON.stringify({
  schema: "1",
  monitorId: "{{Id}}",
  monitorName: "{{Name}}",
  triggerType: "{{TriggerType}}",
  triggerValue: "{{TriggerValue}}",
  windowStartMs: "{{TriggerTimeStart}}",
  windowEndMs: "{{TriggerTimeEnd}}",
  instanceId: "{{ResultsJson.instance_id}}",
  alertUrl: "{{AlertResponseUrl}}",
});
