import { createHash } from "node:crypto";
import {
  specialArchiveSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from "@pulumi/pulumi/runtime/rpc.js";

/** A property value as the engine sends it: JSON with marked objects for secrets and archives. */
export type Value = null | boolean | number | string | Value[] | Values;
export interface Values {
  [key: string]: Value;
}

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value without its secret marks, at any depth. */
export function reveal(value: Value): Value {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isValues(value)) return value;
  if (value[specialSigKey] === specialSecretSig) return reveal(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, reveal(it)]));
}

export function revealAll(values: Values): Values {
  return reveal(values) as Values;
}

/**
 * `outputs` with every value marked secret that is so at the same place in `inputs`, and every property in `names`.
 * Where the places differ, the smallest value that has all of the secrets is marked.
 */
export function keepSecrets(outputs: Values, inputs: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      names.includes(key) ? secretOf(value) : markedAs(value, inputs[key] ?? null),
    ]),
  );
}

function markedAs(value: Value, input: Value): Value {
  if (!JSON.stringify(input).includes(secretMark)) return value;
  if (Array.isArray(value) && Array.isArray(input) && value.length === input.length) {
    return value.map((it, index) => markedAs(it, input[index] ?? null));
  }
  if (isValues(value) && isValues(input) && Object.keys(input).every((key) => key in value)) {
    return keepSecrets(value, input, []);
  }
  return secretOf(value);
}

const secretOf = (value: Value): Value => ({ [specialSigKey]: specialSecretSig, value });

const secretMark = JSON.stringify(specialSecretSig);

/** True if the value is, or holds at any depth, one that is not known before deployment. */
export function isUnknown(value: Value | undefined): boolean {
  return JSON.stringify(value ?? null).includes(unknownValue);
}

export { unknownValue };

/** True for the values that a provider's state has for what nobody set. */
export function isEmpty(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isValues(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || [false, 0, ""].includes(value);
}

/** True if the engine would call both the same: objects in any key order, archives by content. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
  return canonical(left ?? null) === canonical(right ?? null);
}

function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isValues(value)) return JSON.stringify(value);
  if (value[specialSigKey] === specialArchiveSig) return `archive ${JSON.stringify(value.hash)}`;
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join()}}`;
}

/** File name → text of an archive of text assets, which is what a callback function deploys. */
export function archiveFiles(archive: Value | undefined): Record<string, string> {
  if (!isValues(archive) || !isValues(archive.assets)) {
    throw new Error(`code must be an archive of text assets: got ${typeof archive}`);
  }
  return Object.fromEntries(
    Object.entries(archive.assets).map(([name, asset]) => {
      if (!isValues(asset) || typeof asset.text !== "string") {
        throw new Error(`file ${name} of the archive must be a string asset`);
      }
      return [name, asset.text];
    }),
  );
}

/** The real provider's normal form of a JSON document; unknown as a whole if a part of it is. */
export function normalizeJson(value: Value | undefined): Value {
  if (isUnknown(value)) return unknownValue;
  const document = typeof value === "string" ? JSON.parse(value) : value;
  return JSON.stringify(sortKeys(document));
}

function sortKeys(value: Value): Value {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key] ?? null)]),
  );
}

/** A short text that is always the same for the same seed, for automatic names. */
export function hexOf(seed: string | Uint8Array, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}
