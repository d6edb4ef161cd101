import { randomUUID } from "node:crypto";
import { queueCheck } from "./check-queue.ts";
import { claimReboot } from "./claim/claim.ts";
import { isFirstTold } from "./claim/told.ts";
import type { Suppressed } from "./claim/types.ts";
import { sdkNotLoaded } from "./clients.ts";
import type { Decision } from "./decide.ts";
import { errorText } from "./error.ts";
import { lookAt, noticeOf, whyNotReboot } from "./look.ts";
import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { CheckMessage, InvocationContext, Request } from "./request.ts";
import { type Resolution, resolveIncident } from "./resolution.ts";

/** What happened to the instance. `nonce` is that of the claim, where one was made. */
export type Effect =
  | { readonly kind: "none" }
  /** `isConfirmed` is false when EC2's answer was lost: the reboot may have happened, so it counts. */
  | {
      readonly kind: "rebooted";
      readonly isConfirmed: boolean;
      readonly error?: string;
      readonly nonce?: string;
      /** What else people should know: for example, that AWS will retire the instance. */
      readonly notice?: string;
    }
  /** EC2 would have rebooted it. `reason` says why it was only asked, where nobody asked for that. */
  | { readonly kind: "permitted"; readonly reason?: string; readonly isNews?: boolean }
  /** A limit held it back; `isNews` if people are to hear of it. */
  | (Suppressed & { readonly isNews: boolean })
  | Resolution
  | { readonly kind: "failed"; readonly error: string; readonly nonce?: string };

/** What the claim may take, with its repetitions. */
const claimLimitMs = 4_000;
const toldLimitMs = 4_000;
/** For the look and the queue, which are asked side by side. */
const lookLimitMs = 3_000;
const rebootLimitMs = 5_000;
/** Kept free after the reboot for the note, the e-mail and the answer. */
const reserveMs = 7_000;

/** EC2's errors that are certain to have rebooted nothing although they are not 4xx answers. */
const neverReached = [
  "ENOTFOUND",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "CredentialsProviderError",
  sdkNotLoaded,
  "RequestLimitExceeded",
];

/**
 * Carries out a decision. Notes that an alert resolved; or claims the right to reboot, makes sure that
 * it can help and that somebody hears the end, and then makes at most one call of RebootInstances, on
 * the handler's own instance. A dry run needs no claim. Never throws: what went wrong is in the effect.
 */
export async function performDecision(
  request: Request,
  decision: Decision,
  { options, context }: { options: HandlerOptions; context: InvocationContext },
): Promise<Effect> {
  if (decision.kind === "inform" && request.kind === "alert") {
    return resolveIncident(request, options);
  }
  if (decision.kind !== "reboot" || request.kind === "test") return { kind: "none" };
  const remainingMs = context.getRemainingTimeInMillis();
  if (remainingMs < claimLimitMs + lookLimitMs + rebootLimitMs + reserveMs) {
    return { kind: "failed", error: `only ${remainingMs} ms are left of the function's timeout` };
  }
  if (decision.dryRun) return rebootOnce(options, true);
  const nonce = randomUUID();
  const claim = await claimReboot(request, { options, nonce, limitMs: claimLimitMs });
  if (claim.kind === "claimed") {
    const effect = await rebootClaimed({ incidentId: request.incidentId, nonce }, options);
    return effect.kind === "rebooted" || effect.kind === "failed" ? { ...effect, nonce } : effect;
  }
  if (claim.kind === "failed") {
    return { kind: "failed", error: `the reboot could not be claimed: ${claim.error}`, nonce };
  }
  // Who calls by hand has the answer; of an alert that is taken already people have heard.
  const isDuplicate = claim.kind === "suppressed" && claim.limit === "duplicate";
  const isNews =
    request.kind === "alert" &&
    !isDuplicate &&
    (await isFirstTold("heldBackToldAt", options, toldLimitMs));
  if (claim.kind === "suppressed") return { ...claim, isNews };
  // A storm of alerts must not ask EC2 each time either.
  if (request.kind === "alert" && !isNews) {
    return { kind: "suppressed", limit: "mode", reason: claim.reason, isNews };
  }
  const asked = await rebootOnce(options, true);
  return asked.kind === "permitted" ? { ...asked, reason: claim.reason, isNews } : asked;
}

/**
 * The reboot after its claim. Only now is EC2 looked at and the check queued, side by side: a storm
 * of alerts must use up neither the account's rate of EC2 calls nor queue a check each. What is
 * seen does not give the claim back.
 */
async function rebootClaimed(check: CheckMessage, options: HandlerOptions): Promise<Effect> {
  try {
    await options.clients.loadForReboot();
  } catch (error) {
    return { kind: "failed", error: errorText(error) };
  }
  const [seen, noCheck] = await Promise.all([
    lookAt(options.instanceId, options.clients, lookLimitMs),
    queueCheck(check, options, lookLimitMs).then(
      () => undefined,
      (error) => `nobody would hear the end, as the check cannot be queued: ${errorText(error)}`,
    ),
  ]);
  const problem = whyNotReboot(seen, options.now()) ?? noCheck;
  if (problem !== undefined) return { kind: "failed", error: problem };
  const effect = await rebootOnce(options, false);
  const notice = noticeOf(seen);
  return effect.kind === "rebooted" && notice !== undefined ? { ...effect, notice } : effect;
}

async function rebootOnce(
  { clients, instanceId }: HandlerOptions,
  DryRun: boolean,
): Promise<Effect> {
  try {
    await clients.rebootInstances({ InstanceIds: [instanceId], DryRun }, rebootLimitMs);
  } catch (error) {
    return classify(error, DryRun);
  }
  // EC2 answers every dry run with an error, so a success to one means that it was not honoured.
  return { kind: "rebooted", isConfirmed: true };
}

function classify(error: unknown, dryRun: boolean): Effect {
  const name = propertyOf(error, "name");
  if (name === "DryRunOperation" && dryRun) return { kind: "permitted" };
  const metadata = isRecord(error) ? error.$metadata : undefined;
  const status = isRecord(metadata) ? Number(metadata.httpStatusCode) : Number.NaN;
  const isRejected = status >= 400 && status < 500;
  const isUnsent = neverReached.some((it) => it === name || it === propertyOf(error, "code"));
  if (isRejected || isUnsent || dryRun) return { kind: "failed", error: errorText(error) };
  return { kind: "rebooted", isConfirmed: false, error: errorText(error) };
}

function propertyOf(error: unknown, key: string): unknown {
  return isRecord(error) ? error[key] : undefined;
}
