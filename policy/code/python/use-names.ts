import { positionalParameters } from "../../data/python-names.ts";
import { ownValue } from "../../field.ts";
import type { Scope } from "./scopes.ts";
import type { PyNode } from "./syntax.ts";
import type { GivenArgument, ResourceValue } from "./value.ts";

/** Parameters that the methods of a resource do not have. */
const ofOwner: Readonly<Record<string, readonly string[]>> = {
  Bucket: ["Bucket"],
  Object: ["Bucket", "Key"],
};

/** `app.py:12` */
export function whereOf({ line }: PyNode, { file }: Scope): string {
  return `${file}:${line}`;
}

/** `reboot_instances of boto3.client("ec2")` */
export function ofClient(service: string, call: string): string {
  return `${call} of boto3.client("${service}")`;
}

/** `Table.put_item of boto3.resource("dynamodb")` */
export function nameInResource({ service, type }: ResourceValue, member: string): string {
  return `${type}.${member} of boto3.resource("${service}")`;
}

/** The arguments with the names of their parameters. */
export function withPositions(
  method: string,
  given: readonly GivenArgument[],
  resource?: string,
): readonly GivenArgument[] {
  const all = ownValue(positionalParameters, method);
  if (!all) return given;
  const left = ownValue(ofOwner, resource ?? "") ?? [];
  const names = all.filter((it) => !left.includes(it));
  return given.map((it, index) => (it.name === undefined ? { ...it, name: names[index] } : it));
}
