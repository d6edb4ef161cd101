import { types } from "../data/resource-types.ts";
import { serviceGroups } from "../data/service-groups.ts";
import { show, stringOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import { requiredValues } from "../iam/condition.ts";
import type { Principal } from "../iam/document.ts";
import { issuerOf } from "../iam/oidc.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { serviceOf } from "../iam/services.ts";
import { accountOf, isPrincipal } from "../program-principals.ts";
import { documentsOf, type Resource } from "../resources.ts";
import { listSchema, listSetting, type Rule, type Settings } from "../rule.ts";
import { allowingStatements, knownConditions, type LocatedStatement } from "../statements.ts";

/** A role is for exactly one party. oidc-subject also checks OpenID Connect providers. */
export const trustPrincipal: Rule = {
  name: "trust-principal",
  description:
    "A role trusts one AWS service, a group that AWS requires together, or specific principals.",
  severity: "critical",
  remediationSteps:
    'Write one statement with Principal {"Service": "lambda.amazonaws.com"}, or list the account or ARN under trust-principal.principals in the configuration.',
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  configSchema: {
    properties: {
      principals: listSchema(
        "Ids of accounts and organizations, and ARNs of principals or SAML providers, that may be trusted.",
      ),
    },
  },
  appliesTo: ({ type }) => type === types.role,
  *check(resource, settings, { principals }) {
    const statements = allowingStatements(resource, ["trust"]);
    for (const finding of principalFindings(statements, settings)) {
      if (!principals.mayInclude(finding.principal)) yield finding;
    }
    const trusted = statements.flatMap(({ principals }) => principals);
    const services = new Set(
      trusted.filter((it) => it.type === "Service").map((it) => show(it.value)),
    );
    if (!belongTogether(services)) {
      yield {
        what: "assumeRolePolicy: Principal Service",
        values: [...services],
        why: "each service would have the permissions that the others need",
        fix: "Create a role for each",
      };
    }
    const isChecked = trusted.length > 0 || statements.some(isByExclusion);
    if (!isChecked && isReadable(resource)) {
      yield {
        what: "assumeRolePolicy",
        why: "it trusts no one",
        fix: "Specify the service that uses the role",
      };
    }
  },
  /** Whether a principal is of the stack is known once it exists. */
  *checkStack(resources, settings, { principals }) {
    for (const resource of resources.filter(({ type }) => type === types.role)) {
      const statements = allowingStatements(resource, ["trust"]);
      for (const finding of principalFindings(statements, settings)) {
        const { principal } = finding;
        if (!principals.mayInclude(principal)) continue;
        if (resources.some((it) => isPrincipal(it, principal))) continue;
        yield { resource, ...finding };
      }
    }
  },
};

/** What is wrong with the principals of statements. */
function* principalFindings(
  statements: readonly LocatedStatement[],
  settings: Settings,
): Iterable<Finding & { readonly principal: string }> {
  const allowed = listSetting(settings, "principals");
  for (const statement of statements) {
    const { where } = statement;
    for (const { type, value } of principalsOf(statement)) {
      const problem = problemOf({ type, value }, allowed);
      if (!problem) continue;
      const what = `${where}: Principal ${type}`;
      const principal = type === "AWS" ? (stringOf(value) ?? "") : "";
      yield { what, values: [show(value)], principal, ...problem };
    }
  }
}

/** Keys that say who calls, the most specific first. */
const keysOfPrincipals = ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID"];

/** The principals of a statement; those that a condition requires in place of `*`. */
function principalsOf(statement: LocatedStatement): readonly Principal[] {
  return statement.principals.flatMap((principal) => {
    if (principal.type !== "*" && stringOf(principal.value) !== "*") return [principal];
    const required = keysOfPrincipals
      .map((key) => requiredValues(key, knownConditions(statement)))
      .find((values) => values.length > 0 && values.every((it) => it !== "" && !hasWildcard(it)));
    if (!required) return [principal];
    return required.map((value): Principal => ({ type: "AWS", value: { isKnown: true, value } }));
  });
}

/** True for one service, in all its regions, or for services of a group that AWS requires in one role. */
function belongTogether(services: ReadonlySet<string>): boolean {
  const names = [...new Set([...services].map(serviceOf))];
  if (names.length < 2) return true;
  return serviceGroups.some((group) => names.every((it) => group.services.includes(it)));
}

/** not-principal checks these. */
function isByExclusion({ notPrincipals }: LocatedStatement): boolean {
  return notPrincipals.length > 0;
}

/** unknown-document reports unknown and malformed documents. */
function isReadable(resource: Resource): boolean {
  const trust = documentsOf(resource).find(({ kind }) => kind === "trust");
  return trust?.document.kind === "statements";
}

function problemOf({ type, value }: Principal, allowed: readonly string[]) {
  const name = stringOf(value);
  if (!value.isKnown) {
    return { why: "it is not known before deployment", fix: "Write it as a literal string" };
  }
  if (type === "*" || name === "*") {
    return { why: "anyone may assume the role", fix: "Specify the principal that does" };
  }
  if (name === undefined || hasWildcard(name)) {
    return {
      why: "it does not specify one principal",
      fix: "Specify the principal that assumes the role",
    };
  }
  if (type === "Service") {
    const isService = /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(name);
    return isService
      ? undefined
      : { why: "it is not an AWS service", fix: "Write SERVICE.amazonaws.com" };
  }
  if (type === "Federated" && issuerOf(name)) return undefined;
  const account = accountOf(name);
  if (allowed.includes(name) || (account && allowed.includes(account))) return undefined;
  return {
    why: "it is not one of the principals that may be trusted",
    fix: "Trust one AWS service instead, or add it to trust-principal.principals in the configuration",
  };
}
