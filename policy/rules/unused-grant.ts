import type { PolicyResource } from "@pulumi/policy";
import { types as resourceTypes } from "../data/resource-types.ts";
import { showString, stringOf } from "../field.ts";
import { isSameWord, lowerCase } from "../iam/case.ts";
import { replacementOf, type StatementJson } from "../iam/replacement.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { consumersOf } from "../stack/consumers.ts";
import type { Alternative } from "../stack/need.ts";
import { type Permission, permissionName, resourceName, satisfies } from "../stack/permissions.ts";
import { type ComparedRole, comparedRoles, type PartlyRead } from "../stack/roles.ts";
import { type LocatedStatement, some } from "../statements.ts";

/** The role of a function or a state machine allows what it calls and its configuration requires, and no more. */
export const unusedGrant: Rule = {
  name: "unused-grant",
  description:
    "The role of a function or a state machine allows only what its code, definition or configuration uses.",
  severity: "high",
  remediationSteps: "Remove the action or the resource from the statement.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  configSchema: {
    properties: {
      strict: {
        type: "boolean",
        default: false,
        description:
          "If true, an unused permission fails the preview even if not all code can be read, and so does a function of which no code can be read. Meant for programs whose code is your own.",
      },
    },
  },
  async *checkStack(resources, { strict }, place) {
    const consumers = consumersOf(resources);
    for await (const role of comparedRoles(resources, place)) {
      const all = consumers.get(role.identity.resource) ?? [];
      yield* unusedOf(
        role,
        all.filter((it) => !role.callers.includes(it)),
        strict === true,
      );
    }
  },
};

/**
 * Code that was not read may use everything, so nothing is said about its role; missing-grant says why. If the
 * rule is strict, such code is a finding, since it would excuse any permission. `others` also have the
 * role, so they may use what the functions do not. Such doubts make a finding advisory unless the rule is
 * strict.
 */
function* unusedOf(
  role: ComparedRole,
  others: readonly PolicyResource[],
  isStrict: boolean,
): Iterable<StackFinding> {
  const { identity, permissions, partlyRead } = role;
  const unread = partlyRead.filter(({ isUnread }) => isUnread);
  if (isStrict) yield* unread.filter(({ isPending }) => !isPending).map(unreadFinding);
  if (unread.length > 0) return;
  if (!isStrict && partlyRead.some(({ gaps }) => gaps.length > 0)) return;
  const typesCalled = typesCalledIn(permissions);
  const unused = new Set(
    permissions.filter((it) => it.statement.isAllow && !isUsed(it, role, typesCalled)),
  );
  const replacements = new Map<LocatedStatement, StatementJson[] | undefined>();
  for (const { statement } of unused) {
    if (replacements.has(statement)) continue;
    replacements.set(statement, withoutUnused(statement, permissions, unused));
  }
  const { resource } = identity;
  const isIncomplete = partlyRead.length + others.length > 0;
  for (const it of unused) {
    // Unresolved code may use it, or a call whose resource is a guess.
    const isDoubtful = isIncomplete || alternativesOf(it, role).some(({ isGuess }) => isGuess);
    yield {
      resource,
      what: `${it.statement.where}:`,
      values: [permissionName(it)],
      why: reasonOf(it, role, others),
      fix: "Remove it",
      replacement: replacements.get(it.statement),
      replaced: it.statement,
      level: isDoubtful && !isStrict ? "advisory" : undefined,
    };
  }
  for (const [source, it] of neverCalledOn(role)) {
    yield {
      resource,
      what: `${it.statement.where}:`,
      values: [permissionName({ ...it, resources: [source] })],
      why: "the statement allows actions on it, and nothing calls any on it",
      fix: "Remove it",
      level: isIncomplete && !isStrict ? "advisory" : undefined,
    };
  }
}

function unreadFinding({ of, what, gaps }: PartlyRead): StackFinding {
  return {
    resource: of,
    what,
    why: `it cannot be compared with the role: ${gaps.join("; ")}`,
    fix: `Deploy ${what === "code" ? "code" : "a definition"} that can be read, or do not set unused-grant.strict`,
  };
}

