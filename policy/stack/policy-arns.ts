import type { PolicyResource } from "@pulumi/policy";
import { idForms } from "../data/id-forms.ts";
import { types } from "../data/resource-types.ts";
import { nonEmptyStringOf, ownValue, read } from "../field.ts";
import { type Action, neededTypes } from "../iam/actions.ts";
import { lowerCase } from "../iam/case.ts";
import { isCreatedByCall } from "../iam/created.ts";
import { hasWildcard, matches } from "../iam/pattern.ts";
import { isSecret } from "../secrets.ts";
import { partsOf } from "./arn-parts.ts";
import { typesOfArn } from "./kinds.ts";
import { identifies } from "./naming.ts";
import { ownArns, regionOf } from "./own-arns.ts";
import { resourceName } from "./permissions.ts";
import { endingsFor, suggestedArn } from "./suggested-arn.ts";

/** A resource as a generated policy has it. */
export interface Target {
  /** The value for the Resource element, perhaps with placeholders. */
  readonly arn: string;
  /** What it is, as the words of a Sid, e.g. `TableOrders`. */
  readonly words: string;
}

/**
 * Writes the ARNs of a policy. What is not known before deployment is a placeholder, as in a template literal of
 * TypeScript: `${orders.arn}`.
 */
export class PolicyArns {
  /** Placeholder → what it is, for those in use. */
  readonly placeholders = new Map<string, string>();
  private readonly place: { readonly region: string; readonly account: string };
  private readonly partition: string;

  /** `nearby` are resources of the same account and region as what the policy is for. */
  constructor(nearby: readonly PolicyResource[]) {
    const known = nearby.flatMap((it) => knownArn(it) ?? []);
    const parts = known.map(partsOf);
    const regions = [...parts.map(({ region }) => region), ...nearby.map(regionOf)];
    const region = regions.find((it) => it !== "" && it !== "*") ?? "";
    this.place = { region, account: parts.find(({ account }) => account !== "")?.account ?? "" };
    this.partition = known[0]?.split(":")[1] ?? partitionOf(region);
  }

  /** A resource of the stack, or what is in it; undefined if its ARN for the action is not known. */
  async ofResource(action: Action, resource: PolicyResource): Promise<Target | undefined> {
    const [service] = action.name.split(":");
    const arn =
      service === "logs"
        ? this.logGroup(resource)
        : service === "execute-api"
          ? `${this.property(resource, "executionArn")}/*`
          : await this.accepted(action, resource);
    if (arn === undefined) return undefined;
    return { arn, words: wordsForResource(resource, arn) };
  }

  /** A known value that names nothing in the stack: an ARN, the address of a queue, or a name. */
  ofValue(action: Action, value: string): Target | undefined {
    const arn = value.startsWith("arn:") ? this.acceptedArn(action, value) : named(action, value);
    if (arn === undefined || isSecret(value)) return undefined;
    const isOfLogs = partsOf(arn).service === "logs";
    return this.target(isOfLogs ? `${arn.replace(/:\*$/, "")}:*` : arn);
  }

  /** What the call creates and AWS names; undefined if the call is about anything else, too. */
  ofCreated(action: Action): Target | undefined {
    const types = neededTypes(action);
    const [form] = types.flatMap(({ forms }) => forms);
    if (form === undefined || !types.every((it) => isCreatedByCall(action, it))) return undefined;
    return this.target(form.replaceAll(/\$\{[^}]+\}/g, "*"));
  }

  /** An ARN whose partition, region and account may be `*`. */
  target(pattern: string): Target {
    const { service, rest } = partsOf(pattern);
    const name = rest.replace(
      /^(table|log-group|function|event-bus|rule|secret|topic|stream)[:/]/,
      "",
    );
    return { arn: this.filled(pattern), words: wordsOf(`${service} ${name}`) };
  }

  private filled(pattern: string): string {
    const [arn = "", partition = "", service = "", region = "", account = "", ...rest] =
      pattern.split(":");
    const { place } = this;
    return [
      arn,
      partition === "*" ? this.partition : partition,
      service,
      region === "*" ? place.region || this.placeholder("region", "the region") : region,
      account === "*" ? place.account || this.placeholder("account", "the account's id") : account,
      ...rest,
    ].join(":");
  }

  private placeholder(name: string, meaning: string): string {
    const text = `\${${name}}`;
    this.placeholders.set(text, meaning);
    return text;
  }

  /** A known property of a resource, or a placeholder for it. */
  private property(resource: PolicyResource, property: string): string {
    const known = nonEmptyStringOf(read(() => resource.props[property]));
    if (known !== undefined && !isSecret(known)) return known;
    const meaning = `${property} of ${resourceName(resource)}`;
    const name = `${resource.name}.${property}`;
    const other = this.placeholders.get(`\${${name}}`) ?? meaning;
    return this.placeholder(
      other === meaning ? name : `${resourceName(resource)}.${property}`,
      meaning,
    );
  }

  private logGroup(resource: PolicyResource): string | undefined {
    if (resource.type === types.logGroup) {
      return `${this.property(resource, "arn").replace(/:\*$/, "")}:*`;
    }
    if (resource.type !== types.function) return undefined;
    return this.filled(`arn:*:logs:*:*:log-group:/aws/lambda/${this.property(resource, "name")}:*`);
  }

  /** The ARN of the resource or of what is in it, whichever the action accepts. */
  private async accepted(action: Action, resource: PolicyResource): Promise<string | undefined> {
    const arn = knownArn(resource);
    const suggested = arn && (await suggestedArn(action.name, resource));
    if (suggested) return suggested;
    const [ending] = arn === undefined ? await endingsFor(action, resource.type) : [];
    if (ending !== undefined) return this.property(resource, "arn") + ending;
    // Some have ARNs for what is in them that do not start with theirs.
    const found = (await ownArns(resource))
      .flatMap((it) => ["", ":*", "/*"].map((end) => it + end))
      .find((it) => !isSecret(it) && typesOfArn(action, it).length > 0);
    return found && this.filled(found);
  }

  private acceptedArn(action: Action, arn: string): string | undefined {
    return ["", "/*"].map((end) => arn + end).find((it) => typesOfArn(action, it).length > 0);
  }
}

