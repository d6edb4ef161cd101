import { randomUUID } from "node:crypto";
import { sdkNotLoaded } from "./aws-clients.ts";
import type { Decision, RebootDecision } from "./decide.ts";
import { errorText, isNamed } from "./errors.ts";
import { captureEvidence, type Evidence } from "./evidence.ts";
import { claimReboot } from "./incidents/claim.ts";
import { describeSuppression, type Suppressed, type Waiting } from "./incidents/claim-result.ts";
import { isFirstSuppression, type ResolutionRecord, recordResolution } from "./incidents/store.ts";
import { noticesOf, readInstanceStatus, whyNotReboot } from "./instance-status.ts";
import { type RecentReboots, readRecentReboots } from "./notifications/recent.ts";
import type { Dependencies, HandlerOptions } from "./options.ts";
import { suppressQuietly } from "./quiet-alert.ts";
import { isRecord } from "./record.ts";
import { queueCheck } from "./requests/check.ts";
import type { Alert, CheckMessage, ManualRequest } from "./requests/types.ts";
import {
  rebootInGroupNeedsMs,
  rebootNeedsMs,
  reserveAfterEvidenceMs,
  timeLimitsMs,
} from "./time-limits.ts";

/** What was done about a request. `nonce` is that of the claim, if one was tried. */
export type Effect =
  | { readonly kind: "none" }
  | {
      readonly kind: "rebooted";
      readonly response: RebootResponse;
      /** What else people should know, for example that AWS will retire the instance. */
      readonly notices: readonly string[];
      /** What was captured before the reboot; absent if nothing is to be captured. */
      readonly evidence?: Evidence;
      readonly nonce: string | undefined;
      /** Read for the e-mail, concurrently with the status; absent if nothing was claimed. */
      readonly recent?: RecentReboots;
    }
  | {
      readonly kind: "failed";
      readonly error: string;
      readonly nonce: string | undefined;
      readonly recent?: RecentReboots;
    }
  /** EC2 would permit the reboot. */
  | { readonly kind: "permitted" }
  /** The same, asked because the kill switch allows only a dry run; `reason` is that of the switch. */
  | { readonly kind: "permitted in dryrun mode"; readonly reason: string }
  /** The kill switch allows only a dry run, and there was one in this cool-down. */
  | { readonly kind: "dryrun mode repeated"; readonly reason: string }
  | Suppressed
  | Waiting
  | { readonly kind: "resolved"; readonly record: ResolutionRecord };

/** EC2's response to a reboot. If it was lost, the reboot may have happened, so it counts. */
type RebootResponse =
  | { readonly kind: "accepted" }
  | { readonly kind: "lost"; readonly error: string };

/** The message of the first check of a reboot. */
type RebootCheck = Required<Omit<CheckMessage, "task">>;

/** Errors that are certain to have rebooted nothing although they are not 4xx responses of EC2. */
const neverReached = [
  "ENOTFOUND",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "CredentialsProviderError",
  sdkNotLoaded,
  "RequestLimitExceeded",
];

/**
 * Carries out a decision. It records that an alert resolved. Or it claims the reboot, makes sure that
 * a reboot can help and that its result will be reported, and then makes at most one call of
 * RebootInstances, on the instance of the request. A dry run needs no claim. Never throws: errors are in
 * the effect, except for those of a group's claim.
 */
export async function performDecision(
  decision: Decision,
  { options, context }: Dependencies,
): Promise<Effect> {
  if (decision.kind === "resolve") {
    return { kind: "resolved", record: await recordResolution(decision.alert, options) };
  }
  if (decision.kind === "quiet") return suppressQuietly(decision, options);
  if (decision.kind !== "reboot" && decision.kind !== "dry run") return { kind: "none" };
  const remainingMs = context.getRemainingTimeInMillis();
  const needsMs = options.group ? rebootInGroupNeedsMs : rebootNeedsMs;
  if (remainingMs < needsMs) {
    const error = `only ${remainingMs} ms are left of the function's timeout`;
    return { kind: "failed", error, nonce: undefined };
  }
  return decision.kind === "dry run" ? tryDryRun(options) : reboot(decision, { options, context });
}

