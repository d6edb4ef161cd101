import { types } from "../data/resource-types.ts";
import { show, showAction, stringOf } from "../field.ts";
import { isSameWord } from "../iam/case.ts";
import { type IdentityStatement, identitiesOf } from "../identities.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { stackArns } from "../stack/arns.ts";
import { includes, type Permission, permissionsOf, resourceName } from "../stack/permissions.ts";
import { type ComparedRole, comparedRoles } from "../stack/roles.ts";
import { allowsEverything } from "../statements.ts";

/** A permission that is granted twice remains when one of the two is removed. */
export const redundantGrant: Rule = {
  name: "redundant-grant",
  description:
    "Nothing is allowed twice, and no function may create the log group that the stack creates.",
  severity: "low",
  remediationSteps: "Remove the narrower of the two.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
  async *checkStack(resources, _settings, place) {
    const arns = await stackArns(resources);
    for (const identity of identitiesOf(resources)) {
      // What is not known yet is compared once it is.
      const allowed = (await permissionsOf(identity, arns)).filter(
        ({ statement, resource }) => statement.isAllow && stringOf(resource) !== undefined,
      );
      for (const [index, it] of allowed.entries()) {
        const all = allowed.filter(
          (one, at) => at !== index && includes(one, it) && (at < index || !includes(it, one)),
        );
        const [wider] = all;
        // It is the narrower of the two that should stay.
        if (!wider || allowsEverything(wider.statement) || areBucketAndObjects(wider, it)) continue;
        if (all.some((one) => isOfSameGroup(one, it))) continue;
        yield {
          resource: identity.resource,
          ...whatOf(it),
          why: `${wider.statement.where} allows it already`,
          fix: "Remove it",
        };
      }
    }
    for await (const role of comparedRoles(resources, place, arns)) yield* logGroupCreators(role);
  },
};

/**
 * True for `arn:aws:s3:::team-*` and `arn:aws:s3:::team-*\/*` in one statement: the usual way to list buckets
 * and their objects, although the first matches the objects too.
 */
function areBucketAndObjects(one: Permission, other: Permission): boolean {
  const isPair = stringOf(other.resource) === `${stringOf(one.resource)}/*`;
  return isPair && one.statement === other.statement;
}

/** True for two permissions that a user has from one group, which has the finding. */
function isOfSameGroup(
  one: Permission<IdentityStatement>,
  other: Permission<IdentityStatement>,
): boolean {
  return one.statement.group !== undefined && one.statement.group === other.statement.group;
}

function whatOf({ statement, action, resource }: Permission) {
  const name = `${showAction({ isKnown: true, value: action })} on ${show(resource)}`;
  return { what: `${statement.where}:`, values: [name] };
}

/** Permissions to create a log group that the stack creates with a retention time. */
function* logGroupCreators({ identity, permissions, needs }: ComparedRole): Iterable<StackFinding> {
  const creating = "logs:CreateLogGroup";
  const isCalled = needs.some(
    ({ isRequired, alternatives }) =>
      isRequired && alternatives.some(({ action }) => action === creating),
  );
  const group = needs
    .flatMap(({ alternatives }) => alternatives)
    .filter(({ action }) => action === "logs:PutLogEvents")
    .flatMap(({ resources }) => resources)
    .find(({ type }) => type === types.logGroup);
  if (isCalled || !group) return;
  for (const it of permissions) {
    if (!it.statement.isAllow || !isSameWord(it.action, creating)) continue;
    yield {
      resource: identity.resource,
      ...whatOf(it),
      why: `the stack creates ${resourceName(group)} with a retention time; a function that may create it could bring it back without one after the stack is destroyed`,
      fix: "Remove it",
    };
  }
}
