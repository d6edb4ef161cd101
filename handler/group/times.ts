import { minuteMs } from "../incidents/times.ts";
import type { HealthChecks } from "../options.ts";

/** The alerts of one evaluation arrive within seconds. They are decided when all of them are known. */
export const decideAfterSeconds = 10;

/**
 * How often a waiting alert is decided again, and how often a shared cause is checked. A waiting alert is not
 * woken when a lease ends: its message comes back by itself, so none can be lost or multiply.
 */
export const againAfterSeconds = 60;

/** Minutes after the last health check of an incident in which it must have ended. */
const graceMinutes = 5;

/** How long a lease lasts if verification does not end it: longer than all health checks. */
export function leaseMs({ checkEveryMinutes, maxChecks }: HealthChecks): number {
  return (checkEveryMinutes * maxChecks + graceMinutes) * minuteMs;
}

/**
 * How long an alert waits at most: as long as a lease that began when it fired, if no check renews it. Each check
 * does, so that lease can outlast the alert.
 */
export const longestWaitMs = leaseMs;
