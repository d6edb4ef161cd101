import { clients, irregularOperations, irregularWaiters } from "../../data/boto3.ts";
import { clientMethods, quietMethods } from "../../data/boto3-methods.ts";
import { ownValue } from "../../field.ts";
import { permissionsOfOperation, type UsePermissions } from "../operations.ts";
import { permissionsOfClientWaiter } from "../waiters.ts";
import { pascalCase } from "./pascal-case.ts";

/** A method of boto3's client: `reboot_instances` of `ec2`. */
export interface Method {
  /** As in `boto3.client("logs")`. */
  readonly service: string;
  readonly method: string;
}

/** A waiter of boto3's client: `instance_running` of `ec2`. */
export interface Waiter {
  /** As in `boto3.client("ec2")`. */
  readonly service: string;
  readonly waiter: string;
}

/** The permissions that a method of a client needs; `get_paginator("…")` names such a method. */
export async function permissionsOfMethod({ service, method }: Method): Promise<UsePermissions> {
  if (quietMethods.includes(method)) return { kind: "none" };
  if (method.startsWith("_")) return permissionsOfPrivate(method);
  const client = clientOf(service);
  const other = ownValue(ownValue(clientMethods, service) ?? {}, method);
  if (other === undefined) {
    return permissionsOfOperation(client, operationOfMethod({ service, method }));
  }
  if (!("operation" in other)) return { kind: "known", ...other };
  const found = await permissionsOfOperation(client, other.operation);
  if (found.kind !== "known") return found;
  return { ...found, mayUse: [...found.mayUse, ...other.mayUse] };
}

/** The permissions that a client's `get_waiter("…").wait()` needs. */
export async function permissionsOfWaiter({ service, waiter }: Waiter): Promise<UsePermissions> {
  const irregular = ownValue(ownValue(irregularWaiters, service) ?? {}, waiter);
  return permissionsOfClientWaiter(clientOf(service), irregular ?? pascalCase(waiter));
}

/** The operation behind a method, whether or not the service has it: `DescribeDBInstances`. */
export function operationOfMethod({ service, method }: Method): string {
  return ownValue(ownValue(irregularOperations, service) ?? {}, method) ?? pascalCase(method);
}

/** The client of the SDK for JavaScript: `cloudwatch-logs` for `logs`. */
export function clientOf(service: string): string {
  return ownValue(clients, service) ?? service;
}

/** Members that botocore does not document: few of them call AWS. */
function permissionsOfPrivate(method: string): UsePermissions {
  return ["_make_api_call", "_make_request", "_request_signer"].includes(method)
    ? { kind: "unresolved", why: "which can call every operation" }
    : { kind: "none" };
}
