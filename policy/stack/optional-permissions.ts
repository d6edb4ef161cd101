import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { has } from "../field.ts";
import { listed } from "../finding.ts";
import type { Grant } from "../grants.ts";
import { actionsOf } from "../iam/actions.ts";
import { some } from "../statements.ts";
import type { Alternative, Need } from "./need.ts";
import { oneOf, type Permission, permissionName, resourceName, satisfies } from "./permissions.ts";

/**
 * What only some cases need, so that a generated policy does not have it: sentences without a full stop, each with the
 * reason and what the role allows of it now. What only a setting may need is there if the role allows it now.
 */
export async function optionalPermissions(
  needs: readonly Need[],
  permissions: readonly Permission[],
  grants: readonly Grant[],
): Promise<string[]> {
  const granted = new Set(grants.flatMap(({ actions }) => actions));
  const found = new Map<string, { readonly names: Set<string>; readonly now: Set<string> }>();
  const add = (why: string, name: string, now: readonly string[]) => {
    const one = found.get(why) ?? { names: new Set(), now: new Set() };
    found.set(why, one);
    one.names.add(name);
    for (const it of now) one.now.add(it);
  };
  for (const { isRequired, isOfCall, alternatives, why } of needs) {
    for (const it of alternatives) {
      if (isRequired) {
        for (const table of await indexedTables(it)) {
          const reason = `${resourceName(table)} has indexes, and the call may be on one`;
          add(reason, `${it.action} on ${resourceName(table)}/index/*`, []);
        }
        continue;
      }
      const { action, resources, values } = it;
      // The stack creates the group.
      if (action === "logs:CreateLogGroup" && resources.some(isLogGroup)) continue;
      const isOfKey = action.startsWith("kms:") && resources.length + values.length > 0;
      const isNew = (isOfCall && !granted.has(action)) || isOfKey;
      const now = permissions.filter((one) => satisfies(one, it)).map(permissionName);
      if (!isNew && (now.length === 0 || granted.has(action))) continue;
      add(why, resources.length > 0 ? `${action} on ${oneOf(resources)}` : action, now);
    }
  }
  return [...found].map(([why, { names, now }]) => {
    const allowed = now.size > 0 ? `; the role allows ${some([...now].sort())} now` : "";
    return `${listed([...names])}: ${why}${allowed}`;
  });
}

function isLogGroup({ type }: PolicyResource): boolean {
  return type === types.logGroup;
}

const indexes = ["globalSecondaryIndexes", "localSecondaryIndexes"];

/** The tables that an alternative is on, if its action accepts an index and they have any. */
async function indexedTables({ action, resources }: Alternative): Promise<PolicyResource[]> {
  const [details] = await actionsOf(action);
  if (!details?.resourceTypes.some(({ name }) => name === "index")) return [];
  return resources.filter(({ props }) => indexes.some((it) => has(props, it)));
}
