import { createHash } from "node:crypto";
import type { PolicyResource } from "@pulumi/policy";
import {
  callbackFunctionPolicies,
  fullAccess,
  servicePolicies,
  serviceRolePath,
  wideServiceRolePolicies,
} from "../data/managed-policies.ts";
import { types } from "../data/resource-types.ts";
import { stringOf } from "../field.ts";
import { type Finding, listed } from "../finding.ts";
import { addTo } from "../groups.ts";
import { hasOutputText, outputFix, unresolvedOutput } from "../iam/json.ts";
import { identityOfAttachments } from "../identities.ts";
import { attachedPolicies, type Resource } from "../resources.ts";
import { listSchema, listSetting, type Rule, type Settings, type StackFinding } from "../rule.ts";
import { sourcesOf } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
import { isFilledInByAws, originOf } from "../stack/unknown-properties.ts";

/** AWS widens its policies without asking. No allow-list can permit those for everything, or for all of a service. */
export const awsManagedPolicy: Rule = {
  name: "aws-managed-policy",
  description: "Only AWS managed policies that the configuration lists are attached.",
  severity: "high",
  remediationSteps:
    "Allow the actions that the code calls, on their resources, in a policy of the stack.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  configSchema: {
    properties: {
      allowed: listSchema(
        "ARNs of AWS managed policies that may be attached. Full-access policies are never allowed.",
      ),
      strict: {
        type: "boolean",
        default: false,
        description:
          "If true, the policies that AWS provides for the role of a service fail the preview, too. By default they are an advisory.",
      },
    },
  },
  appliesTo: (resource) => attachedPolicies(resource) !== undefined,
  *check(resource, settings) {
    yield* outputsAsText(resource);
    for (const it of attachedIn(resource, settings)) {
      // Reported for the whole role or function.
      if (isOfService(it, settings) || functionUrnOf(resource, it)) continue;
      const about = fullAccess.test(baseOf(it.name)) ? tooWide : tooMuch;
      yield { what: it.property, values: [it.arn], ...about };
    }
  },

  *checkStack(resources, settings) {
    yield* ofServices(resources, settings);
    yield* ofCallbackFunctions(resources, settings);
    yield* notKnown(resources);
  },
};

/** ARNs into which the program put an Output instead of its value. */
function* outputsAsText(resource: Resource): Iterable<Finding> {
  const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
  if (!arns.some((it) => hasOutputText(stringOf(it) ?? ""))) return;
  yield { what: `unreadable ${property}`, why: unresolvedOutput, fix: outputFix };
}

const tooWide: Pick<Finding, "why" | "fix"> = {
  why: "it allows full access, and AWS adds to it",
  fix: "Allow the actions that the code calls in a policy of the stack",
};

const listIt = "list it under aws-managed-policy.allowed in the pack's configuration";

const tooMuch: Pick<Finding, "why" | "fix"> = {
  why: "it allows more than one program needs, and AWS adds to it",
  fix: `Allow the actions that the code calls in a policy of the stack, or ${listIt}`,
};

/** An AWS managed policy: the property that attaches it, its ARN, and the part of that after `policy/`. */
interface Attached {
  readonly property: string;
  readonly arn: string;
  readonly name: string;
}

/** The AWS managed policies that a resource attaches and the configuration does not allow. */
function* attachedIn(resource: Resource, settings: Settings): Iterable<Attached> {
  const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
  const allowed = listSetting(settings, "allowed");
  for (const field of arns) {
    const arn = stringOf(field) ?? "";
    const [, name] = /^arn:aws[\w-]*:iam::aws:policy\/([\w+=,.@/-]+)$/.exec(arn) ?? [];
    if (name === undefined) continue;
    if (allowed.includes(arn) && !fullAccess.test(baseOf(name))) continue;
    yield { property, arn, name };
  }
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function isOfService({ name }: Attached, { strict }: Settings): boolean {
  if (strict === true || fullAccess.test(baseOf(name))) return false;
  const isInPath = name.startsWith(serviceRolePath) && !wideServiceRolePolicies.includes(name);
  return isInPath || servicePolicies.includes(name);
}

/**
 * The URN of the CallbackFunction that attaches a policy by default; undefined if none does. It names the
 * attachment after itself and the policy, and gives it its parent (lambda/lambdaMixins.js of @pulumi/aws).
 */
function functionUrnOf(
  { type, urn, name }: Resource,
  { arn, name: policy }: Attached,
): string | undefined {
  const ending = `-${createHash("sha1").update(arn).digest("hex").slice(0, 8)}`;
  const isAttached = type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
  if (!isAttached || !callbackFunctionPolicies.includes(policy) || !name.endsWith(ending)) {
    return undefined;
  }
  const start = urn.slice(0, -`${type}::${name}`.length);
  return `${start}${types.function}::${name.slice(0, -ending.length)}`;
}

/** One advisory for the roles with the same policies that AWS provides for them. */
function* ofServices(
  resources: readonly PolicyResource[],
  settings: Settings,
): Iterable<StackFinding> {
  const identityOf = identityOfAttachments(resources);
  const byRole = new Map<PolicyResource, string[]>();
  for (const resource of resources) {
    for (const it of attachedIn(resource, settings)) {
      if (isOfService(it, settings)) addTo(byRole, identityOf(resource), it.arn);
    }
  }
  const byPolicies = new Map<string, PolicyResource[]>();
  for (const [role, arns] of byRole) addTo(byPolicies, listed(arns), role);
  for (const [policies, roles] of byPolicies) {
    const names = roles.map(resourceName);
    // The engine lists resources in a different order each time.
    const first = roles.find((it) => resourceName(it) === [...names].sort()[0]);
    if (!first) continue;
    yield {
      resource: first,
      what: `AWS managed policy ${policies}${names.length > 1 ? ` of ${listed(names)}` : ""}`,
      why: "AWS provides it for a service; it allows more than one program needs, and AWS adds to it",
      fix: tooMuch.fix,
      level: "advisory",
    };
  }
}

/** One finding for each CallbackFunction with default policies. */
function* ofCallbackFunctions(
  resources: readonly PolicyResource[],
  settings: Settings,
): Iterable<StackFinding> {
  const byFunction = new Map<string, { attachment: PolicyResource; name: string }[]>();
  for (const attachment of resources) {
    for (const it of attachedIn(attachment, settings)) {
      const urn = functionUrnOf(attachment, it);
      if (urn !== undefined) addTo(byFunction, urn, { attachment, name: it.name });
    }
  }
  for (const [urn, attached] of byFunction) {
    const [first] = attached;
    const resource = resources.find((it) => it.urn === urn) ?? first?.attachment;
    if (!resource) continue;
    yield {
      resource,
      what: "policies",
      values: attached.map(({ name }) => name),
      why: "CallbackFunction attaches them if neither role nor policies is set; they allow full access, and AWS adds to them",
      fix: "Set role of the CallbackFunction to a role that allows the actions that the code calls",
    };
  }
}

/** An ARN that is not known yet is a policy of this stack, or could be one of AWS. */
function* notKnown(resources: readonly PolicyResource[]): Iterable<StackFinding> {
  for (const resource of resources) {
    const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
    if (arns.every((it) => it.isKnown) || isFilledInByAws(resource, property)) continue;
    const sources = sourcesOf(resource, property);
    if (sources.length > 0 && sources.every(({ type }) => type === types.policy)) continue;
    yield {
      resource,
      what: property,
      why: `it is not known before deployment${originOf(sources)}, so it could be an AWS managed policy`,
      fix: "Attach a policy of this stack, or write the ARN as a literal string",
    };
  }
}
