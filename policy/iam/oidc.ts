import { anySubject, type SubjectForm, subjectForms } from "../data/subject-forms.ts";

export function subjectFormOf(issuer: string): Omit<SubjectForm, "issuer"> {
  return subjectForms.find((it) => it.issuer.test(issuer)) ?? anySubject;
}

/** The issuer of a Federated principal: an OpenID Connect provider's ARN or address. */
export function issuerOf(principal: string): string | undefined {
  const [, issuer] = /^arn:[^:]+:iam::\d+:oidc-provider\/(.+)$/i.exec(principal) ?? [];
  if (issuer) return issuer;
  return /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(principal) ? principal : undefined;
}

/** The key of the audience, after the issuer: `aud` unless the provider has another. */
export function audienceKeyOf(issuer: string): string {
  return ["graph.facebook.com", "www.amazon.com"].includes(issuer) ? "app_id" : "aud";
}
