import type { PolicyResource } from "@pulumi/policy";
import { showText, textOf } from "../field.ts";
import { isSameWord, lowerCase } from "../iam/letter-case.ts";
import { replacementOf, type StatementJson } from "../iam/replacement.ts";
import type { HeldStatement } from "../identities.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { consumersOf } from "../stack/consumers.ts";
import { covers, type Granted, grantName, resourceName } from "../stack/granted.ts";
import type { Way } from "../stack/need.ts";
import { type FunctionRole, functionRoles } from "../stack/roles.ts";
import { some, statementName } from "../statements.ts";

/** What a function's role may do is what its code calls and its configuration implies, no more. */
export const unusedGrant: Rule = {
  name: "unused-grant",
  description: "A function's role allows nothing that neither code nor configuration uses.",
  severity: "high",
  remediationSteps: "Take the action or the resource out of the statement.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  configSchema: {
    properties: {
      strict: {
        type: "boolean",
        default: false,
        description:
          "If true, a grant that no code was seen to use fails the preview even where not all code could be read. For a program whose code is your own.",
      },
    },
  },
  async *checkStack(resources, { strict }, place) {
    const consumers = consumersOf(resources);
    for await (const role of functionRoles(resources, place)) {
      const all = consumers.get(role.identity.resource) ?? [];
      yield* unusedOf(
        role,
        all.filter((it) => !role.functions.includes(it)),
        strict === true,
      );
    }
  },
};

/**
 * `others` have the role, too: they may use what the functions do not. Such doubts make a finding advisory
 * unless the rule is strict.
 */
function* unusedOf(
  role: FunctionRole,
  others: readonly PolicyResource[],
  isStrict: boolean,
): Iterable<StackFinding> {
  const { identity, granted, unseen } = role;
  const unused = new Set(granted.filter((it) => it.statement.isAllow && !isUsed(it, role)));
  const replacements = new Map<HeldStatement, StatementJson[] | undefined>();
  for (const { statement } of unused) {
    if (replacements.has(statement)) continue;
    replacements.set(statement, withoutUnused(statement, granted, unused));
  }
  const { resource } = identity;
  const isHidden = unseen.length + others.length > 0;
  for (const it of unused) {
    // What cannot be seen of the code may use it, or a call whose resource is only guessed.
    const isDoubtful = isHidden || waysOf(it, role).some(({ isGuess }) => isGuess);
    yield {
      resource,
      what: `statement ${statementName(it.statement)}: ${grantName(it)}`,
      why: reasonOf(it, role, others),
      fix: "Take it away",
      replacement: replacements.get(it.statement),
      level: isDoubtful && !isStrict ? "advisory" : undefined,
    };
  }
  for (const [source, it] of neverNamed(role)) {
    yield {
      resource,
      what: `statement ${statementName(it.statement)}: ${grantName({ ...it, resources: [source] })}`,
      why: "something is granted on it, and nothing is called on it",
      fix: "Take it away",
      level: isHidden && !isStrict ? "advisory" : undefined,
    };
  }
}

function isUsed(granted: Granted, { needs }: FunctionRole): boolean {
  return needs.some(({ ways }) => ways.some((way) => covers(granted, way)));
}

/** Who calls nothing of the kind, or on what it is called instead. */
function reasonOf(granted: Granted, role: FunctionRole, others: readonly PolicyResource[]): string {
  const elsewhere = waysOf(granted, role).flatMap(({ resources, texts }) => [
    ...resources.map(resourceName),
    ...texts.map(showText),
  ]);
  const names = some(role.functions.map(({ name }) => name));
  const too =
    others.length > 0 ? ` (${some(others.map(resourceName).sort())} has the role, too)` : "";
  if (elsewhere.length > 0) {
    return `${names} calls it on ${some([...new Set(elsewhere)].sort())} only${too}`;
  }
  return `neither the code of ${names} nor its configuration uses it${too}`;
}

/** What the functions need of the same action. */
function waysOf({ action }: Granted, { needs }: FunctionRole): Way[] {
  return needs.flatMap(({ ways }) => ways).filter((it) => isSameWord(it.action, action));
}

/** The statement with what is used, where all of one action or of one resource can go. */
function withoutUnused(
  statement: HeldStatement,
  granted: readonly Granted[],
  unused: ReadonlySet<Granted>,
): StatementJson[] | undefined {
  const used = granted.filter((it) => it.statement === statement && !unused.has(it));
  const actions = [...new Set(used.map(({ action }) => action))];
  const resources = [...new Set(used.flatMap((it) => textOf(it.resource) ?? []))];
  const isWhole = used.length === actions.length * resources.length;
  if (used.length === 0 || !isWhole) return undefined;
  const replacement = replacementOf(statement, { actions, resources });
  return replacement && [replacement];
}

/**
 * Resources that grants are about for certain, though not which of their ARNs, and that no need is
 * about. The engine says of several statements' ARNs together where they come from.
 */
function* neverNamed({
  granted,
  needs,
}: FunctionRole): Iterable<readonly [PolicyResource, Granted]> {
  const ways = needs.flatMap((it) => it.ways);
  const called = new Set(ways.flatMap(({ resources }) => resources));
  const undecided = new Set(
    ways
      .filter(({ resources, texts }) => resources.length + texts.length === 0)
      .map(({ action }) => lowerCase(action)),
  );
  const told = new Set<string>();
  for (const it of granted) {
    if (it.resources.length < 2 || undecided.has(lowerCase(it.action))) continue;
    for (const resource of it.resources) {
      const name = `${it.action} ${resource.urn}`;
      if (called.has(resource) || told.has(name)) continue;
      told.add(name);
      yield [resource, it];
    }
  }
}
