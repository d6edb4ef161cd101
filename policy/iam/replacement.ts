import { type Field, isPlain } from "../field.ts";
import type { Condition } from "./condition.ts";
import type { Statement } from "./document.ts";

/** A suggested statement, as a finding shows it. */
export type StatementJson = Readonly<Record<string, unknown>>;

export interface Changes {
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly conditions?: readonly Condition[];
}

/**
 * The statement with changes. Undefined if a part that stays is not known yet or could be a secret: half
 * a statement is no suggestion.
 */
export function replacementOf(statement: Statement, changes: Changes): StatementJson | undefined {
  const { sid, notActions, notResources, principals, notPrincipals } = statement;
  if (notActions.length + notResources.length + notPrincipals.length > 0) return undefined;
  const actions = changes.actions ?? strings(statement.actions);
  const resources = changes.resources ?? strings(statement.resources);
  const known = statement.conditions.isKnown ? statement.conditions.value : undefined;
  const condition = conditionJson(changes.conditions ?? known);
  const principal = principalJson(principals);
  if (!actions || !resources || !condition || !principal) return undefined;
  return {
    ...(sid && { Sid: sid }),
    Effect: "Allow",
    ...(principals.length > 0 && { Principal: principal }),
    Action: actions,
    ...(resources.length > 0 && { Resource: resources }),
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/**
 * The statement split in two: actions on the intended resources, and actions that accept only `*`.
 * Either list may be empty. Undefined if there is no replacement.
 */
export function splitOf(
  statement: Statement,
  scoped: { readonly actions: readonly string[]; readonly resources: readonly string[] },
  everywhere: readonly string[],
): StatementJson[] | undefined {
  const isSplit = scoped.actions.length > 0 && everywhere.length > 0;
  const first = scoped.actions.length > 0 && replacementOf(statement, scoped);
  const second =
    everywhere.length > 0 && replacementOf(statement, { actions: everywhere, resources: ["*"] });
  const sid = statement.sid && isSplit ? { Sid: `${statement.sid}Everywhere` } : {};
  const parts = [...(first ? [first] : []), ...(second ? [{ ...second, ...sid }] : [])];
  return parts.length > 0 ? parts : undefined;
}

function strings(fields: readonly Field<unknown>[]): string[] | undefined {
  const plain = fields.flatMap((it) =>
    it.isKnown && typeof it.value === "string" && isPlain(it.value) ? [it.value] : [],
  );
  return plain.length === fields.length ? plain : undefined;
}

type Grouped = Record<string, Record<string, readonly string[]>>;

function conditionJson(conditions: readonly Condition[] | undefined): Grouped | undefined {
  if (!conditions) return undefined;
  const grouped: Grouped = {};
  for (const { operator, key, values } of conditions) {
    const plain = strings(values);
    if (!plain) return undefined;
    grouped[operator] = { ...grouped[operator], [key]: plain };
  }
  return grouped;
}

function principalJson(principals: Statement["principals"]): unknown {
  const grouped: Record<string, string[]> = {};
  for (const { type, value } of principals) {
    const [plain] = strings([value]) ?? [];
    if (!plain) return undefined;
    if (type === "*") return plain;
    grouped[type] = [...(grouped[type] ?? []), plain];
  }
  return grouped;
}
