import { loadProgram } from "../../sandbox/engine/program.ts";
import { type DocumentJson, type StatementJson, statementsOf } from "./tools.ts";

const { rules } = loadProgram<typeof import("../rules/index.ts")>("policy/rules/index.ts");
const { actionsOf } = loadProgram<typeof import("../iam/actions.ts")>("policy/iam/actions.ts");

/** An action of a statement that the rule `star-resource` reports; the pack's reference has it. */
export interface Offence {
  readonly statement: StatementJson;
  /** The statement's index in its document. */
  readonly index: number;
  /** As the statement has it, perhaps with wildcards. */
  readonly action: string;
}

/** `mandatory` if one of the findings is, `advisory` if all only advise, `none` without any. */
export type Verdict = "mandatory" | "advisory" | "none";

/**
 * What the rule `star-resource` says of a document. Its findings about actions that the pack's
 * reference does not know are left out: they do not say that the action takes a resource.
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

/** The rule reports each action by itself, so without some actions it lacks their findings alone. */
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

/** The document without its conditions, as tools see it that do not look at them. */
export function withoutConditions(document: DocumentJson): DocumentJson {
  return {
    ...document,
    Statement: statementsOf(document).map(({ Condition: _, ...rest }) => rest as StatementJson),
  };
}

/** Each statement and action of a document that the rule `star-resource` reports by itself. */
export async function offencesOf(document: DocumentJson): Promise<readonly Offence[]> {
  const offences: Offence[] = [];
  for (const [index, statement] of statementsOf(document).entries()) {
    for (const action of [statement.Action ?? []].flat()) {
      const alone = { ...document, Statement: [{ ...statement, Action: action }] };
      if ((await verdictOf(alone)) === "none") continue;
      offences.push({ statement, index, action });
    }
  }
  return offences;
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
  if (!rule?.check) throw new Error(`no rule ${name} that judges one resource`);
  const resource = {
    type: "aws:iam/policy:Policy",
    name: "it",
    urn: "urn:pulumi:dev::test::aws:iam/policy:Policy::it",
    props: { policy: document },
  };
  const files = { load() {}, contentOf: () => ({ problem: "it is not read here" }) };
  const place = { folder: "policy", environment: {}, files };
  const findings = [];
  for await (const finding of rule.check(resource, {}, place)) findings.push(finding);
  return findings;
}
