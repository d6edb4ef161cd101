import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { readDocument, type Statement } from "../../../policy/iam/document.ts";
import type { RolePolicies } from "./evaluate.ts";

/** All that IAM holds of a role's permissions. Throws where a document cannot be read. */
export async function policiesOf(iam: IAMClient, RoleName: string): Promise<RolePolicies> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return statementsIn(PolicyDocument);
  });
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  const attached = AttachedPolicies.map(({ PolicyArn }) => managedPolicy(iam, PolicyArn));
  const statements = (await Promise.all([...inline, ...attached])).flat();
  const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    statements,
    ...(boundary && { boundary: await managedPolicy(iam, boundary) }),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string | undefined): Promise<Statement[]> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return statementsIn(PolicyVersion?.Document);
}

/** IAM returns documents URL-encoded. */
function statementsIn(encoded = ""): Statement[] {
  const document = readDocument(() => decodeURIComponent(encoded));
  if (document.kind !== "statements")
    throw new Error(`IAM holds a document that is ${document.kind}`);
  return [...document.statements];
}
