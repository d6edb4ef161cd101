import type { Clients } from "./clients.ts";
import type { Decision } from "./decide.ts";
import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { InvocationContext } from "./request.ts";

/** What happened to the instance. */
export type Effect =
  | { readonly kind: "none" }
  /** `isConfirmed` is false when EC2's answer was lost: the reboot may have happened, so it counts. */
  | { readonly kind: "rebooted"; readonly isConfirmed: boolean; readonly error?: string }
  | { readonly kind: "permitted" }
  | { readonly kind: "failed"; readonly error: string };

const rebootLimitMs = 5_000;
/** Kept free after the reboot for the e-mail and the answer. */
const reserveMs = 5_000;

/** EC2's errors that are certain to have rebooted nothing although they are not 4xx answers. */
const neverReached = [
  "ENOTFOUND",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "CredentialsProviderError",
  "RequestLimitExceeded",
];

/**
 * Carries out a decision: at most one call of RebootInstances, on the handler's own instance.
 * Never throws: what went wrong is in the effect.
 */
export async function performDecision(
  decision: Decision,
  {
    options,
    clients,
    context,
  }: {
    options: Pick<HandlerOptions, "instanceId">;
    clients: () => Promise<Clients>;
    context: InvocationContext;
  },
): Promise<Effect> {
  if (decision.kind !== "reboot") return { kind: "none" };
  let client: Clients;
  try {
    client = await clients();
  } catch (error) {
    return { kind: "failed", error: `the AWS SDK cannot be loaded: ${errorText(error)}` };
  }
  const remainingMs = context.getRemainingTimeInMillis();
  if (remainingMs < rebootLimitMs + reserveMs) {
    return { kind: "failed", error: `only ${remainingMs} ms are left of the function's timeout` };
  }
  try {
    const input = { InstanceIds: [options.instanceId], DryRun: decision.dryRun };
    await client.rebootInstances(input, rebootLimitMs);
  } catch (error) {
    return classify(error, decision.dryRun);
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

/** An error as one line of text: its name and message. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
