import { createRequire } from "node:module";
import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { loadProgram } from "../../sandbox/program.ts";

// The same instance of @pulumi/policy as the rules have: the errors of unknown values are its class.
const { unknownCheckingProxy } = createRequire(import.meta.url)(
  "@pulumi/policy",
) as typeof import("@pulumi/policy");

/** What the engine sends in a preview for a value that is not known yet. */
export const unknown = unknownValue;

type Rules = ReadonlyArray<ResourceValidationPolicy | StackValidationPolicy>;

export const { rules } = loadProgram<{ rules: Rules }>("policy/rules/index.ts");

interface Resource {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  /** For stack rules: what is above it, and what its properties depend on. */
  readonly parent?: Resource;
  readonly dependsOn?: Record<string, Resource[]>;
}

/** What a rule on single resources reports, wrapped as the engine wraps it. */
export async function findings(ruleName: string, resource: Resource): Promise<string[]> {
  const rule = ruleNamed(ruleName) as ResourceValidationPolicy;
  const messages: string[] = [];
  const { type, name = "it", props } = resource;
  const args = { type, name, props: unknownCheckingProxy(props) } as ResourceValidationArgs;
  const validate = [rule.validateResource ?? []].flat();
  for (const it of validate) await it(args, (message) => messages.push(message));
  return messages;
}

/** What a rule on the whole stack reports, each with the URN's last part. */
export async function stackFindings(ruleName: string, resources: Resource[]): Promise<string[]> {
  const rule = ruleNamed(ruleName) as StackValidationPolicy;
  const messages: string[] = [];
  const args = { resources: resources.map(asPolicyResource) } as StackValidationArgs;
  await rule.validateStack(args, (message, urn) => messages.push(`${urn}: ${message}`));
  return messages;
}

function asPolicyResource(resource: Resource): PolicyResource {
  const { type, name = "it", props, parent, dependsOn = {} } = resource;
  return {
    type,
    name,
    urn: `urn of ${name}`,
    props: unknownCheckingProxy(props),
    parent: parent && asPolicyResource(parent),
    propertyDependencies: Object.fromEntries(
      Object.entries(dependsOn).map(([key, sources]) => [key, sources.map(asPolicyResource)]),
    ),
  } as unknown as PolicyResource;
}

function ruleNamed(name: string) {
  const rule = rules.find((it) => it.name === name);
  if (!rule) throw new Error(`no rule ${name}`);
  return rule;
}

/** A role policy whose document has this one statement. */
export function rolePolicy(statement: Record<string, unknown>): Resource {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  return { type: "aws:iam/rolePolicy:RolePolicy", props: { policy } };
}

/** A component with this one grant. */
export function component(grant: Record<string, unknown>): Resource {
  return { type: "some:index:Component", name: "component", props: { grants: [grant] } };
}

/** A role with a trust policy of this one statement. */
export function role(statement: Record<string, unknown>): Resource {
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  return { type: "aws:iam/role:Role", props: { assumeRolePolicy } };
}
