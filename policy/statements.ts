import { type Field, textOf } from "./field.ts";
import { type Action, actionsOf } from "./iam/actions.ts";
import type { Condition } from "./iam/condition.ts";
import type { Statement } from "./iam/document.ts";
import { LimitError, readLimits } from "./read-limits.ts";
import { documentsOf, type Holder, type LocatedDocument } from "./resources.ts";

export interface LocatedStatement {
  /** Such as `policy, statement Wide`: how findings say where they are. */
  readonly where: string;
  readonly property: string;
  readonly kind: LocatedDocument["kind"];
  readonly statement: Statement;
}

/**
 * Every statement of a resource's documents of these kinds. Documents that are unknown or malformed
 * have none: the rule `unknown-document` reports those.
 */
export function statementsOf(
  resource: Holder,
  kinds: readonly LocatedDocument["kind"][],
): LocatedStatement[] {
  return documentsOf(resource)
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ property, kind, document }) => {
      if (document.kind !== "statements") return [];
      return document.statements.map((statement) => ({
        where: `${property}, statement ${statementName(statement)}`,
        property,
        kind,
        statement,
      }));
    });
}

export function allowingStatements(
  resource: Holder,
  kinds: readonly LocatedDocument["kind"][],
): LocatedStatement[] {
  return statementsOf(resource, kinds).filter(({ statement }) => statement.isAllow);
}

/** A Sid may be any text in a document that AWS has not yet refused. */
export function statementName({ label }: Statement): string {
  return /^(\w+|number \d+)$/.test(label) ? label : "(with a Sid of another form)";
}

/** True for a resource that has a document of one of these kinds. */
export function hasDocument(...kinds: readonly LocatedDocument["kind"][]) {
  return (resource: Holder) => documentsOf(resource).some(({ kind }) => kinds.includes(kind));
}

/** Each value of a statement's Action, and the actions that it stands for; none if unknown. */
export async function expansionsOf(
  statement: Statement,
): Promise<readonly { readonly action: Field<unknown>; readonly expansion: readonly Action[] }[]> {
  const found = await Promise.all(
    statement.actions.map(async (action) => ({
      action,
      expansion: await actionsOf(textOf(action) ?? ""),
    })),
  );
  const { statementActions } = readLimits;
  if (found.reduce((sum, { expansion }) => sum + expansion.length, 0) > statementActions) {
    throw new LimitError(
      `the actions of a statement stand for more than ${statementActions} (statementActions in the pack's read-limits.ts)`,
    );
  }
  return found;
}

/** The conditions of a statement; none where they are not known yet, since those narrow nothing. */
export function knownConditions({ conditions }: Statement): readonly Condition[] {
  return conditions.isKnown ? conditions.value : [];
}

/** How a finding names a condition: by operator and key, never by its values. */
export function conditionName({ operator, key }: Condition): string {
  const isPlain =
    /^[\w:]{1,60}$/.test(operator) && /^[\w.-]+(\/[\w.-]+)*:[\w./:+=@-]{1,200}$/.test(key);
  return isPlain ? `Condition ${operator} ${key}` : "Condition (of another form)";
}

/** `a, b and 3 more`, in the order given. */
export function some(names: readonly string[], count = 3): string {
  const shown = names.slice(0, count);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop() ?? "";
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : last;
}
