/**
 * How OpenID Connect providers write the subject of a token (`sub`), and which other claims STS offers
 * as condition keys.
 *
 * Source: the linked page of each provider.
 * Refresh: compare each entry with its page, and the claims with STS's list.
 */

export interface SubjectForm {
  /** The provider's address as in the keys of its conditions, without `https://`. */
  readonly issuer: RegExp;
  /** What a subject must name without wildcards. */
  readonly named: RegExp;
  /** What that is, in words. */
  readonly what: string;
  readonly example: string;
  /** A pattern whose wildcards are only where the provider writes another value for each run. */
  readonly perRun?: RegExp;
  /** Given where STS has more of a token than its subject and audience as condition keys. */
  readonly claims?: Claims;
}

/** The claims of a provider's tokens that STS has as condition keys, each after the issuer. */
interface Claims {
  readonly known: readonly string[];
  /** Those that name the same as a subject does, by what their value must be for it. */
  readonly naming: Readonly<Record<string, RegExp>>;
  /** Those by which a part of what is named is meant, such as one branch. */
  readonly narrowing: Readonly<Record<string, RegExp>>;
}

const name = "[^*?:/]+";
const plain = /^[^*?$]+$/;

/**
 * STS has these since January 2026.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const claimsOfGitHub: Claims = {
  known: [
    "actor",
    "actor_id",
    "aud",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "sub",
    "workflow",
  ],
  // Not job_workflow_ref: other repositories may call a reusable workflow.
  naming: { repository_id: /^\d+$/, repository: new RegExp(`^${name}/${name}$`) },
  // Not workflow: a branch may give its workflow any name.
  narrowing: { environment: plain, job_workflow_ref: plain, ref: plain },
};

/** A claim of GitHub's templates for subjects, with a value without wildcards. */
const claim = `(?:pull_request|[a-z_]+:[^*?:$]+)`;
/** The claims of which a template must have one: otherwise any repository of GitHub has such a subject. */
const namingClaim = `(?:repo(?:sitory)?:${name}/${name}|(?:repository_id|repository_owner|repository_owner_id|job_workflow_ref):[^*?:$]+)`;
const uuid = String.raw`\{[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}`;

export const subjectForms: readonly SubjectForm[] = [
  {
    // https://docs.github.com/en/actions/reference/security/oidc
    issuer: /^token\.actions\.githubusercontent\.com(\/.+)?$/,
    // The default, or a template of the repository or organization: one claim after the other.
    named: new RegExp(`^repo:${name}/${name}:|^(?:${claim}:)*${namingClaim}(?::${claim})*$`),
    what: "owner and repository",
    example: "repo:OWNER/REPOSITORY:ref:refs/heads/main",
    claims: claimsOfGitHub,
  },
  {
    // https://docs.gitlab.com/ci/secrets/id_token_authentication/
    issuer: /^gitlab\./,
    named: /^project_path:[^*?:/]+\/[^*?:]+:/,
    what: "group and project",
    example: "project_path:GROUP/PROJECT:ref_type:branch:ref:main",
  },
  {
    // https://www.pulumi.com/docs/deployments/deployments/oidc/aws/
    issuer: /^api\.pulumi\.com\/oidc$/,
    named: new RegExp(
      `^pulumi:(deploy:org:${name}:project:${name}:|environments:org:${name}:env:)`,
    ),
    what: "organization, and project or environment",
    example:
      "pulumi:deploy:org:ORGANIZATION:project:PROJECT:stack:STACK:operation:update:scope:write",
  },
  {
    // https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    issuer: /^oidc\.eks\./,
    named: new RegExp(`^system:serviceaccount:${name}:${name}$`),
    what: "namespace and service account",
    example: "system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT",
  },
  {
    // https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/aws-configuration
    issuer: /^app\.terraform\.io$/,
    named: new RegExp(`^organization:${name}:project:${name}:workspace:${name}:`),
    what: "organization, project and workspace",
    example: "organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
    perRun: /:run_phase:\*$/,
  },
  {
    // https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/
    issuer: /^api\.bitbucket\.org\/2\.0\/workspaces\/[^/]+\/pipelines-config\/identity\/oidc$/,
    named: new RegExp(`^${uuid}`, "i"),
    what: "the repository's UUID",
    example: "{REPOSITORY_UUID}:*",
    // The step's UUID, perhaps after the environment's.
    perRun: new RegExp(`^${uuid}(:${uuid})?:?\\*$`, "i"),
  },
  {
    // https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
    issuer: /^oidc\.circleci\.com\/org\/[^/]+$/,
    named: new RegExp(`^org/${name}/project/${name}/`),
    what: "organization and project",
    example: "org/ORGANIZATION_ID/project/PROJECT_ID/user/*",
    // The user who started the pipeline.
    perRun: new RegExp(`^org/${name}/project/${name}/user/\\*(/vcs-origin/[^*?]+)?$`),
  },
  {
    // https://buildkite.com/docs/pipelines/security/oidc
    issuer: /^agent\.buildkite\.com$/,
    named: new RegExp(`^organization:${name}:pipeline:${name}:`),
    what: "organization and pipeline",
    example: "organization:ORGANIZATION:pipeline:PIPELINE:ref:refs/heads/main:commit:*:step:*",
    perRun: new RegExp(`^organization:${name}:pipeline:${name}:ref:[^*?:]+:commit:\\*`),
  },
  {
    // https://docs.spacelift.io/integrations/cloud-providers/oidc
    issuer: /\.app\.spacelift\.io$/,
    named: new RegExp(`^space:${name}:(stack|module):${name}:`),
    what: "space and stack",
    example: "space:SPACE:stack:STACK:run_type:*:scope:write",
    perRun: new RegExp(`^space:${name}:(stack|module):${name}:run_type:\\*:scope:(read|write)$`),
  },
  {
    // https://codefresh.io/docs/docs/integrations/oidc-pipelines/
    issuer: /^oidc\.codefresh\.io$/,
    named: new RegExp(`^account:${name}:pipeline:${name}:`),
    what: "account and pipeline",
    example: "account:ACCOUNT_ID:pipeline:PIPELINE_ID:initiator:INITIATOR",
    perRun: new RegExp(`^account:${name}:pipeline:${name}:\\*$`),
  },
  {
    // https://fly.io/docs/security/openid-connect/
    issuer: /^oidc\.fly\.io\/[^/]+$/,
    named: new RegExp(`^${name}:${name}:`),
    what: "organization and app",
    example: "ORGANIZATION:APP:*",
    // The name of the machine.
    perRun: new RegExp(`^${name}:${name}:\\*$`),
  },
];

/** Any other provider: the whole subject, and no variable that a token could fill in. */
export const anySubject = { named: /^[^*?$]+$/, what: "the subject", example: "SUBJECT" };
