import { readArtifact } from "./artifact.ts";
import { isObject, own, type Properties } from "./properties.ts";

/** An event of Pulumi's engine, as far as it is used here. */
export type EngineEvent =
  | { readonly kind: "before" | "after"; readonly step: StepEvent }
  | { readonly kind: "policy"; readonly finding: PolicyEvent }
  | { readonly kind: "error"; readonly message: string }
  | {
      readonly kind: "summary";
      readonly counts: ReadonlyMap<string, number>;
      readonly isFailed: boolean;
    }
  | { readonly kind: "end" };

/** What the engine does with one resource; an event comes before it and, with its outputs, one after it. */
export interface StepEvent {
  readonly operation: Operation;
  readonly urn: string;
  /** False for the parts of a replacement: the step `replace` has all of it. */
  readonly isLogical: boolean;
  readonly old?: ResourceState;
  readonly new?: ResourceState;
  /** The top-level properties that differ, as the provider says. */
  readonly changed: readonly string[];
}

export interface ResourceState {
  readonly id: string;
  /** The parent's URN; empty for the stack itself and for what the engine adds by itself. */
  readonly parent: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly provider: string;
  readonly isProtected: boolean;
}

export interface PolicyEvent {
  readonly level: string;
  readonly rule: string;
  /** Of the resource, where the finding is about one. */
  readonly urn: string;
  readonly message: string;
}

export type Operation = (typeof operations)[number];

/** https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step.go (StepOps) */
const operations = [
  "same",
  "create",
  "update",
  "delete",
  "replace",
  "create-replacement",
  "delete-replaced",
  "read",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
  "diff",
  "extend-parameterize",
] as const;

const mostBytes = 20_000_000;
const mostLines = 100_000;
const longestLine = 5_000_000;
const deepest = 50;

/** An event log that is not what the engine writes. The message says where. */
export class MalformedLog extends Error {}

/**
 * The events of a file that `pulumi --event-log` wrote and keep-events.ts shortened, one after another. The
 * file comes from a job that runs code of others, so it may have anything. Throws MalformedLog at the first
 * line that is not understood, and at a file that is missing or larger than 20 MB.
 */
export function* readEvents(folder: string, name: string): Generator<EngineEvent> {
  const content = readArtifact(folder, name, mostBytes);
  if ("problem" in content) throw new MalformedLog(content.problem);
  if (!content.isWhole) throw new MalformedLog(`${name} has more than 20 MB`);
  const { text } = content;
  let number = 0;
  for (let start = 0; start < text.length; number++) {
    if (number === mostLines) throw new MalformedLog(`${name} has more than 100,000 lines`);
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    try {
      const event = parseEvent(line);
      if (event) yield event;
    } catch (error) {
      if (!(error instanceof MalformedLog)) throw error;
      throw new MalformedLog(`line ${number + 1} of ${name} ${error.message}`);
    }
    start += line.length + 1;
  }
}

/** The event of a line; nothing for one that is not used here. Throws MalformedLog. */
export function parseEvent(line: string): EngineEvent | undefined {
  const event = record(parse(line), "");
  const has = (name: string) => own(event, name) !== undefined;
  if (has("resourcePreEvent")) return { kind: "before", step: stepIn(event, "resourcePreEvent") };
  if (has("resOutputsEvent")) return { kind: "after", step: stepIn(event, "resOutputsEvent") };
  if (has("policyEvent")) return { kind: "policy", finding: policyIn(event) };
  if (has("summaryEvent")) return summaryIn(event);
  if (has("cancelEvent")) return { kind: "end" };
  if (!has("diagnosticEvent")) return undefined;
  const diagnostic = record(own(event, "diagnosticEvent"), "diagnosticEvent");
  if (own(diagnostic, "severity") !== "error") return undefined;
  return { kind: "error", message: string(diagnostic, "message") };
}

function parse(line: string): unknown {
  if (line.length > longestLine) throw new MalformedLog("has more than 5 MB");
  if (depthOf(line) > deepest) throw new MalformedLog(`is nested more than ${deepest} deep`);
  try {
    return JSON.parse(line);
  } catch {
    throw new MalformedLog("is not JSON");
  }
}

/** How deep JSON is nested, without building what it says. */
export function depthOf(json: string): number {
  let [depth, most, isInString] = [0, 0, false];
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (isInString && character === "\\") index++;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === "{" || character === "[") most = Math.max(most, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return most;
}

function stepIn(event: Properties, kind: string): StepEvent {
  const metadata = record(own(record(own(event, kind), kind), "metadata"), `${kind}.metadata`);
  const operation = operations.find((it) => it === own(metadata, "op"));
  if (!operation) throw new MalformedLog("has an operation that is not known");
  return {
    operation,
    urn: string(metadata, "urn"),
    isLogical: own(metadata, "logical") === true,
    ...stateIn(metadata, "old"),
    ...stateIn(metadata, "new"),
    changed: [
      ...strings(metadata, "diffs"),
      ...strings(metadata, "keys"),
      ...Object.keys(optionalRecord(metadata, "detailedDiff")).map(topLevel),
    ],
  };
}

/** The property in which a path such as `tags.Name`, `rules[0].port` or `["a.b"].c` begins. */
function topLevel(path: string): string {
  if (path.startsWith('["')) return path.slice(2, path.indexOf('"]'));
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

function stateIn<K extends "old" | "new">(
  metadata: Properties,
  key: K,
): { [_ in K]?: ResourceState } {
  const value = own(metadata, key);
  if (value === undefined || value === null) return {};
  const state = record(value, key);
  const found: ResourceState = {
    id: string(state, "id", ""),
    parent: string(state, "parent", ""),
    inputs: optionalRecord(state, "inputs"),
    outputs: optionalRecord(state, "outputs"),
    provider: string(state, "provider", ""),
    isProtected: own(state, "protect") === true,
  };
  return { [key]: found } as { [_ in K]?: ResourceState };
}

function policyIn(event: Properties): PolicyEvent {
  const policy = record(own(event, "policyEvent"), "policyEvent");
  return {
    level: string(policy, "enforcementLevel"),
    rule: string(policy, "policyName"),
    urn: string(policy, "resourceUrn", ""),
    message: string(policy, "message"),
  };
}

function summaryIn(event: Properties): EngineEvent {
  const summary = record(own(event, "summaryEvent"), "summaryEvent");
  const counts = new Map<string, number>();
  for (const [operation, count] of Object.entries(optionalRecord(summary, "resourceChanges"))) {
    if (!Number.isSafeInteger(count)) throw new MalformedLog("has a count that is not a number");
    counts.set(operation, count as number);
  }
  return { kind: "summary", counts, isFailed: own(summary, "result") === "failed" };
}

function record(value: unknown, name: string): Properties {
  if (isObject(value)) return value;
  throw new MalformedLog(name === "" ? "is not an object" : `has no object ${name}`);
}

function optionalRecord(object: Properties, key: string): Properties {
  const value = own(object, key);
  return value === undefined || value === null ? {} : record(value, key);
}

function string(object: Properties, key: string, otherwise?: string): string {
  const value = own(object, key) ?? otherwise;
  if (typeof value === "string") return value;
  throw new MalformedLog(`has no string ${key}`);
}

function strings(object: Properties, key: string): string[] {
  const value = own(object, key) ?? [];
  if (Array.isArray(value) && value.every((it) => typeof it === "string")) return value;
  throw new MalformedLog(`has no list of strings ${key}`);
}
