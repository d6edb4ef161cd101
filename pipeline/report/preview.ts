import { changedLines, wholeLines } from "./difference.ts";
import {
  type EngineEvent,
  MalformedLog,
  type PolicyEvent,
  type ResourceState,
  type StepEvent,
} from "./events.ts";
import { isSame, namesOf, own, type Properties } from "./properties.ts";
import { isUnknown } from "./value.ts";

/** What the events of `pulumi preview` or `pulumi refresh --preview-only` say. */
export interface Preview {
  /** What is to happen to each resource that does not stay the same, in the engine's order. */
  readonly steps: readonly Step[];
  readonly findings: readonly PolicyFinding[];
  /** The messages of the engine's errors. */
  readonly errors: readonly string[];
  /** Why this may not be everything, in one sentence each; none where the log is complete and consistent. */
  readonly problems: readonly string[];
  readonly isFailed: boolean;
}

/** What is to happen to one resource. */
export interface Step {
  /** The engine's word, such as `create` or `replace`; `protect` and `unprotect` where nothing else changes. */
  readonly operation: string;
  /** As people write it, such as `aws:ec2:Instance`. */
  readonly type: string;
  readonly name: string;
  /** Names of the properties that change to something known; none where the whole resource comes or goes. */
  readonly changed: readonly string[];
  /** Those whose new value is known only after the deployment. */
  readonly changedToUnknown: readonly string[];
  /** The resource's properties, each line with its sign (difference.ts) first. */
  readonly lines: readonly string[];
}

/** What a policy pack said. */
export interface PolicyFinding {
  /** Any level that is not known to advise only counts as mandatory. */
  readonly isMandatory: boolean;
  readonly rule: string;
  /** Type and name of the resource, where the finding is about one. */
  readonly resource: string;
  readonly message: string;
}

/** These change nothing. */
const quiet = new Set(["same", "read", "refresh", "diff", "extend-parameterize"]);
const advising = new Set(["advisory", "warning", "none", "disabled"]);

/**
 * Reads the steps from the engine's events, never from text that was printed for people: a value can have any
 * text. A log that is not what the engine writes is a problem, never an error.
 */
export function readPreview(events: Iterable<EngineEvent>): Preview {
  const reader = new PreviewReader();
  const problems: string[] = [];
  try {
    for (const event of events) reader.take(event);
  } catch (error) {
    if (!(error instanceof MalformedLog)) throw error;
    problems.push(error.message);
  }
  return reader.preview(problems);
}

class PreviewReader {
  private readonly steps: (Pick<StepEvent, "operation" | "urn" | "isLogical"> & {
    step: Step;
  })[] = [];
  private readonly findings: PolicyFinding[] = [];
  private readonly errors: string[] = [];
  /** Resources whose step reports only afterwards what it found. */
  private readonly refreshed = new Set<string>();
  private readonly replaced = new Set<string>();
  private summary: (EngineEvent & { kind: "summary" }) | undefined;
  private hasEnded = false;

  take(event: EngineEvent): void {
    if (event.kind === "before") this.before(event.step);
    else if (event.kind === "after") this.after(event.step);
    else if (event.kind === "policy") this.findings.push(findingOf(event.finding));
    else if (event.kind === "error") this.errors.push(event.message);
    else if (event.kind === "summary") this.summary = event;
    else this.hasEnded = true;
  }

  private before(event: StepEvent): void {
    const { operation, urn } = event;
    if (operation === "refresh") this.refreshed.add(urn);
    else this.refreshed.delete(urn);
    if (operation === "replace") this.replaced.add(urn);
    this.add(event);
  }

  private after(event: StepEvent): void {
    if (this.refreshed.delete(event.urn)) this.add({ ...event, isLogical: true }, "outputs");
  }

  private add(event: StepEvent, compared: "inputs" | "outputs" = "inputs"): void {
    if (isAddedByEngine(event)) return;
    const step = stepOf(event, compared);
    // Without the resource's states, which may be large.
    const { operation, urn, isLogical } = event;
    if (step) this.steps.push({ step, operation, urn, isLogical });
  }

  preview(problems: string[]): Preview {
    const all = this.steps.filter((it) => it.isLogical || !this.replaced.has(it.urn));
    if (problems.length === 0) problems.push(...this.inconsistencies());
    return {
      steps: all.map(({ step }) => step),
      findings: this.findings,
      errors: this.errors,
      problems,
      isFailed: this.summary?.isFailed ?? false,
    };
  }

