import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { isSame, normalizeJson, type Value, type Values } from "../../engine/values.ts";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { NotInSandbox, names, type ResourceType, text } from "./resource-type.ts";

export function iamResources(target: AwsTarget): Record<string, ResourceType> {
  const iam = new IAMClient(target);

  async function inlinePolicyNamesOf(RoleName: string): Promise<string[]> {
    return (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [];
  }

  async function inlinePoliciesOf(RoleName: string): Promise<Values[]> {
    const policies: Values[] = [];
    for (const PolicyName of await inlinePolicyNamesOf(RoleName)) {
      const found = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      policies.push({ name: PolicyName, policy: decode(found.PolicyDocument) });
    }
    return policies;
  }

  async function attachedPoliciesOf(RoleName: string): Promise<string[]> {
    const found = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return (found.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => PolicyArn);
  }

  const role: ResourceType = {
    inputs: names("name description assumeRolePolicy managedPolicyArns permissionsBoundary"),
    replaces: ["name"],
    autoName: "name",
    json: ["assumeRolePolicy"],
    defaults: { description: "", maxSessionDuration: 3_600 },
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
      const { AssumeRolePolicyDocument, PermissionsBoundary, Description, MaxSessionDuration } =
        found.Role ?? {};
      const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
      // Empty where there was one: it is gone.
      const had = boundary !== undefined || state.permissionsBoundary !== undefined;
      return {
        ...state,
        assumeRolePolicy: decode(AssumeRolePolicyDocument),
        description: Description ?? "",
        maxSessionDuration: MaxSessionDuration ?? 3_600,
        // Computed, so no drift where the program gives none: see RolePoliciesExclusive.
        inlinePolicies: await inlinePoliciesOf(name),
        managedPolicyArns: await attachedPoliciesOf(name),
        ...(had && { permissionsBoundary: boundary ?? "" }),
      };
    },
    // In the provider's order: what asks for the boundary comes before the boundary is put back.
    async update(RoleName, inputs, olds) {
      if (!isSame(inputs.assumeRolePolicy, olds.assumeRolePolicy)) {
        const PolicyDocument = text(inputs, "assumeRolePolicy");
        await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      }
      const Description = String(inputs.description ?? "");
      if (Description !== (olds.description ?? "")) {
        await iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description }));
      }
      const MaxSessionDuration = Number(inputs.maxSessionDuration ?? 3_600);
      if (MaxSessionDuration !== (olds.maxSessionDuration ?? 3_600)) {
        await iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration }));
      }
      const boundary = inputs.permissionsBoundary as string | undefined;
      if (boundary && boundary !== olds.permissionsBoundary) {
        const input = { RoleName, PermissionsBoundary: boundary };
        await iam.send(new PutRolePermissionsBoundaryCommand(input));
      } else if (!boundary && olds.permissionsBoundary) {
        await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      }
      return {};
    },
    async delete(RoleName, state) {
      await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
      // Only what the state knows of: policies that were attached since make the deletion fail.
      if (isFull(state.managedPolicyArns)) {
        for (const PolicyArn of await attachedPoliciesOf(RoleName)) {
          await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        }
      }
      if (isFull(state.inlinePolicies)) {
        for (const PolicyName of await inlinePolicyNamesOf(RoleName)) {
          await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
        }
      }
      await iam.send(new DeleteRoleCommand({ RoleName }));
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

  /**
   * Both remove what the role has besides, and their deletion does nothing:
   * https://github.com/hashicorp/terraform-provider-aws/blob/02568cd96c755798f5e9f9adca199da877b7912e/internal/service/iam/role_policies_exclusive.go
   */
  const policiesExclusive = exclusive({
    property: "policyNames",
    find: inlinePolicyNamesOf,
    remove: (RoleName, PolicyName) =>
      iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
  });
  const attachmentsExclusive = exclusive({
    property: "policyArns",
    find: attachedPoliciesOf,
    remove: (RoleName, PolicyArn) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
  });

  return {
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": policiesExclusive,
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": attachmentsExclusive,
  };
}

/** What a role's policies of one kind are found and removed by. */
interface Exclusive {
  /** The input that names the policies that the role may have. */
  readonly property: string;
  find(role: string): Promise<string[]>;
  remove(role: string, policy: string): Promise<unknown>;
}

function exclusive({ property, find, remove }: Exclusive): ResourceType {
  async function removeOthers(inputs: Values): Promise<void> {
    const wanted = inputs[property] as string[];
    const role = text(inputs, "roleName");
    const found = await find(role);
    const missing = wanted.filter((it) => !found.includes(it));
    if (missing.length > 0) {
      throw new NotInSandbox(
        `role ${role} must have ${missing.join(", ")}, which the sandbox cannot add`,
      );
    }
    for (const it of found) if (!wanted.includes(it)) await remove(role, it);
  }
  return {
    inputs: ["roleName", property],
    replaces: ["roleName"],
    keepsStateOfFailedUpdate: true,
    async create(inputs) {
      await removeOthers(inputs);
      return { id: text(inputs, "roleName"), outputs: {} };
    },
    async read(role, state) {
      const found = await unlessGone(find(role));
      // A set: those that were given stay in the order that they had.
      const given = (state[property] ?? []) as string[];
      const order = [...given.filter((it) => found?.includes(it)), ...(found ?? [])];
      return found && { ...state, [property]: [...new Set(order)] };
    },
    async update(_role, inputs) {
      await removeOthers(inputs);
      return {};
    },
    async delete() {},
  };
}

function isFull(value: Value | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** IAM returns documents URL-encoded. */
export function decode(document = "") {
  return normalizeJson(decodeURIComponent(document));
}
