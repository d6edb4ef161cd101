import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { ClaimLimits } from "../options.ts";

export type Item = Record<string, AttributeValue>;

/** Which limit held a reboot back. */
export type Limit = "duplicate" | "mode" | "cool-down" | "budget" | "contention";

/** What came of asking for the right to reboot once. */
export type Claim =
  | { readonly kind: "claimed" }
  | Suppressed
  /** The kill switch says that EC2 is only to be asked. */
  | { readonly kind: "only-dry-run"; readonly reason: string }
  /** Nobody knows whether the right was given, so it was not. */
  | { readonly kind: "failed"; readonly error: string };

/** `untilMs` is when the limit ends, as milliseconds since 1970, where it ends by itself. */
export interface Suppressed {
  readonly kind: "suppressed";
  readonly limit: Limit;
  readonly reason: string;
  readonly untilMs?: number;
}

export interface ClaimContext {
  readonly instanceId: string;
  readonly limits: ClaimLimits;
  readonly monitorName: string;
  /** Another one for each claim, by which it knows itself when its answer was lost. */
  readonly nonce: string;
  readonly nowMs: number;
}

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** The reboot times that an instance's item keeps, the latest in `t0`: also the largest budget. */
export const slots = 10;
