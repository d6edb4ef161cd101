import type { PolicyResource } from "@pulumi/policy";
import { escalations } from "../data/escalations.ts";
import { fullAccess } from "../data/managed-policies.ts";
import { chatChannels, types } from "../data/resource-types.ts";
import { has, readList, stringOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import { matchesEverything } from "../iam/pattern.ts";
import { statementsOfPolicy } from "../identities.ts";
import type { Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { forbids, scopeOf } from "../stack/escalation-scope.ts";
import { namesIn, resolveProperty, sourcesOf } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
import { isUnknownInput, originOf } from "../stack/unknown-properties.ts";
import { allowsEverything, type LocatedStatement, statementName } from "../statements.ts";

const property = "guardrailPolicyArns";

const fix =
  "List a policy that allows only what the channel runs, or arn:aws:iam::aws:policy/AWSDenyAll if it only receives notifications";

/**
 * In a chat channel, people run AWS commands with the channel's role, or each with another role. The guardrail
 * policies are the only limit that the channel adds, and without any, AWS uses AdministratorAccess.
 */
export const chatGuardrail: Rule = {
  name: "chat-guardrail",
  description: "The guardrail policies of a chat channel limit what its members can do.",
  severity: "high",
  remediationSteps: `Set ${property} to policies that allow only what the channel runs.`,
  url: "https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html",
  appliesTo: ({ type }) => chatChannels.includes(type),
  *check(resource) {
    if (deniesAll(resource)) return;
    if (!has(resource.props, property)) {
      yield { what: property, why: "it is not set, so AWS uses AdministratorAccess", fix };
    }
    for (const arn of knownArns(resource)) {
      if (!fullAccess.test(managedName(arn) ?? "")) continue;
      yield { what: property, values: [arn], why: "it allows full access", fix };
    }
  },

  /** A policy of the stack, whose ARN is not known in the first preview, and what else that ARN could be. */
  async *checkStack(resources) {
    const isPolicy = (type: string) => type === types.policy;
    const find = namesIn(resources.filter(({ type }) => isPolicy(type)))(types.policy);
    for (const resource of resources.filter(({ type }) => chatChannels.includes(type))) {
      if (deniesAll(resource)) continue;
      const { resources: policies } = resolveProperty(resource, property, find, isPolicy);
      const statements = policies.map(statementsOfPolicy);
      // Deny is stronger than Allow, in whichever of the policies it is.
      if (statements.flat().some((it) => !it.isAllow && deniesEverything(it))) continue;
      for (const [index, policy] of policies.entries()) {
        const why = await widthOf(statements[index] ?? [], statements.flat());
        if (why) yield { resource, what: property, values: [resourceName(policy)], why, fix };
      }
      yield* notKnown(resource);
    }
  },
};

/** Why a guardrail is none; undefined if it limits. `all` also has the statements of the other guardrails. */
async function widthOf(
  own: readonly LocatedStatement[],
  all: readonly LocatedStatement[],
): Promise<string | undefined> {
  const open = own.find((it) => it.isAllow && (allowsEverything(it) || allowsAllBut(it)));
  if (open) return `statement ${statementName(open)} allows every action, or all but a few`;
  const statements = all.filter((it) => !it.isAllow || own.includes(it));
  for (const path of escalations.filter(({ through }) => through === undefined)) {
    if ((await scopeOf({ statements, boundary: undefined }, path)) !== "everything") continue;
    return `it allows ${path.actions.join(" + ")}, with which a member can ${path.gain}`;
  }
  return undefined;
}

function allowsAllBut({ notActions, resources }: LocatedStatement): boolean {
  return notActions.length > 0 && resources.some((it) => matchesEverything(stringOf(it) ?? ""));
}

function deniesEverything(statement: LocatedStatement): boolean {
  return (
    statement.actions.some((it) => matchesEverything(stringOf(it) ?? "")) &&
    forbids(statement, { isBounded: false })
  );
}

/** An ARN that is not known yet is a policy of this stack, or could be one of AWS. */
function* notKnown(resource: PolicyResource): Iterable<Finding & { resource: PolicyResource }> {
  const isKnown = readList(() => resource.props[property]).every((it) => it.isKnown);
  if (isKnown || !isUnknownInput(resource, property)) return;
  const sources = sourcesOf(resource, property);
  if (sources.length > 0 && sources.every(({ type }) => type === types.policy)) return;
  yield {
    resource,
    what: property,
    why: `it is not known before deployment${originOf(sources)}, so it could be AdministratorAccess`,
    fix: "List a policy of this stack, or write the ARN as a literal string",
  };
}

function deniesAll(resource: Resource): boolean {
  return knownArns(resource).some((arn) => managedName(arn) === "AWSDenyAll");
}

function knownArns({ props }: Resource): string[] {
  return readList(() => props[property]).flatMap((it) => stringOf(it) ?? []);
}

/** The name of an AWS managed policy without its path; undefined for any other policy. */
function managedName(arn: string): string | undefined {
  return /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/.exec(arn)?.[1];
}
