import type { MetricName } from "./metrics.ts";

/** What the handler uses of Lambda's context object. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** An alert of the Sumo Logic monitor that proved the token and names this very instance. */
export interface Alert {
  readonly kind: "alert";
  readonly incidentId: string;
  /** `Critical`, `ResolvedCritical` or another trigger type of Sumo Logic. */
  readonly triggerType: string;
  /** How many responses were slow; absent if Sumo Logic sent no whole number. */
  readonly triggerValue?: number;
  /** The alert's window, as milliseconds since 1970. */
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** What the window holds of the API's responses; absent if the monitor had no row for it. */
  readonly responses?: Responses;
  /** The alert's page; absent if the link is not exactly one of Sumo Logic's. */
  readonly alertUrl?: string;
  /** Which of these two fields were sent in another form, and so are left out; for the log. */
  readonly omittedFields?: readonly string[];
}

/** Responses of the watched path in a window of the monitor; infra/alert-query.ts counts them. */
export interface Responses {
  readonly requestCount: number;
  /** Those with status 5xx, or 499: the client gave up. */
  readonly failedCount: number;
  /** When the latest fast and successful one was logged, in milliseconds since 1970; 0 if none. */
  readonly lastSuccessMs: number;
}

/** What Sumo Logic's Test button sends: variables that are not filled in. */
export interface TestMessage {
  readonly kind: "test";
  readonly incidentId: string;
  readonly unrenderedFields: readonly string[];
}

/** `aws lambda invoke`: a person wants the instance rebooted now. */
export interface CallByHand {
  readonly kind: "by-hand";
  readonly incidentId: string;
  readonly reason: string;
  /** Ask EC2 whether the reboot would be permitted, and change nothing. */
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** A message of the function's queue: check what became of this incident. */
export interface Check extends CheckMessage {
  readonly kind: "check";
  /** By which Lambda is told that the message was not dealt with. */
  readonly messageId: string;
}

/** What a message of the check queue says. */
export interface CheckMessage {
  readonly incidentId: string;
  /** The nonce of the incident's claim: only the table and the queue have it, so it proves the message. */
  readonly nonce: string;
}

/** An event that is not understood, and so reboots nothing. `status` is for a webhook's caller. */
export interface Refused {
  readonly kind: "refused";
  readonly source: "webhook" | "by-hand" | "queue";
  readonly status: number;
  readonly reason: string;
  readonly messageId?: string;
  /** What counts the refusal, if anything does. */
  readonly metric?: MetricName;
}

/** What may lead to a reboot, or tells of one. */
export type Request = Alert | TestMessage | CallByHand;
