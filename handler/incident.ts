import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { alertLink } from "./alert-link.ts";
import type { Item } from "./claim/types.ts";
import type { Alert, Responses } from "./request.ts";

/** Why an incident began, as far as an e-mail tells it. */
export type Cause =
  | { readonly kind: "by-hand" | "test" }
  | {
      readonly kind: "alert";
      readonly triggerValue?: number;
      readonly windowStartMs: number;
      readonly windowEndMs: number;
      readonly alertUrl?: string;
    };

/**
 * An incident as the table has it, from the claim to its end; times are milliseconds since 1970.
 * What has a wrong type or form in the item is absent here: others may write the table too.
 */
export interface Incident {
  readonly cause: Cause;
  /** When EC2 was told, if it was. */
  readonly rebootRequestedAtMs?: number;
  /** Why nothing was rebooted although it was claimed. */
  readonly failure?: string;
  /** When Sumo Logic reported that the alert resolved. */
  readonly resolvedAtMs?: number;
  /** The API's responses in the resolving window; absent if it had no line of the instance. */
  readonly responses?: Responses;
  /** How often it was checked, this time included. */
  readonly checkCount: number;
  /** How many checks in a row have found the instance up. */
  readonly upCount: number;
  /** When people were told the end. */
  readonly closedAtMs?: number;
}

export function instanceKey(instanceId: string): Item {
  return { id: { S: `instance#${instanceId}` } };
}

export function incidentKey(incidentId: string): Item {
  return { id: { S: `incident#${incidentId}` } };
}

/** Reads an incident's item; claim/input.ts and the handler's notes have written it. */
export function readIncident(item: Item): Incident {
  const text = (name: string) => item[name]?.S ?? "";
  const triggerValue = /^\d{1,15}$/.test(text("count")) ? Number(text("count")) : undefined;
  const alertUrl = alertLink(text("alertUrl"));
  const failure = item.failure?.S;
  const [rebootRequestedAtMs, resolvedAtMs, closedAtMs] = [
    numberOf(item.rebootRequestedAt),
    numberOf(item.resolvedAt),
    numberOf(item.closedAt),
  ];
  const [requestCount, failedCount, lastSuccessMs] = [
    numberOf(item.requestCount),
    numberOf(item.failedCount),
    numberOf(item.lastSuccessAt),
  ];
  const hasResponses =
    requestCount !== undefined && failedCount !== undefined && lastSuccessMs !== undefined;
  return {
    cause:
      text("source") === "by-hand"
        ? { kind: "by-hand" }
        : {
            kind: "alert",
            ...(triggerValue !== undefined && { triggerValue }),
            windowStartMs: numberOf(item.windowStartMs) ?? Number.NaN,
            windowEndMs: numberOf(item.windowEndMs) ?? Number.NaN,
            ...(alertUrl !== undefined && { alertUrl }),
          },
    ...(rebootRequestedAtMs !== undefined && { rebootRequestedAtMs }),
    ...(failure !== undefined && { failure }),
    ...(resolvedAtMs !== undefined && { resolvedAtMs }),
    ...(hasResponses && { responses: { requestCount, failedCount, lastSuccessMs } }),
    checkCount: numberOf(item.checkCount) ?? 0,
    upCount: numberOf(item.upCount) ?? 0,
    ...(closedAtMs !== undefined && { closedAtMs }),
  };
}

/** The attributes of an incident whose alert was reported as resolved at `nowMs`. */
export function resolutionAttributes({ responses }: Alert, nowMs: number): Item {
  return {
    resolvedAt: number(nowMs),
    ...(responses && {
      requestCount: number(responses.requestCount),
      failedCount: number(responses.failedCount),
      lastSuccessAt: number(responses.lastSuccessMs),
    }),
  };
}

/** The number of an attribute, if it is one. */
export function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}
