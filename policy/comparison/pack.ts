import { loadProgram } from "../../sandbox/engine/program.ts";
import { type DocumentJson, type StatementJson, statementsOf } from "./tools.ts";

const { rules } = loadProgram<typeof import("../rules/index.ts")>("policy/rules/index.ts");
const { actionsOf } = loadProgram<typeof import("../iam/actions.ts")>("policy/iam/actions.ts");

/** An action of a statement that the rule `star-resource` reports; the pack's reference has it. */
export interface Violation {
  readonly statement: StatementJson;
  /** The statement's index in its document. */
  readonly index: number;
  /** As in the statement, perhaps with wildcards. */
  readonly action: string;
}

/** `mandatory` if one of the findings is, `advisory` if all findings are, `none` without findings. */
export type Verdict = "mandatory" | "advisory" | "none";

/**
 * The verdict of the rule `star-resource` on a document. Findings about actions that the pack's
 * reference does not know are omitted: whether such an action supports a resource is unknown.
 */
export async function verdictOf(document: DocumentJson): Promise<Verdict> {
  const levels = (await findingsOf("star-resource", await withKnownActions(document))).map(
    ({ level }) => level,
  );
  if (levels.length === 0) return "none";
  return levels.every((it) => it === "advisory") ? "advisory" : "mandatory";
}

/** True if `star-resource` reports the document for actions that the reference does not know alone. */
export async function isForUnknownOnly(document: DocumentJson): Promise<boolean> {
  const findings = await findingsOf("star-resource", document);
  return findings.length > 0 && (await verdictOf(document)) === "none";
}

/** The rule reports each action separately, so removing actions removes only their findings. */
async function withKnownActions(document: DocumentJson): Promise<DocumentJson> {
  const known: StatementJson[] = [];
  for (const statement of statementsOf(document)) {
    const { Action } = statement;
    if (Action === undefined) {
      known.push(statement);
      continue;
    }
    const actions: string[] = [];
    for (const action of [Action].flat()) if (await isKnownAction(action)) actions.push(action);
    if (actions.length > 0) known.push({ ...statement, Action: actions });
  }
  return { ...document, Statement: known };
}

/** The document without its conditions, for tools that ignore them. */
export function withoutConditions(document: DocumentJson): DocumentJson {
  return {
    ...document,
    Statement: statementsOf(document).map(({ Condition: _, ...rest }) => rest as StatementJson),
  };
}

/** Each statement and action of a document that the rule `star-resource` reports. */
export async function violationsOf(document: DocumentJson): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const [index, statement] of statementsOf(document).entries()) {
    for (const action of [statement.Action ?? []].flat()) {
      const alone = { ...document, Statement: [{ ...statement, Action: action }] };
      if ((await verdictOf(alone)) === "none") continue;
      violations.push({ statement, index, action });
    }
  }
  return violations;
}

/** The actions of a document that the rule `unknown-action` reports. */
export async function unknownActionsOf(document: DocumentJson): Promise<readonly string[]> {
  if ((await findingsOf("unknown-action", document)).length === 0) return [];
  const actions = statementsOf(document).flatMap((it) =>
    [it.Action ?? [], it.NotAction ?? []].flat(),
  );
  const unknown = new Set<string>();
  for (const action of actions as string[]) {
    if (!(await isKnownAction(action))) unknown.add(action);
  }
  return [...unknown].sort();
}

/** True if the pack's reference has an action of that name or pattern. */
export async function isKnownAction(action: string): Promise<boolean> {
  return (await actionsOf(action)).length > 0;
}

/** What a rule finds in a document that is the policy of an `aws.iam.Policy`. */
export async function findingsOf(name: string, document: DocumentJson) {
  const rule = rules.find((it) => it.name === name);
  if (!rule?.check) throw new Error(`no rule ${name} that checks one resource`);
  const resource = {
    type: "aws:iam/policy:Policy",
    name: "it",
    urn: "urn:pulumi:dev::test::aws:iam/policy:Policy::it",
    props: { policy: document },
  };
  const files = { load() {}, contentOf: () => ({ problem: "it is not read here" }) };
  const principals = { mayInclude: () => false };
  const place = { folder: "policy", environment: {}, files, principals };
  const findings = [];
  for await (const finding of rule.check(resource, {}, place)) findings.push(finding);
  return findings;
}
