import { type AttributeValue, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";

/** One incident as the table of claims has it; times are milliseconds since 1970. */
export interface Incident {
  readonly id: string;
  readonly source: string;
  /** The monitor's name, or the person's reason. */
  readonly why: string;
  readonly count?: string;
  readonly claimedAtMs: number;
  readonly rebootRequestedAtMs?: number;
  /** When Sumo Logic reported that the alert resolved. */
  readonly resolvedAtMs?: number;
  /** Why nothing was rebooted although the claim was given. */
  readonly failure?: string;
  /** How it ended, once the last e-mail was sent; see `End` in handler/outcome.ts. */
  readonly outcome?: string;
  /** How often it was looked at after the reboot. */
  readonly checkCount?: number;
}

const prefix = "incident#";

/** All incidents that the table still has (90 days), the latest first. */
export async function readIncidents(db: DynamoDBClient, tableName: string): Promise<Incident[]> {
  const incidents: Incident[] = [];
  const pages = paginateScan(
    { client: db },
    {
      TableName: tableName,
      FilterExpression: "begins_with(id, :prefix)",
      ExpressionAttributeValues: { ":prefix": { S: prefix } },
    },
  );
  for await (const { Items = [] } of pages) incidents.push(...Items.map(incidentOf));
  return incidents.sort((a, b) => b.claimedAtMs - a.claimedAtMs);
}

/** The incidents as lines for a person: when, why, outcome, time to recover. */
export function incidentLines(incidents: readonly Incident[]): string[] {
  if (incidents.length === 0) return ["no incidents in 90 days"];
  return incidents.map((it) => {
    const count = it.count === undefined ? "" : `, count ${it.count}`;
    const why = it.why === "" ? "" : ` (${it.why}${count})`;
    return `${timeText(it.claimedAtMs)}  ${it.source}${why}: ${outcomeText(it)}`;
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
  if (outcome === undefined) return `rebooted${resolved}, still looked at`;
  return `rebooted${resolved}, ${ends[outcome] ?? "NOT recovered"}`;
}

function incidentOf(item: Record<string, AttributeValue>): Incident {
  const number = (name: string) => (item[name]?.N === undefined ? undefined : Number(item[name].N));
  const [rebootRequestedAtMs, resolvedAtMs, checkCount] = [
    "rebootRequestedAt",
    "resolvedAt",
    "checkCount",
  ].map(number);
  return {
    id: (item.id?.S ?? "").slice(prefix.length),
    source: item.source?.S ?? "unknown",
    why: item.why?.S ?? "",
    claimedAtMs: number("claimedAt") ?? Number.NaN,
    ...(item.count?.S !== undefined && { count: item.count.S }),
    ...(rebootRequestedAtMs !== undefined && { rebootRequestedAtMs }),
    ...(resolvedAtMs !== undefined && { resolvedAtMs }),
    ...(item.failure?.S !== undefined && { failure: item.failure.S }),
    ...(item.outcome?.S !== undefined && { outcome: item.outcome.S }),
    ...(checkCount !== undefined && { checkCount }),
  };
}

/** For example `12m05s`. Clocks of two machines may differ, so that it resolved before the request. */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? "at an unknown time" : time.toISOString();
}
