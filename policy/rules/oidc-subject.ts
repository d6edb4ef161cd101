import { showText, textOf } from "../field.ts";
import { type Condition, valuesAskedFor } from "../iam/condition.ts";
import { audienceKeyOf, issuerOf, subjectFormOf } from "../iam/oidc.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { types } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, knownConditions } from "../statements.ts";

/** Providers that serve everybody: without `sub` any of their users may assume the role. */
export const oidcSubject: Rule = {
  name: "oidc-subject",
  description:
    "A role for tokens of an OpenID Connect provider names the subject and the audience.",
  severity: "critical",
  remediationSteps: "Ask for the provider's `sub` and `aud` with StringEquals.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  appliesTo: ({ type }) => type === types.role,
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["trust"])) {
      const conditions = knownConditions(statement);
      for (const { type, value } of statement.principals) {
        const issuer = type === "Federated" ? issuerOf(textOf(value) ?? "") : undefined;
        if (issuer === undefined) continue;
        const shown = showText(issuer);
        const prefix = `${where}: Principal Federated ${shown}`;
        const audience = audienceKeyOf(issuer);
        if (valuesAskedFor(`${issuer}:${audience}`, conditions).length === 0) {
          yield {
            what: `${prefix}, ${audience}`,
            why: "tokens for any other audience are taken, too",
            fix: `Ask for the audience, such as "StringEquals": {"${shown}:${audience}": "sts.amazonaws.com"}`,
          };
        }
        // An identity pool of Cognito is the audience; its subjects are the pool's own users.
        if (issuer !== "cognito-identity.amazonaws.com")
          yield* subjects(prefix, issuer, conditions);
      }
    }
  },
};

function* subjects(prefix: string, issuer: string, conditions: readonly Condition[]) {
  const { named, what, example, claims } = subjectFormOf(issuer);
  const isNamed = asksForOne(claims?.naming, issuer, conditions);
  if (isNamed && asksForOne(claims?.narrowing, issuer, conditions)) return;
  const fix = `Ask for the subject, such as "StringEquals": {"${showText(issuer)}:sub": "${example}"}`;
  const values = valuesAskedFor(`${issuer}:sub`, conditions);
  if (values.length === 0) {
    const what = `${prefix}, sub`;
    yield isNamed
      ? { what, why: wholeRepository, fix, level: "advisory" as const }
      : { what, why: "any user of the provider may assume the role", fix };
  }
  for (const [index, subject] of values.entries()) {
    // A subject of a provider's own form is no secret.
    const isOfForm = /^(repo|project_path|pulumi|system|organization):[\w:./@*?-]{1,200}$/.test(
      subject,
    );
    const place = `${prefix}, sub ${isOfForm ? subject : index + 1}`;
    if (!isNamed && !named.test(subject)) {
      yield { what: place, why: `it does not name ${what} without wildcards`, fix };
    } else if (hasWildcard(subject) && !asksForOne(claims?.narrowing, issuer, conditions)) {
      const why = "its wildcard takes every branch, tag and pull request, or whatever stands there";
      yield { what: place, why, fix, level: "advisory" as const };
    }
  }
}

const wholeRepository = "every branch, tag and pull request of the repository may assume the role";

/** True if the conditions ask for one of the claims, and all that they take is of its form. */
function asksForOne(
  claims: Readonly<Record<string, RegExp>> = {},
  issuer: string,
  conditions: readonly Condition[],
): boolean {
  return Object.entries(claims).some(([claim, form]) => {
    const values = valuesAskedFor(`${issuer}:${claim}`, conditions);
    return values.length > 0 && values.every((it) => form.test(it));
  });
}
