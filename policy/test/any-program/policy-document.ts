import { isValues, type Value, type Values } from "../../../sandbox/engine/values.ts";

/**
 * The JSON of `aws.iam.getPolicyDocument`, as Terraform's data source writes it: statements of
 * `sourcePolicyDocuments` first, one string for a list of one, longer lists in descending order, `&{` for `${`,
 * and `overridePolicyDocuments` in place of the statements with their Sid.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_document_data_source.go
 */
export function policyDocument(args: Values): string {
  const given = blocksIn(args.statements).map(statementOf);
  const sources = textsIn(args.sourcePolicyDocuments).flatMap(statementsIn);
  const overrides = textsIn(args.overridePolicyDocuments).flatMap(statementsIn);
  const isOverridden = ({ Sid }: Values) =>
    Sid !== undefined && overrides.some((it) => it.Sid === Sid);
  const document = {
    Version: args.version ?? "2012-10-17",
    ...(args.policyId !== undefined && { Id: args.policyId }),
    Statement: [...[...sources, ...given].filter((it) => !isOverridden(it)), ...overrides],
  };
  return JSON.stringify(document, undefined, 2).replaceAll("&{", "${");
}

function statementOf(block: Values): Values {
  const members = {
    Sid: block.sid,
    Effect: block.effect ?? "Allow",
    Action: oneOrMany(block.actions),
    NotAction: oneOrMany(block.notActions),
    Resource: oneOrMany(block.resources),
    NotResource: oneOrMany(block.notResources),
    Principal: principalsIn(block.principals),
    NotPrincipal: principalsIn(block.notPrincipals),
    Condition: conditionsIn(block.conditions),
  };
  const set = Object.entries(members).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(set) as Values;
}

function oneOrMany(value: Value | undefined): Value | undefined {
  const texts = textsIn(value);
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? (texts[0] ?? "") : texts.sort().reverse();
}

function principalsIn(value: Value | undefined): Value | undefined {
  const blocks = blocksIn(value);
  if (blocks.length === 0) return undefined;
  const [first] = blocks;
  if (blocks.length === 1 && first?.type === "*") return "*";
  const types = [...new Set(blocks.map(({ type }) => String(type)))];
  const identifiersOf = (type: string) =>
    blocks.filter((it) => it.type === type).flatMap(({ identifiers }) => textsIn(identifiers));
  return Object.fromEntries(types.map((it) => [it, oneOrMany(identifiersOf(it)) ?? []]));
}

function conditionsIn(value: Value | undefined): Value | undefined {
  const conditions: Record<string, Values> = {};
  for (const { test, variable, values } of blocksIn(value)) {
    const keys = conditions[String(test)] ?? {};
    keys[String(variable)] = oneOrMany(values) ?? [];
    conditions[String(test)] = keys;
  }
  return Object.keys(conditions).length === 0 ? undefined : conditions;
}

function statementsIn(document: string): Values[] {
  const { Statement = [] } = JSON.parse(document);
  return [Statement].flat();
}

function blocksIn(value: Value | undefined): Values[] {
  return Array.isArray(value) ? value.filter(isValues) : [];
}

function textsIn(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