  private inconsistencies(): string[] {
    if (!this.summary || !this.hasEnded) return ["the engine's events end before the engine did"];
    const counts = new Map<string, number>();
    for (const { operation, urn, isLogical } of this.steps) {
      if (!isLogical || quiet.has(operation) || isDefaultProvider(urn)) continue;
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    const summarized = new Map(
      [...this.summary.counts].filter(([it, count]) => !quiet.has(it) && count !== 0),
    );
    const text = (all: ReadonlyMap<string, number>) =>
      [...all]
        .map(([it, count]) => `${count} to ${it}`)
        .sort()
        .join(", ") || "no changes";
    if (text(summarized) === text(counts)) return [];
    return [`the engine's summary has ${text(summarized)}, but its events have ${text(counts)}`];
  }
}

function stepOf(event: StepEvent, compared: "inputs" | "outputs"): Step | undefined {
  const { operation, old, new: now } = event;
  const { type, name } = partsOf(event.urn);
  const protection = operation === "same" ? protectionOf(old, now) : undefined;
  if (protection) {
    return { operation: protection, type, name, changed: [], changedToUnknown: [], lines: [] };
  }
  if (quiet.has(operation)) return undefined;
  const common = { operation, type, name, changed: [], changedToUnknown: [] };
  if (!old) return { ...common, lines: wholeLines(now?.inputs ?? {}, "+") };
  if (!now) {
    const hasInputs = compared === "inputs" && namesOf(old.inputs).length > 0;
    return { ...common, lines: wholeLines(hasInputs ? old.inputs : old.outputs, "-", old.id) };
  }
  const reported = new Set(event.changed);
  const [before, after] =
    compared === "inputs" ? programmed(old, now, reported) : [old.outputs, now.outputs];
  const changed = namesOf(
    before,
    after,
    Object.fromEntries(event.changed.map((it) => [it, true])),
  ).filter((it) => reported.has(it) || !isSame(own(before, it), own(after, it)));
  return {
    ...common,
    changed: changed.filter((it) => !isUnknown(own(after, it))),
    changedToUnknown: changed.filter((it) => isUnknown(own(after, it))),
    lines: changedLines(before, after, reported, old.id),
  };
}

/**
 * What the program wants before and after, and how Pulumi reaches the resource. A property that the provider
 * alone sees change has the value that the provider knows.
 */
function programmed(
  old: ResourceState,
  now: ResourceState,
  reported: ReadonlySet<string>,
): [Properties, Properties] {
  const known = [...reported].filter(
    (it) => isSame(own(old.inputs, it), own(now.inputs, it)) && Object.hasOwn(old.outputs, it),
  );
  const values = Object.fromEntries(known.map((it) => [it, own(old.outputs, it)]));
  const means = ({ provider, isProtected }: ResourceState) => ({
    ...(old.provider !== now.provider && { "[provider]": provider }),
    ...(old.isProtected !== now.isProtected && { "[protect]": isProtected }),
  });
  return [
    { ...old.inputs, ...values, ...means(old) },
    { ...now.inputs, ...means(now) },
  ];
}

function protectionOf(old?: ResourceState, now?: ResourceState): string | undefined {
  if (!old || !now || old.isProtected === now.isProtected) return undefined;
  return now.isProtected ? "protect" : "unprotect";
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`, where the name may have `::` too. */
function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.slice(types.lastIndexOf("$") + 1);
  // As people write it: aws:ec2/instance:Instance is aws:ec2:Instance.
  return { type: type.replace(/\/[^:]*/, ""), name: name.join("::") };
}

/**
 * A provider that the engine treats as a default provider, by its name alone, and leaves out of its summary.
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/providers/reference.go (IsDefaultProvider)
 */
function isDefaultProvider(urn: string): boolean {
  const { type, name } = partsOf(urn);
  return type.startsWith("pulumi:providers:") && name.startsWith("default");
}

/** One that the engine did add: what a program registers has a parent, and could have such a name too. */
function isAddedByEngine({ urn, old, new: now }: StepEvent): boolean {
  return isDefaultProvider(urn) && !(now ?? old)?.parent;
}

function findingOf({ level, rule, urn, message }: PolicyEvent): PolicyFinding {
  const { type, name } = partsOf(urn);
  return {
    isMandatory: !advising.has(level),
    rule,
    resource: name ? `${type} ${name}` : "",
    message: message.trimEnd(),
  };
}
