import { runbookSection } from "./runbook.ts";

/**
 * Markdown that Sumo Logic shows with an alert, and that `{{Playbook}}` inserts into a notification; at most 4,096
 * characters: https://help.sumologic.com/docs/alerts/monitors/create-monitor/
 */
export function latencyPlaybook(instanceIds: readonly string[]): string {
  const [instance, unless] =
    instanceIds.length > 1
      ? [
          `the EC2 instance in the alert, one of ${instanceIds.length},`,
          "a limit or a shared cause prevents it",
        ]
      : [`EC2 instance ${instanceIds.join()}`, "a limit prevents it"];
  return [
    `The automation handles this alert: it reboots ${instance} unless ${unless}, checks whether that helped, and e-mails both results.`,
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
