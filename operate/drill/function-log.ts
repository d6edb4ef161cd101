import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";

/** One of the function's own log lines. */
export interface LogRecord {
  /** When the function wrote it, in milliseconds since 1970; `NaN` if the line does not say. */
  readonly atMs: number;
  readonly message: Record<string, unknown>;
}

/** The function's own log lines since a time, in order: the JSON records with a message of fields. */
export async function logRecords(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime = 0,
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client },
    { logGroupName, startTime },
  )) {
    for (const { message = "" } of events) {
      const record = parseRecord(message);
      if (record) records.push(record);
    }
  }
  return records;
}

/** Undefined for a line of Lambda itself, and for text. */
function parseRecord(line: string): LogRecord | undefined {
  try {
    const { timestamp, message } = JSON.parse(line);
    const isOwn = typeof message === "object" && message !== null;
    return isOwn ? { atMs: Date.parse(timestamp), message } : undefined;
  } catch {
    return undefined;
  }
}

/** The messages of the function's own log lines since a time, in order. */
export async function functionLog(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime = 0,
): Promise<Record<string, unknown>[]> {
  const records = await logRecords(client, logGroupName, startTime);
  return records.map(({ message }) => message);
}
