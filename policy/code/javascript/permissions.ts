import { documentOperations, helpers } from "../../data/libraries.ts";
import { ownValue } from "../../field.ts";
import { type Permissions, permissionsOfOperation, type UsePermissions } from "../operations.ts";
import { permissionsOfClientWaiter } from "../waiters.ts";
import { clientOf } from "./specifiers.ts";
import type { Use } from "./uses.ts";

/** As a finding names the use; `why` is the end of `its code …`. */
export type NamedPermissions =
  | ({ readonly kind: "known"; readonly name: string } & Permissions)
  | Exclude<UsePermissions, { readonly kind: "known" }>;

type NamedUse = Pick<Use, "name" | "kind" | "from" | "where">;

/** The permissions that a use of the SDK needs; `packages` are those of the SDK that the code names. */
export async function permissionsOf(
  use: NamedUse,
  packages: readonly string[],
): Promise<NamedPermissions> {
  return use.from === undefined ? permissionsByName(use, packages) : permissionsIn(use.from, use);
}

async function permissionsIn(from: string, use: NamedUse): Promise<NamedPermissions> {
  const name = `${use.name} of ${from}`;
  const helper = ownValue(ownValue(helpers, from) ?? {}, use.name);
  if (helper) return { kind: "known", name, ...helper };
  const found = await permissionsOfCall(use, from);
  switch (found.kind) {
    case "none":
      return found;
    case "known":
      return { ...found, name };
    case "unresolved":
      return { ...found, why: `calls ${name} (${use.where}), ${found.why}` };
  }
}

/** By name alone: each package that has the name is an alternative. */
async function permissionsByName(
  use: NamedUse,
  packages: readonly string[],
): Promise<NamedPermissions> {
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

/** The permissions of what a class, a function or a method of a package calls. */
async function permissionsOfCall({ name, kind }: NamedUse, from: string): Promise<UsePermissions> {
  const isDocument = from === "@aws-sdk/lib-dynamodb";
  const client = isDocument ? "dynamodb" : clientOf(from);
  if (client === undefined) return { kind: "none" };
  const waiter = /^waitUntil([A-Z]\w*)$/.exec(name)?.[1];
  if (kind === "function" && waiter !== undefined) return permissionsOfClientWaiter(client, waiter);
  const operationName = operationNameOf(name, kind);
  if (operationName === undefined) return { kind: "none" };
  if (!isDocument) return permissionsOfOperation(client, operationName);
  const operation = ownValue(documentOperations, operationName);
  return operation === undefined ? { kind: "none" } : permissionsOfOperation(client, operation);
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
