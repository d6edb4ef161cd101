import type { ResourceValidationPolicy } from "@pulumi/policy";
import { show } from "../field.ts";
import { allowingStatements } from "./statements.ts";

/** No statement allows actions by `*` or by exclusion. */
export const starAction: ResourceValidationPolicy = {
  name: "star-action",
  description: "An Allow statement must name each action: no `*` in actions, no NotAction.",
  severity: "high",
  remediationSteps: "List the actions that the code calls, one by one.",
  validateResource(args, report) {
    for (const { property, label, statement } of allowingStatements(args)) {
      const where = `${args.name}: ${property}, statement ${label}`;
      for (const action of statement.actions) {
        if (!action.isKnown) {
          report(`${where}: an action is not known before deployment. Write it as literal text.`);
        } else if (typeof action.value !== "string" || /[*?]/.test(action.value)) {
          report(
            `${where}: Action ${show(action)} allows more than one action. Name each action that is called.`,
          );
        }
      }
      for (const action of statement.notActions) {
        report(
          `${where}: NotAction ${show(action)} allows every other action. Name each action that is called under Action.`,
        );
      }
    }
  },
};
