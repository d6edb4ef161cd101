import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../../../sandbox/environment.ts";
import { alertBody } from "../../../../sandbox/scenario/stack-client.ts";
import { incidentIdOf } from "../../../../sandbox/test-environment.ts";
import type { Recorder } from "../recorder.ts";
import { type Armed, deliveryMs, postAlert, type Result, resolutionBody } from "../run.ts";
import type { Worker } from "../workers.ts";
import { Deliveries } from "./deliveries.ts";
import { GroupTable } from "./group-table.ts";
import type { GroupRow, GroupScenario } from "./rows.ts";

export type GroupResult = Result<GroupScenario>;

const minuteMs = 60_000;

/** How long after its reboot an alert resolves: the last response is later. */
const resolvedAfterMinutes = 12;

const sharedScenarios: readonly GroupScenario[] = [
  "shared cause",
  "first check of a shared cause",
  "end of a shared cause",
];

/** Runs one row on a worker, whose table is empty afterwards. */
export async function runGroupRow(
  row: GroupRow,
  worker: Worker,
  {
    environment,
    recorder,
    deadLetterQueueUrl,
    armed,
  }: { environment: Environment; recorder: Recorder; deadLetterQueueUrl: string; armed: Armed },
): Promise<GroupResult> {
  const { scenario } = row.call;
  const { aws, gateway } = environment;
  const sinceMs = Date.now();
  const callsBefore = gateway.calls.length;
  const callsOfWorker = () =>
    gateway.calls
      .slice(callsBefore)
      .filter(({ functionName }) => functionName === worker.functionName);
  const table = new GroupTable(aws, worker.tableName);
  const deliveries = new Deliveries(aws, { worker, table, deadLetterQueueUrl, observe });
  await prepare(scenario, worker, table);

  const slow = worker.instanceIds.slice(0, sharedScenarios.includes(scenario) ? 2 : 1);
  const alerts = slow.map((instanceId, index) => ({
    instanceId,
    alertUrl: `https://service.sumologic.com/ui/#/alert/${worker.functionName}-${sinceMs}-${index}`,
  }));
  const alertIds = alerts.map(({ alertUrl }) => incidentIdOf(alertUrl));
  const post = ({ instanceId, alertUrl }: { instanceId: string; alertUrl: string }) =>
    postAlert(environment, worker, alertBody(instanceId, Date.now(), { alertUrl }));
  const incidentIds = () => [...new Set([...alertIds, ...deliveries.incidentIds])];

  let notifiedMinutes = Number.POSITIVE_INFINITY;
  async function observe() {
    await sleep(deliveryMs);
    const { failedCount, minutes } = deliveries;
    const isNotified = failedCount > 0 || (await recorder.mailsOf(...incidentIds())).length > 0;
    if (isNotified) notifiedMinutes = Math.min(notifiedMinutes, minutes);
  }
  /** Runs a part of the row, in which the call fails if it is the part of these scenarios. */
  const part = async (its: readonly GroupScenario[], action: () => Promise<unknown>) => {
    if (its.includes(scenario)) armed.set(worker.functionName, row);
    await action();
    armed.delete(worker.functionName);
  };

  await part(["alert"], async () => {
    for (const it of alerts) await post(it);
    await observe();
  });
  await part(["decision", "waiting", "suppressed", "shared cause"], () =>
    deliveries.deliverAll("decision"),
  );
  await part(["first check of a shared cause"], () => deliveries.deliverOnce("shared cause"));
  await deliveries.pass(resolvedAfterMinutes);
  await part(["resolved"], async () => {
    for (const { instanceId, alertUrl } of alerts) {
      await postAlert(environment, worker, resolutionBody(instanceId, Date.now(), alertUrl));
    }
    await observe();
  });
  await part(["end of a shared cause"], () => deliveries.deliverAll("shared cause"));
  await part(["check"], () => deliveries.deliverAll("check"));

  const mails = await recorder.mailsOf(...incidentIds());
  const crashes = callsOfWorker().filter(({ fault }) => fault?.kind === "crash").length;
  const alarms = await recorder.alarmsOf(worker, {
    incidentIds: incidentIds(),
    sinceMs,
    crashes,
  });
  let minutes = notifiedMinutes;
  const isAlarm = alarms.includes("errors") || alarms.includes("notification-failed");
  if (isAlarm) minutes = Math.min(minutes, alarmMinutes(scenario));
  const [first] = alerts;
  const repeat = first ? await post(first) : "";
  await deliveries.deliverAll("decision");

  const reboots = callsOfWorker().filter(
    ({ action, status, isDryRun }) =>
      action === "ec2:RebootInstances" && status === 200 && !isDryRun,
  ).length;
  await deliveries.deliverAll("shared cause");
  await deliveries.deliverAll("check");
  await table.clear();
  return { row, reboots, mails, alarms, notifiedMinutes: minutes, repeat };
}

/** An alarm evaluates five minutes; all but the webhook's calls follow up to a minute later. */
function alarmMinutes(scenario: GroupScenario): number {
  return scenario === "alert" ? 5 : 6;
}

async function prepare(
  scenario: GroupScenario,
  { instanceId, instanceIds }: Worker,
  table: GroupTable,
): Promise<void> {
  if (scenario === "suppressed") {
    const t0 = { N: String(Date.now() - minuteMs) };
    await table.put({ id: { S: `instance#${instanceId}` }, t0 });
  }
  if (scenario === "waiting") {
    const other = instanceIds.at(-1);
    await table.put({
      id: { S: "group" },
      version: { N: "1" },
      [`lease#${other}`]: { S: "alert-of-another-instance" },
      [`leaseUntil#${other}`]: { N: String(Date.now() + 10 * minuteMs) },
    });
  }
}
