import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { type Incident, incidentFilter, readIncident } from "../../handler/incidents/table.ts";
import { durationText, timeText } from "../../handler/incidents/times.ts";
import type { InstanceIds } from "../open-stack.ts";
import { sharedCauseEnd, waitingEnd } from "./group-ends.ts";

/** An incident with what other incidents say about it. */
export interface PastIncident extends Incident {
  /** The alerts that ended without a reboot while a shared cause lasted, the earliest first. */
  readonly notRebooted?: readonly string[];
}

/** All incidents that the table still has (90 days), the latest first. */
export async function readIncidents(
  db: DynamoDBClient,
  tableName: string,
): Promise<PastIncident[]> {
  const incidents: Incident[] = [];
  const pages = paginateScan({ client: db }, { TableName: tableName, ...incidentFilter });
  for await (const { Items = [] } of pages) incidents.push(...Items.map(readIncident));
  return withNotRebooted(incidents.sort((a, b) => b.arrivedAtMs - a.arrivedAtMs));
}

/**
 * These incidents, with the alerts that each shared cause left without a reboot. The item of a shared cause has
 * only those of its beginning, but the incident of each alert says when it ended and why.
 */
export function withNotRebooted(incidents: readonly Incident[]): PastIncident[] {
  const sharedCauses = incidents
    .filter(({ cause }) => cause.kind === "shared cause")
    .sort((a, b) => b.claimedAtMs - a.claimedAtMs);
  const ended = new Map<string | undefined, string[]>(sharedCauses.map(({ id }) => [id, []]));
  for (const { id, outcome, closedAtMs = Number.NaN } of incidents.toReversed()) {
    if (outcome !== "shared cause") continue;
    const latest = sharedCauses.find(
      (it) => it.claimedAtMs <= closedAtMs && !(closedAtMs > (it.closedAtMs ?? Number.NaN)),
    );
    ended.get(latest?.id)?.push(id);
  }
  return incidents.map((it) => {
    const notRebooted = ended.get(it.id);
    return notRebooted ? { ...it, notRebooted } : it;
  });
}

/** The alerts of a shared cause or of quiet hours, those that joined it later included. */
export function alertsOf({ alerts = [], notRebooted = [] }: PastIncident): string[] {
  return [...new Set([...alerts, ...notRebooted])];
}

/** The incident of this id. If there is none, the error says where ids are listed. */
export function findIncident(incidents: readonly Incident[], id: string): Incident {
  const found = incidents.find((it) => it.id === id);
  if (found) return found;
  throw new Error(
    `no incident ${JSON.stringify(id.slice(0, 200))}: \`npm run history\` lists those of the last 90 days with their ids`,
  );
}

/** The incidents of one instance, and the shared causes that its alerts are part of. */
export function incidentsOf(
  incidents: readonly PastIncident[],
  instanceId: string,
): PastIncident[] {
  const own = new Set(
    incidents
      .filter((it) => it.instanceId === instanceId && it.cause.kind !== "shared cause")
      .map(({ id }) => id),
  );
  return incidents.filter((it) => own.has(it.id) || alertsOf(it).some((id) => own.has(id)));
}

/** One line per incident, for a person: when, id, in a group the instance, why, outcome, time to recover. */
export function incidentLines(incidents: readonly PastIncident[], group?: InstanceIds): string[] {
  if (incidents.length === 0) return ["no incidents in 90 days"];
  return incidents.map((it) => {
    const { cause, why } = it;
    const hasCount = cause.kind === "alert" && cause.triggerValue !== undefined;
    const count = hasCount ? `, count ${cause.triggerValue}` : "";
    const because = why === "" ? "" : ` (${why}${count})`;
    const instance = group ? `${instanceText(it)}  ` : "";
    return `${timeText(it.arrivedAtMs)}  ${it.id}  ${instance}${cause.kind}${because}: ${outcomeText(it)}`;
  });
}

function instanceText({ cause, instanceId }: Incident): string {
  return cause.kind === "shared cause" ? "group" : (instanceId ?? "unknown instance");
}

const ends: ReadonlyMap<string, string> = new Map([
  ["recovered", "recovered"],
  ["instance up", "instance up"],
  ["recovery unconfirmed", "unconfirmed: no successful request since"],
  ["removed", "removed from the group"],
]);

function outcomeText(incident: PastIncident): string {
  const { rebootRequestedAtMs, resolvedAtMs, failure, outcome, quietUntilMs } = incident;
  if (failure !== undefined) return `not rebooted: ${failure}`;
  if (quietUntilMs !== undefined) return quietText(incident, quietUntilMs);
  if (incident.cause.kind === "shared cause") return sharedCauseText(incident);
  if (incident.waitsSinceMs !== undefined) return waitingText(incident, incident.waitsSinceMs);
  if (rebootRequestedAtMs === undefined) return "claimed, but never confirmed";
  const resolved =
    resolvedAtMs === undefined
      ? ""
      : `, resolved after ${durationText(resolvedAtMs - rebootRequestedAtMs)}`;
  if (outcome === undefined) return `rebooted${resolved}, checks continue`;
  return `rebooted${resolved}, ${ends.get(outcome) ?? "NOT recovered"}`;
}

/** What became of a shared cause. */
function sharedCauseText(incident: PastIncident): string {
  const count = incident.notRebooted?.length ?? 0;
  const alerts = `${count} alert${count === 1 ? "" : "s"} without a reboot`;
  return `${alerts}, ${sharedCauseEnd(incident)?.text ?? "not over"}`;
}

/** What became of an alert of a group that was never claimed. */
function waitingText(incident: Incident, sinceMs: number): string {
  const end = waitingEnd(incident);
  return end ? `not rebooted: ${end.text}` : `waits since ${timeText(sinceMs)}`;
}

/** What became of an alert in quiet hours, or of a quiet period with its alerts. */
function quietText(incident: Incident, untilMs: number): string {
  const { alerts, arrivedAtMs, outcome = "waiting", resolvedAtMs } = incident;
  if (alerts) {
    return `${alerts.length} alert${alerts.length === 1 ? "" : "s"} until ${timeText(untilMs)}, ${outcome}`;
  }
  const resolved =
    resolvedAtMs === undefined
      ? "not resolved"
      : `resolved after ${durationText(resolvedAtMs - arrivedAtMs)}`;
  return `not rebooted: quiet hours until ${timeText(untilMs)}, ${resolved}`;
}
