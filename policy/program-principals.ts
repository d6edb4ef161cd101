import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { types } from "./data/resource-types.ts";
import { nonEmptyStringOf, read } from "./field.ts";

/**
 * The roles, users and accounts that the program has created so far. A trust policy with one of them is sent
 * after it, since AWS accepts no principal that does not exist.
 */
export interface ProgramPrincipals {
  /** Keeps a resource if it is a principal. */
  keep(args: Pick<ResourceValidationArgs, "type" | "props">): void;
  /** True if the principal may be one of them. The id of an account is not known before it exists. */
  mayInclude(principal: string): boolean;
}

export function createProgramPrincipals(): ProgramPrincipals {
  const names = new Set<string>();
  let hasAccounts = false;
  return {
    keep(resource) {
      if (resource.type === types.organizationAccount) hasAccounts = true;
      const name = nameOf(resource);
      if (name !== undefined) names.add(name);
    },
    mayInclude(principal) {
      if (hasAccounts && accountOf(principal) !== undefined) return true;
      const name = nameIn(principal);
      return name !== undefined && names.has(name);
    },
  };
}

/** True if a resource of the stack is the principal, or the account that it is in. */
export function isPrincipal({ type, props }: PolicyResource, principal: string): boolean {
  const arn = nonEmptyStringOf(read(() => props.arn));
  if (type === types.organizationAccount) {
    // arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/444455556666
    const account = accountOf(principal);
    return account !== undefined && arn?.endsWith(`/${account}`) === true;
  }
  const name = nameOf({ type, props });
  return arn === undefined
    ? name !== undefined && name === nameIn(principal)
    : name !== undefined && arn === principal;
}

/** The account of a principal: `111122223333`, or an ARN in it. */
export function accountOf(principal: string): string | undefined {
  return /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
}

/** `role/path/name`, as in the ARN of a principal. */
function nameIn(principal: string): string | undefined {
  return /^arn:[^:]+:iam::\d{12}:((?:role|user)\/.+)$/.exec(principal)?.[1];
}

const kinds: Readonly<Record<string, string>> = { [types.role]: "role", [types.user]: "user" };

function nameOf({ type, props }: Pick<PolicyResource, "type" | "props">): string | undefined {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const [name, path = "/"] = ["name", "path"].map((it) => nonEmptyStringOf(read(() => props[it])));
  return kind !== undefined && name !== undefined ? `${kind}${path}${name}` : undefined;
}
