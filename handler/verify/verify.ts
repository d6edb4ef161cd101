import { queueCheck } from "../check-queue.ts";
import { errorText } from "../error.ts";
import { type Incident, number } from "../incident.ts";
import { describeSeen, isUp, lookAt } from "../look.ts";
import { countMetric, type MetricName } from "../metrics.ts";
import { noteIncident } from "../note.ts";
import type { HandlerOptions } from "../options.ts";
import type { End } from "../outcome.ts";
import { batchResponse } from "../report.ts";
import type { Check, InvocationContext } from "../request.ts";
import { tellPeople } from "../tell.ts";
import { cleanReason } from "../text.ts";
import { countCheck } from "./count.ts";
import { judgeIncident } from "./judge.ts";
import { takeTurn } from "./turn.ts";

const lookLimitMs = 3_000;
const queueLimitMs = 3_000;
/** The ends that page somebody; infra/function-alarms.ts has an alarm on each metric. */
const metrics: Readonly<Partial<Record<End, MetricName>>> = {
  "not recovered": "NotRecovered",
  "recovery unconfirmed": "RecoveryUnconfirmed",
  unconfirmed: "NotRecovered",
};

/** Kept free after the e-mail to close the incident, log and answer. */
const reserveMs = 3_000;

/**
 * One check of an incident: look → count → judge → tell and close, or look again later. It never
 * reboots.
 *
 * What goes wrong gives the message back to the queue, which delivers it again and in the end puts
 * it to the dead letters, whose alarm tells people. Never throws.
 */
export async function verifyIncident(
  { incidentId, nonce, messageId }: Check,
  { options, context }: { options: HandlerOptions; context: InvocationContext },
) {
  const record = { source: "queue", instanceId: options.instanceId, incidentId };
  try {
    const seen = await lookAt(options.instanceId, options.clients, lookLimitMs);
    const incident = await countCheck({ incidentId, nonce }, isUp(seen), options);
    const judgement = judgeIncident(incident, options.checks.maxChecks);
    const reason = cleanReason(judgement.reason);
    const outcome = judgement.kind === "end" ? judgement.end : judgement.kind;
    if (judgement.kind === "wait") {
      await queueCheck({ incidentId, nonce }, options, queueLimitMs);
    }
    const closed =
      judgement.kind === "end" ? await tellEnd(judgement.end, reason, incident) : undefined;
    options.log("info", {
      outcome,
      ...record,
      reason,
      checkCount: incident.checkCount,
      seen: cleanReason(describeSeen(seen)),
      ...(closed && { closed }),
    });
    return batchResponse();
  } catch (error) {
    const reason = errorText(error);
    options.log("error", { outcome: "check failed", ...record, reason, messageId });
    return batchResponse(messageId);
  }

  /**
   * Publishes the last e-mail, then closes the incident, so that at least one is sent: only a crash
   * in between repeats it. Returns how closing went; throws if the e-mail was not sent.
   */
  async function tellEnd(end: End, reason: string, { cause }: Incident): Promise<string> {
    await takeTurn(incidentId, options);
    const metric = metrics[end];
    if (metric) countMetric(metric, options);
    const leftMs = () => context.getRemainingTimeInMillis() - reserveMs;
    const letter = { news: end, reason, incidentId, cause };
    const notification = await tellPeople(letter, options, leftMs);
    if (notification !== "sent") throw new Error(`the last e-mail ${notification}`);
    const closedAt = number(options.now());
    return noteIncident(incidentId, { closedAt, outcome: { S: end } }, options);
  }
}
