import { isFirstTold } from "./claim/told.ts";
import type { Item } from "./claim/types.ts";
import { errorText, isNamed } from "./error.ts";
import {
  type Incident,
  incidentKey,
  number,
  readIncident,
  resolutionAttributes,
} from "./incident.ts";
import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { Alert } from "./request.ts";
import { updateItem } from "./update.ts";

const noteLimitMs = 2_000;
const toldLimitMs = 4_000;

/** What came of a resolution. */
export interface Resolution {
  readonly kind: "resolved";
  /** What came of noting it on its incident, for the log. */
  readonly noted: string;
  /** Why nobody is notified of it; absent if they are. */
  readonly quietReason?: string;
}

/**
 * Notes on the incident of an alert that it resolved, and decides whether people are notified. Never throws.
 *
 * A resolution counts for its incident once, and only if its window ends after the reboot. People are
 * notified unless the incident is followed, since the last e-mail then says it, and at most once in a
 * cool-down, so that resolutions that are sent again and again are no storm of e-mails.
 */
export async function resolveIncident(alert: Alert, options: HandlerOptions): Promise<Resolution> {
  const { noted, incident } = await noteResolution(alert, options);
  const isFollowed =
    incident?.rebootRequestedAtMs !== undefined && incident.closedAtMs === undefined;
  if (isFollowed)
    return { kind: "resolved", noted, quietReason: "the incident's last e-mail says it" };
  if (noted === notedBefore) return { kind: "resolved", noted, quietReason: notedBefore };
  if (await isFirstTold("resolvedToldAt", options, toldLimitMs)) return { kind: "resolved", noted };
  const quietReason = `people were notified of a resolution less than ${options.limits.cooldownMinutes} minutes ago`;
  return { kind: "resolved", noted, quietReason };
}

const notedBefore = "its resolution was noted before";

async function noteResolution(
  alert: Alert,
  options: HandlerOptions,
): Promise<{ noted: string; incident?: Incident }> {
  const attributes = resolutionAttributes(alert, options.now());
  const names = Object.keys(attributes);
  try {
    const { Attributes = {} } = await updateItem(
      {
        TableName: options.limits.tableName,
        Key: incidentKey(alert.incidentId),
        // What is compared with an attribute that does not exist is false.
        ConditionExpression: "rebootRequestedAt < :windowEnd AND attribute_not_exists(resolvedAt)",
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ExpressionAttributeValues: {
          ":windowEnd": number(alert.windowEndMs),
          ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] as never])),
        },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      options,
      noteLimitMs,
    );
    return { noted: "noted", incident: readIncident(Attributes) };
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) {
      return { noted: `failed: ${errorText(error)}` };
    }
    // An alert that a limit suppressed has no incident, and resolves all the same.
    if (!isRecord(error) || !isRecord(error.Item)) return { noted: "no incident" };
    const incident = readIncident(error.Item as Item);
    return { noted: whyNotNoted(incident), incident };
  }
}

/** Which part of the condition did not hold. */
function whyNotNoted({ resolvedAtMs, rebootRequestedAtMs }: Incident): string {
  if (resolvedAtMs !== undefined) return notedBefore;
  if (rebootRequestedAtMs === undefined) return "its incident has no reboot";
  return "its window ended before the reboot";
}
