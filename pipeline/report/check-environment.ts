// `node pipeline/report/check-environment.ts ENVIRONMENT`: fails unless this branch alone may deploy to the environment.
// Variables beside GitHub's own: GITHUB_TOKEN.
import { required } from "./environment.ts";
import { openRepository } from "./github.ts";
import { run } from "./run.ts";

/** https://docs.github.com/en/rest/deployments/environments#get-an-environment */
interface Environment {
  readonly deployment_branch_policy: { readonly custom_branch_policies: boolean } | null;
}

/** https://docs.github.com/en/rest/deployments/branch-policies#list-deployment-branch-policies */
interface BranchPolicies {
  readonly total_count: number;
  readonly branch_policies: readonly { readonly name: string; readonly type?: string }[];
}

async function checkEnvironment(): Promise<void> {
  const name = process.argv[2] ?? "";
  const branch = required("GITHUB_REF_NAME");
  const path = `environments/${encodeURIComponent(name)}`;
  const repository = openRepository("actions: read");
  const environment = await repository.find<Environment>(path);
  const demand = (holds: boolean, problem: string) => {
    if (holds) return;
    throw new Error(
      `${problem}; expected deployments from the branch ${branch} alone. Protect it as pipeline/README.md says under "Set it up", or under Settings → Environments → ${name} → Deployment branches and tags → Selected branches and tags.`,
    );
  };

  demand(environment !== undefined, `there is no environment ${name}`);
  const policy = environment?.deployment_branch_policy;
  demand(Boolean(policy), `any branch may deploy to the environment ${name}`);
  // GitHub lets every branch deploy while no branch has a protection rule:
  // https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
  demand(
    policy?.custom_branch_policies === true,
    `every protected branch may deploy to the environment ${name}, and any branch while none is protected`,
  );
  const list = await repository.find<BranchPolicies>(`${path}/deployment-branch-policies`);
  const { total_count = 0, branch_policies = [] } = list ?? {};
  const others = branch_policies.filter((it) => it.name !== branch || it.type === "tag");
  const names = others.map((it) => `${it.type ?? "branch"} ${it.name}`).join(", ");
  demand(others.length === 0, `the ${names} may deploy to the environment ${name}, too`);
  demand(total_count === 1, `${total_count} branches may deploy to the environment ${name}`);
  console.log(`Only ${branch} may deploy to the environment ${name}.`);
}

await run("The environment is not protected", checkEnvironment);