async function reboot(
  { request, reason, waiting }: RebootDecision,
  { options, context }: Dependencies,
): Promise<Effect> {
  const nonce = randomUUID();
  const wanted = { request, reason, nonce, ...(waiting && { waiting }) };
  const claimFor = options.group?.claimReboot ?? claimReboot;
  const claim = await claimFor(wanted, { options, limitMs: timeLimitsMs.claim });
  switch (claim.kind) {
    case "claimed": {
      const check = { incidentId: request.incidentId, nonce, instanceId: options.instanceId };
      const effect = await rebootClaimed(check, { options, context });
      if (effect.kind === "failed") await claim.release?.();
      return effect;
    }
    case "failed":
      return { kind: "failed", error: `the reboot could not be claimed: ${claim.error}`, nonce };
    case "suppressed":
    case "waiting":
      return claim;
    case "only-dry-run":
      return dryRunByMode(request, claim.reason, options);
  }
}

/** The dry run of a reboot that the kill switch prevents; one per cool-down for alerts. */
async function dryRunByMode(
  { kind, incidentId }: Alert | ManualRequest,
  reason: string,
  options: HandlerOptions,
): Promise<Effect> {
  // A storm of alerts must not use up the account's rate of EC2 calls.
  const why = describeSuppression({ limit: "mode", reason });
  const isRepeated = kind === "alert" && !(await isFirstSuppression(incidentId, why, options));
  if (isRepeated) return { kind: "dryrun mode repeated", reason };
  const effect = await tryDryRun(options);
  return effect.kind === "permitted" ? { kind: "permitted in dryrun mode", reason } : effect;
}

/**
 * The reboot after its claim. Only now is the instance status read, the check queued, and what the e-mail
 * needs read, concurrently: a storm of alerts must neither use up the account's rate of EC2 calls nor
 * queue a check each. The claim counts whatever the status is.
 */
async function rebootClaimed(
  check: RebootCheck,
  { options, context }: Dependencies,
): Promise<Effect> {
  const { nonce } = check;
  try {
    await options.clients.loadForReboot();
    // If this fails, capturing reports it.
    await options.evidence?.clients.load().catch(() => {});
  } catch (error) {
    return { kind: "failed", error: errorText(error), nonce };
  }
  const [status, { queueProblem, recent }] = await Promise.all([
    readInstanceStatus(check.instanceId, options.clients),
    queueAndRead(check, options),
  ]);
  const problem = whyNotReboot(status, options.now()) ?? queueProblem;
  if (problem !== undefined) return { kind: "failed", error: problem, nonce, recent };
  const evidence =
    options.evidence &&
    (await captureEvidence(
      check.incidentId,
      options.evidence,
      options,
      context.getRemainingTimeInMillis() - reserveAfterEvidenceMs,
    ));
  const rebooted = {
    kind: "rebooted",
    notices: noticesOf(status),
    nonce,
    recent,
    ...(evidence && { evidence }),
  } as const;
  try {
    await callReboot({ DryRun: false }, options);
    return { ...rebooted, response: { kind: "accepted" } };
  } catch (thrown) {
    const error = errorText(thrown);
    if (isCertainFailure(thrown)) return { kind: "failed", error, nonce, recent };
    return { ...rebooted, response: { kind: "lost", error } };
  }
}

/** Queues the first check, and then reads: if the function ends while it reads, the check reports that. */
async function queueAndRead(check: RebootCheck, options: HandlerOptions) {
  const queueProblem = await queueCheck(check, options).then(
    () => undefined,
    (error) =>
      `the check cannot be queued, so the result would not be reported: ${errorText(error)}`,
  );
  return { queueProblem, recent: await readRecentReboots(options) };
}

async function tryDryRun(options: HandlerOptions): Promise<Effect> {
  try {
    await callReboot({ DryRun: true }, options);
  } catch (error) {
    return isNamed(error, "DryRunOperation")
      ? { kind: "permitted" }
      : { kind: "failed", error: errorText(error), nonce: undefined };
  }
  // EC2 responds to every dry run with an error, so a success means that it was not honored.
  return { kind: "rebooted", response: { kind: "accepted" }, notices: [], nonce: undefined };
}

async function callReboot(
  { DryRun }: { DryRun: boolean },
  { clients, instanceId }: HandlerOptions,
): Promise<void> {
  const input = { InstanceIds: [instanceId], DryRun };
  await clients.rebootInstances(input, timeLimitsMs.rebootInstances);
}

/** True if the error proves that nothing was rebooted: a 4xx response, or a request that was never sent. */
function isCertainFailure(error: unknown): boolean {
  if (!isRecord(error)) return false;
  const status = isRecord(error.$metadata) ? Number(error.$metadata.httpStatusCode) : Number.NaN;
  const isRejected = status >= 400 && status < 500;
  return isRejected || neverReached.some((it) => it === error.name || it === error.code);
}
