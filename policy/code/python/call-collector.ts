import type { Call, Calls } from "../calls.ts";
import {
  type CollectedCall,
  distinct,
  type NamedPermissions,
  optional,
} from "../collected-calls.ts";
import type { Permissions, UsePermissions } from "../operations.ts";
import { isTransaction, type Keys, transactionOf } from "../transactions.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputOf } from "./inputs.ts";
import { permissionsOfMethod, permissionsOfWaiter } from "./operations.ts";
import { permissionsOfPowertools } from "./powertools.ts";
import type { PyNode } from "./syntax.ts";
import type { Called, Use, Uses } from "./use.ts";

type Unknown = Extract<Called, { kind: "unknown" | "unknown-waiter" }>;

/** The calls behind what a program uses; `unresolved` are ends of `its code …`. */
export async function collectCalls(
  { uses, services }: Uses,
  keys: Keys,
  evaluator: Evaluator,
): Promise<Pick<Calls, "calls" | "unresolved">> {
  const calls: CollectedCall[] = [];
  const byName = new Map<string, NamedPermissions | undefined>();
  const found: FoundUse[] = [];
  const known = new Set<PyNode>();
  const unknown: { readonly node: PyNode; readonly why: string }[] = [];
  for (const use of uses) {
    const { called, where, node, isCalled, isOptional } = use;
    if (called.kind === "unknown" || called.kind === "unknown-waiter") {
      const key = JSON.stringify(called);
      if (!byName.has(key)) byName.set(key, await permissionsByName(called, services));
      const permissions = byName.get(key);
      if (permissions) calls.push({ ...optional(callOf(permissions, use, evaluator)), isCalled });
      continue;
    }
    const permissions = await permissionsOf(called);
    if (permissions.kind !== "unresolved") known.add(node);
    else if (!isOptional) {
      unknown.push({ node, why: `calls ${nameOf(use)} (${where}), ${permissions.why}` });
    }
    if (permissions.kind === "known") found.push({ use, called, permissions });
  }
  const servicesOf = servicesByUse(found);
  for (const it of found) {
    const { use, called, permissions } = it;
    const isWrite = called.kind === "method" && isTransaction(called.method);
    const needed = isWrite ? transactionOf(permissions, keys) : permissions;
    const call = callOf({ ...needed, name: nameOf(use) }, use, evaluator);
    // Of clients of several services, each may be the one that is called.
    const isCertain = !use.isOptional && servicesOf(it).size < 2;
    calls.push({ ...(isCertain ? call : optional(call)), isCalled: use.isCalled });
  }
  const unresolved = unknown.filter(({ node }) => !known.has(node)).map(({ why }) => why);
  return { calls: distinct(calls), unresolved };
}

/** A use with what it needs. */
interface FoundUse {
  readonly use: Use;
  readonly called: Exclude<Called, Unknown>;
  readonly permissions: Permissions;
}

/** The services whose clients one call can be of: those with the method, at the same place. */
function servicesByUse(found: readonly FoundUse[]): (use: FoundUse) => ReadonlySet<string> {
  const all = new Map<PyNode, Map<string, Set<string>>>();
  const servicesOf = ({ use: { node }, called }: FoundUse): Set<string> => {
    const name = called.kind === "waiter" ? called.waiter : "method" in called ? called.method : "";
    const atNode = all.get(node) ?? new Map<string, Set<string>>();
    all.set(node, atNode);
    const services = atNode.get(name) ?? new Set();
    atNode.set(name, services);
    return services;
  };
  for (const it of found) if (it.called.kind !== "library") servicesOf(it).add(it.called.service);
  return servicesOf;
}

async function permissionsOf(called: Exclude<Called, Unknown>): Promise<UsePermissions> {
  switch (called.kind) {
    case "method":
      return permissionsOfMethod(called);
    case "waiter":
      return permissionsOfWaiter(called);
    case "library": {
      const { module, name, method } = memberNamed(called.name);
      return permissionsOfPowertools({ module, name, method });
    }
  }
}

/** `get_parameter` in `a.parameters`, and `get` of the class `SSMProvider` in it, from `a.parameters.SSMProvider().get`. */
function memberNamed(path: string) {
  const [whole = "", method] = path.split("().");
  const at = whole.lastIndexOf(".");
  return { module: whole.slice(0, at), name: whole.slice(at + 1), method };
}

function nameOf({ called, name }: Use): string {
  if (called.kind !== "library") return name;
  const member = memberNamed(called.name);
  const full = member.method === undefined ? member.name : `${member.name}.${member.method}`;
  return `${full} of ${member.module}`;
}

/** The permissions of a method or waiter of an unknown value: each service that has it is an alternative. */
async function permissionsByName(
  called: Unknown,
  services: readonly string[],
): Promise<NamedPermissions | undefined> {
  const found: { service: string; permissions: Permissions }[] = [];
  for (const service of services) {
    const permissions =
      called.kind === "unknown"
        ? await permissionsOfMethod({ service, method: called.method })
        : await permissionsOfWaiter({ service, waiter: called.waiter });
    if (permissions.kind === "known") found.push({ service, permissions });
  }
  if (found.length === 0) return undefined;
  const clients = found.map(({ service }) => `boto3.client("${service}")`);
  const all = found.map(({ permissions }) => permissions);
  const mayUse = all.flatMap((it) => [...it.needs.flat(), ...it.mayUse]);
  const name = called.kind === "unknown" ? called.method : `get_waiter("${called.waiter}")`;
  return { name: `${name} of ${clients.join(" or ")}`, needs: [], mayUse };
}

function callOf(
  { name, needs, mayUse }: NamedPermissions,
  { inputs, where }: Use,
  evaluator: Evaluator,
): Call {
  return { name, needs, mayUse, ...inputOf(inputs, evaluator), where };
}
