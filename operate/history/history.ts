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

/** One line per incident, for a person: when, why, outcome, time to recover. */
export function incidentLines(incidents: readonly Incident[]): string[] {
  if (incidents.length === 0) return ["no incidents in 90 days"];
  return incidents.map((it) => {
    const { cause, why } = it;
    const hasCount = cause.kind === "alert" && cause.triggerValue !== undefined;
    const count = hasCount ? `, count ${cause.triggerValue}` : "";
    const because = why === "" ? "" : ` (${why}${count})`;
    return `${timeText(it.claimedAtMs)}  ${cause.kind}${because}: ${outcomeText(it)}`;
  });
}

const ends: Readonly<Record<string, string>> = {
  recovered: "recovered",
  "instance up": "instance up",
  "recovery unconfirmed": "unconfirmed: no successful request since",
};

function outcomeText(incident: Incident): string {
  const { rebootRequestedAtMs, resolvedAtMs, failure, outcome } = incident;
  if (failure !== undefined) return `not rebooted: ${failure}`;
  if (rebootRequestedAtMs === undefined) return "claimed, but never confirmed";
  const resolved =
    resolvedAtMs === undefined
      ? ""
      : `, resolved after ${durationText(resolvedAtMs - rebootRequestedAtMs)}`;
  if (outcome === undefined) return `rebooted${resolved}, checks continue`;
  return `rebooted${resolved}, ${ends[outcome] ?? "NOT recovered"}`;
}
