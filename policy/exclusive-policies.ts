import type { PolicyResource } from "@pulumi/policy";
import { types } from "./data/resource-types.ts";
import { lazyFields, memberOf, read, readList, scalarOf } from "./field.ts";
import { addTo } from "./groups.ts";
import { isForRole } from "./identities.ts";
import type { ProgramInputs } from "./program-inputs.ts";

type Props = PolicyResource["props"];

/**
 * Removes from a stack's roles what the stack itself removes from them in AWS.
 *
 * A refresh writes into a role's outputs the policies that AWS had at that moment, including one that
 * someone added or changed. The same `up` corrects that by RolePolicy,
 * RolePoliciesExclusive and RolePolicyAttachmentsExclusive, but the role's outputs stay until the next
 * refresh. So the pack checks such a role by those resources. Policies that the program sets on the
 * role itself stay: the role and the other resources would undo each other's changes.
 */
export function dropReplacedPolicies(
  resources: readonly PolicyResource[],
  inputs: Pick<ProgramInputs, "leavesOut">,
): void {
  const ofType = new Map<string, PolicyResource[]>();
  for (const it of resources) addTo(ofType, it.type, it);
  for (const role of ofType.get(types.role) ?? []) {
    const ofRole = (type: string) => ofType.get(type)?.filter((it) => isForRole(it, role)) ?? [];
    const [listed] = ofRole(types.rolePoliciesExclusive);
    if (listed && inputs.leavesOut(role, "inlinePolicies")) {
      const created = ofRole(types.rolePolicy).map((it) => textOf(it.props, "name"));
      const names = readList(() => listed.props.policyNames)
        .map(scalarOf)
        .filter((it) => !created.includes(it));
      role.props = withInline(role.props, names);
    }
    if (
      ofRole(types.roleAttachmentsExclusive).length > 0 &&
      inputs.leavesOut(role, "managedPolicyArns")
    ) {
      role.props = replaced(role.props, "managedPolicyArns", () => []);
    }
  }
}

function textOf(props: Props, name: string): string | undefined {
  return scalarOf(read(() => props[name]));
}

/** With those inline policies that are listed by name, and that no other resource creates. */
function withInline(props: Props, names: readonly (string | undefined)[]): Props {
  return replaced(props, "inlinePolicies", () =>
    readList(() => props.inlinePolicies).flatMap((inline) => {
      const name = scalarOf(memberOf(inline, "name"));
      return inline.isKnown && name !== undefined && names.includes(name) ? [inline.value] : [];
    }),
  );
}

/** The same object with another value of one property. */
function replaced(props: Props, name: string, get: () => unknown): Props {
  if (!(name in props)) return props;
  return lazyFields(Object.keys(props).map((it) => [it, it === name ? get : () => props[it]]));
}
