import { resolve } from "node:path";
import type { PolicyConfigSchema, PolicyResource, Severity } from "@pulumi/policy";
import type { ReadingCache } from "./code/reading-cache.ts";
import type { Finding } from "./finding.ts";
import type { InputFiles } from "./input-files.ts";
import type { ProgramPrincipals } from "./program-principals.ts";
import type { Resource } from "./resources.ts";

/** A finding of a stack rule, with the resource that it is about. */
export type StackFinding = Finding & { readonly resource: PolicyResource };

/** One rule of the pack; pack.ts turns it into a CrossGuard policy. */
export interface Rule {
  /** The policy's name, which is also the name of its file. */
  readonly name: string;
  /** The condition for passing, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** What to do about a finding, in one sentence. */
  readonly remediationSteps: string;
  /** AWS's page with the reason. */
  readonly url: string;
  readonly configSchema?: PolicyConfigSchema;
  /** The settings with the path of a file that the rule needs. The pack reads it before the program starts. */
  readonly inputFiles?: readonly string[];
  /** True if the resource has anything that the rule checks. */
  readonly appliesTo?: (resource: Resource) => boolean;
  /** Checks the inputs of one resource before it is created. */
  readonly check?: (resource: Resource, settings: Settings, place: RulePlace) => Findings;
  /** Checks the whole stack after its preview or deployment. */
  readonly checkStack?: (
    resources: readonly PolicyResource[],
    settings: Settings,
    place: RulePlace,
  ) => AsyncIterable<StackFinding> | Iterable<StackFinding>;
}

/** Where the pack runs. */
export interface Place {
  /** Where relative paths of the configuration start. */
  readonly folder: string;
  /** The environment of the engine's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The hash that the engine computed of the code of a function or of an object in S3, by URN. */
  readonly codeHashes?: ReadonlyMap<string, string>;
  /** What was found in the code of functions in earlier previews. */
  readonly readingCache?: ReadingCache | undefined;
}

/** Where the pack runs, with the files of the rules' settings and what the program has created. */
export interface RulePlace extends Place {
  readonly files: Pick<InputFiles, "contentOf" | "load">;
  readonly principals: Pick<ProgramPrincipals, "mayInclude">;
}

/** Ends advice to set a path. */
export const relativePathStart =
  "a relative path starts at POLICY_FOLDER, or else at the program's folder; for a pack in a folder, at the pack's";

/** The absolute path of a setting. */
export function settingPath(setting: unknown, { folder }: Place): string {
  return resolve(folder, String(setting));
}

export type Findings = AsyncIterable<Finding> | Iterable<Finding>;

/** The rule's part of the pack's configuration. */
export type Settings = Readonly<Record<string, unknown>>;

/** The schema of a setting that is a list of strings. */
export function listSchema(description: string) {
  return { type: "array", items: { type: "string" }, default: [], description } as const;
}

/** A list of strings in the configuration; empty if it is not set. */
export function listSetting(settings: Settings, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? value.map(String) : [];
}
