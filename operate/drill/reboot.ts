import { DescribeInstanceStatusCommand } from "@aws-sdk/client-ec2";
import { longestWaitMs } from "../../handler/group/times.ts";
import { postLines } from "./access-log.ts";
import { functionLog } from "./function-log.ts";
import type { Ports } from "./ports.ts";

const minute = 60_000;

/** Minutes after the longest wait of an alert, in which the last message about it is handled. */
const graceMinutes = 2;

/** False for the records before the one with the decision: in a group an alert waits for it. */
function isDecided({ outcome }: Record<string, unknown>): boolean {
  return outcome !== "waiting" && outcome !== "check failed";
}

/** An observation, with the seconds since the slow responses were sent. */
export interface Event {
  readonly seconds: number;
  readonly what: string;
}

/**
 * A real reboot, end to end: sends slow responses until the alert must fire, and waits for the reboot,
 * for the instance and for the end of the alert. Reports each event when it happens. Throws what did not
 * happen, and within how many minutes.
 */
export async function rebootForReal(
  ports: Ports,
  instanceId: string,
  say: (event: Event) => void,
): Promise<void> {
  const { stack, ec2, logs, now } = ports;
  const { maxSlowResponses, slowResponseSeconds, windowMinutes } = stack.alertRule;
  const startMs = now();
  const note = (what: string) => say({ seconds: Math.round((now() - startMs) / 1_000), what });
  const recordsOf = () => functionLog(logs, stack.logGroupName, startMs);
  const isOf = (triggerType: string) => (record: Record<string, unknown>) =>
    record.instanceId === instanceId &&
    (record.request as { triggerType?: string })?.triggerType === triggerType;

  const count = maxSlowResponses + 1;
  await postLines(ports, { instanceId, count, timeMs: startMs, seconds: slowResponseSeconds + 1 });
  note(`Sumo Logic accepted ${count} responses of ${slowResponseSeconds + 1} s`);

  const alert = await waitFor(ports, "a reboot in the function's log", 15, async () =>
    (await recordsOf()).find(isOf("Critical")),
  );
  const rebooted = isDecided(alert) ? alert : await decisionAbout(alert);
  if (rebooted.outcome !== "rebooted")
    throw new Error(`the function responded ${JSON.stringify(rebooted)}`);
  note(`the function rebooted ${instanceId}, e-mail ${rebooted.notification}`);

  await waitFor(ports, "both status checks of the instance", 15, async () => {
    const { InstanceStatuses: [status] = [] } = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: [instanceId] }),
    );
    return status?.InstanceStatus?.Status === "ok" && status.SystemStatus?.Status === "ok";
  });
  note("both status checks of the instance are ok");

  await waitFor(ports, "the end of the alert", windowMinutes + 15, async () =>
    (await recordsOf()).find(isOf("ResolvedCritical")),
  );
  note("Sumo Logic resolved the alert");

  /** In a group an alert is decided later, at most as long after it fired as it can wait for others. */
  async function decisionAbout({ incidentId }: Record<string, unknown>) {
    const waitMinutes = stack.checks ? longestWaitMs(stack.checks) / minute : 0;
    note(`the function received the alert, which waits at most ${waitMinutes} minutes`);
    const minutes = waitMinutes + graceMinutes;
    return waitFor(ports, "the decision about the alert", minutes, async () =>
      (await recordsOf()).find((it) => it.incidentId === incidentId && isDecided(it)),
    );
  }
}

async function waitFor<T>(
  { now, sleep }: Ports,
  what: string,
  minutes: number,
  poll: () => Promise<T>,
): Promise<NonNullable<T>> {
  const deadlineMs = now() + minutes * minute;
  while (now() < deadlineMs) {
    const found = await poll();
    if (found) return found;
    await sleep(10_000);
  }
  throw new Error(`${what} did not happen within ${minutes} minutes`);
}
