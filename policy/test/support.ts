import { join } from "node:path";
import {
  specialArchiveSig,
  specialAssetSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from "@pulumi/pulumi/runtime/rpc.js";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { SentResource } from "../analyzer-requests.ts";
import type { Grant } from "../grants.ts";
import type { Verdict } from "../local-server.ts";
import type { Rule } from "../rule.ts";

export type { Verdict };

/** What the engine sends in a preview for an unknown value. */
export const unknown = unknownValue;

/** What the engine sends for a value that is marked as secret. */
export const secret = (value: unknown): object => ({ [specialSigKey]: specialSecretSig, value });

export const policyFolder = join(import.meta.dirname, "..");
export const { rules } = loadProgram<typeof import("../rules/index.ts")>("policy/rules/index.ts");
const { createPack } = loadProgram<typeof import("../pack.ts")>("policy/pack.ts");
const { serveLocally } = loadProgram<typeof import("../local-server.ts")>("policy/local-server.ts");

export interface Resource {
  readonly type: string;
  readonly name?: string;
  /** Built from type and name, unless two resources have the same. */
  readonly urn?: string;
  readonly props: Record<string, unknown>;
  readonly parent?: Resource;
  /** For stack rules: the resources that its properties depend on. */
  readonly dependsOn?: Record<string, readonly Resource[]>;
  /** The settings of its provider. */
  readonly provider?: Record<string, unknown>;
}

/** The pack as the engine uses it, in one process. `settings` is its configuration by rule. */
export function startPack({
  rules: asked = rules,
  settings = {},
  now = () => new Date("2026-06-01T12:00:00Z"),
  folder = policyFolder,
  environment = {},
  codeHashes = new Map(),
  disabled = [],
  advisory = [],
  isConfigured = true,
}: {
  rules?: readonly Rule[];
  settings?: Record<string, Record<string, unknown>>;
  now?: () => Date;
  folder?: string;
  environment?: Record<string, string>;
  /** What the engine computed of the code of functions, by URN. */
  codeHashes?: ReadonlyMap<string, string>;
  /** Rules that the configuration disables. */
  disabled?: readonly string[];
  /** Rules that the configuration makes advisory. */
  advisory?: readonly string[];
  /** False if the engine starts the program before it sends the configuration. */
  isConfigured?: boolean;
} = {}) {
  const options = { rules: asked, now, folder, environment, codeHashes, version: "1.2.3" };
  const pack = createPack(options);
  const configuration = {
    settings,
    disabled: new Set(disabled),
    advisory: new Set(advisory),
  };
  // The engine does this before it starts the program.
  if (isConfigured) pack.configure(configuration);
  const server = serveLocally(pack.policies, configuration);
  return {
    /** The inputs of one resource, as before it is created. */
    analyze: (resource: Resource) => server.analyze(sent(resource)),
    /** All resources, as after a preview or a deployment. */
    analyzeStack: (resources: readonly Resource[]) => server.analyzeStack(resources.map(sent)),
  };
}

function sent(resource: Resource): SentResource {
  const { type, name = "it", props, parent, dependsOn = {}, provider } = resource;
  return {
    type,
    name,
    props,
    urn: urnOf(resource),
    provider,
    parent: parent && urnOf(parent),
    dependsOn: Object.fromEntries(
      Object.entries(dependsOn).map(([property, sources]) => [property, sources.map(urnOf)]),
    ),
  };
}

export function urnOf({ type, name = "it", urn }: Resource): string {
  return urn ?? `urn:pulumi:dev::test::${type}::${name}`;
}

/** The findings of one rule on a resource. Advisory ones start with `advisory: `. */
export async function findings(
  rule: string,
  resource: Resource,
  settings: Record<string, unknown> = {},
): Promise<string[]> {
  const pack = startPack({ rules: [ruleNamed(rule)], settings: { [rule]: settings } });
  return messagesOf((await pack.analyze(resource)).verdicts);
}

/** The findings of one rule on a stack. */
export async function stackFindings(
  rule: string,
  resources: readonly Resource[],
  settings: Record<string, unknown> = {},
): Promise<string[]> {
  const pack = startPack({ rules: [ruleNamed(rule)], settings: { [rule]: settings } });
  return messagesOf((await pack.analyzeStack(resources)).verdicts);
}

/** True if the rule does not apply to the resource. */
export async function isNotApplicable(rule: string, resource: Resource): Promise<boolean> {
  const pack = startPack({ rules: [ruleNamed(rule)] });
  return (await pack.analyze(resource)).notApplicable.includes(rule);
}

export function messagesOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ level, message }) =>
    level === "advisory" ? `advisory: ${message}` : message,
  );
}

export function ruleNamed(name: string): Rule {
  const rule = rules.find((it) => it.name === name);
  if (!rule) throw new Error(`the pack has no rule ${name}`);
  return rule;
}

/** A document of these statements, as JSON. */
export function documentOf(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A trust policy for one service. */
export function trustOf(service: string): string {
  return documentOf({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
}

/** A role policy whose document has this one statement. */
export function rolePolicy(statement: object): Resource {
  return { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: documentOf(statement) } };
}

/** A component with this one grant. */
export function component(grant: Partial<Grant> | object): Resource {
  return { type: "some:index:Component", name: "component", props: { grants: [grant] } };
}

/** A role with a trust policy of this one statement. */
export function role(statement: object, props: Record<string, unknown> = {}): Resource {
  return {
    type: "aws:iam/role:Role",
    props: { assumeRolePolicy: documentOf(statement), ...props },
  };
}

/** A topic with a policy of this one statement. */
export function topic(statement: object): Resource {
  return { type: "aws:sns/topic:Topic", props: { policy: documentOf(statement) } };
}

/** The code of a function as the engine sends it: an archive of strings. */
export function codeOf(files: Readonly<Record<string, string>>): object {
  const assets = Object.entries(files).map(([name, text]) => [
    name,
    { [specialSigKey]: specialAssetSig, text },
  ]);
  return { [specialSigKey]: specialArchiveSig, assets: Object.fromEntries(assets) };
}
