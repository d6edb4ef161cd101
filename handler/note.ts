import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Effect } from "./act.ts";
import { incidentKey } from "./claim/input.ts";
import type { Clients } from "./clients.ts";
import type { Decision } from "./decide.ts";
import { errorText, isNamed } from "./error.ts";
import type { HandlerOptions } from "./options.ts";
import type { Request } from "./request.ts";
import { cleanText } from "./text.ts";

const noteLimitMs = 2_000;

/**
 * Writes what came of a claim into the incident's item, for its history: when the reboot was
 * requested, why there was none, or when the alert's resolving window ended. Returns what to log of
 * it. Never throws: a note that fails changes nothing of what was done.
 */
export async function noteOutcome(
  done: { request: Request; decision: Decision; effect: Effect },
  { options, clients }: { options: HandlerOptions; clients: () => Promise<Clients> },
): Promise<string> {
  const note = noteOf(done, options.now());
  if (!note) return "not needed";
  const [name, value] = note;
  try {
    await (await clients()).updateItem(
      {
        TableName: options.limits.tableName,
        Key: { id: { S: incidentKey(done.request.incidentId) } },
        ConditionExpression: "attribute_exists(id)",
        UpdateExpression: `SET ${name} = :value`,
        ExpressionAttributeValues: { ":value": value },
      },
      noteLimitMs,
    );
    return "noted";
  } catch (error) {
    // An alert that a limit held back has no incident, and resolves all the same.
    if (isNamed(error, "ConditionalCheckFailedException")) return "no incident";
    return cleanText(`failed: ${errorText(error)}`);
  }
}

/** The attribute of the incident that is set, if there is one to set. */
function noteOf(
  { request, decision, effect }: { request: Request; decision: Decision; effect: Effect },
  nowMs: number,
): [name: string, value: AttributeValue] | undefined {
  if (effect.kind === "rebooted") return ["rebootRequestedAt", { N: String(nowMs) }];
  const isDryRun = decision.kind === "reboot" && decision.dryRun;
  if (effect.kind === "failed" && !isDryRun) return ["failure", { S: cleanText(effect.error) }];
  if (decision.kind === "inform" && request.kind === "alert") {
    return ["resolvedAt", { N: String(request.windowEndMs) }];
  }
  return undefined;
}
