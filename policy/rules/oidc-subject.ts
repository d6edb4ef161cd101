import { types } from "../data/resource-types.ts";
import { showString, stringOf } from "../field.ts";
import { type Condition, requiredValues } from "../iam/condition.ts";
import { audienceKeyOf, issuerOf, subjectFormOf } from "../iam/oidc.ts";
import { hasWildcard } from "../iam/pattern.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, knownConditions } from "../statements.ts";

/** Such providers serve everyone: without `sub` any of their users may assume the role. */
export const oidcSubject: Rule = {
  name: "oidc-subject",
  description:
    "A role for tokens of an OpenID Connect provider requires a specific subject and audience.",
  severity: "critical",
  remediationSteps: "Require the provider's `sub` and `aud` with StringEquals.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  appliesTo: ({ type }) => type === types.role,
  *check(resource) {
    for (const statement of allowingStatements(resource, ["trust"])) {
      const conditions = knownConditions(statement);
      for (const { type, value } of statement.principals) {
        const issuer = type === "Federated" ? issuerOf(stringOf(value) ?? "") : undefined;
        if (issuer === undefined) continue;
        const shown = showString(issuer);
        const prefix = `${statement.where}: Principal Federated ${shown}`;
        const audience = audienceKeyOf(issuer);
        if (requiredValues(`${issuer}:${audience}`, conditions).length === 0) {
          yield {
            what: `${prefix}, ${audience}`,
            why: "tokens for any other audience are accepted",
            fix: `Require the audience, e.g. "StringEquals": {"${shown}:${audience}": "sts.amazonaws.com"}`,
          };
        }
        // For Cognito the audience is an identity pool, and its subjects are the users of that pool.
        if (issuer !== "cognito-identity.amazonaws.com")
          yield* subjects(prefix, issuer, conditions);
      }
    }
  },
};

function* subjects(prefix: string, issuer: string, conditions: readonly Condition[]) {
  const { named, what, example, claims } = subjectFormOf(issuer);
  const isNamed = requiresOne(claims?.naming, issuer, conditions);
  if (isNamed && requiresOne(claims?.narrowing, issuer, conditions)) return;
  const fix = `Require the subject, e.g. "StringEquals": {"${showString(issuer)}:sub": "${example}"}`;
  const values = requiredValues(`${issuer}:sub`, conditions);
  if (values.length === 0) {
    const what = `${prefix}, sub`;
    yield isNamed
      ? { what, why: wholeRepository, fix, level: "advisory" as const }
      : { what, why: "any user of the provider may assume the role", fix };
  }
  for (const [index, subject] of values.entries()) {
    // A subject in a provider's format is not a secret.
    const isInFormat = /^(repo|project_path|pulumi|system|organization):[\w:./@*?-]{1,200}$/.test(
      subject,
    );
    const place = `${prefix}, sub ${isInFormat ? subject : index + 1}`;
    if (!isNamed && !named.test(subject)) {
      yield { what: place, why: `it does not specify ${what} without wildcards`, fix };
    } else if (hasWildcard(subject) && !requiresOne(claims?.narrowing, issuer, conditions)) {
      const why = "its wildcard matches every branch, tag and pull request, or any other value";
      yield { what: place, why, fix, level: "advisory" as const };
    }
  }
}

const wholeRepository = "every branch, tag and pull request of the repository may assume the role";

/** True if the conditions require one of the claims, with values of its format only. */
function requiresOne(
  claims: Readonly<Record<string, RegExp>> = {},
  issuer: string,
  conditions: readonly Condition[],
): boolean {
  return Object.entries(claims).some(([claim, form]) => {
    const values = requiredValues(`${issuer}:${claim}`, conditions);
    return values.length > 0 && values.every((it) => form.test(it));
  });
}
