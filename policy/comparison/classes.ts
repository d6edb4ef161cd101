import type { Violation } from "./pack.ts";
import type { Level, Policy, Reference } from "./tools.ts";

/** Why a tool does not see what the pack reports. */
export interface Cause {
  readonly title: string;
  /** Who is right: `the pack`, the tool's name, or `open`. */
  readonly right: string;
  readonly why: string;
  /** True for a violation that the tool ignores for this cause. */
  readonly holds: (violation: Violation, policy: Policy) => boolean;
}

/** The class of what no cause explains. */
export const unexplained = "not explained";

const ranks = ["the pack", "open"];

/**
 * The class of a policy that the pack alone reports. Each violation has the first cause that holds for
 * it; one without a cause leaves the policy unexplained, since the tool should have reported it. Of
 * several causes the class is one by which the pack is right, if there is one: a single violation
 * makes its yes right.
 */
export function classOf(
  policy: Policy,
  violations: readonly Violation[],
  causes: readonly Cause[],
): string {
  const found = violations.map((violation) => causes.find((it) => it.holds(violation, policy)));
  if (found.length === 0 || found.includes(undefined)) return unexplained;
  const there = causes.filter((it) => found.includes(it));
  const best = ranks.map((right) => there.find((it) => it.right === right)).find(Boolean);
  return (best ?? there[0])?.title ?? unexplained;
}

/** Of policies that a tool alone reports, those that the pack reports, too, without conditions. */
export const namesResource = {
  title: "a condition names the resource",
  right: "the pack",
  why:
    "every such statement requires a tag of the resource (or of the S3 object), its VPC, " +
    "function or namespace, or the service of a service-linked role, so it does not reach everything; the tool ignores conditions. " +
    "The pack reports the policy too if its conditions are removed.",
};

/** Of policies that a tool alone reports, those with an action that only its older data has. */
export const noLongerKnown = {
  title: "the pack's reference no longer has the action",
  right: "open",
  why:
    "AWS has removed the action from its reference, with the service or because of a new name; the " +
    "pack reports it with `unknown-action`.",
};

/** Keys about who calls, how, from where and in which account, and about what the call creates. */
const aboutRequest = [
  /^aws:(calledvia|calledviafirst|calledvialast|ismcpserviceaction|requestedregion|securetransport)$/,
  /^aws:principal/,
  /^(aws|s3):resourceaccount$/,
  /^aws:(requesttag\/|tagkeys$)/,
  /^dms:req-tag\//,
  /^ec2:createaction$/,
  /^iam:(awsservicename|passedtoservice)$/,
  /^kms:viaservice$/,
];

function keysOf({ statement }: Violation): string[] {
  return Object.values(statement.Condition ?? {})
    .flatMap(Object.keys)
    .map((it) => it.toLowerCase());
}

function isAboutRequest(violation: Violation): boolean {
  const keys = keysOf(violation);
  return keys.length > 0 && keys.every((key) => aboutRequest.some((it) => it.test(key)));
}

/** Causes that lie in what the tool knows of actions. */
function causesOfData(tool: string, reference: Reference): Cause[] {
  return [
    {
      title: `${tool}'s data lacks the action`,
      right: "the pack",
      why: "the action is newer than the tool's data; the Service Authorization Reference lists a resource for it.",
      holds: ({ action }) => levelsOf(action, reference).length === 0,
    },
    {
      title: `${tool}'s data lists no resource for the action`,
      right: "the pack",
      why:
        "the Service Authorization Reference now lists a resource for the action, for some an optional " +
        "one (the pack's finding is then advisory).",
      holds: ({ action }) => {
        const levels = levelsOf(action, reference);
        return levels.length > 0 && levels.every((it) => it === "none");
      },
    },
  ];
}

/** Causes for cloudsplaining with its option for conditional statements. */
export function causesOfFlagged(reference: Reference): Cause[] {
  return [
    ...causesOfData("cloudsplaining", reference),
    {
      title: "cloudsplaining subtracts a Deny",
      right: "the pack",
      why:
        "it subtracts the actions of every Deny statement, even if the Deny has conditions or " +
        "excludes resources (NotResource); what the Deny does not match stays allowed.",
      holds: (_, { cloudsplaining }) => cloudsplaining.denyHides,
    },
  ];
}

/** Causes for cloudsplaining as it is by default. */
export function causesOfDefault(reference: Reference): Cause[] {
  return [
    {
      title: "a condition about the request",
      right: "the pack",
      why:
        "cloudsplaining treats any condition as a restriction of the resource. These are about who " +
        "calls, through which service, from where, in which account, or with which tags for new " +
        "resources: within them, the action reaches every resource.",
      holds: isAboutRequest,
    },
    {
      title: "a condition with a key of the service",
      right: "open",
      why:
        "such a key describes the resource in some calls (who manages it, what it was " +
        "encrypted for, its catalog or type) but names none, so the pack does not count it.",
      holds: (violation) => keysOf(violation).length > 0,
    },
    ...causesOfFlagged(reference),
  ];
}

/** Causes for parliament's RESOURCE_STAR. */
export function causesOfParliament(reference: Reference): Cause[] {
  return [
    {
      title: "parliament fails",
      right: "the pack",
      why: "parliament ends with an exception on the document, so it gives no verdict.",
      holds: (_, { parliament }) => parliament === null,
    },
    {
      title: "parliament does not evaluate the statement",
      right: "the pack",
      why:
        "it skips the rest of a statement after an action that its data lacks, or an ARN in a format " +
        "that it does not expect.",
      holds: ({ index }, { parliament }) => parliament?.unread.includes(index) ?? false,
    },
    {
      title: "Action `*`",
      right: "the pack",
      why: "parliament skips an action that is `*` alone.",
      holds: ({ action }) => /^\*(:\*)?$/.test(action),
    },
    {
      title: "no resource type of the action is required",
      right: "open",
      why:
        "parliament checks required resource types only. The pack's finding is advisory here: such " +
        "actions can be restricted, yet some calls need `*`. Cloudsplaining reports them too.",
      holds: ({ action }) => {
        const levels = levelsOf(action, reference);
        return levels.includes("optional") && !levels.includes("supports");
      },
    },
    ...causesOfData("parliament", reference),
  ];
}

/** What a reference has of the actions that a name or pattern matches. */
export function levelsOf(action: string, reference: Reference): readonly Level[] {
  const name = action.toLowerCase();
  if (!/[*?]/.test(name)) {
    const level = reference[name];
    return level ? [level] : [];
  }
  const form = name
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const pattern = new RegExp(`^${form}$`);
  return Object.entries(reference).flatMap(([key, level]) => (pattern.test(key) ? [level] : []));
}
