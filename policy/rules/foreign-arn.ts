import type { PolicyResource } from "@pulumi/policy";
import { awsArns } from "../data/aws-arns.ts";
import { stackReference } from "../data/resource-types.ts";
import { type Field, show, stringOf } from "../field.ts";
import { listed } from "../finding.ts";
import { addTo } from "../groups.ts";
import type { Action } from "../iam/actions.ts";
import { isEveryArn, matchesAll, mayBe, withoutVariables } from "../iam/arn.ts";
import { isOfCaller } from "../iam/caller.ts";
import { hasWildcard, matches, matchesEverything } from "../iam/pattern.ts";
import { type IdentityStatement, identitiesOf } from "../identities.ts";
import { listSchema, listSetting, type Rule, type StackFinding } from "../rule.ts";
import { partsOf } from "../stack/arn-parts.ts";
import { type StackArns, stackArns } from "../stack/arns.ts";
import { candidatesFor } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
import { expansionsOf, type LocatedStatement, some } from "../statements.ts";

/** A permission is on a resource of this stack, or on one that the configuration lists as external. */
export const foreignArn: Rule = {
  name: "foreign-arn",
  description: "Each allowed ARN is a resource of this stack, or listed as external.",
  severity: "high",
  remediationSteps:
    "Use a resource of the stack, or list the ARN under foreign-arn.external in the configuration.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  configSchema: {
    properties: {
      external: listSchema(
        "ARNs outside of the stack that may be allowed, with IAM wildcards. For all ARNs of policies that use outputs of another stack: pulumi:pulumi:StackReference NAME.",
      ),
    },
  },
  async *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const arns = await stackArns(resources);
    const found = new Map<string, Foreign[]>();
    for (const { resource, statements } of identitiesOf(resources)) {
      // What users have from a group is the group's.
      for (const statement of statements.filter(({ isAllow, group }) => isAllow && !group)) {
        for (const field of statement.resources) {
          const why = await whyForeign(field, statement, { arns, external });
          if (why === undefined) continue;
          addTo(found, shownValue(field, statement), { resource, statement, why });
        }
      }
    }
    for (const [value, all] of found) yield* oneOf(value, all);
  },
};

/** A statement with an ARN that is not in the stack. */
interface Foreign extends Pick<StackFinding, "resource" | "why"> {
  readonly statement: IdentityStatement;
}

/** One finding for an ARN, wherever it is allowed. */
function* oneOf(value: string, all: readonly Foreign[]): Iterable<StackFinding> {
  const byName = [...all].sort((one, other) =>
    resourceName(one.resource) < resourceName(other.resource) ? -1 : 1,
  );
  const [first] = byName;
  if (!first) return;
  const isOfOne = all.every(({ resource }) => resource === first.resource);
  yield {
    resource: first.resource,
    what: `${isOfOne ? listed(all.map(({ statement }) => statement.where)) : placesOf(byName)}: Resource`,
    values: [value],
    why: first.why,
    fix: fixFor(all),
  };
}

function fixFor(all: readonly Foreign[]): string {
  const sources = all.flatMap(({ statement }) => statement.sources).filter(isStackReference);
  const references = [...new Set(sources.map(resourceName))].sort();
  const outputs = references
    .map((it) => ` or "${it}" (for all ARNs of policies that use its outputs)`)
    .join("");
  return `Use a resource of this stack, or list the ARN${outputs} under foreign-arn.external in the pack's configuration`;
}

function isStackReference({ type }: PolicyResource): boolean {
  return type === stackReference;
}

/** The statements of several identities. One that they share is named once. */
function placesOf(all: readonly Foreign[]): string {
  const places = new Map<string, string[]>();
  for (const { resource, statement } of all) {
    addTo(places, statement.where, resourceName(resource));
  }
  return listed([...places].map(([where, identities]) => `${where} of ${listed(identities)}`));
}

/** The ARN, or where it comes from if it is not known yet. */
function shownValue(field: Field<unknown>, { sources }: LocatedStatement): string {
  const isOpen = field.isKnown || sources.length === 0;
  return isOpen ? show(field) : `${show(field)} from ${listed(sources.map(resourceName))}`;
}

/** Why a resource of a statement is not in this stack; undefined if it is. */
async function whyForeign(
  field: Field<unknown>,
  statement: LocatedStatement,
  { arns, external }: { arns: StackArns; external: readonly string[] },
): Promise<string | undefined> {
  if (statement.sources.some((it) => external.includes(resourceName(it)))) return undefined;
  const actions = await actionsIn(statement);
  const arn = stringOf(field);
  if (arn === undefined) return whyUnknown(field, statement, actions);
  if (isCheckedElsewhere(arn, actions) || external.some((it) => matches(it, arn))) return undefined;
  const pattern = withoutVariables(arn);
  const { resources, below } = arns.locate(pattern);
  if (below !== undefined) return undefined;
  if (resources.length > 0) {
    return `its ${pattern === arn ? "wildcard" : "variable"} matches ${some(resources.map(resourceName).sort())}, and resources outside of this stack`;
  }
  const type = actions
    .flatMap(({ resourceTypes }) => resourceTypes)
    .find(({ forms }) => forms.some((form) => mayBe(arn, form)));
  return `it refers to ${type ? `a resource of type ${type.name}` : "something"} that is not in this stack`;
}

/** What is the caller's or AWS's is not foreign. Other rules check values that match everything or are not ARNs. */
function isCheckedElsewhere(arn: string, actions: readonly Action[]): boolean {
  if (matchesEverything(arn) || !arn.startsWith("arn:") || isEveryArn(arn)) return true;
  if (isOfAws(arn) || isOfCaller(arn)) return true;
  const forms = actions.flatMap((it) => it.resourceTypes).flatMap((it) => it.forms);
  return hasWildcard(arn) && forms.some((form) => matchesAll(arn, form));
}

/** Resources that AWS itself offers to every account, or creates in each. */
function isOfAws(arn: string): boolean {
  const { service, account, rest } = partsOf(arn);
  return awsArns.some(
    (it) => it.service === service && matches(it.account, account) && matches(it.rest, rest),
  );
}

/** Why an ARN that is not known yet is not of this stack; undefined if it comes from a resource of it. */
async function whyUnknown(
  field: Field<unknown>,
  { sources }: LocatedStatement,
  actions: readonly Action[],
): Promise<string | undefined> {
  if (field.isKnown || (await candidatesFor(actions, sources)).length > 0) return undefined;
  if (sources.length === 0) return "it comes from no resource of this stack";
  return "the actions accept no such resource";
}

async function actionsIn(statement: LocatedStatement): Promise<readonly Action[]> {
  return (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
}
