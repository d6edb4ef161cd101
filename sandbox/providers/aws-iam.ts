import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { names, type ResourceType, text } from "./resource-type.ts";
import { isSame, normalizeJson, type Values } from "./values.ts";

export function iamResources(target: AwsTarget): Record<string, ResourceType> {
  const iam = new IAMClient(target);

  const role: ResourceType = {
    inputs: names("name description assumeRolePolicy managedPolicyArns permissionsBoundary"),
    replaces: ["name", "description"],
    autoName: "name",
    json: ["assumeRolePolicy"],
    tagger: {
      // GetRole returns them, too: nobody has to be allowed iam:ListRoleTags.
      list: async (RoleName) =>
        tagsOf((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Tags),
      tag: (RoleName, _, tags) => iam.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) })),
      untag: (RoleName, _, TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
    },
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
          Tags: givenTags(inputs.tagsAll),
        }),
      );
      return { id: name, outputs: { arn: Role?.Arn ?? null } };
    },
    async read(name, state) {
      const found = await unlessGone(iam.send(new GetRoleCommand({ RoleName: name })));
      if (!found) return undefined;
      const { AssumeRolePolicyDocument, PermissionsBoundary } = found.Role ?? {};
      const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
      // Empty where there was one: it is gone.
      const had = boundary !== undefined || state.permissionsBoundary !== undefined;
      return {
        ...state,
        assumeRolePolicy: decode(AssumeRolePolicyDocument),
        ...(had && { permissionsBoundary: boundary ?? "" }),
      };
    },
    async update(RoleName, inputs, olds) {
      const boundary = inputs.permissionsBoundary as string | undefined;
      if (boundary && boundary !== olds.permissionsBoundary) {
        const input = { RoleName, PermissionsBoundary: boundary };
        await iam.send(new PutRolePermissionsBoundaryCommand(input));
      } else if (!boundary && olds.permissionsBoundary) {
        await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      }
      if (!isSame(inputs.assumeRolePolicy, olds.assumeRolePolicy)) {
        const PolicyDocument = text(inputs, "assumeRolePolicy");
        await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      }
      return {};
    },
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
