import { documentOperations, helpers } from "../data/libraries.ts";
import { ownValue } from "../field.ts";
import { operationOf, type Permissions } from "./operations.ts";
import { clientOf } from "./specifiers.ts";
import type { Use } from "./uses.ts";
import { operationOfWaiter } from "./waiters.ts";

export type UsePermissions =
  | ({ readonly kind: "known"; readonly name: string } & Permissions)
  /** Not a call of AWS. */
  | { readonly kind: "none" }
  /** A call of the SDK whose permissions are unknown; `why` is the end of `its code …`. */
  | { readonly kind: "unresolved"; readonly why: string };

type NamedUse = Pick<Use, "name" | "kind" | "from" | "where">;

/** The permissions that a use of the SDK needs; `packages` are those of the SDK that the code names. */
export async function permissionsOf(
  use: NamedUse,
  packages: readonly string[],
): Promise<UsePermissions> {
  return use.from === undefined ? permissionsByName(use, packages) : permissionsIn(use.from, use);
}

async function permissionsIn(from: string, use: NamedUse): Promise<UsePermissions> {
  const name = `${use.name} of ${from}`;
  const helper = ownValue(ownValue(helpers, from) ?? {}, use.name);
  if (helper) return { kind: "known", name, ...helper };
  const called = calledOperation(use, from);
  if (called === undefined) return { kind: "none" };
  const unresolved = (what: string): UsePermissions => ({
    kind: "unresolved",
    why: `calls ${name} (${use.where}), ${what}`,
  });
  if (called.operation === undefined) {
    return unresolved("a waiter whose operation is unknown");
  }
  const found = await operationOf(called.client, called.operation);
  switch (found.kind) {
    case "known":
      return { ...found, name };
    case "unknown-client":
      return unresolved("whose IAM service is unknown");
    case "unknown-operation":
      return unresolved("for which the Service Authorization Reference has no action");
  }
}

/** By name alone: each package that has the name is an alternative. */
async function permissionsByName(
  use: NamedUse,
  packages: readonly string[],
): Promise<UsePermissions> {
  const found: { from: string; permissions: Permissions }[] = [];
  for (const from of packages) {
    const permissions = await permissionsIn(from, use);
    if (permissions.kind === "known") found.push({ from, permissions });
  }
  if (found.length === 0) return { kind: "none" };
  const name = `${use.name} of ${found.map(({ from }) => from).join(" or ")}`;
  const all = found.map(({ permissions }) => permissions);
  return {
    kind: "known",
    name,
    needs: all.map(({ needs }) => needs).reduce(eitherOf),
    mayUse: [...new Set(all.flatMap(({ mayUse }) => mayUse))],
  };
}

type Needs = Permissions["needs"];

/** Either one list of needs or the other: (a and b) or c is (a or c) and (b or c). */
function eitherOf(some: Needs, others: Needs): Needs {
  const pairs = some.flatMap((one) => others.map((it) => [...new Set([...one, ...it])]));
  const texts = new Set(pairs.map((it) => JSON.stringify(it)));
  return [...texts].map((it) => JSON.parse(it));
}

interface CalledOperation {
  readonly client: string;
  /** Undefined for an unknown waiter. */
  readonly operation: string | undefined;
}

/** The operation that a class, a function or a method of a package calls. */
function calledOperation({ name, kind }: NamedUse, from: string): CalledOperation | undefined {
  const isDocument = from === "@aws-sdk/lib-dynamodb";
  const client = isDocument ? "dynamodb" : clientOf(from);
  if (client === undefined) return undefined;
  const waiter = /^waitUntil([A-Z]\w*)$/.exec(name)?.[1];
  if (kind === "function" && waiter !== undefined) {
    return { client, operation: operationOfWaiter(client, waiter) };
  }
  const operationName = operationNameOf(name, kind);
  if (operationName === undefined) return undefined;
  if (!isDocument) return { client, operation: operationName };
  const operation = ownValue(documentOperations, operationName);
  return operation === undefined ? undefined : { client, operation };
}

/** `PutItem` of `PutItemCommand`, `putItem` and `paginatePutItem`. */
function operationNameOf(name: string, kind: Use["kind"]): string | undefined {
  switch (kind) {
    case "class":
      return /^([A-Z]\w*)Command$/.exec(name)?.[1];
    case "function":
      return /^paginate([A-Z]\w*)$/.exec(name)?.[1];
    case "method": {
      const method = /^(?:paginate)?([a-zA-Z]\w*)$/.exec(name)?.[1];
      return method && method[0]?.toUpperCase() + method.slice(1);
    }
  }
}
