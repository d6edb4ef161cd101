import { runbookSection } from "./runbook.ts";

/**
 * Markdown that Sumo Logic shows with an alert, and that `{{Playbook}}` inserts into a notification; at most 4,096
 * characters: https://help.sumologic.com/docs/alerts/monitors/create-monitor/
 */
export function latencyPlaybook(instanceId: string): string {
  return [
    `The automation handles this alert: it reboots EC2 instance ${instanceId} unless a limit prevents it, checks whether that helped, and e-mails both results.`,
    [
      `- **No reboot, no e-mail:** ${section("Why was nothing rebooted?")}`,
      `- **Still slow after the last e-mail:** ${section("Reboot manually")}`,
      `- **It must not reboot now:** ${section("Stop the automation")}`,
    ].join("\n"),
    "Do not mute this monitor to prevent a reboot: a muted alert never reaches the automation, which then cannot report it.",
  ].join("\n\n");
}

/** The same for the monitor of missing lines. */
export function silencePlaybook(instanceId: string): string {
  return [
    `Sumo Logic received no access-log line of EC2 instance ${instanceId}. Nothing is rebooted.`,
    `Check whether the server responds: ${section("No access log")}`,
  ].join("\n\n");
}

function section(heading: string): string {
  return runbookSection(heading).markdown;
}
