import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ResourceTypeNames } from "../../code/python/resources.ts";
import { ensureTools } from "../tools.ts";

/** What boto3's names mean, by boto3's name of the service. */
export interface Names {
  /** Of boto3. */
  readonly version: string;
  /** Services by another name that boto3 accepts. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, ServiceNames>>;
  /** By name of the type. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, ResourceTypeNames>>>>;
}

export interface ServiceNames {
  /** The service's `serviceId`, after which the client of the SDK for JavaScript is named. */
  readonly id: string;
  /** Operations by the client's method. */
  readonly operations: Readonly<Record<string, string>>;
  /** The client's public members that are no operations. */
  readonly otherMembers: readonly string[];
  /** Operations that IAM does not authorize. */
  readonly unsigned: readonly string[];
  /** By boto3's name. */
  readonly waiters: Readonly<Record<string, { readonly name: string; readonly operation: string }>>;
}

/** Asks boto3, which requirements.txt pins. Throws an error with what Python reports. */
export async function readNames(): Promise<Names> {
  const python = await ensureTools();
  const { stdout, stderr, status, error } = spawnSync(
    python,
    [join(import.meta.dirname, "names.py")],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (error || status !== 0) throw new Error(`names.py failed:\n${stderr}`, { cause: error });
  return JSON.parse(stdout);
}

/** The client of the SDK for JavaScript: `cloudwatch-logs` for `CloudWatch Logs`. */
export function clientOf(serviceId: string): string {
  return serviceId.toLowerCase().replaceAll(" ", "-");
}
