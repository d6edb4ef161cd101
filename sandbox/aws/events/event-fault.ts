import { DeliveryError } from "./attempt.ts";

/** A call of AWS or of an API destination that a pipe or a rule makes. */
export interface EventCall {
  /** For example `sns:Publish`, or `events:InvokeApiDestination`. */
  readonly action: string;
  /** The ARN of the stream, the bus, the queue or the target. */
  readonly resource: string;
}

/** What can go wrong with such a call. */
export const eventFaultKinds = ["throttled", "5xx", "time-out", "denied"] as const;

export interface EventFault {
  readonly kind: (typeof eventFaultKinds)[number];
  /** Before the call takes effect, or after it. */
  readonly when: "before" | "after";
}

/** What the runtime of events asks before each call. */
export type EventFaultRule = (call: EventCall) => EventFault | undefined;

const codes: Readonly<Record<EventFault["kind"], string>> = {
  throttled: "THROTTLING",
  "5xx": "SDK_SERVER_ERROR",
  "time-out": "TIMEOUT",
  denied: "NO_PERMISSIONS",
};

/** Makes a call with its fault, if it has one. */
export async function withFault<T>(
  fault: EventFault | undefined,
  call: () => Promise<T>,
): Promise<T> {
  if (fault?.when === "before") throw errorOf(fault);
  const result = await call();
  if (fault) throw errorOf(fault);
  return result;
}

function errorOf({ kind }: EventFault): DeliveryError {
  const isRetriable = kind !== "denied";
  return new DeliveryError(codes[kind], "injected by the sandbox", { isRetriable });
}
