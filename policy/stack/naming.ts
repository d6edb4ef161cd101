import type { PolicyResource } from "@pulumi/policy";
import { read, setTextOf } from "../field.ts";
import { hasWildcard, matches, overlaps } from "../iam/pattern.ts";
import { partsOf, prefixesOf } from "./arn-parts.ts";

/** True if a text is an ARN, or the id, name or address of what the ARN names. */
export function isNamedBy(arn: string, text: string): boolean {
  if (arn === text || (text.startsWith("arn:") && matches(arn, text))) return true;
  const { service, rest } = partsOf(arn);
  const name = nameIn(text);
  if (name === "") return false;
  const ends = (it: string) => it === name || it.endsWith(`:${name}`) || it.endsWith(`/${name}`);
  // A secret has six characters more than its name.
  const isSecret = service === "secretsmanager" && ends(rest.replace(/-(\?{6}|\*|\w{6})$/, ""));
  const isPattern = hasWildcard(rest.replace(/[/:]\*$/, "")) && overlaps(rest, `*${name}`);
  return isSecret || isPattern || [...prefixesOf(rest.replace(/[/:]\*$/, ""))].some(ends);
}

/** What an address or an ARN ends in; the slash at the beginning of a parameter's name is not in its ARN. */
function nameIn(text: string): string {
  return text
    .replace(/^https?:\/\/[^/]+\//, "")
    .replace(/^\d{12}\//, "")
    .replace(/^\//, "");
}

/** True if a value, such as an environment variable's, names the resource. */
export function isNameOf({ props }: PolicyResource, text: string): boolean {
  const own = ["arn", "name", "id", "url", "bucket"].map((property) =>
    setTextOf(read(() => props[property])),
  );
  if (own.includes(text)) return true;
  const [arn, name, id, url, bucket] = own;
  // Queues of two regions may have one name.
  if (text.startsWith("https:") && url !== undefined) return false;
  if (arn !== undefined) return isNamedBy(arn, text);
  return [name, id, bucket].some((it) => it !== undefined && nameIn(it) === lastOf(text));
}

function lastOf(text: string): string {
  if (!text.startsWith("arn:")) return nameIn(text);
  return text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf(":")) + 1);
}
