import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
} from "@aws-sdk/client-iam";
import type { Values } from "../../engine/values.ts";
import { decode } from "./aws-iam.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, type ResourceType, text } from "./resource-type.ts";

/** Managed policies, whom they are attached to, and OpenID Connect providers. */
export function iamOtherResources(target: AwsTarget): Record<string, ResourceType> {
  const iam = new IAMClient(target);

  /** A policy has five versions at most, so the real provider deletes the oldest one before it adds a sixth. */
  async function deleteOldestVersion(PolicyArn: string): Promise<void> {
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    if (Versions.length < 5) return;
    const [oldest] = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
      (a, b) => Number(a.VersionId?.slice(1)) - Number(b.VersionId?.slice(1)),
    );
    const VersionId = oldest?.VersionId;
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  }

  const policy: ResourceType = {
    inputs: ["name", "description", "policy"],
    replaces: ["name", "description"],
    autoName: "name",
    json: ["policy"],
    async create(inputs) {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({
          PolicyName: text(inputs, "name"),
          Description: text(inputs, "description"),
          PolicyDocument: text(inputs, "policy"),
        }),
      );
      return { id: Policy?.Arn ?? "", outputs: { arn: Policy?.Arn ?? null } };
    },
    async read(arn, state) {
      const found = await unlessGone(iam.send(new GetPolicyCommand({ PolicyArn: arn })));
      if (!found) return undefined;
      const VersionId = found.Policy?.DefaultVersionId;
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }),
      );
      return { ...state, policy: decode(PolicyVersion?.Document) };
    },
    async update(arn, inputs) {
      await deleteOldestVersion(arn);
      await iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: arn,
          PolicyDocument: text(inputs, "policy"),
          SetAsDefault: true,
        }),
      );
      return {};
    },
    async delete(arn) {
      await iam.send(new DeletePolicyCommand({ PolicyArn: arn }));
    },
  };

  const attached = (values: Values) => ({
    RoleName: text(values, "role"),
    PolicyArn: text(values, "policyArn"),
  });
  const attachment: ResourceType = {
    inputs: ["role", "policyArn"],
    replaces: ["role", "policyArn"],
    async create(inputs) {
      const { RoleName, PolicyArn } = attached(inputs);
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      return { id: `${RoleName}/${PolicyArn}`, outputs: {} };
    },
    async read(_id, state) {
      const { RoleName, PolicyArn } = attached(state);
      const command = new ListAttachedRolePoliciesCommand({ RoleName });
      const { AttachedPolicies = [] } = (await unlessGone(iam.send(command))) ?? {};
      return AttachedPolicies.some((it) => it.PolicyArn === PolicyArn) ? state : undefined;
    },
    async delete(_id, state) {
      await iam.send(new DetachRolePolicyCommand(attached(state)));
    },
  };

  const oidcProvider: ResourceType = {
    inputs: ["url", "clientIdLists"],
    replaces: ["url"],
    async create(inputs) {
      const { OpenIDConnectProviderArn: arn = "" } = await iam.send(
        new CreateOpenIDConnectProviderCommand({
          Url: text(inputs, "url"),
          ClientIDList: inputs.clientIdLists as string[],
        }),
      );
      return { id: arn, outputs: { arn } };
    },
    async read(arn, state) {
      const input = { OpenIDConnectProviderArn: arn };
      const found = await unlessGone(iam.send(new GetOpenIDConnectProviderCommand(input)));
      return found && { ...state, arn };
    },
    update: cannotUpdate,
    async delete(arn) {
      await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    },
  };

  return {
    "aws:iam/policy:Policy": policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": oidcProvider,
  };
}
