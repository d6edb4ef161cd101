import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { nonEmptyStringOf, read, stringOf } from "../field.ts";
import { matches } from "../iam/pattern.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { consumersOf } from "../stack/consumers.ts";
import { mentionedRoles } from "../stack/mentions.ts";
import { some, statementsOf } from "../statements.ts";

/** An unused role only helps an attacker. */
export const unusedRole: Rule = {
  name: "unused-role",
  description:
    "Each role that a service may assume is used in the stack, exported, or listed as external.",
  severity: "medium",
  remediationSteps:
    "Remove the role, assign it to the resource that needs it, or list it under unused-role.external.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
  configSchema: {
    properties: {
      external: listSchema(
        "Names or ARNs of roles that something outside of the stack uses, with IAM wildcards.",
      ),
    },
  },
  *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const consumers = consumersOf(resources);
    const isUnused = (it: PolicyResource) => it.type === types.role && !consumers.has(it);
    const unused = resources.filter(isUnused).filter((it) => !isListed(it, external));
    // Reading every string of the stack takes a while.
    const mentioned = unused.length > 0 ? mentionedRoles(resources) : undefined;
    for (const resource of unused) {
      if (mentioned?.has(resource)) continue;
      const principals = statementsOf(resource, ["trust"]).flatMap(({ principals }) => principals);
      // People and other accounts use it outside of the stack.
      if (principals.length === 0 || principals.some(({ type }) => type !== "Service")) continue;
      const services = some(principals.flatMap(({ value }) => stringOf(value) ?? []));
      yield {
        resource,
        what: "role",
        why: `${services} may assume it, and nothing in this stack uses it`,
        fix: "Remove it, assign it to the resource that needs it, or list it under unused-role.external in the configuration",
      };
    }
  },
};

/** True if the configuration lists the role by its name in the program or in AWS, or by its ARN. */
function isListed({ name, props }: PolicyResource, external: readonly string[]): boolean {
  const own = ["name", "arn"].flatMap((it) => nonEmptyStringOf(read(() => props[it])) ?? []);
  return [name, ...own].some((it) => external.some((pattern) => matches(pattern, it)));
}
