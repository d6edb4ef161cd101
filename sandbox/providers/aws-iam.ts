import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import { normalizeJson, type Values } from "./values.ts";

export function iamResources(target: AwsTarget): Record<string, ResourceType> {
  const iam = new IAMClient(target);

  const role: ResourceType = {
    inputs: names("name description assumeRolePolicy managedPolicyArns permissionsBoundary"),
    replaces: ["name"],
    autoName: "name",
    json: ["assumeRolePolicy"],
    async create(inputs) {
      // Known to the check, so that the policy pack gets to see it; no good program has it.
      if (inputs.managedPolicyArns) throw new Error("the sandbox attaches no managed policies");
      const name = text(inputs, "name");
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          Description: inputs.description as string | undefined,
          AssumeRolePolicyDocument: text(inputs, "assumeRolePolicy"),
          PermissionsBoundary: inputs.permissionsBoundary as string | undefined,
        }),
      );
      return { id: name, outputs: { arn: Role?.Arn ?? null } };
    },
    async read(name, state) {
      const found = await unlessGone(iam.send(new GetRoleCommand({ RoleName: name })));
      return found && { ...state, assumeRolePolicy: decode(found.Role?.AssumeRolePolicyDocument) };
    },
    update: cannotUpdate,
    async delete(name) {
      await iam.send(new DeleteRoleCommand({ RoleName: name }));
    },
  };

  const put = (inputs: Values) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName: text(inputs, "role"),
        PolicyName: text(inputs, "name"),
        PolicyDocument: text(inputs, "policy"),
      }),
    );
  const keyOf = (state: Values) => ({
    RoleName: text(state, "role"),
    PolicyName: text(state, "name"),
  });

  const rolePolicy: ResourceType = {
    inputs: ["name", "role", "policy"],
    replaces: ["name", "role"],
    autoName: "name",
    json: ["policy"],
    async create(inputs) {
      await put(inputs);
      return { id: `${text(inputs, "role")}:${text(inputs, "name")}`, outputs: {} };
    },
    async read(_id, state) {
      const found = await unlessGone(iam.send(new GetRolePolicyCommand(keyOf(state))));
      return found && { ...state, policy: decode(found.PolicyDocument) };
    },
    async update(_id, inputs) {
      await put(inputs);
      return {};
    },
    async delete(_id, state) {
      await iam.send(new DeleteRolePolicyCommand(keyOf(state)));
    },
  };

  return { "aws:iam/role:Role": role, "aws:iam/rolePolicy:RolePolicy": rolePolicy };
}

/** IAM answers documents URL-encoded. */
export function decode(document = "") {
  return normalizeJson(decodeURIComponent(document));
}
