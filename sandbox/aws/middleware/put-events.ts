import type { Response } from "../../http.ts";
import { accountId, region } from "../emulator.ts";
import { errorResponse } from "../error-response.ts";
import { DeliveryError } from "../events/attempt.ts";
import type { Events } from "../events/events.ts";
import type { PutEntry } from "../events/pipe.ts";
import type { Middleware } from "./middleware.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const mostEntries = 10;

/**
 * Responds to PutEvents in place of the emulator, whose rules ignore permissions, retries and dead-letter queues.
 * No function of the program puts events, so their roles are refused.
 */
export function putEvents(put: () => Events["put"] | undefined): Middleware {
  return async (call, next) => {
    const { action, caller, request } = call;
    const putOne = put();
    if (action !== "events:PutEvents" || !putOne) return next(call);
    if (caller.functionName !== undefined) {
      const message = `User: ${caller.role} is not authorized to perform: ${action}`;
      return errorResponse(request, { status: 400, code: "AccessDeniedException", message });
    }
    const { Entries = [] } = JSON.parse(request.body) as { Entries?: BusEntry[] };
    if (Entries.length === 0 || Entries.length > mostEntries) {
      const message = `Entries must have 1 to ${mostEntries} members: got ${Entries.length}`;
      return errorResponse(request, { status: 400, code: "ValidationException", message });
    }
    const results = await Promise.all(
      Entries.map(async ({ EventBusName = "default", ...entry }) => {
        const result = await putOne(busArnOf(EventBusName), withTime(entry));
        return result instanceof DeliveryError
          ? { ErrorCode: result.code, ErrorMessage: result.message }
          : { EventId: result };
      }),
    );
    return accepted(results);
  };
}

/** An entry of PutEvents; its time is in seconds since 1970. */
interface BusEntry extends Omit<PutEntry, "Time"> {
  readonly EventBusName?: string;
  readonly Time?: number;
}

function withTime({ Time, ...entry }: BusEntry): PutEntry {
  return Time === undefined ? entry : { ...entry, Time: new Date(Time * 1_000).toISOString() };
}

/** A bus is named by its name or its ARN. */
function busArnOf(name: string): string {
  return name.startsWith("arn:") ? name : `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}

function accepted(Entries: readonly object[]): Response {
  const FailedEntryCount = Entries.filter((it) => "ErrorCode" in it).length;
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: Buffer.from(JSON.stringify({ FailedEntryCount, Entries })),
  };
}
