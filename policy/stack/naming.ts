import type { PolicyResource } from "@pulumi/policy";
import { nonEmptyStringOf, read } from "../field.ts";
import { hasWildcard, matches, overlaps } from "../iam/pattern.ts";
import { partsOf, prefixesOf } from "./arn-parts.ts";
import { arnOf, namesOf } from "./names.ts";

/** True if a value is an ARN, perhaps with wildcards, or the id, name or address of the resource that the ARN is of. */
export function identifies(arn: string, text: string): boolean {
  const isMatch = hasWildcard(text) ? overlaps : matches;
  if (arn === text || (text.startsWith("arn:") && isMatch(arn, text))) return true;
  const { service, rest } = partsOf(arn);
  if (service === "ses" && isSentFrom(text, rest.replace(/^identity\//, ""))) return true;
  const name = nameIn(text);
  if (name === "") return false;
  const ends = (it: string) => it === name || it.endsWith(`:${name}`) || it.endsWith(`/${name}`);
  // A secret has six characters more than its name.
  const isSecret = service === "secretsmanager" && ends(rest.replace(/-(\?{6}|\*|\w{6})$/, ""));
  const isPattern = hasWildcard(rest.replace(/[/:]\*$/, "")) && overlaps(rest, `*${name}`);
  return isSecret || isPattern || [...prefixesOf(rest.replace(/[/:]\*$/, ""))].some(ends);
}

/**
 * True if an e-mail address is of an identity: the address itself, its domain, or a domain above.
 * https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
 */
function isSentFrom(address: string, identity: string): boolean {
  const [, domain] = /@([\w.-]+)>?$/.exec(address) ?? [];
  if (domain === undefined) return false;
  return address === identity || domain === identity || domain.endsWith(`.${identity}`);
}

/** The end of an address or an ARN. A path may end with a slash. A parameter's ARN lacks the first slash of its name. */
function nameIn(text: string): string {
  return text
    .replace(/^https?:\/\/[^/]+\//, "")
    .replace(/^\d{12}\//, "")
    .replace(/^\//, "")
    .replace(/\/$/, "");
}

/** True if a value, e.g. of an environment variable, identifies the resource. */
export function isNameOf({ type, props }: PolicyResource, text: string): boolean {
  const arn = arnOf({ type, props });
  const url = nonEmptyStringOf(read(() => props.url));
  const names = namesOf({ type, props });
  if ([arn, url, ...names].includes(text)) return true;
  if (/^aws:sesv?2?\//.test(type)) {
    const identities = ["domain", "email", "emailIdentity"].map((property) =>
      nonEmptyStringOf(read(() => props[property])),
    );
    return identities.some((it) => it !== undefined && (it === text || isSentFrom(text, it)));
  }
  // Queues of two regions may have one name.
  if (text.startsWith("https:") && url !== undefined) return false;
  if (arn !== undefined) return identifies(arn, text);
  return names.some((it) => nameIn(it) === lastOf(text));
}

function lastOf(text: string): string {
  if (!text.startsWith("arn:")) return nameIn(text);
  return text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf(":")) + 1);
}
