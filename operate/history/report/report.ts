import type { Incident } from "../../../handler/incidents/table.ts";
import { isTime } from "../../../handler/incidents/times.ts";
import type { LogRecord } from "../../drill/function-log.ts";
import type { InstanceIds } from "../../open-stack.ts";
import type { PastIncident } from "../history.ts";
import type { Mark } from "./chart.ts";
import { momentText } from "./moment.ts";
import { type Phase, phasesOf, type Result, resultOf } from "./result.ts";
import { firstSlowMs, type Rule, type SlowResponses } from "./slow-responses.ts";
import { type Suppression, suppressionsIn } from "./suppressions.ts";
import { type Entry, timelineOf } from "./timeline.ts";

/** What a report says of the stack. */
export interface ReportedStack {
  readonly project: string;
  readonly name: string;
  readonly region: string;
  /** One, or those of a group. */
  readonly instanceIds: InstanceIds;
  readonly logGroupName: string;
  readonly rule: Rule | undefined;
  /** Absent if the stack keeps no evidence. */
  readonly evidenceBucket?: string;
}

/** Something that was read, or why it could not be, as the end of a sentence. */
export type Readable<T> = { readonly value: T } | { readonly problem: string };

/** The function as it is deployed now. */
export interface DeployedCode {
  /** Base64, as Lambda has it. */
  readonly sha256: string;
  /** When its code or its configuration was last changed. */
  readonly modifiedMs: number;
}

/** What reports are made of, besides the incidents. */
export interface Sources {
  readonly stack: ReportedStack;
  readonly code: Readable<DeployedCode>;
  readonly log: Readable<readonly LogRecord[]>;
  readonly nowMs: number;
}

/** All that the page shows of one incident. A note says what is missing, and how to get it. */
export interface Report {
  readonly incident: PastIncident;
  readonly result: Result;
  readonly phases: readonly Phase[];
  readonly responses: Readable<SlowResponses>;
  readonly marks: readonly Mark[];
  readonly timeline: readonly Entry[];
  readonly suppressions: readonly Suppression[];
  readonly logNote?: string;
  readonly mailNote?: string;
  readonly code: string;
}

export function reportOf(
  incident: PastIncident,
  responses: Readable<SlowResponses>,
  { stack, code, log, nowMs }: Sources,
): Report {
  const { cause, arrivedAtMs, rebootRequestedAtMs, resolvedAtMs, closedAtMs, outcome } = incident;
  const records = "value" in log ? log.value : [];
  const own = records.filter(({ message }) => message.incidentId === incident.id);
  const data = "value" in responses ? responses.value : undefined;
  const window =
    cause.kind === "alert" ? { startMs: cause.windowStartMs, endMs: cause.windowEndMs } : undefined;
  const firstMs = data && window && firstSlowMs(data, window);
  const isRecovered = outcome === "recovered" || outcome === "instance up";
  const marks: Mark[] = [
    ...(rebootRequestedAtMs === undefined ? [] : [{ atMs: rebootRequestedAtMs, name: "reboot" }]),
    ...(resolvedAtMs === undefined && (!isRecovered || closedAtMs === undefined)
      ? []
      : [
          {
            atMs: resolvedAtMs ?? closedAtMs ?? Number.NaN,
            name: isRecovered ? "recovered" : "alert resolved",
          },
        ]),
  ];
  const logNote = logNoteOf(log, own, stack);
  const mailNote = mailNoteOf(incident);
  return {
    incident,
    result: resultOf(incident),
    phases: phasesOf(incident, data),
    responses,
    marks,
    timeline: timelineOf(incident, own, firstMs),
    suppressions: suppressionsIn(recordsBeside(incident, records, stack), {
      fromMs: arrivedAtMs,
      toMs: closedAtMs ?? nowMs,
    }),
    ...(logNote !== undefined && { logNote }),
    ...(mailNote !== undefined && { mailNote }),
    code: codeText(code, incident),
  };
}

/** The records among which are the requests that were suppressed meanwhile: in a group, those of its instance. */
function recordsBeside(
  { cause, instanceId }: Incident,
  records: readonly LogRecord[],
  { instanceIds }: ReportedStack,
): readonly LogRecord[] {
  if (instanceIds.length === 1 || cause.kind === "shared cause") return records;
  return records.filter(({ message }) => message.instanceId === instanceId);
}

function logNoteOf(
  log: Sources["log"],
  own: readonly LogRecord[],
  { logGroupName }: ReportedStack,
): string | undefined {
  if ("problem" in log) {
    return `The function's log (${logGroupName}) could not be read, so reasons and suppressed requests are missing: ${log.problem}`;
  }
  if (own.length > 0) return undefined;
  return `The function's log (${logGroupName}) has no line of this incident, so reasons and suppressed requests are missing: CloudWatch deletes lines after the log group's retention.`;
}

function mailNoteOf({ mails, mailFailure }: Incident): string | undefined {
  if (mailFailure !== undefined) return `An e-mail was not sent: ${mailFailure}`;
  if (mails.length > 0) return undefined;
  return "The incident's item has no e-mail. E-mails about suppressed alerts are not kept, and earlier versions kept none.";
}

function codeText(code: Sources["code"], { claimedAtMs }: Incident): string {
  if ("problem" in code) return `unknown: ${code.problem}`;
  const { sha256, modifiedMs } = code.value;
  const deployed = `SHA-256 ${sha256}, last changed at ${momentText(modifiedMs)}`;
  if (!isTime(modifiedMs) || !isTime(claimedAtMs)) return deployed;
  return modifiedMs > claimedAtMs
    ? `${deployed}: the function was deployed again AFTER this incident, so other code may have handled it`
    : `${deployed}, before this incident`;
}
