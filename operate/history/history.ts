import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { type Incident, incidentFilter, readIncident } from "../../handler/incidents/table.ts";
import { durationText, timeText } from "../../handler/incidents/times.ts";

/** All incidents that the table still has (90 days), the latest first. */
export async function readIncidents(db: DynamoDBClient, tableName: string): Promise<Incident[]> {
  const incidents: Incident[] = [];
  const pages = paginateScan({ client: db }, { TableName: tableName, ...incidentFilter });
  for await (const { Items = [] } of pages) incidents.push(...Items.map(readIncident));
  return incidents.sort((a, b) => b.claimedAtMs - a.claimedAtMs);
}

/** The incident of this id. If there is none, the error says where ids are listed. */
export function findIncident(incidents: readonly Incident[], id: string): Incident {
  const found = incidents.find((it) => it.id === id);
  if (found) return found;
  throw new Error(
    `no incident ${JSON.stringify(id.slice(0, 200))}: \`npm run history\` lists those of the last 90 days with their ids`,
  );
}

/** One line per incident, for a person: when, id, why, outcome, time to recover. */
export function incidentLines(incidents: readonly Incident[]): string[] {
  if (incidents.length === 0) return ["no incidents in 90 days"];
  return incidents.map((it) => {
    const { cause, why } = it;
    const hasCount = cause.kind === "alert" && cause.triggerValue !== undefined;
    const count = hasCount ? `, count ${cause.triggerValue}` : "";
    const because = why === "" ? "" : ` (${why}${count})`;
    return `${timeText(it.claimedAtMs)}  ${it.id}  ${cause.kind}${because}: ${outcomeText(it)}`;
  });
}

const ends: ReadonlyMap<string, string> = new Map([
  ["recovered", "recovered"],
  ["instance up", "instance up"],
  ["recovery unconfirmed", "unconfirmed: no successful request since"],
]);

function outcomeText(incident: Incident): string {
  const { rebootRequestedAtMs, resolvedAtMs, failure, outcome, quietUntilMs } = incident;
  if (failure !== undefined) return `not rebooted: ${failure}`;
  if (quietUntilMs !== undefined) return quietText(incident, quietUntilMs);
  if (rebootRequestedAtMs === undefined) return "claimed, but never confirmed";
  const resolved =
    resolvedAtMs === undefined
      ? ""
      : `, resolved after ${durationText(resolvedAtMs - rebootRequestedAtMs)}`;
  if (outcome === undefined) return `rebooted${resolved}, checks continue`;
  return `rebooted${resolved}, ${ends.get(outcome) ?? "NOT recovered"}`;
}

/** What became of an alert in quiet hours, or of a quiet period with its alerts. */
function quietText(incident: Incident, untilMs: number): string {
  const { alerts, claimedAtMs, outcome = "waiting", resolvedAtMs } = incident;
  if (alerts) {
    return `${alerts.length} alert${alerts.length === 1 ? "" : "s"} until ${timeText(untilMs)}, ${outcome}`;
  }
  const resolved =
    resolvedAtMs === undefined
      ? "not resolved"
      : `resolved after ${durationText(resolvedAtMs - claimedAtMs)}`;
  return `not rebooted: quiet hours until ${timeText(untilMs)}, ${resolved}`;
}
