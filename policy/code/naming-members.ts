import { readLimits } from "../read-limits.ts";

/** True for a member of an input that may name a resource, e.g. `TableName`, `Bucket`, `InstanceIds`, `secretArn`. */
export function isNamingMember(member: string): boolean {
  return /(name|arn|ur[il]|id|bucket|topic|queue|stream|path)s?$/i.test(member);
}

/** True for a string that may name a resource. */
export function isName(text: string): boolean {
  return text.length <= readLimits.arnCharacters && /^[\w.:/@+=-]+$/.test(text);
}

/** True for an ARN as a string. */
export function isArn(text: string): boolean {
  return text.length <= readLimits.arnCharacters && /^arn:[\w-]+:[\w-]+:/.test(text);
}
