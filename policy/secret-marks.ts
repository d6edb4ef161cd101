import { createRequire } from "node:module";
import { keepSecret } from "./secrets.ts";

/** The part of a protobuf Struct that is used here. */
interface Struct {
  toJavaScript(): Record<string, unknown>;
}

interface Deserializer {
  deserializeProperties(struct: Struct, ...rest: unknown[]): unknown;
}

/** The keys and values by which the engine marks special objects. */
interface Signatures {
  readonly specialSigKey: string;
  readonly specialSecretSig: string;
  readonly specialAssetSig: string;
  readonly specialArchiveSig: string;
}

let isReading = false;

/**
 * Keeps the secrets of each message from now on. The engine marks them in the properties that it sends to a
 * policy pack (KeepSecrets in its analyzer_plugin.go), but `@pulumi/policy` passes them to the rules
 * without the mark. So this reads the marks before it does.
 */
export function readSecretMarks(): void {
  // Tests start several packs in a process.
  if (isReading) return;
  isReading = true;
  // The very modules that the policy server uses.
  const requireOfServer = createRequire(require.resolve("@pulumi/policy"));
  const server: Deserializer = requireOfServer("./deserialize");
  const signatures: Signatures = requireOfServer("@pulumi/pulumi/runtime/rpc");
  const { deserializeProperties } = server;
  // The server converts the same message for each rule.
  const read = new WeakSet<Struct>();
  server.deserializeProperties = (struct, ...rest) => {
    if (!read.has(struct)) {
      read.add(struct);
      keepMarked(struct.toJavaScript(), signatures);
    }
    return deserializeProperties(struct, ...rest);
  };
}

/** Keeps each secret string, and the names and values in it if it is JSON, such as a policy document. */
function keepMarked(properties: unknown, signatures: Signatures): void {
  const { specialSigKey, specialSecretSig, specialAssetSig, specialArchiveSig } = signatures;
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
