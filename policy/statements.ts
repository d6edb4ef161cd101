import type { PolicyResource } from "@pulumi/policy";
import { type Field, ownValue, redact, stringOf } from "./field.ts";
import { type Action, actionsOf } from "./iam/actions.ts";
import type { Condition } from "./iam/condition.ts";
import type { Statement } from "./iam/document.ts";
import { matchesEverything } from "./iam/pattern.ts";
import { propertyOfCondition } from "./permission-statements.ts";
import { LimitError, readLimits } from "./read-limits.ts";
import { documentsOf, type Holder, type LocatedDocument, rootOf } from "./resources.ts";
import { isSecret } from "./secrets.ts";

/** A statement, where it is, and where its unknown values come from. */
export interface LocatedStatement extends Statement {
  /** How findings show where it is: `policy, statement Wide`. */
  readonly where: string;
  readonly property: string;
  readonly kind: LocatedDocument["kind"];
  /** The resource with the document. AWS managed policies have none. */
  readonly holder?: Holder;
  /** Its place in the document, from 0, and how many statements that has. */
  readonly index: number;
  readonly count: number;
  /** Resources that its unknown values may come from. Only stack rules see them. */
  readonly sources: readonly PolicyResource[];
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
    .flatMap(statementsIn);
}

/**
 * The statements of a document. The engine knows the dependencies of each input, but not of values in
 * it. A component tells its grants apart by repeating the resources of each as an input with its Sid as name.
 */
export function statementsIn(located: LocatedDocument): LocatedStatement[] {
  const { resource, property, kind, document } = located;
  if (document.kind !== "statements") return [];
  const { propertyDependencies: dependencies = {} } = resource;
  return document.statements.map((statement, index) => {
    const input = property === "grants" ? (statement.sid ?? property) : rootOf(property);
    return {
      ...statement,
      where: isPermission(located)
        ? property
        : `${property}, statement ${statementName(statement)}`,
      property,
      kind,
      holder: resource,
      index,
      count: document.statements.length,
      sources: ownValue(dependencies, input) ?? dependencies.grants ?? [],
    };
  });
}

/** What is wrong with a statement that requires its source only by an ARN without an account. */
export const sourceOfAnyAccount = {
  why: "the ARN in aws:SourceArn has no account, so another account may create a resource with the same ARN",
  fix: 'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}',
};

/** True for a permission, whose properties are the elements of one statement. */
export function isPermission({ property }: Pick<LocatedDocument, "property">): boolean {
  return property === "permission";
}

/** Ends advice to list ARNs: an unknown one makes a document unknown, but for a component's grants. */
export function fromKnownNames({ property }: Pick<LocatedDocument, "property">): string {
  return property === "grants" ? "" : ", built from names that are known before deployment";
}

export function allowingStatements(
  resource: Holder,
  kinds: readonly LocatedDocument["kind"][],
): LocatedStatement[] {
  return statementsOf(resource, kinds).filter(({ isAllow }) => isAllow);
}

/**
 * True for a statement that star-action and star-resource report as a whole, and privilege-escalation for its
 * identity. What else it allows too much follows from that.
 */
export function allowsEverything({ actions, resources }: Statement): boolean {
  const isAnyAction = (it: string) => /^\*+(:\*+)?$/.test(it);
  return (
    actions.some((it) => isAnyAction(stringOf(it) ?? "")) &&
    resources.some((it) => matchesEverything(stringOf(it) ?? ""))
  );
}

/**
 * AWS has not checked the document yet, so a Sid may be any string. Words are printed: most key policies have
 * "Enable IAM User Permissions". One like "number 2", which is the name of a statement without a Sid, is not.
 */
export function statementName({ label, sid }: Statement): string {
  if (sid === undefined || /^\w+$/.test(sid)) return label;
  const isWords = /^[\w-]+$/.test(sid) || sid.split(" ").every((it) => word.test(it));
  const isPlain = isWords && sid.length <= longestSid && !isSecret(sid);
  return isPlain && !/^number \d+$/.test(sid) ? sid : redact(sid);
}

/** A word of letters, or an abbreviation such as `S3` and `EC2`. A password has digits in longer words. */
const word = /^([A-Za-z-]+|[A-Za-z\d]{1,3})$/;

/** Longer than any Sid of AWS's documentation. */
const longestSid = 150;

/** True for a resource that has a document of one of these kinds. */
export function hasDocument(...kinds: readonly LocatedDocument["kind"][]) {
  return (resource: Holder) => documentsOf(resource).some(({ kind }) => kinds.includes(kind));
}

/** Each value of a statement's Action with the actions that it matches; none if it is unknown. */
export async function expansionsOf(
  statement: Statement,
): Promise<readonly { readonly action: Field<unknown>; readonly expansion: readonly Action[] }[]> {
  const found = await Promise.all(
    statement.actions.map(async (action) => ({
      action,
      expansion: await actionsOf(stringOf(action) ?? ""),
    })),
  );
  const { statementActions } = readLimits;
  if (found.reduce((sum, { expansion }) => sum + expansion.length, 0) > statementActions) {
    throw new LimitError(
      `the actions of a statement match more than ${statementActions} (statementActions in the pack's read-limits.ts)`,
    );
  }
  return found;
}

/** The conditions of a statement; none if they are not known yet, since those restrict nothing. */
export function knownConditions({ conditions }: Statement): readonly Condition[] {
  return conditions.isKnown ? conditions.value : [];
}

/** A condition in a finding: its operator and key, or a permission's property, never its values. */
export function conditionName(
  { operator, key }: Condition,
  resource: Pick<Holder, "type">,
): string {
  const property = propertyOfCondition(resource, key);
  if (property !== undefined) return property;
  const isPlainKey = /^[\w.-]+(\/[\w.-]+)*:[\w./:+=@-]{1,200}$/.test(key);
  const [shownOperator, shownKey] = [
    /^[\w:]{1,60}$/.test(operator) ? operator : redact(operator),
    isPlainKey ? key : redact(key),
  ];
  return `Condition ${shownOperator} ${shownKey}`;
}

/** `a, b and 3 more`, in the order given. */
export function some(names: readonly string[], count = 3): string {
  const shown = names.slice(0, count);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop() ?? "";
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : last;
}