/** `TableOrders`, `ContentsOfBucketUploads`, `LogOfWorker`; without the kind if the name has it, too. */
function wordsForResource({ type, name }: PolicyResource, arn: string): string {
  if (type === types.function && arn.includes(":log-group:")) return wordsOf(`LogOf ${name}`);
  const kind = type.split(":")[2] ?? "";
  const words = wordsOf(name);
  const isNamed = lowerCase(words).includes(lowerCase(kind));
  return (arn.endsWith("/*") ? "ContentsOf" : "") + (isNamed ? "" : kind) + words;
}

function knownArn({ props }: PolicyResource): string | undefined {
  const arn = nonEmptyStringOf(read(() => props.arn as unknown));
  return arn !== undefined && isSecret(arn) ? undefined : arn;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The ARN for a queue's address, or for a name. */
function named(action: Action, value: string): string | undefined {
  const [, region, account, queue] =
    /^https:\/\/sqs\.([\w-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/([\w.-]+)$/.exec(value) ?? [];
  if (queue !== undefined) return `arn:*:sqs:${region}:${account}:${queue}`;
  const form = formOf(action, value);
  if (form === undefined) return undefined;
  const { service, region: inRegion, account: ofAccount, rest } = partsOf(form);
  const [start = "", ...others] = rest.split(/\$\{[^}]+\}/);
  const name = start.endsWith("/") ? value.replace(/^\//, "") : value;
  // AWS adds six characters to the name of a secret.
  const ending = service === "secretsmanager" ? "-??????" : "";
  const place = `${inRegion && "*"}:${ofAccount && "*"}`;
  const arn = `arn:*:${service}:${place}:${start}${name}${others.join("*")}${ending}`;
  return identifies(arn, value) ? arn : undefined;
}

/** The format of the resource that an id or a name is of; undefined if it may be of several. */
function formOf({ name, resourceTypes }: Action, value: string): string | undefined {
  const forms = resourceTypes.flatMap((it) => it.forms);
  const ofId = forms.filter((form) => placeholdersIn(form).some((it) => isIdFor(it, value)));
  if (ofId.length > 0) return ofId.length === 1 ? ofId[0] : undefined;
  if (!isName(value)) return undefined;
  const [service = ""] = name.split(":");
  const own = forms.filter((it) => partsOf(it).service === service);
  const fewest = Math.min(...own.map((it) => placeholdersIn(it).length));
  const simple = own.filter((it) => placeholdersIn(it).length === fewest);
  // Objects of a bucket, besides those of an access point.
  const unprefixed = simple.filter((it) => partsOf(it).rest.startsWith("${"));
  const [form, ...others] = unprefixed.length > 0 ? unprefixed : simple;
  return others.length === 0 ? form : undefined;
}

function placeholdersIn(form: string): string[] {
  return [...form.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, name = ""]) => name);
}

/** True for an id with the prefix of its type, e.g. `i-0123456789abcdef0`. */
function isIdFor(placeholder: string, value: string): boolean {
  const withPrefix = (ownValue(idForms, placeholder) ?? []).filter((it) => /^[a-z]+-/.test(it));
  return withPrefix.some((form) =>
    matches(
      form.replaceAll(/~(\d*)/g, (_, length) => "?".repeat(Number(length || 1))),
      value,
    ),
  );
}

/**
 * True for words, numbers and short suffixes. A call's input has other values, too, and a long one without words
 * could be a secret.
 */
function isName(value: string): boolean {
  if (hasWildcard(value) || !/^[\w./-]{1,200}$/.test(value)) return false;
  return value.split(/[./_-]+/).every((it) => /^([A-Za-z]*|\d*|\w{1,8})$/.test(it));
}

/** As one word for a Sid: letters and digits, each part with a capital. */
export function wordsOf(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((it) => it.charAt(0).toUpperCase() + it.slice(1))
    .join("");
}
