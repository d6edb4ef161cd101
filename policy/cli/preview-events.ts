import { type Fields, isFields } from "../field.ts";
import { UsageError } from "./usage-error.ts";

/** The pack's name for the engine. */
const packName = "least-privilege-iam";

/** What the engine says of itself if findings are all that failed (`reportExecResult` in deployment_executor.go). */
const failedPreview = "preview failed";

export interface PolicyEvent {
  readonly pack: string;
  readonly rule: string;
  readonly message: string;
}

/** What the events of a whole preview say. */
export interface PreviewEvents {
  readonly isFailed: boolean;
  /** The mandatory findings of this pack. */
  readonly ofThisPack: readonly PolicyEvent[];
  /** The mandatory findings of others. */
  readonly ofOtherPacks: readonly PolicyEvent[];
}

/**
 * Reads the file that `--event-log` writes: one JSON object in each line. Throws a UsageError, whose message is the end of a
 * sentence about the preview, unless it ran to its end and nothing failed but findings.
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
 */
export function readPreviewEvents(text: string): PreviewEvents {
  const events = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parsed);
  const all = (kind: string): Fields[] => events.map((it) => it[kind]).filter(isFields);
  if (events.length === 0) throw new UsageError("the program did not start");

  const errors = all("diagnosticEvent").filter(({ severity }) => severity === "error");
  const summary = all("summaryEvent").at(-1);
  const isFailed = summary?.result === "failed";
  const own = errors.filter(({ message }) => isFailed && plain(message) === failedPreview);
  if (errors.length > Math.min(own.length, 1) || all("errorEvent").length > 0) {
    throw new UsageError("something failed besides findings");
  }
  if (!isFailed && summary?.result !== "succeeded") {
    throw new UsageError(summary ? "it was canceled" : "it did not run to its end");
  }
  if (!all("policyAnalyzeStackSummaryEvent").some((it) => it.policyPackName === packName)) {
    throw new UsageError("the pack has not checked the whole stack");
  }
  const mandatory = all("policyEvent")
    .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
    // The organization has accepted it.
    .filter(({ exceptions }) => !(Array.isArray(exceptions) && exceptions.length > 0))
    .map((it) => ({
      pack: String(it.policyPackName),
      rule: String(it.policyName),
      message: plain(it.message),
    }));
  if (isFailed !== mandatory.length > 0) {
    throw new UsageError("something failed besides findings");
  }
  return {
    isFailed,
    ofThisPack: mandatory.filter(({ pack }) => pack === packName),
    ofOtherPacks: mandatory.filter(({ pack }) => pack !== packName),
  };
}

function parsed(line: string): Fields {
  try {
    const event: unknown = JSON.parse(line);
    if (isFields(event)) return event;
  } catch {
    // The line is cut off.
  }
  throw new UsageError("its events are not whole");
}

/** A message without the marks of its colors. */
function plain(message: unknown): string {
  return String(message)
    .replaceAll(/<\{%[^%]*%\}>/g, "")
    .trim();
}
