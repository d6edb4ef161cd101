import { loadProgram } from "../sandbox/engine/program.ts";
import { type LogMessage, runQuery } from "../sandbox/sumo-logic/query.ts";
import { accessLog } from "../sandbox/web-server/access-log.ts";
import { median, ratio, table } from "./table.ts";

const lineCount = 100_000;
const rounds = 7;

/** Compares the queries, on many lines, with the minimum work of any evaluator: parsing each line once. */
export function benchQuery(): string {
  const { accessLogQuery, monitorQuery, savedSearchQuery } =
    loadProgram<typeof import("../infra/alert-query.ts")>("infra/alert-query.ts");
  const instanceId = "i-0123456789abcdef0";
  const scope = {
    rule: { apiPath: "/api/data", slowResponseSeconds: 3, maxSlowResponses: 5, windowMinutes: 10 },
    logSourceCategory: "web/access",
    instanceIds: [instanceId],
  };
  const messages = lines(instanceId);
  const parse = medianMs(() => {
    for (const { raw } of messages) JSON.parse(raw);
  });
  const queries = [
    ["the latency monitor", monitorQuery(scope)],
    ["the monitor of missing lines", accessLogQuery(scope)],
    ["the saved search", savedSearchQuery(scope)],
  ] as const;
  const rows = queries.map(([name, query]) => {
    const ms = medianMs(() => runQuery(query, messages));
    return [name, ms.toFixed(0), ratio(ms, parse)];
  });
  return [
    "## Queries of the local Sumo Logic",
    "",
    `Median of ${rounds} runs on ${lineCount.toLocaleString("en-US")} access-log lines.`,
    "",
    table(
      ["query", "milliseconds", "against parsing each line"],
      [["(parsing each line)", parse.toFixed(0), "1"], ...rows],
    ),
  ].join("\n");
}

function lines(instanceId: string): LogMessage[] {
  const startMs = Date.parse("2026-01-01T12:00:00Z");
  const messages: LogMessage[] = [];
  for (let index = 0; messages.length < lineCount; index++) {
    const timeMs = startMs + index;
    for (const raw of accessLog(index % 50 === 0 ? "slow" : "fast", 20, { instanceId, timeMs })) {
      messages.push({ raw, sourceCategory: "web/access", timeMs });
    }
  }
  return messages.slice(0, lineCount);
}

function medianMs(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return median(times);
}
