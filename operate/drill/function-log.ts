import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";

/** The function's own log lines since a time: the messages of its JSON log records, in order. */
export async function functionLog(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime = 0,
): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client },
    { logGroupName, startTime },
  )) {
    for (const { message = "" } of events) {
      const record = message.startsWith("{") ? JSON.parse(message) : {};
      if (typeof record.message === "object") records.push(record.message);
    }
  }
  return records;
}
