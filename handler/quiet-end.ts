import { reportEnd, runCheck } from "./check.ts";
import { mostStoredAlerts } from "./incidents/quiet-period.ts";
import { countCheck, loadIncident, updateIncident } from "./incidents/store.ts";
import { closingAttributes, type Incident } from "./incidents/table.ts";
import type { Dependencies, HandlerOptions } from "./options.ts";
import { queueQuietCheck } from "./quiet-alert.ts";
import { quietUntil } from "./quiet-hours.ts";
import type { Check } from "./requests/types.ts";

/**
 * One check of a quiet period: count → queue the next check until it ends → report what is still slow, and
 * close. Only the items decide that, as `recordResolution` left them. It never reboots and never throws.
 */
export function checkQuietPeriod(check: Check, { options, context }: Dependencies) {
  const { incidentId, nonce } = check;
  return runCheck(check, options, async () => {
    // The write proves the nonce; the instance's health does not matter here.
    const period = await countCheck({ incidentId, nonce }, "not up", options);
    const { alerts: ids = [], cause, checkCount, closedAtMs } = period;
    if (closedAtMs !== undefined) {
      return { outcome: "already closed", reason: "the result was already reported", checkCount };
    }
    if (!hasEnded(period, options)) {
      await queueQuietCheck({ ...period, nonce }, options);
      return { outcome: "pending", reason: "quiet hours have not ended", checkCount };
    }
    const stored = await Promise.all(ids.map((id) => loadIncident(id, options)));
    const alerts = stored.filter(({ resolvedAtMs }) => resolvedAtMs === undefined);
    const outcome = alerts.length === 0 ? "all resolved" : "still slow";
    const reason = describeEnd(alerts.length, ids.length);
    const incidentUpdate =
      outcome === "still slow"
        ? await reportEnd(
            {
              kind: outcome,
              reason,
              incidentId,
              ...instancesOf(period, alerts, options),
              cause,
              alerts,
            },
            period,
            { options, context },
          )
        : await updateIncident(
            incidentId,
            { item: closingAttributes(outcome, options.now()) },
            options,
          );
    return { outcome, reason, checkCount, incidentUpdate };
  });
}

/** The instance of the period, which may have been replaced since; in a group, those that are still slow. */
function instancesOf(
  { instanceId }: Incident,
  alerts: readonly Incident[],
  options: HandlerOptions,
): { instanceId: string; otherCount?: number } {
  if (!options.group) return { instanceId: instanceId ?? options.instanceId };
  const [first = options.instanceId, ...others] = new Set(
    alerts.flatMap((it) => it.instanceId ?? []),
  );
  return { instanceId: first, otherCount: others.length };
}

/**
 * A period ends at the time that the e-mail named, or earlier if a deployment has shortened or removed
 * the quiet hours, or made them unreadable.
 */
function hasEnded(
  { quietUntilMs = Number.NaN }: Incident,
  { quietHours = [], now }: HandlerOptions,
): boolean {
  const isQuiet = quietHours !== "unreadable" && quietUntil(quietHours, now()) !== undefined;
  return !isQuiet || !(now() < quietUntilMs);
}

function describeEnd(slow: number, all: number): string {
  const alerts = `${all} alert${all === 1 ? "" : "s"} in quiet hours`;
  const more = all < mostStoredAlerts ? "" : `; only the first ${mostStoredAlerts} were stored`;
  return `${slow} of ${alerts} ${slow === 1 ? "has" : "have"} not resolved${more}`;
}
