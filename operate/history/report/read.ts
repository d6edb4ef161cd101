import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { Incident } from "../../../handler/incidents/table.ts";
import { isTime } from "../../../handler/incidents/times.ts";
import { type LogRecord, logRecords } from "../../drill/function-log.ts";
import type { SumoLogicApi } from "../../drill/sumo-logic.ts";
import type { PastIncident } from "../history.ts";
import { incidentPage, indexPage } from "./page.ts";
import {
  type DeployedCode,
  type Readable,
  type ReportedStack,
  reportOf,
  type Sources,
} from "./report.ts";
import { periodOf, questionOf, readSlices, type SlowResponses } from "./slow-responses.ts";

/** All that a report is read from, besides the table. */
export interface ReportPorts {
  readonly stack: ReportedStack & { readonly savedSearchId: string };
  readonly readCode: () => Promise<DeployedCode>;
  readonly logs: CloudWatchLogsClient;
  /** Absent without an access key. */
  readonly sumoLogic: Pick<SumoLogicApi, "get" | "search"> | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Each chart is a search, which takes seconds, and Sumo Logic limits how many run: only the latest have one. */
const chartsOfAll = 10;

const noKeys =
  "Sumo Logic has the data. Set SUMOLOGIC_ACCESSID and SUMOLOGIC_ACCESSKEY to an access key, and run the command again.";
const alertsApart = "each alert of a shared cause is a separate incident with its chart.";
const onlyLatest = `in the report of all incidents, only the latest ${chartsOfAll} have one. \`npm run -s history -- --html INCIDENT\` draws it.`;

/** The report of one incident, as a page of HTML. Sources that do not respond become notes in it. */
export async function writeReport(incident: PastIncident, ports: ReportPorts): Promise<string> {
  const sources = await readSources([incident], ports);
  const responses = await readResponses(incident, ports);
  return incidentPage(reportOf(incident, responses, sources), ports.stack, sources.nowMs);
}

/** The report of all incidents, in this order, as one page of HTML. */
export async function writeAllReports(
  incidents: readonly PastIncident[],
  ports: ReportPorts,
): Promise<string> {
  const sources = await readSources(incidents, ports);
  const reports = [];
  for (const [index, incident] of incidents.entries()) {
    const responses =
      index < chartsOfAll ? await readResponses(incident, ports) : { problem: onlyLatest };
    reports.push(reportOf(incident, responses, sources));
  }
  return indexPage(reports, ports.stack, sources.nowMs);
}

async function readSources(incidents: readonly Incident[], ports: ReportPorts): Promise<Sources> {
  const { stack, readCode, now } = ports;
  const [code, log] = await Promise.all([
    attempt(readCode),
    attempt(() => readLog(incidents, ports)),
  ]);
  return { stack, code, log, nowMs: now() };
}

async function attempt<T>(read: () => Promise<T>): Promise<Readable<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const { name, message } = error as Error;
    return { problem: name === "Error" ? message : `${name}: ${message}` };
  }
}

async function readLog(
  incidents: readonly Incident[],
  { logs, stack }: ReportPorts,
): Promise<LogRecord[]> {
  const times = incidents.map(({ arrivedAtMs }) => arrivedAtMs).filter(isTime);
  if (times.length === 0) return [];
  return logRecords(logs, stack.logGroupName, Math.min(...times));
}

async function readResponses(
  incident: Incident,
  { stack, sumoLogic, now, sleep }: ReportPorts,
): Promise<Readable<SlowResponses>> {
  const { rule, savedSearchId } = stack;
  if (incident.cause.kind === "shared cause") return { problem: alertsApart };
  if (!sumoLogic) return { problem: noKeys };
  if (!rule)
    return { problem: "the stack has no output alertRule: run `pulumi up` with this version." };
  const period = periodOf(incident, rule, now());
  if (!period) return { problem: "the incident's item has no time." };
  return attempt(async () => {
    const { queryString } = await sumoLogic.get(`v1/logSearches/${savedSearchId}`);
    const { query, fromMs, toMs } = questionOf(queryString, period, incident.instanceId);
    return readSlices(period, await sumoLogic.search(query, fromMs, toMs, sleep));
  });
}
