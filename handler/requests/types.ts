import type { MetricName } from "../metrics.ts";

/** What the handler uses of Lambda's context object. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** An alert of the Sumo Logic monitor that had a valid token and names an instance of this function. */
export interface Alert {
  readonly kind: "alert";
  readonly incidentId: string;
  /** The instance that it names; absent in a resolution whose window had no line of any instance. */
  readonly instanceId?: string;
  /** `Critical`, `ResolvedCritical` or another trigger type of Sumo Logic. */
  readonly triggerType: string;
  /** How many responses were slow; absent if Sumo Logic sent no whole number. */
  readonly triggerValue?: number;
  /** The alert's window, in milliseconds since 1970. */
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** The API's responses in the window; absent if the monitor had no row for them. */
  readonly responses?: Responses;
  /** The alert's page; absent if the link does not have exactly Sumo Logic's format. */
  readonly alertUrl?: string;
  /** Which of these two fields were sent in another format and are left out; for the log. */
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
  readonly instanceId?: undefined;
  readonly unrenderedFields: readonly string[];
}

/** A manual invocation (`aws lambda invoke`): a person wants the instance rebooted now. */
export interface ManualRequest {
  readonly kind: "manual";
  readonly incidentId: string;
  /** The instance that it names; absent for a function of one instance. */
  readonly instanceId?: string;
  readonly reason: string;
  /** Ask EC2 whether the reboot would be permitted, and change nothing. */
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** A message of the function's check queue: check whether this incident has recovered. */
export interface Check extends CheckMessage {
  readonly kind: "check";
  /** Identifies the message in the response to Lambda if the check failed. */
  readonly messageId: string;
}

/** The content of a message of the check queue. */
export interface CheckMessage {
  readonly incidentId: string;
  /**
   * The nonce of the incident's claim, or of an alert that waits. Only the table and the queue have it, so it
   * proves the message.
   */
  readonly nonce: string;
  /** The instance that was rebooted; absent in messages from before it was sent. */
  readonly instanceId?: string;
  /** `decide` for an alert of a group that waits; absent for the check of a reboot. */
  readonly task?: "decide";
}

/** An event that is invalid, so it reboots nothing. `status` is for a webhook's caller. */
export interface Refused {
  readonly kind: "refused";
  readonly source: "webhook" | "manual" | "queue";
  readonly status: number;
  readonly reason: string;
  readonly messageId?: string;
  /** The metric that counts the refusal, if one does. */
  readonly metric?: MetricName;
}

/** What can lead to a reboot, or reports its result. */
export type Request = Alert | TestMessage | ManualRequest;
