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

/** What came of noting a resolution. */
interface Noted {
  /** For the log. */
  readonly text: string;
  /** The incident's item as it is now; absent if there is none, or nobody knows. */
  readonly incident?: Incident;
  readonly isRepeated?: true;
}

/**
 * Notes on the incident of an alert that it resolved, and decides whether people are notified. Never
 * throws.
 *
 * A resolution counts for its incident once, and only if its window ends after the reboot. People are
 * notified unless the incident is followed, since the last e-mail then says it, and at most once in a
 * cool-down, so that resolutions that are sent again and again are no storm of e-mails.
 */
export async function resolveIncident(alert: Alert, options: HandlerOptions): Promise<Resolution> {
  const noted = await noteResolution(alert, options);
  const quietReason = await whyQuiet(noted, options);
  return { kind: "resolved", noted: noted.text, ...(quietReason !== undefined && { quietReason }) };
}

async function whyQuiet(
  { incident, isRepeated, text }: Noted,
  options: HandlerOptions,
): Promise<string | undefined> {
  const isFollowed =
    incident?.rebootRequestedAtMs !== undefined && incident.closedAtMs === undefined;
  if (isFollowed) return "the incident's last e-mail says it";
  if (isRepeated) return text;
  if (await isFirstTold("resolvedNotifiedAt", options, toldLimitMs)) return undefined;
  const { cooldownMinutes } = options.limits;
  return `people were notified of a resolution less than ${cooldownMinutes} minutes ago`;
}

async function noteResolution(alert: Alert, options: HandlerOptions): Promise<Noted> {
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
    return { text: "noted", incident: readIncident(Attributes) };
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) {
      return { text: `failed: ${errorText(error)}` };
    }
    // An alert that a limit suppressed has no incident, and resolves all the same.
    if (!isRecord(error) || !isRecord(error.Item)) return { text: "no incident" };
    return whyNotNoted(readIncident(error.Item as Item));
  }
}

/** Which part of the condition did not hold. */
function whyNotNoted(incident: Incident): Noted {
  if (incident.resolvedAtMs !== undefined) {
    return { text: "its resolution was noted before", incident, isRepeated: true };
  }
  const hasReboot = incident.rebootRequestedAtMs !== undefined;
  const text = hasReboot ? "its window ended before the reboot" : "its incident has no reboot";
  return { text, incident };
}
