import { keepSecret } from "./secrets.ts";

/** The keys and values by which the engine marks special objects. */
interface Signatures {
  readonly specialSigKey: string;
  readonly specialSecretSig: string;
  readonly specialAssetSig: string;
  readonly specialArchiveSig: string;
}

// Of the very SDK that the policy server uses.
const { specialSigKey, specialSecretSig, specialAssetSig, specialArchiveSig }: Signatures =
  require("@pulumi/pulumi/runtime/rpc");

/**
 * Keeps each secret string in the properties of a resource, and the names and values in it if it is JSON,
 * such as a policy document. The engine marks secrets in what it sends to a policy pack (KeepSecrets
 * in its analyzer_plugin.go), but `@pulumi/policy` passes them to the rules without the mark.
 */
export function keepSecrets(properties: unknown): void {
  const open: { value: unknown; isMarked: boolean }[] = [{ value: properties, isMarked: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, isMarked } = next;
    if (typeof value !== "object" || value === null) {
      if (!isMarked || value === null) continue;
      keepSecret(String(value));
      open.push({ value: jsonIn(value), isMarked });
      continue;
    }
    const members = value as Record<string, unknown>;
    const signature = members[specialSigKey];
    // The code of a function is not a value of a policy.
    if (signature === specialAssetSig || signature === specialArchiveSig) continue;
    const isSecretValue = signature === specialSecretSig;
    for (const [name, it] of Object.entries(members)) {
      if (isMarked && !Array.isArray(value)) keepSecret(name);
      open.push({ value: it, isMarked: isMarked || (isSecretValue && name === "value") });
    }
  }
}

/** The object or list in a string of JSON; null if there is none. */
function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
