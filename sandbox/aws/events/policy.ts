/** What a principal wants to do with one resource. */
export interface AccessRequest {
  /** For example `sns:Publish`. */
  readonly action: string;
  readonly resource: string;
  /** The service that calls, for policies with principals: `events.amazonaws.com`. */
  readonly service?: string;
  /** Condition keys in lower case, for example `aws:sourcearn`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A policy document as the emulator returns it. */
export interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

type OneOrMore = string | readonly string[];

interface Statement {
  readonly Effect?: string;
  readonly Action?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Principal?: "*" | { readonly Service?: OneOrMore; readonly AWS?: OneOrMore };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/**
 * Whether the policies allow a request: one statement allows it and none denies it. Throws for the elements
 * that the sandbox does not know (NotAction, NotResource, NotPrincipal, most operators): they must not pass
 * unread.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(documents: readonly PolicyDocument[], request: AccessRequest): boolean {
  const matching = documents
    .flatMap(({ Statement = [] }) => Statement)
    .filter((statement) => matches(statement, request));
  return (
    matching.some(({ Effect }) => Effect === "Allow") &&
    matching.every(({ Effect }) => Effect === "Allow")
  );
}

function matches(statement: Statement, request: AccessRequest): boolean {
  const unknown = Object.keys(statement).find((key) => key.startsWith("Not"));
  if (unknown) throw new Error(`unsupported element of a policy: ${unknown}`);
  const { Action = [], Resource, Principal, Condition = {} } = statement;
  return (
    list(Action).some((it) => isLike(it.toLowerCase(), request.action.toLowerCase())) &&
    // A trust policy has no resource.
    (Resource === undefined || list(Resource).some((it) => isLike(it, request.resource))) &&
    isPrincipal(Principal, request.service) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        holds(operator, request.context?.[key.toLowerCase()], list(values)),
      ),
    )
  );
}

/** A policy of a role has no principal. */
function isPrincipal(principal: Statement["Principal"], service: string | undefined): boolean {
  if (principal === undefined) return service === undefined;
  if (service === undefined) return false;
  if (principal === "*") return true;
  return list(principal.Service ?? []).includes(service) || list(principal.AWS ?? []).includes("*");
}

function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  const compare = operators[operator];
  if (!compare) throw new Error(`unsupported condition operator of a policy: ${operator}`);
  return actual !== undefined && values.some((it) => compare(it, actual));
}

/** The same for ArnEquals and ArnLike: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, (value: string, actual: string) => boolean>> = {
  StringEquals: (value, actual) => value === actual,
  Bool: (value, actual) => value.toLowerCase() === actual,
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
};

/** `*` is any number of characters, `?` is one. */
function isLike(pattern: string, actual: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(actual);
}

function list(values: OneOrMore): readonly string[] {
  return typeof values === "string" ? [values] : values;
}
