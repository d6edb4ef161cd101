import type { Configuration } from "./configuration.ts";
import { types } from "./data/resource-types.ts";
import type { Finding } from "./finding.ts";
import type { StatementJson } from "./iam/replacement.ts";
import type { Resource } from "./resources.ts";
import type { Rule, RulePlace } from "./rule.ts";

/** Removes a suggestion from a finding if the pack would reject it. */
export type CheckSuggestion = <T extends Finding>(finding: T) => Promise<T>;

/**
 * Checks what a finding suggests with the rules themselves, so no advice leads into another rule's failure.
 * A rule that only advises about it does not count, and neither does one that the configuration disables.
 */
export function suggestionCheck(
  rules: readonly Rule[],
  configuration: () => Configuration,
  place: RulePlace,
): CheckSuggestion {
  const results = new Map<string, Promise<boolean>>();
  const passes = (replacement: readonly StatementJson[]) => {
    const key = JSON.stringify(replacement);
    const result = results.get(key) ?? isAccepted(holderOf(replacement, key));
    results.set(key, result);
    return result;
  };
  const isAccepted = async (holder: Resource) => {
    const { settings, disabled } = configuration();
    for (const { name, appliesTo, check } of rules) {
      if (!check || disabled.has(name) || appliesTo?.(holder) === false) continue;
      for await (const { level } of check(holder, settings[name] ?? {}, place)) {
        if (level !== "advisory") return false;
      }
    }
    return true;
  };
  return async (finding) => {
    const { replacement } = finding;
    if (!replacement || (await passes(replacement))) return finding;
    return { ...finding, replacement: undefined };
  };
}

/** A resource with a policy of these statements: a role's, a trust policy, or a topic's. */
function holderOf(statements: readonly StatementJson[], key: string): Resource {
  const policy = `{"Version":"2012-10-17","Statement":${key}}`;
  const of = (type: string, props: Resource["props"]) => ({ type, props, name: "it", urn: "" });
  if (!statements.some(({ Principal }) => Principal)) return of(types.rolePolicy, { policy });
  const isTrust = statements.every(({ Resource }) => Resource === undefined);
  return isTrust
    ? of(types.role, { assumeRolePolicy: policy })
    : of("aws:sns/topicPolicy:TopicPolicy", { policy });
}
