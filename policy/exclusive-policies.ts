import type { PolicyResource } from "@pulumi/policy";
import { memberOf, read, readList, scalarOf } from "./field.ts";
import { types } from "./resources.ts";

type Props = PolicyResource["props"];

/**
 * Removes from a stack's roles what the stack itself removes from them in AWS.
 *
 * A refresh writes into a role's outputs which policies AWS had at that moment: also one that somebody
 * added, or the stack's own as somebody changed it. The same `up` puts that right by RolePolicy,
 * RolePoliciesExclusive and RolePolicyAttachmentsExclusive, but the role's outputs stay until the next
 * refresh. So a role that has those resources is judged by them.
 */
export function dropReplacedPolicies(resources: readonly PolicyResource[]): void {
  for (const role of resources) {
    if (role.type !== types.role) continue;
    const ofRole = (type: string) => resources.filter((it) => it.type === type && isFor(it, role));
    const [listed] = ofRole(types.rolePoliciesExclusive);
    if (listed && isComputed(role, "inlinePolicies")) {
      const made = ofRole(types.rolePolicy).map((it) => textOf(it.props, "name"));
      const names = readList(() => listed.props.policyNames)
        .map(scalarOf)
        .filter((it) => !made.includes(it));
      role.props = withInline(role.props, names);
    }
    if (
      ofRole(types.roleAttachmentsExclusive).length > 0 &&
      isComputed(role, "managedPolicyArns")
    ) {
      role.props = replaced(role.props, "managedPolicyArns", () => []);
    }
  }
}

function isFor({ props, propertyDependencies }: PolicyResource, role: PolicyResource): boolean {
  return ["role", "roleName"].some((property) => {
    const name = textOf(props, property);
    const isNamed = name !== undefined && name === textOf(role.props, "name");
    return isNamed || (propertyDependencies[property] ?? []).includes(role);
  });
}

/** True where AWS fills the property in: what the program sets to something unknown depends on it. */
function isComputed({ propertyDependencies }: PolicyResource, property: string): boolean {
  return (propertyDependencies[property] ?? []).length === 0;
}

function textOf(props: Props, name: string): string | undefined {
  return scalarOf(read(() => props[name]));
}

/** With those inline policies that are listed by name, and that no other resource makes. */
function withInline(props: Props, names: readonly (string | undefined)[]): Props {
  return replaced(props, "inlinePolicies", () =>
    readList(() => props.inlinePolicies).flatMap((inline) => {
      const name = scalarOf(memberOf(inline, "name"));
      return inline.isKnown && name !== undefined && names.includes(name) ? [inline.value] : [];
    }),
  );
}

/** The same object with one property as it is given. The others are read when asked for: an unknown one throws. */
function replaced(props: Props, name: string, get: () => unknown): Props {
  if (!(name in props)) return props;
  const names = Object.keys(props);
  return Object.defineProperties(
    {},
    Object.fromEntries(
      names.map((it) => [
        it,
        { enumerable: true, get: it === name ? get : () => props[it] as unknown },
      ]),
    ),
  );
}