function isUsed(
  permission: Permission,
  { needs }: ComparedRole,
  typesCalled: (alternative: Alternative) => readonly string[],
): boolean {
  return needs.some(({ alternatives }) =>
    alternatives.some(
      (it) => satisfies(permission, it) || isForOtherType(permission, it, typesCalled),
    ),
  );
}

/** The types of the resources on which an alternative is allowed. Each is found once: there can be thousands. */
function typesCalledIn(
  permissions: readonly Permission[],
): (alternative: Alternative) => readonly string[] {
  const found = new Map<Alternative, readonly string[]>();
  return (alternative) => {
    const known = found.get(alternative);
    if (known) return known;
    const types = permissions
      .filter((it) => satisfies(it, alternative))
      .flatMap((it) => it.typesOf());
    found.set(alternative, types);
    return types;
  };
}

/**
 * True if the call is about resources of another type than the permission: it may need both, e.g. an
 * instance and a document, or an inference profile and its models.
 */
function isForOtherType(
  permission: Permission,
  alternative: Alternative,
  typesCalled: (alternative: Alternative) => readonly string[],
): boolean {
  if (!isSameWord(permission.action, alternative.action) || alternative.type) return false;
  const own = permission.typesOf();
  const called = typesCalled(alternative);
  return own.length > 0 && called.length > 0 && !own.some((it) => called.includes(it));
}

/** The functions that do not call it, or the resources that they call it on instead. */
function reasonOf(
  permission: Permission,
  role: ComparedRole,
  others: readonly PolicyResource[],
): string {
  const elsewhere = alternativesOf(permission, role).flatMap(({ resources, values }) => [
    ...resources.map(resourceName),
    ...values.map(showString),
  ]);
  const names = some(role.callers.map(({ name }) => name));
  const too =
    others.length > 0 ? ` (${some(others.map(resourceName).sort())} also has the role)` : "";
  if (elsewhere.length > 0) {
    return `${names} calls it only on ${some([...new Set(elsewhere)].sort())}${too}`;
  }
  const types = new Set(role.callers.map(({ type }) => type));
  const isMachine = types.has(resourceTypes.stateMachine);
  const source = isMachine
    ? types.size > 1
      ? "the code or definition"
      : "the definition"
    : "the code";
  const read = role.partlyRead.length > 0 ? `what was read of ${source}` : source;
  return `neither ${read} of ${names} nor its configuration uses it${too}`;
}

/** What the functions need the same action for. */
function alternativesOf({ action }: Permission, { needs }: ComparedRole): Alternative[] {
  return needs
    .flatMap(({ alternatives }) => alternatives)
    .filter((it) => isSameWord(it.action, action));
}

/** The statement without what is unused, if whole actions or whole resources are unused. */
function withoutUnused(
  statement: LocatedStatement,
  permissions: readonly Permission[],
  unused: ReadonlySet<Permission>,
): StatementJson[] | undefined {
  const used = permissions.filter((it) => it.statement === statement && !unused.has(it));
  const actions = [...new Set(used.map(({ action }) => action))];
  const resources = [...new Set(used.flatMap((it) => stringOf(it.resource) ?? []))];
  const isWhole = used.length === actions.length * resources.length;
  if (used.length === 0 || !isWhole) return undefined;
  const replacement = replacementOf(statement, { actions, resources });
  return replacement && [replacement];
}

/**
 * Resources that the permissions are certainly about, and no need is. It may be unknown which ARN is of
 * which: the engine knows the dependencies of several statements only together. Other rules report a
 * wildcard that matches more than what is called.
 */
function* neverCalledOn({
  permissions,
  needs,
}: ComparedRole): Iterable<readonly [PolicyResource, Permission]> {
  const alternatives = needs.flatMap((it) => it.alternatives);
  const called = new Set(alternatives.flatMap(({ resources }) => resources));
  const undecided = new Set(
    alternatives
      .filter(({ resources, values }) => resources.length + values.length === 0)
      .map(({ action }) => lowerCase(action)),
  );
  const reported = new Set<string>();
  for (const it of permissions) {
    if (it.resource.isKnown || it.resources.length < 2) continue;
    if (undecided.has(lowerCase(it.action))) continue;
    for (const resource of it.resources) {
      const name = `${it.action} ${resource.urn}`;
      if (called.has(resource) || reported.has(name)) continue;
      reported.add(name);
      yield [resource, it];
    }
  }
}
