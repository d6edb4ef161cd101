import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import type { SentResource } from "../analyzer-requests.ts";
import { codeHashIn } from "../code-hashes.ts";
import { type Fields, isFields } from "../field.ts";
import { UsageError } from "./usage-error.ts";

/** A resource of a deployed stack. */
export interface DeployedResource {
  /** As before its deployment. */
  readonly inputs: SentResource;
  /** As after it. */
  readonly outputs: SentResource;
}

/** A deployed stack, as `pulumi stack export` prints it. */
export interface DeployedStack {
  readonly resources: readonly DeployedResource[];
  /** The hash of the code of each function and of each object in S3, by URN. */
  readonly codeHashes: ReadonlyMap<string, string>;
}

export const exportedStack = "a stack as `pulumi stack export` prints it";

/**
 * Reads an exported stack, or a checkpoint in a state file. It reads what the engine reads for `pulumi policy analyze`:
 * inputs for the rules of resources and outputs for those of stacks, without resources that wait for their deletion
 * (pkg/resource/deploy/analyze_snapshot.go). A secret that is not decrypted is an unknown value that is marked as
 * secret; the engine makes the text `[secret]` of it, with which rules would compare. Throws a UsageError if it is
 * anything else.
 */
export function readState(state: unknown, name: string): DeployedStack {
  const list = resourcesIn(state);
  if (!list) throw new UsageError(`${name} has no resources: expected ${exportedStack}`);
  const present = list
    .map((it, index) => checked(it, index, name))
    .filter((it) => it.delete !== true);
  const providers = new Map(
    present
      .filter(({ type }) => type.startsWith("pulumi:providers:"))
      .map((it) => [it.urn, plain(it.inputs)]),
  );
  const codeHashes = new Map<string, string>();
  const resources = present.map((it): DeployedResource => {
    const inputs = plain(it.inputs);
    const hash = codeHashIn(it.type, inputs);
    if (hash !== undefined) codeHashes.set(it.urn, hash);
    const both = {
      type: it.type,
      name: it.urn.split("::").slice(3).join("::"),
      urn: it.urn,
      // A reference is the URN and the ID of a provider.
      provider: providers.get(
        String(it.provider ?? "")
          .split("::")
          .slice(0, -1)
          .join("::"),
      ),
      parent: typeof it.parent === "string" ? it.parent : undefined,
      dependsOn: dependenciesOf(it),
    };
    return { inputs: { ...both, props: inputs }, outputs: { ...both, props: plain(it.outputs) } };
  });
  return { resources, codeHashes };
}

function resourcesIn(state: unknown): readonly unknown[] | undefined {
  const of = (value: unknown, member: string) => (isFields(value) ? value[member] : undefined);
  const deployment = of(state, "deployment") ?? of(of(state, "checkpoint"), "latest");
  const resources = of(deployment, "resources");
  return Array.isArray(resources) ? resources : undefined;
}

type Entry = Fields & { readonly urn: string; readonly type: string };

function checked(entry: unknown, index: number, name: string): Entry {
  if (isFields(entry) && typeof entry.urn === "string" && typeof entry.type === "string") {
    return entry as Entry;
  }
  throw new UsageError(
    `${name}: resource ${index + 1} has no urn or no type: expected ${exportedStack}`,
  );
}

function dependenciesOf({ propertyDependencies }: Entry): Record<string, readonly string[]> {
  if (!isFields(propertyDependencies)) return {};
  return Object.fromEntries(
    Object.entries(propertyDependencies)
      .filter(([, urns]) => Array.isArray(urns))
      .map(([property, urns]) => [property, (urns as unknown[]).map(String)]),
  );
}

/** Properties as the engine sends them: a state differs only in its secrets. */
function plain(properties: unknown): Record<string, unknown> {
  return isFields(properties) ? (sent(properties) as Record<string, unknown>) : {};
}

function sent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sent);
  if (!isFields(value)) return value;
  if (value[specialSigKey] === specialSecretSig) {
    return { [specialSigKey]: specialSecretSig, value: secretIn(value) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, sent(it)]));
}

/** The value of a secret, if it was exported with `--show-secrets`. */
function secretIn({ plaintext }: Fields): unknown {
  if (typeof plaintext !== "string") return unknownValue;
  try {
    return sent(JSON.parse(plaintext));
  } catch {
    return unknownValue;
  }
}
