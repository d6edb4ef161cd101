/** The sandbox's repository, as GitHub's tokens name it. */
export const repository = {
  owner: "acme",
  ownerId: "123456",
  name: "watchdog",
  id: "456789",
} as const;

/** A job of GitHub Actions, as far as its token describes it. */
export interface TokenJob {
  /** The workflow's file below `.github/workflows/`. */
  readonly workflow: string;
  /** For example `refs/heads/main`, or `refs/pull/7/merge` for a pull request. */
  readonly ref: string;
  readonly environment?: string;
  /** The repository: another one, or the same names with another id. */
  readonly repository?: typeof repository | Readonly<Record<keyof typeof repository, string>>;
}

/** Jobs of the product's workflows that have a role. */
export const jobs = {
  preview: { workflow: "preview.yml", ref: "refs/pull/7/merge" },
  drift: { workflow: "drift.yml", ref: "refs/heads/main" },
  up: { workflow: "up.yml", ref: "refs/heads/main", environment: "production" },
} as const satisfies Record<string, TokenJob>;

/**
 * The claims of a job's token, with which it asks AWS for a role.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function claimsOf({
  workflow,
  ref,
  environment,
  repository: { owner, ownerId, name, id } = repository,
}: TokenJob): Readonly<Record<string, string | number>> {
  const context = ref.startsWith("refs/pull/") ? "pull_request" : `ref:${ref}`;
  const file = `${owner}/${name}/.github/workflows/${workflow}@${ref}`;
  return {
    iss: "https://token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub: `repo:${owner}@${ownerId}/${name}@${id}:${environment ? `environment:${environment}` : context}`,
    ref,
    repository: `${owner}/${name}`,
    repository_id: id,
    repository_owner: owner,
    repository_owner_id: ownerId,
    job_workflow_ref: file,
    workflow_ref: file,
    ...(environment && { environment }),
    exp: Math.floor(Date.now() / 1000) + 300,
  };
}
