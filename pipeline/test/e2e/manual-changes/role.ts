import {
  AttachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { found, type ManualChange } from "./manual-change.ts";

const denyAll = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});

/** Changes of a role, by its logical name. */
export function ofRole(iam: IAMClient, logicalName: string): ManualChange[] {
  const RoleName = `reboot-automation-dev-${logicalName}`;
  const role = ["aws:iam:Role", logicalName] as const;
  const get = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role;
  const inlineNames = async () =>
    (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [];
  const ownName = async () => found((await inlineNames()).find((it) => it.includes("role-policy")));
  const put = (PolicyName: string, PolicyDocument: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return [
    {
      title: `${logicalName}'s description`,
      resource: role,
      change: () => iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: "mine" })),
      read: async () => (await get())?.Description ?? "",
    },
    {
      title: `${logicalName}'s longest session`,
      resource: role,
      change: () => iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200 })),
      read: async () => (await get())?.MaxSessionDuration,
    },
    {
      title: `an inline policy added to ${logicalName}`,
      resource: ["aws:iam:RolePoliciesExclusive", `${logicalName}-policies`],
      change: () => put("quarantine", denyAll),
      read: inlineNames,
    },
    {
      title: `a managed policy attached to ${logicalName}`,
      resource: ["aws:iam:RolePolicyAttachmentsExclusive", `${logicalName}-attachments`],
      change: () => {
        const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
        return iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      },
      read: async () =>
        (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies,
    },
    {
      title: `${logicalName}'s own policy`,
      resource: ["aws:iam:RolePolicy", `${logicalName}-policy`],
      change: async () => put(await ownName(), denyAll),
      read: async () => {
        const command = new GetRolePolicyCommand({ RoleName, PolicyName: await ownName() });
        return decodeURIComponent((await iam.send(command)).PolicyDocument ?? "");
      },
    },
  ];
}
