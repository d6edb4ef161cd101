import type { Offence } from "./pack.ts";
import type { Level, Policy, Reference } from "./tools.ts";

/** Why a tool does not see what the pack reports. */
export interface Cause {
  readonly title: string;
  /** Who is right: `the pack`, the tool's name, or `open`. */
  readonly right: string;
  readonly why: string;
  /** True for an offence that the tool passes over for this cause. */
  readonly holds: (offence: Offence, policy: Policy) => boolean;
}

/** The class of what no cause explains. */
export const unexplained = "not explained";

const ranks = ["the pack", "open"];

/**
 * The class of a policy that the pack alone reports. Each offence has the first cause that holds for
 * it; one without a cause leaves the policy unexplained, since the tool should have reported it. Of
 * several causes the class is one by which the pack is right, if there is one: a single offence
 * makes its yes right.
 */
export function classOf(
  policy: Policy,
  offences: readonly Offence[],
  causes: readonly Cause[],
): string {
  const found = offences.map((offence) => causes.find((it) => it.holds(offence, policy)));
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
    "every such statement asks for a tag of the resource (or of the S3 object), or for its VPC, " +
    "function or namespace, so it does not reach everything; the tool does not look at conditions. " +
    "The pack reports the policy, too, once its conditions are taken away.",
};

/** Of policies that a tool alone reports, those with an action that only its older data has. */
export const noLongerKnown = {
  title: "the pack's reference no longer has the action",
  right: "open",
  why:
    "AWS has taken the action out of its reference, with the service or by another name; the " +
    "pack reports it by `unknown-action`.",
};

/** Keys about who calls, how, from where and in which account, and about what is made by the call. */
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

function keysOf({ statement }: Offence): string[] {
  return Object.values(statement.Condition ?? {})
    .flatMap(Object.keys)
    .map((it) => it.toLowerCase());
}

function isAboutRequest(offence: Offence): boolean {
  const keys = keysOf(offence);
  return keys.length > 0 && keys.every((key) => aboutRequest.some((it) => it.test(key)));
}

/** Causes that lie in what the tool knows of actions. */
function causesOfData(tool: string, reference: Reference): Cause[] {
  return [
    {
      title: `${tool}'s data lacks the action`,
      right: "the pack",
      why: "the action is newer than the tool's data; the Service Authorization Reference gives it a resource.",
      holds: ({ action }) => levelsOf(action, reference).length === 0,
    },
    {
      title: `${tool}'s data gives the action no resource`,
      right: "the pack",
      why:
        "the Service Authorization Reference gives the action a resource by now, for some by choice " +
        "only (the pack then advises).",
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
        "it subtracts the actions of every Deny statement, also where the Deny has conditions or " +
        "leaves resources out (NotResource); what the Deny does not meet stays allowed.",
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
        "cloudsplaining takes any condition for a restriction of the resource. These are about who " +
        "calls, through which service, from where, in which account, or with which tags for what is " +
        "new: inside them, the action reaches every resource.",
      holds: isAboutRequest,
    },
    {
      title: "a condition with a key of the service",
      right: "open",
      why:
        "such a key says something of the resource in some calls (who manages it, what it was " +
        "encrypted for, its catalog or type), but names none, and the pack does not count it.",
      holds: (offence) => keysOf(offence).length > 0,
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
      title: "parliament does not judge the statement",
      right: "the pack",
      why:
        "it leaves a statement unread after an action that its data lacks, or an ARN of a form " +
        "that it does not expect.",
      holds: ({ index }, { parliament }) => parliament?.unjudged.includes(index) ?? false,
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
        "parliament judges required resource types only. The pack advises here, as such actions " +
        "can be restricted, yet some calls need `*`; cloudsplaining reports them, too.",
      holds: ({ action }) => {
        const levels = levelsOf(action, reference);
        return levels.includes("optional") && !levels.includes("takes");
      },
    },
    ...causesOfData("parliament", reference),
  ];
}

/** What a reference has of the actions that a name or pattern stands for. */
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
