import { resolve } from "node:path";
import type { PolicyConfigSchema, PolicyResource, Severity } from "@pulumi/policy";
import type { Finding } from "./finding.ts";
import type { InputFiles } from "./input-files.ts";
import type { Resource } from "./resources.ts";

/** A finding of a stack rule, with the resource that it is about. */
export type StackFinding = Finding & { readonly resource: PolicyResource };

/** One rule of the pack; pack.ts makes a CrossGuard policy of it. */
export interface Rule {
  /** The policy's name, which is also the file's. */
  readonly name: string;
  /** The condition for passing, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** What to do about a finding, in a sentence. */
  readonly remediationSteps: string;
  /** Where AWS says why. */
  readonly url: string;
  readonly configSchema?: PolicyConfigSchema;
  /** The settings that name a file by which the rule judges; the pack reads it before the program starts. */
  readonly inputFiles?: readonly string[];
  /** Says whether the rule has anything to look at in such a resource. */
  readonly appliesTo?: (resource: Resource) => boolean;
  /** Judges the inputs of one resource, before it is made. */
  readonly check?: (resource: Resource, settings: Settings, place: RulePlace) => Findings;
  /** Judges the whole stack, after the preview or deployment of all of it. */
  readonly checkStack?: (
    resources: readonly PolicyResource[],
    settings: Settings,
    place: RulePlace,
  ) => AsyncIterable<StackFinding> | Iterable<StackFinding>;
}

/** Where the pack runs. */
export interface Place {
  /** The pack's folder, at which relative paths of the configuration begin. */
  readonly folder: string;
  /** The environment of the engine's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where the pack runs, with the files that the rules' settings name. */
export interface RulePlace extends Place {
  readonly files: Pick<InputFiles, "contentOf" | "load">;
}

/** The absolute path of a file that a setting names; a relative one begins at the pack's folder. */
export function settingPath(setting: unknown, { folder }: Place): string {
  return resolve(folder, String(setting));
}

export type Findings = AsyncIterable<Finding> | Iterable<Finding>;

/** The rule's part of the pack's configuration. */
export type Settings = Readonly<Record<string, unknown>>;

/** The schema of a setting that is a list of texts. */
export function listSchema(description: string) {
  return { type: "array", items: { type: "string" }, default: [], description } as const;
}

/** A list of texts in the configuration; none if it is not set. */
export function listSetting(settings: Settings, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? value.map(String) : [];
}
