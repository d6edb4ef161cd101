import { createHash } from "node:crypto";
import type { PolicyResource } from "@pulumi/policy";
import { countCompared } from "../comparisons.ts";
import { type Field, isPlain, read, scalarOf, setTextOf } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import { stackArns } from "./arns.ts";
import { type Granted, grantedBy, resourceName } from "./granted.ts";

/** Names that stand for what is no Allow of an action; what they have narrows the identity. */
export const boundaryKey = "permissions boundary";
export const denyPrefix = "Deny ";
const managedKey = "managed policies";

/**
 * An action of an identity on a resource, in words that are the same in every stack of a program:
 * type tokens and logical names.
 */
export interface GrantLine {
  readonly identity: PolicyResource;
  /** Its type and logical name, with its parent's where two of a stack have the same. */
  readonly name: string;
  /** The action, or one of the names above. */
  readonly key: string;
  /** `TYPE NAME`, with `…` for what is not known yet; several where one of them is meant. */
  readonly values: readonly string[];
}

/** Every line of a stack. */
export async function grantLines(resources: readonly PolicyResource[]): Promise<GrantLine[]> {
  const arns = await stackArns(resources);
  const nameOf = namesIn(resources);
  const lines: GrantLine[] = [];
  for (const identity of identitiesOf(resources)) {
    const { resource } = identity;
    const line = (key: string, values: readonly string[]) =>
      lines.push({ identity: resource, name: nameOf(resource), key, values });
    for (const it of await grantedBy(identity, arns)) {
      const ending = conditionsOf(it);
      const action = await actionWord(it.action);
      line(
        (it.statement.isAllow ? "" : denyPrefix) + action,
        targetsOf(it).map((target) => target + ending),
      );
    }
    for (const it of notLines(identity)) line(...it);
    for (const it of identity.unreadPolicies) line(managedKey, [it]);
    for (const it of boundariesOf(resource)) line(boundaryKey, [it]);
  }
  return lines;
}

/** How a stack's identities are called: components give their children the same names. */
function namesIn(resources: readonly PolicyResource[]): (resource: PolicyResource) => string {
  const counts = new Map<string, number>();
  for (const it of resources) {
    counts.set(resourceName(it), (counts.get(resourceName(it)) ?? 0) + 1);
  }
  return (resource) => {
    const name = resourceName(resource);
    const { parent } = resource;
    return counts.get(name) === 1 || !parent ? name : `${name} of ${resourceName(parent)}`;
  };
}

/** As the reference writes it, since AWS does not look at its letter case. */
export async function actionWord(action: string): Promise<string> {
  const [found, ...others] = await actionsOf(action);
  return found && others.length === 0 && !hasWildcard(action) ? found.name : word(action);
}

/** A text that is no policy's own word could be a secret: it is told by a digest. */
function word(text: string): string {
  if (isPlain(text)) return text;
  return `#${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

function wordOf(field: Field<unknown>): string {
  if (!field.isKnown) return "…";
  return word(scalarOf(field) ?? "");
}

function boundariesOf({ props, propertyDependencies }: PolicyResource): string[] {
  const sources = propertyDependencies.permissionsBoundary ?? [];
  if (sources.length > 0) return sources.map(resourceName);
  const arn = setTextOf(read(() => props.permissionsBoundary));
  return arn ? [word(arn)] : [];
}

/** Statements that name what they are not about. */
function* notLines({ statements }: Identity): Iterable<[key: string, values: string[]]> {
  for (const { isAllow, actions, notActions, resources, notResources } of statements) {
    if (notActions.length + notResources.length === 0) continue;
    const all = notActions.length > 0 ? notActions : actions;
    const on = notResources.length > 0 ? notResources : resources;
    const key = `${isAllow ? "" : denyPrefix}${notActions.length > 0 ? "all but " : ""}${words(all)}`;
    yield [key, [`${notResources.length > 0 ? "all but " : ""}${words(on)}`]];
  }
}

function words(fields: readonly Field<unknown>[]): string {
  return fields.map(wordOf).sort().join(", ");
}

function targetsOf({ resource, resources, below }: Granted): string[] {
  if (resource.isKnown && below === undefined) return [wordOf(resource)];
  if (resources.length === 0) return ["…"];
  return resources.map((it) => resourceName(it) + (below ?? "…")).sort();
}

function conditionsOf({ statement: { conditions } }: Granted): string {
  if (!conditions.isKnown) return " if …";
  const all = conditions.value.map(({ operator, key, values }) => {
    const known = values.map(wordOf).sort().join(" or ");
    return `${/^[A-Za-z:]{1,60}$/.test(operator) ? operator : word(operator)} ${/^[\w:./-]{1,100}$/.test(key) ? key : word(key)} ${known}`;
  });
  return all.length > 0 ? ` if ${all.sort().join(" and ")}` : "";
}

/** True if a line of the stack is one of the file, as far as both are known. */
export function isSameLine(ofFile: string, ofStack: string): boolean {
  if (ofFile === ofStack || takesLine(ofStack, ofFile)) return true;
  // What was not known when the file was written stands for no more than one word.
  return ofFile !== "…" && takesLine(ofFile, ofStack);
}

/**
 * True if a line with `…` stands for another. Behind the name of a resource `…` is nothing, or
 * something in it; elsewhere it is a word.
 */
function takesLine(line: string, other: string): boolean {
  if (line === "…") return true;
  if (!line.includes("…")) return false;
  const tokens = tokensOf(line);
  countCompared(tokens.length * other.length);
  let places = withSkipped(new Set([0]), tokens);
  for (const letter of other) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token === letter || (token === "below" && /[:/]/.test(letter))) next.add(place + 1);
      if (token === "word" && /\S/.test(letter)) next.add(place);
    }
    places = withSkipped(next, tokens);
  }
  return places.has(tokens.length);
}

/** Letters; `word` is a word, perhaps empty; `below` is the separator before a word, with it. */
function tokensOf(line: string): string[] {
  const letters = [...line];
  return letters.flatMap((letter, index) => {
    if (letter !== "…") return letter;
    const isBehindName = index > 0 && /\S/.test(letters[index - 1] ?? "");
    return isBehindName ? ["below", "word"] : "word";
  });
}

/** The places of a pattern with those that follow without a letter. */
function withSkipped(places: ReadonlySet<number>, tokens: readonly string[]): Set<number> {
  const all = new Set(places);
  for (const place of all) {
    const token = tokens[place];
    if (token === "word") all.add(place + 1);
    if (token === "below") all.add(place + 2);
  }
  return all;
}
