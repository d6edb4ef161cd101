import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { NeededPolicy } from "../../stack/needed-policy.ts";
import { inShell, type RunLine } from "../any-program/run.ts";

const role = /^aws:iam\/role:Role$/;
const ofRole =
  /^aws:iam\/(rolePolicy:RolePolicy|rolePolicyAttachment:RolePolicyAttachment|rolePoliciesExclusive:RolePoliciesExclusive)$/;

interface Entry {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

interface State {
  readonly deployment: { readonly resources: readonly Entry[] };
}

/**
 * Deploys a program, generates the policy of each of its functions and state machines, and checks the stack with that
 * policy in place of those of the role. Returns what both rules then report of roles with a complete policy, and the number
 * of complete and incomplete policies.
 */
export function checkGenerated(
  program: string,
): Promise<{ complete: number; incomplete: number; findings: string[] }> {
  return inShell(program, async (run, folder) => {
    const state = await deploy(run, folder);
    const result = { complete: 0, incomplete: 0, findings: [] as string[] };
    for (const { urn, inputs } of state.deployment.resources.filter(isCaller)) {
      const { code, output, errors } = await run(`$PACK generate state.json '${urn}' --json`);
      if (code > 1) throw new Error(errors);
      const { policy, unread } = JSON.parse(output) as NeededPolicy;
      expect(code).to.equal(unread.length > 0 ? 1 : 0);
      if (unread.length > 0) {
        result.incomplete++;
        continue;
      }
      result.complete++;
      const roleArn = inputs?.role ?? inputs?.roleArn;
      const changed = withPolicy(state, (it) => it.outputs?.arn === roleArn, policy);
      writeFileSync(join(folder, "changed.json"), JSON.stringify(changed.state));
      const checked = await run("$PACK check --stack changed.json --json");
      const { findings } = JSON.parse(checked.output) as {
        findings: { rule: string; urn: string; message: string }[];
      };
      result.findings.push(
        ...findings
          .filter((it) => it.urn === changed.role && /^(un|mis)\w*-grant$/.test(it.rule))
          .map(({ message }) => message),
      );
    }
    return result;
  });
}

/** Deploys the program of the folder; its state is in `state.json`. */
export async function deploy(run: RunLine, folder: string): Promise<State> {
  const { code, output, errors } = await run(
    "pulumi stack init dev && pulumi up --yes --skip-preview && pulumi stack export > state.json",
  );
  if (code !== 0) throw new Error(output + errors);
  return JSON.parse(readFileSync(join(folder, "state.json"), "utf8"));
}

function isCaller({ type }: Entry): boolean {
  return ["aws:lambda/function:Function", "aws:sfn/stateMachine:StateMachine"].includes(type);
}

/** The state with a policy in place of all that a role has. */
function withPolicy({ deployment }: State, isIts: (entry: Entry) => boolean, policy: object) {
  const its = deployment.resources.find((it) => role.test(it.type) && isIts(it));
  if (!its) throw new Error("the role is not in the state");
  const type = "aws:iam/rolePolicy:RolePolicy";
  const props = { role: its.outputs?.name, policy: JSON.stringify(policy) };
  const bare = ({ inlinePolicies: _, managedPolicyArns: __, ...others }: Entry["inputs"] = {}) =>
    others;
  return {
    role: its.urn,
    state: {
      deployment: {
        resources: [
          ...deployment.resources
            .filter(
              (it) => !ofRole.test(it.type) || !it.propertyDependencies?.role?.includes(its.urn),
            )
            .map((it) =>
              it === its ? { ...it, inputs: bare(it.inputs), outputs: bare(it.outputs) } : it,
            ),
          {
            urn: its.urn.replace(/::[^:]*:[^:]*:[^:]*::.*/s, `::${type}::generated`),
            type,
            inputs: props,
            outputs: props,
            propertyDependencies: { role: [its.urn], policy: [] },
          },
        ],
      },
    },
  };
}
