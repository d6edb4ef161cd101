import { show, showText, textOf } from "../field.ts";
import { isSameWord } from "../iam/letter-case.ts";
import { identitiesOf } from "../identities.ts";
import { types } from "../resources.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { stackArns } from "../stack/arns.ts";
import { type Granted, grantedBy, includes, resourceName } from "../stack/granted.ts";
import { type FunctionRole, functionRoles } from "../stack/roles.ts";
import { statementName } from "../statements.ts";

/** What is granted twice is taken away once, and stays. */
export const redundantGrant: Rule = {
  name: "redundant-grant",
  description:
    "Nothing is allowed twice, and no function may make the log group that the stack makes.",
  severity: "low",
  remediationSteps: "Take away the narrower of the two.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
  async *checkStack(resources, _settings, place) {
    const arns = await stackArns(resources);
    for (const identity of identitiesOf(resources)) {
      // What is not known yet is compared once it is.
      const allowed = (await grantedBy(identity, arns)).filter(
        ({ statement, resource }) => statement.isAllow && textOf(resource) !== undefined,
      );
      for (const [index, it] of allowed.entries()) {
        const wider = allowed.find(
          (one, at) => at !== index && includes(one, it) && (at < index || !includes(it, one)),
        );
        if (!wider) continue;
        yield {
          resource: identity.resource,
          what: whatOf(it),
          why: `statement ${statementName(wider.statement)} allows it already`,
          fix: "Take it away",
        };
      }
    }
    for await (const role of functionRoles(resources, place, arns)) yield* logGroupMakers(role);
  },
};

function whatOf({ statement, action, resource }: Granted): string {
  return `statement ${statementName(statement)}: ${showText(action)} on ${show(resource)}`;
}

/** Grants to make a log group that the stack makes itself, with its retention. */
function* logGroupMakers({ identity, granted, needs }: FunctionRole): Iterable<StackFinding> {
  const making = "logs:CreateLogGroup";
  const isCalled = needs.some(
    ({ isRequired, ways }) => isRequired && ways.some(({ action }) => action === making),
  );
  const group = needs
    .flatMap(({ ways }) => ways)
    .filter(({ action }) => action === "logs:PutLogEvents")
    .flatMap(({ resources }) => resources)
    .find(({ type }) => type === types.logGroup);
  if (isCalled || !group) return;
  for (const it of granted) {
    if (!it.statement.isAllow || !isSameWord(it.action, making)) continue;
    yield {
      resource: identity.resource,
      what: whatOf(it),
      why: `the stack makes ${resourceName(group)}, with its retention; a function that may make it again would bring it back after it is destroyed, and keep its events for ever`,
      fix: "Take it away",
    };
  }
}
