import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, type ResourceType, text } from "./resource-type.ts";

export function kmsResources(target: AwsTarget): Record<string, ResourceType> {
  const kms = new KMSClient(target);

  const key: ResourceType = {
    inputs: ["description", "enableKeyRotation"],
    async create(inputs) {
      const { KeyMetadata } = await kms.send(
        new CreateKeyCommand({ Description: text(inputs, "description") }),
      );
      const id = KeyMetadata?.KeyId ?? "";
      if (inputs.enableKeyRotation) await kms.send(new EnableKeyRotationCommand({ KeyId: id }));
      return { id, outputs: { keyId: id, arn: KeyMetadata?.Arn ?? null } };
    },
    async read(id, state) {
      const found = await unlessGone(kms.send(new DescribeKeyCommand({ KeyId: id })));
      return found && { ...state, arn: found.KeyMetadata?.Arn ?? null };
    },
    update: cannotUpdate,
    async delete(id) {
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 30 }));
    },
  };

  const alias: ResourceType = {
    inputs: ["name", "targetKeyId"],
    replaces: ["name"],
    autoName: "name",
    async create(inputs) {
      const name = text(inputs, "name");
      const TargetKeyId = text(inputs, "targetKeyId");
      await kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId }));
      return { id: name, outputs: {} };
    },
    async read(name, state) {
      const found = await unlessGone(kms.send(new DescribeKeyCommand({ KeyId: name })));
      return found && { ...state, targetKeyId: found.KeyMetadata?.KeyId ?? null };
    },
    async update(name, inputs) {
      const TargetKeyId = text(inputs, "targetKeyId");
      await kms.send(new UpdateAliasCommand({ AliasName: name, TargetKeyId }));
      return {};
    },
    async delete(name) {
      await kms.send(new DeleteAliasCommand({ AliasName: name }));
    },
  };

  return { "aws:kms/key:Key": key, "aws:kms/alias:Alias": alias };
}
