import { types } from "../data/resource-types.ts";
import { redact, showString, stringOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import { type Condition, literalWildcards, requiredValues } from "../iam/condition.ts";
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

function* subjects(
  prefix: string,
  issuer: string,
  conditions: readonly Condition[],
): Iterable<Finding> {
  const form = subjectFormOf(issuer);
  const key = `${issuer}:sub`;
  const values = requiredValues(key, conditions);
  const literal = literalWildcards(key, conditions);
  const isNamed = requiresOne(form.claims?.naming, issuer, conditions);
  const isNarrow = requiresOne(form.claims?.narrowing, issuer, conditions);
  const fix = `Require the subject, e.g. ${requirementOf(issuer, form.example)}`;
  if (values.length === 0 && !(isNamed && isNarrow)) {
    const what = `${prefix}, sub`;
    yield isNamed
      ? { what, why: wholeRepository, fix, level: "advisory" }
      : { what, why: "any user of the provider may assume the role", fix };
  }
  for (const subject of values) {
    // A subject in a provider's format is not a secret.
    const isInFormat = /^(repo|project_path|pulumi|system|organization):[\w:./@*?-]{1,200}$/.test(
      subject,
    );
    const found = { what: `${prefix}, sub`, values: [isInFormat ? subject : redact(subject)] };
    if (literal.includes(subject)) {
      const pattern = isInFormat && form.named.test(subject) ? subject : patternOf(form);
      const why = "it matches nobody: to StringEquals a wildcard is a plain character";
      yield { ...found, why, fix: `You probably mean ${requirementOf(issuer, pattern)}` };
      continue;
    }
    const problem = problemOf(subject, form, isNamed, isNarrow);
    if (problem) yield { ...found, fix, ...problem };
  }
}

function problemOf(
  subject: string,
  { named, what, perRun }: ReturnType<typeof subjectFormOf>,
  isNamed: boolean,
  isNarrow: boolean,
): Pick<Finding, "why" | "level"> | undefined {
  if (isNamed && isNarrow) return undefined;
  if (!isNamed && !named.test(subject)) {
    return { why: `it does not specify ${what} without wildcards` };
  }
  if (isNarrow || perRun?.test(subject)) return undefined;
  if (isOwnerOnly.test(subject)) {
    return { why: "every repository of the owner may assume the role", level: "advisory" };
  }
  if (!hasWildcard(subject)) return undefined;
  const why = "its wildcard matches every branch, tag and pull request, or any other value";
  return { why, level: "advisory" };
}

/** The condition that requires a subject, or one of a pattern. */
function requirementOf(issuer: string, subject: string): string {
  const operator = hasWildcard(subject) ? "StringLike" : "StringEquals";
  return `"${operator}": {"${showString(issuer)}:sub": "${subject}"}`;
}

/** A pattern of the provider's subjects that names what a subject must name. */
function patternOf({ example }: ReturnType<typeof subjectFormOf>): string {
  return hasWildcard(example) ? example : example.replace(/:[^:]*$/, ":*");
}

/** A template of GitHub that has nothing but the owner. */
const isOwnerOnly = /^repository_owner(_id)?:[^:]+$/;
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
